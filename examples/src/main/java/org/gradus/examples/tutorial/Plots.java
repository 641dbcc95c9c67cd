package org.gradus.examples.tutorial;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.nn.Layer;
import org.gradus.nn.Sequential;
import org.gradus.pages.report.ExplorerModel;
import org.gradus.pages.report.LatentCloud;
import org.gradus.plots.AxisLabels;
import org.gradus.plots.Chart;
import org.gradus.plots.CodeMap;
import org.gradus.plots.FigureFile;
import org.gradus.plots.Figures;
import org.gradus.plots.Row;

/**
 * The notebooks' plot commands, for tensors: each draws a figure of the present experiment, named after it, and puts it
 * on its page. Without figures they do nothing. Codes of three columns lie on the sphere and are shown by their angles.
 */
public final class Plots {

    /** Width of codes on the sphere. */
    private static final int SPACE = 3;

    private final Optional<Figures> figures;
    private final Page page;
    private final float[] batchLosses;

    /** For one experiment and, for {@link #loss}, the losses of its training. */
    Plots(Optional<Figures> figures, Page page, float[] batchLosses) {
        this.figures = figures;
        this.page = page;
        this.batchLosses = batchLosses;
    }

    private void draw(Function<Figures, FigureFile> figure) {
        figures.ifPresent(drawn -> page.figures.add(figure.apply(drawn)));
    }

    private String name(String name) {
        return page.id() + "-" + name;
    }

    /**
     * A row of images: some rows of a matrix.
     *
     * @param label above it
     * @param images [n,784]
     * @param indices which
     * @return to be drawn
     */
    public static Row row(String label, Tensor images, int... indices) {
        float[][] shown = new float[indices.length][];
        int width = images.shape().columns();
        for (int i = 0; i < indices.length; i++) {
            shown[i] = Arrays.copyOfRange(images.data(), indices[i] * width, (indices[i] + 1) * width);
        }
        return new Row(label, shown);
    }

    /**
     * A row of images.
     *
     * @param label above it
     * @param images samples [784]
     * @param indices which
     * @return to be drawn
     */
    public static Row row(String label, Samples images, int... indices) {
        float[][] shown = new float[indices.length][images.width()];
        for (int i = 0; i < indices.length; i++) {
            images.read(indices[i], shown[i], 0);
        }
        return new Row(label, shown);
    }

    /**
     * A row of what a network makes of images.
     *
     * @param label above it
     * @param net from [n,784] to [n,784]
     * @param images samples [784]
     * @param indices which
     * @return to be drawn
     */
    public static Row row(String label, Layer net, Samples images, int... indices) {
        return row(label, Samples.of(net.forward(images.rows(indices).toTensor())), counting(indices.length));
    }

    private static int[] counting(int n) {
        int[] numbers = new int[n];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }

    /**
     * Rows of images above each other; image i of each row should be the same sample.
     *
     * @param name of the figure within the experiment
     * @param title above it
     * @param rows from top to bottom
     */
    public void rows(String name, String title, Row... rows) {
        draw(figures -> figures.rows(name(name), title, List.of(rows)));
    }

    /** The losses of the experiment's training, batch by batch. */
    public void loss() {
        if (batchLosses.length > 0) {
            draw(figures -> figures.lossCurve(name("loss"), page.id() + ": loss of the batches", batchLosses));
        }
    }

    /**
     * Encoder map and decoder grid of a network's code layer; the page also gets an explorer to move in.
     *
     * @param title above it
     * @param codes [n,2], or [n,3] on the sphere: the area that the grid covers
     * @param labels [n] their digits
     * @param shown those that the map shows
     * @param decoder from codes to images
     */
    public void latent(String title, Tensor codes, byte[] labels, int[] shown, Sequential decoder) {
        latent(title, codes, labels, shown, decoder::forward);
        if (figures.isPresent()) {
            page.explorer = Optional.of(new ExplorerModel(
                    decoder,
                    rows(codes, shown),
                    digits(labels, shown),
                    codes.shape().columns() == SPACE));
        }
    }

    /**
     * Encoder map and decoder grid.
     *
     * @param title above it
     * @param codes [n,2], or [n,3] on the sphere: the area that the grid covers
     * @param labels [n] their digits
     * @param shown those that the map shows
     * @param decode from codes [1,2] or [1,3] to an image [1,784]
     */
    public void latent(String title, Tensor codes, byte[] labels, int[] shown, UnaryOperator<Tensor> decode) {
        int width = codes.shape().columns();
        boolean sphere = width == SPACE;
        draw(figures -> figures.latent(
                name("latent"),
                title,
                codes.data(),
                rows(codes, shown),
                digits(labels, shown),
                code -> decode.apply(Tensor.matrix(1, width, code)).data(),
                sphere ? AxisLabels.ANGLES : AxisLabels.CODES,
                sphere));
    }

