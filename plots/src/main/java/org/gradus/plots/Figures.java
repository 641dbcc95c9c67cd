package org.gradus.plots;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Draws the tutorials' figures into a folder, each as {@code name.png} and {@code name.svg}.
 *
 * <p>Which samples are shown is the caller's choice, never made here: the notebooks draw them from NumPy's stream.
 * Every method throws {@link IllegalArgumentException} if its data do not fit together and {@link
 * java.io.UncheckedIOException}, with one line that names the file, if it cannot be written; files are moved into place
 * when complete, so that a figure is either the old or the new one.
 */
public final class Figures {

    // Everything is drawn in memory. Without this, Java fails where a display is announced that cannot be reached, as
    // in
    // some remote sessions; it has to be said before the first colour or font is made.
    static {
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    private static final int PIXELS = Grey.SIDE * Grey.SIDE;
    private static final int CELL = 3 * Grey.SIDE;
    private static final int CELL_GAP = 6;
    private static final int ROWS_TOP = Look.HEAD - 12;
    private static final int LARGE_CELL = 6 * Grey.SIDE;
    private static final int PLOT_WIDTH = 400;
    private static final int WIDE_PLOT = 600;
    private static final int PLOT_HEIGHT = 300;
    private static final int HISTOGRAM_HEIGHT = 240;
    private static final double ENCODER_HALF = 0.5;
    private static final double DECODER_HALF = 1.5;

    private final FigureFolder folder;

    /**
     * Figures in a folder. Needs no display, but fonts.
     *
     * @param folder made with the first figure if it does not exist
     * @throws IllegalStateException if there are no fonts on this machine
     */
    public Figures(Path folder) {
        Look.requireFonts();
        this.folder = new FigureFolder(folder);
    }

    /**
     * Rows of images above each other, the notebooks' {@code plot_row}. Image i of every row should belong to the same
     * sample. Each image has its own grey scale, from its minimum (black) to its maximum (white).
     *
     * @param name of the files
     * @param title of the figure
     * @param rows from top to bottom
     * @return the figure
     */
    public FigureFile rows(String name, String title, List<Row> rows) {
        int most = 0;
        for (Row row : rows) {
            most = Math.max(most, row.images().length);
        }
        require(most > 0, name, "no images");
        int width = wide(most * (CELL + CELL_GAP) - CELL_GAP, title);
        int step = Look.CAPTION + CELL + CELL_GAP;
        Painting painting = new Painting(width, ROWS_TOP + rows.size() * step + Look.FOOT, pen -> {
            head(pen, title, width);
            int top = ROWS_TOP;
            for (Row row : rows) {
                pen.text(row.label(), Look.LABEL, Look.SOFT_INK, Pen.Anchor.START, Look.MARGIN, top + 15);
                for (int i = 0; i < row.images().length; i++) {
                    int left = Look.MARGIN + i * (CELL + CELL_GAP);
                    pen.pixels(Grey.image(row.images()[i]), left, top + Look.CAPTION, CELL, CELL);
                }
                top += step;
            }
        });
        return folder.write(name, title, AltText.rows(rows), painting);
    }

    /**
     * The losses of all batches of a run, thinned to at most 500 points by the stride {@code ceil(N / 500)}; both axes
     * start at 0.
     *
     * @param name of the files
     * @param title of the figure
     * @param batchLosses in the order of training
     * @return the figure
     */
    public FigureFile lossCurve(String name, String title, float[] batchLosses) {
        for (int i = 0; i < batchLosses.length; i++) {
            if (!Float.isFinite(batchLosses[i])) {
                throw refusal(
                        name, "loss of batch " + i + " is " + batchLosses[i] + "; only finite losses can be drawn");
            }
        }
        int left = Look.MARGIN + Axes.LEFT;
        int width = left + WIDE_PLOT + Look.MARGIN;
        Painting painting = new Painting(width, Look.HEAD + PLOT_HEIGHT + Axes.BELOW + Look.FOOT, pen -> {
            head(pen, title, width);
            Charts.loss(pen, batchLosses, left, Look.HEAD, WIDE_PLOT, PLOT_HEIGHT);
        });
        return folder.write(name, title, AltText.loss(batchLosses), painting);
    }

    /**
     * Encoder map and decoder grid side by side, the notebooks' {@code plot_latent_generative}. The map draws each
     * shown code as its digit, within the limits of the shown codes. The grid decodes 16 x 16 codes, spread evenly over
     * the limits of all codes, and has one grey scale.
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
        requireCodes(name, "shown codes", shownCodes, labelsShown, sphere);
        float[] all = sphere ? Sphere.toS2(codesOfAll) : codesOfAll;
        float[] shown = sphere ? Sphere.toS2(shownCodes) : shownCodes;
        EncoderMap map = EncoderMap.of(shown, labelsShown, shown, labels, sphere);
        AxisLabels axisLabels = sphere ? AxisLabels.ANGLES : labels;
        Grid grid = Grid.over(all);
        BufferedImage images = decoded(grid, decode, sphere);
        int right = Look.MARGIN + Axes.LEFT + EncoderMap.SIDE + Look.GAP;
        int width = right + EncoderMap.SIDE + Look.MARGIN;
        int top = Look.HEAD + Look.CAPTION;
        int height = top + EncoderMap.SIDE + Axes.BELOW + Look.FOOT;
        Painting painting = new Painting(width, height, pen -> {
            head(pen, title, width);
            int left = Look.MARGIN + Axes.LEFT;
            panelTitle(pen, "Encoder map", left, top);
            map.paint(pen, left, top);
            panelTitle(pen, "Decoder grid", right, top);
            pen.pixels(images, right, top, EncoderMap.SIDE, EncoderMap.SIDE);
            Limits columns = Limits.spanning(grid.columns());
            Limits rows = Limits.spanning(grid.rows());
            String covers =
                    AltText.range(axisLabels.horizontal(), columns) + ", " + AltText.range(axisLabels.vertical(), rows);
            pen.text(covers, Look.TICK, Look.SOFT_INK, Pen.Anchor.START, right, top + EncoderMap.SIDE + 17);
        });
        return folder.write(name, title, AltText.latent(map, grid), painting);
    }

    /**
     * Two encoder maps of the same samples side by side, the notebooks' {@code plot_latent_ab}.
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
        requireCodes(name, left.title(), left.codes(), digits, sphere);
        requireCodes(name, right.title(), right.codes(), digits, sphere);
        float[] a = sphere ? Sphere.toS2(left.codes()) : left.codes();
        float[] b = sphere ? Sphere.toS2(right.codes()) : right.codes();
        float[] both = concatenation(a, b);
        EncoderMap first = EncoderMap.of(a, digits, sharedLimits ? both : a, AxisLabels.CODES, sphere);
        EncoderMap second = EncoderMap.of(b, digits, sharedLimits ? both : b, AxisLabels.CODES, sphere);
        int leftEdge = Look.MARGIN + Axes.LEFT;
        int rightEdge = leftEdge + EncoderMap.SIDE + Look.GAP + Axes.LEFT;
        int width = rightEdge + EncoderMap.SIDE + Look.MARGIN;
        int top = Look.HEAD + Look.CAPTION;
        Painting painting = new Painting(width, top + EncoderMap.SIDE + Axes.BELOW + Look.FOOT, pen -> {
            head(pen, title, width);
            panelTitle(pen, left.title(), leftEdge, top);
            first.paint(pen, leftEdge, top);
            panelTitle(pen, right.title(), rightEdge, top);
            second.paint(pen, rightEdge, top);
        });
        return folder.write(
                name, title, AltText.maps(left.title(), first, right.title(), second, sharedLimits), painting);
    }

    /**
     * Images with a title each, such as the components of PCA. Each has its own grey scale.
     *
     * @param name of the files
     * @param title of the figure
     * @param images each [784]
     * @param titles one for each
     * @return the figure
     */
    public FigureFile components(String name, String title, float[][] images, List<String> titles) {
        require(images.length > 0, name, "no images");
        require(images.length == titles.size(), name, images.length + " images and " + titles.size() + " titles");
        int width = wide(images.length * (LARGE_CELL + Look.GAP) - Look.GAP, title);
        Painting painting = new Painting(width, Look.HEAD + Look.CAPTION + LARGE_CELL + Look.MARGIN, pen -> {
            head(pen, title, width);
            for (int i = 0; i < images.length; i++) {
                int left = Look.MARGIN + i * (LARGE_CELL + Look.GAP);
                panelTitle(pen, titles.get(i), left, Look.HEAD + Look.CAPTION);
                pen.pixels(Grey.image(images[i]), left, Look.HEAD + Look.CAPTION, LARGE_CELL, LARGE_CELL);
            }
        });
        return folder.write(name, title, AltText.components(titles), painting);
    }

    /**
     * Histograms of the weights of a network 784-2-784 before and after training, the notebooks' {@code
     * plot_weights_ab}: to either unit of the encoder (31 bins from -0.5 to 0.5) and from either unit of the decoder
     * (31 bins from -1.5 to 1.5). Weights outside are left out.
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
        List<float[]> all = List.of(encoderInitial, encoderTrained, decoderInitial, decoderTrained);
        for (float[] weight : all) {
            require(
                    weight.length == 2 * PIXELS,
                    name,
                    weight.length + " weights; a layer between 784 and 2 units has 1568");
        }
        int step = Axes.LEFT + PLOT_WIDTH + Look.GAP;
        int width = 2 * Look.MARGIN + 2 * step - Look.GAP;
        int encoderTop = Look.HEAD + 2 * Look.CAPTION;
        int decoderTop = encoderTop + HISTOGRAM_HEIGHT + Axes.BELOW + 2 * Look.CAPTION;
        Painting painting = new Painting(width, decoderTop + HISTOGRAM_HEIGHT + Axes.BELOW + Look.FOOT, pen -> {
            head(pen, title, width);
            Charts.legend(pen, List.of("initial", "trained"), true, width / 2.0, Look.HEAD + 10);
            for (int unit = 0; unit < 2; unit++) {
                int left = Look.MARGIN + Axes.LEFT + unit * step;
                panelTitle(pen, "Encoder weights to unit " + unit, left, encoderTop);
                Histogram before = toUnit(encoderInitial, unit);
                Histogram after = toUnit(encoderTrained, unit);
                Charts.histograms(pen, before, after, left, encoderTop, PLOT_WIDTH, HISTOGRAM_HEIGHT);
                panelTitle(pen, "Decoder weights from unit " + unit, left, decoderTop);
                before = fromUnit(decoderInitial, unit);
                after = fromUnit(decoderTrained, unit);
                Charts.histograms(pen, before, after, left, decoderTop, PLOT_WIDTH, HISTOGRAM_HEIGHT);
            }
        });
        return folder.write(
                name, title, AltText.weights(encoderInitial, encoderTrained, decoderInitial, decoderTrained), painting);
    }

    /**
     * Codes in space seen from one side, each drawn as its digit, the notebooks' {@code plot_latent_3d}.
     *
     * @param name of the files
     * @param title of the figure
     * @param codes [n,3], row-major
     * @param digits [n] what the samples are
     * @return the figure
     */
    public FigureFile latent3d(String name, String title, float[] codes, int[] digits) {
        requireCodes(name, "codes", codes, digits, true);
        Cloud cloud = new Cloud(codes, digits);
        Painting painting = new Painting(Cloud.WIDTH, Look.HEAD + Cloud.HEIGHT, pen -> {
            head(pen, title, Cloud.WIDTH);
            cloud.paint(pen, 0, Look.HEAD);
        });
        return folder.write(name, title, AltText.cloud(codes, digits), painting);
    }

    /**
     * Graphs of functions in one chart.
     *
     * @param name of the files
     * @param title of the figure
     * @param curves drawn over each other
     * @param xLabel below
     * @param yLabel to the left
     * @return the figure
     */
    public FigureFile functions(String name, String title, List<Curve> curves, String xLabel, String yLabel) {
        return functions(name, title, List.of(new Chart("", xLabel, yLabel, curves)));
    }

    /**
     * Graphs of functions in several charts side by side.
     *
     * @param name of the files
     * @param title of the figure
     * @param charts from left to right
     * @return the figure
     */
    public FigureFile functions(String name, String title, List<Chart> charts) {
        require(!charts.isEmpty(), name, "no charts");
        int plot = charts.size() == 1 ? WIDE_PLOT : PLOT_WIDTH;
        int step = Axes.LEFT + plot + Look.GAP;
        int width = 2 * Look.MARGIN + charts.size() * step - Look.GAP;
        boolean titled = charts.stream().anyMatch(chart -> !chart.title().isEmpty());
        boolean legend = charts.stream().anyMatch(chart -> chart.curves().size() > 1);
        int top = Look.HEAD + (titled ? Look.CAPTION : 0);
        int height = top + PLOT_HEIGHT + Axes.BELOW + (legend ? Look.CAPTION : 0) + Look.FOOT;
        Painting painting = new Painting(width, height, pen -> {
            head(pen, title, width);
            int left = Look.MARGIN + Axes.LEFT;
            for (Chart chart : charts) {
                panelTitle(pen, chart.title(), left, top);
                Charts.lines(pen, chart, left, top, plot, PLOT_HEIGHT);
                left += step;
            }
        });
        return folder.write(name, title, AltText.functions(charts), painting);
    }

    private static void head(Pen pen, String title, int width) {
        pen.title(title, Look.MARGIN, 32, width - 2 * Look.MARGIN);
    }

    /** A title above a panel whose upper left corner is (left, top). */
    private static void panelTitle(Pen pen, String title, int left, int top) {
        pen.text(title, Look.PANEL_TITLE, Look.INK, Pen.Anchor.START, left, top - 10);
    }

    /** A figure's width, so that a title of usual length fits above narrow content. */
    private static int wide(int content, String title) {
        int forTitle = (int) Math.min(480, Math.ceil(Pen.width(title, Look.TITLE)));
        return 2 * Look.MARGIN + Math.max(content, forTitle);
    }

    /** Each of the grid's codes decoded by itself, all in one grey scale. */
    private static BufferedImage decoded(Grid grid, UnaryOperator<float[]> decode, boolean sphere) {
        float[] codes = sphere ? Sphere.toU3(grid.codes()) : grid.codes();
        int width = sphere ? 3 : 2;
        float[][] images = new float[Grid.SIDE * Grid.SIDE][];
        for (int i = 0; i < images.length; i++) {
            images[i] = decode.apply(Arrays.copyOfRange(codes, i * width, (i + 1) * width))
                    .clone();
        }
        return Grey.mosaic(images, Grid.SIDE);
    }

    private static Histogram toUnit(float[] encoder, int unit) {
        return Histogram.of(encoder, unit * PIXELS, 1, (unit + 1) * PIXELS, ENCODER_HALF);
    }

    private static Histogram fromUnit(float[] decoder, int unit) {
        return Histogram.of(decoder, unit, 2, decoder.length, DECODER_HALF);
    }

    private static float[] concatenation(float[] a, float[] b) {
        float[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static void requireCodes(String name, String what, float[] codes, int[] digits, boolean space) {
        int width = space ? 3 : 2;
        require(digits.length > 0, name, "no codes");
        require(
                codes.length == width * digits.length,
                name,
                what + " are " + codes.length + " numbers for " + digits.length + " digits; it needs " + width
                        + " each");
        for (int digit : digits) {
            require(digit >= 0 && digit <= 9, name, "label " + digit + " is not a digit");
        }
    }

    private static void require(boolean holds, String name, String otherwise) {
        if (!holds) {
            throw refusal(name, otherwise);
        }
    }

    private static IllegalArgumentException refusal(String name, String why) {
        return new IllegalArgumentException("figure " + name + ": " + why);
    }
}
