package org.gradus.plots;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Draws figures into a folder, each as {@code name.png} and {@code name.svg}; {@link Plot} draws them in memory.
 *
 * <p>Which samples are shown is the caller's choice, never made here: the notebooks draw them from NumPy's stream.
 * Every method throws {@link IllegalArgumentException} if its data do not fit together and {@link
 * java.io.UncheckedIOException}, with one line that names the file, if it cannot be written; files are moved into place
 * when complete, so that a figure is either the old or the new one.
 */
public final class Figures {

    private final Path folder;

    /**
     * Figures in a folder. Needs no display, but fonts.
     *
     * @param folder made with the first figure if it does not exist
     * @throws IllegalStateException if there are no fonts on this machine
     */
    public Figures(Path folder) {
        Plot.requireFonts();
        this.folder = folder;
    }

    /**
     * Writes a figure of one's own choice.
     *
     * @param name of the files
     * @param figure from {@link Plot}
     * @return the figure
     */
    public FigureFile write(String name, Figure figure) {
        return figure.writeBoth(folder, name);
    }

    private FigureFile draw(String name, Supplier<Figure> figure) {
        Figure drawn;
        try {
            drawn = figure.get();
        } catch (Refusal refusal) {
            throw refusal.of(name);
        }
        return write(name, drawn);
    }

    /**
     * Writes {@link Plot#rows}.
     *
     * @param name of the files
     * @param title of the figure
     * @param rows from top to bottom
     * @return the figure
     */
    public FigureFile rows(String name, String title, List<Row> rows) {
        return draw(name, () -> Plot.rows(title, rows));
    }

    /**
     * Writes {@link Plot#lossCurve}.
     *
     * @param name of the files
     * @param title of the figure
     * @param batchLosses in the order of training
     * @return the figure
     */
    public FigureFile lossCurve(String name, String title, float[] batchLosses) {
        return draw(name, () -> Plot.lossCurve(title, batchLosses));
    }

    /**
     * Writes {@link Plot#latent}.
     *
     * @param name of the files
     * @param title of the figure
     * @param codesOfAll [n,2], or [n,3] on the sphere, row-major: what the grid covers
     * @param shownCodes [m,2] or [m,3]: what the map shows, 500 of them in the notebooks
     * @param labelsShown [m] their digits
     * @param decode from a code, [2] or [3], to its image, [784]; may return the same array every time
     * @param labels of the map's axes; on the sphere they are always {@link AxisLabels#ANGLES}
     * @param sphere whether codes lie on the unit sphere and are shown by the angles of {@link Sphere}
     * @return the figure
     */
    public FigureFile latent(
            String name,
            String title,
            float[] codesOfAll,
            float[] shownCodes,
            int[] labelsShown,
            UnaryOperator<float[]> decode,
            AxisLabels labels,
            boolean sphere) {
        return draw(name, () -> Plot.latent(title, codesOfAll, shownCodes, labelsShown, decode, labels, sphere));
    }

    /**
     * Writes {@link Plot#encoderMaps}.
     *
     * @param name of the files
     * @param title of the figure
     * @param left one map
     * @param right the other
     * @param digits [n] what the samples are
     * @param sharedLimits whether both maps cover the same area, that of both sets of codes (tutorial 3), or each its
     *     own (tutorial 1)
     * @param sphere whether codes lie on the unit sphere and are shown by the angles of {@link Sphere}
     * @return the figure
     */
    public FigureFile encoderMaps(
            String name,
            String title,
            CodeMap left,
            CodeMap right,
            int[] digits,
            boolean sharedLimits,
            boolean sphere) {
        return draw(name, () -> Plot.encoderMaps(title, left, right, digits, sharedLimits, sphere));
    }

    /**
     * Writes {@link Plot#components}.
     *
     * @param name of the files
     * @param title of the figure
     * @param images each [784]
     * @param titles one for each
     * @return the figure
     */
    public FigureFile components(String name, String title, float[][] images, List<String> titles) {
        return draw(name, () -> Plot.components(title, images, titles));
    }

    /**
     * Writes {@link Plot#weights}.
     *
     * @param name of the files
     * @param title of the figure
     * @param encoderInitial [2,784], row-major
     * @param encoderTrained [2,784]
     * @param decoderInitial [784,2]
     * @param decoderTrained [784,2]
     * @return the figure
     */
    public FigureFile weights(
            String name,
            String title,
            float[] encoderInitial,
            float[] encoderTrained,
            float[] decoderInitial,
            float[] decoderTrained) {
        return draw(name, () -> Plot.weights(title, encoderInitial, encoderTrained, decoderInitial, decoderTrained));
    }

    /**
     * Writes {@link Plot#latent3d}.
     *
     * @param name of the files
     * @param title of the figure
     * @param codes [n,3], row-major
     * @param digits [n] what the samples are
     * @return the figure
     */
    public FigureFile latent3d(String name, String title, float[] codes, int[] digits) {
        return draw(name, () -> Plot.latent3d(title, codes, digits));
    }

    /**
     * Writes {@link Plot#functions(String, List, String, String)}.
     *
     * @param name of the files
     * @param title of the figure
     * @param curves drawn over each other
     * @param xLabel below
     * @param yLabel to the left
     * @return the figure
     */
    public FigureFile functions(String name, String title, List<Curve> curves, String xLabel, String yLabel) {
        return draw(name, () -> Plot.functions(title, curves, xLabel, yLabel));
    }

    /**
     * Writes {@link Plot#functions(String, List)}.
     *
     * @param name of the files
     * @param title of the figure
     * @param charts from left to right
     * @return the figure
     */
    public FigureFile functions(String name, String title, List<Chart> charts) {
        return draw(name, () -> Plot.functions(title, charts));
    }
}