    /**
     * Two encoder maps of the same samples side by side, each with limits of its own.
     *
     * @param name of the figure within the experiment
     * @param title above it
     * @param left title of the left one
     * @param leftCodes [n,2], or [n,3] on the sphere
     * @param right title of the right one
     * @param rightCodes as many
     * @param labels [n] their digits
     * @param shown those that are shown
     */
    public void maps(
            String name,
            String title,
            String left,
            Tensor leftCodes,
            String right,
            Tensor rightCodes,
            byte[] labels,
            int[] shown) {
        maps(name, title, left, leftCodes, right, rightCodes, labels, shown, false);
    }

    /**
     * Two encoder maps of the same samples side by side that cover the same area.
     *
     * @param name of the figure within the experiment
     * @param title above it
     * @param left title of the left one
     * @param leftCodes [n,2], or [n,3] on the sphere
     * @param right title of the right one
     * @param rightCodes as many
     * @param labels [n] their digits
     * @param shown those that are shown
     */
    public void sharedMaps(
            String name,
            String title,
            String left,
            Tensor leftCodes,
            String right,
            Tensor rightCodes,
            byte[] labels,
            int[] shown) {
        maps(name, title, left, leftCodes, right, rightCodes, labels, shown, true);
    }

    private void maps(
            String name,
            String title,
            String left,
            Tensor leftCodes,
            String right,
            Tensor rightCodes,
            byte[] labels,
            int[] shown,
            boolean sharedLimits) {
        draw(figures -> figures.encoderMaps(
                name(name),
                title,
                new CodeMap(left, rows(leftCodes, shown)),
                new CodeMap(right, rows(rightCodes, shown)),
                digits(labels, shown),
                sharedLimits,
                leftCodes.shape().columns() == SPACE));
    }

    /**
     * Codes in space; the page also gets a plot to turn.
     *
     * @param title above it
     * @param codes [n,3]
     * @param labels [n] their digits
     * @param shown those that are shown
     */
    public void latent3d(String title, Tensor codes, byte[] labels, int[] shown) {
        draw(figures -> figures.latent3d(name("latent3d"), title, rows(codes, shown), digits(labels, shown)));
        if (figures.isPresent()) {
            page.cloud = Optional.of(new LatentCloud(rows(codes, shown), digits(labels, shown)));
        }
    }

    /**
     * The rows of a matrix as images.
     *
     * @param title above them
     * @param components [k,784]
     * @param titles one for each
     */
    public void components(String title, Tensor components, String... titles) {
        int[] all = new int[titles.length];
        Arrays.setAll(all, i -> i);
        draw(figures -> figures.components(
                name("components"), title, row("", components, all).images(), List.of(titles)));
    }

    /**
     * Histograms of the weights of a network 784-2-784, initial and trained.
     *
     * @param title above them
     * @param initial by name
     * @param trained by name
     */
    public void weights(String title, Map<String, Tensor> initial, Map<String, Tensor> trained) {
        draw(figures -> figures.weights(
                name("weights"),
                title,
                weight(initial, "0.weight"),
                weight(trained, "0.weight"),
                weight(initial, "2.weight"),
                weight(trained, "2.weight")));
    }

    private static float[] weight(Map<String, Tensor> state, String name) {
        Tensor weight = state.get(name);
        if (weight == null) {
            throw new IllegalArgumentException("no weight " + name + " among " + state.keySet());
        }
        return weight.data();
    }

    /**
     * Graphs side by side.
     *
     * @param name of the figure within the experiment
     * @param title above them
     * @param charts from left to right
     */
    public void functions(String name, String title, Chart... charts) {
        draw(figures -> figures.functions(name(name), title, List.of(charts)));
    }

    private static float[] rows(Tensor codes, int[] indices) {
        int width = codes.shape().columns();
        float[] chosen = new float[indices.length * width];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(codes.data(), indices[i] * width, chosen, i * width, width);
        }
        return chosen;
    }

    private static int[] digits(byte[] labels, int[] indices) {
        int[] digits = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            digits[i] = labels[indices[i]];
        }
        return digits;
    }
}
