package org.gradus.plots;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.gradus.autograd.Printable;

/**
 * Draws figures in memory; what is made of them is up to the {@link Figure}.
 *
 * <pre>{@code
 * Plot.lossCurve("Loss", history.batchLosses()).writePng(Path.of("loss.png"));
 * }</pre>
 *
 * <p>Which samples are shown is the caller's choice, never made here: the notebooks draw them from NumPy's stream. Images are
 * 28 x 28, labels digits from 0 to 9. Every method throws {@link IllegalArgumentException}, in one line, if its data do not
 * fit together, and {@link IllegalStateException} if there are no fonts on this machine. Needs no display. Data are read when the
 * figure is painted, not before: do not change them in between.
 */
public final class Plot {

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

    /** Beyond it margins and differences are infinite. */
    private static final double FARTHEST = 1e300;

    private static final double ENCODER_HALF = 0.5;
    private static final double DECODER_HALF = 1.5;

    private Plot() {}

    /** Fails early on a machine without fonts. */
    static void requireFonts() {
        Look.requireFonts();
    }

    /**
     * Rows of images above each other, the notebooks' {@code plot_row}. Image i of every row should belong to the same
     * sample. Each image has its own grey scale, from its minimum (black) to its maximum (white).
     *
     * @param title of the figure
     * @param rows from top to bottom
     * @return the figure
     */
    public static Figure rows(String title, List<Row> rows) {
        requireFonts();
        int most = 0;
        for (Row row : rows) {
            most = Math.max(most, row.images().length);
        }
        require(most > 0, title, "no images");
        for (Row row : rows) {
            for (int i = 0; i < row.images().length; i++) {
                requireImage(title, "image " + i + " of '" + row.label() + "'", row.images()[i]);
            }
        }
        int width = wide(most * (CELL + CELL_GAP) - CELL_GAP, title);
        int step = Look.CAPTION + CELL + CELL_GAP;
        Painting painting = new Painting(width, ROWS_TOP + rows.size() * step + Look.FOOT, pen -> {
            head(pen, title, width);
            int top = ROWS_TOP;
            for (Row row : rows) {
                String label = Pen.shortened(Printable.text(row.label()), Look.LABEL, width - 2 * Look.MARGIN);
                pen.text(label, Look.LABEL, Look.SOFT_INK, Pen.Anchor.START, Look.MARGIN, top + 15);
                for (int i = 0; i < row.images().length; i++) {
                    int left = Look.MARGIN + i * (CELL + CELL_GAP);
                    pen.pixels(Grey.image(row.images()[i]), left, top + Look.CAPTION, CELL, CELL);
                }
                top += step;
            }
        });
        return new Figure(title, AltText.rows(rows), painting);
    }

    /**
     * The losses of all batches of a run, thinned to at most 500 points by the stride {@code ceil(N / 500)}; both axes
     * start at 0.
     *
     * @param title of the figure
     * @param batchLosses in the order of training
     * @return the figure
     */
    public static Figure lossCurve(String title, float[] batchLosses) {
        requireFonts();
        for (int i = 0; i < batchLosses.length; i++) {
            if (!Float.isFinite(batchLosses[i])) {
                throw new Refusal(
                        title, "loss of batch " + i + " is " + batchLosses[i] + "; only finite losses can be drawn");
            }
        }
        int left = Look.MARGIN + Axes.LEFT;
        int width = left + WIDE_PLOT + Look.MARGIN;
        Painting painting = new Painting(width, Look.HEAD + PLOT_HEIGHT + Axes.BELOW + Look.FOOT, pen -> {
            head(pen, title, width);
            Charts.loss(pen, batchLosses, left, Look.HEAD, WIDE_PLOT, PLOT_HEIGHT);
        });
        return new Figure(title, AltText.loss(batchLosses), painting);
    }

    /**
     * Encoder map and decoder grid side by side, the notebooks' {@code plot_latent_generative}. The map draws each
     * shown code as its digit, within the limits of the shown codes. The grid decodes 16 x 16 codes, spread evenly over
     * the limits of all codes, and has one grey scale.
     *
     * @param title of the figure
     * @param codesOfAll [n,2], or [n,3] on the sphere, row-major: what the grid covers
     * @param shownCodes [m,2] or [m,3]: what the map shows, 500 of them in the notebooks
     * @param labelsShown [m] their digits
     * @param decode from a code, [2] or [3], to its image, [784]; may return the same array every time
     * @param labels of the map's axes; on the sphere they are always {@link AxisLabels#ANGLES}
     * @param sphere whether codes lie on the unit sphere and are shown by the angles of {@link Sphere}
     * @return the figure
     */
    public static Figure latent(
            String title,
            float[] codesOfAll,
            float[] shownCodes,
            int[] labelsShown,
            UnaryOperator<float[]> decode,
            AxisLabels labels,
            boolean sphere) {
        requireFonts();
        requireCodes(title, "shown codes", shownCodes, labelsShown, sphere);
        requireCovered(title, codesOfAll, sphere ? 3 : 2);
        if (sphere) {
            requireDirections(title, "shown codes", shownCodes);
            requireDirections(title, "codes of all", codesOfAll);
        }
        float[] all = sphere ? Sphere.toS2(codesOfAll) : codesOfAll;
        float[] shown = sphere ? Sphere.toS2(shownCodes) : shownCodes;
        EncoderMap map = EncoderMap.of(shown, labelsShown, shown, labels, sphere);
        AxisLabels axisLabels = sphere ? AxisLabels.ANGLES : labels;
        Grid grid = Grid.over(all);
        BufferedImage images = decoded(title, grid, decode, sphere);
        int right = Look.MARGIN + Axes.LEFT + EncoderMap.SIDE + Look.GAP;
        int width = right + EncoderMap.SIDE + Look.MARGIN;
        int top = Look.HEAD + Look.CAPTION;
        int height = top + EncoderMap.SIDE + Axes.BELOW + Look.FOOT;
        Painting painting = new Painting(width, height, pen -> {
            head(pen, title, width);
            int left = Look.MARGIN + Axes.LEFT;
            panelTitle(pen, "Encoder map", left, top, EncoderMap.SIDE);
            map.paint(pen, left, top);
            panelTitle(pen, "Decoder grid", right, top, EncoderMap.SIDE);
            pen.pixels(images, right, top, EncoderMap.SIDE, EncoderMap.SIDE);
            Limits columns = Limits.spanning(grid.columns());
            Limits rows = Limits.spanning(grid.rows());
            String covers =
                    AltText.range(axisLabels.horizontal(), columns) + ", " + AltText.range(axisLabels.vertical(), rows);
            pen.text(covers, Look.TICK, Look.SOFT_INK, Pen.Anchor.START, right, top + EncoderMap.SIDE + 17);
        });
        return new Figure(title, AltText.latent(map, grid), painting);
    }

    /**
     * Two encoder maps of the same samples side by side, the notebooks' {@code plot_latent_ab}.
     *
     * @param title of the figure
     * @param left one map
     * @param right the other
     * @param digits [n] what the samples are
     * @param sharedLimits whether both maps cover the same area, that of both sets of codes (tutorial 3), or each its
     *     own (tutorial 1)
     * @param sphere whether codes lie on the unit sphere and are shown by the angles of {@link Sphere}
     * @return the figure
     */
    public static Figure encoderMaps(
            String title, CodeMap left, CodeMap right, int[] digits, boolean sharedLimits, boolean sphere) {
        requireFonts();
        requireCodes(title, left.title(), left.codes(), digits, sphere);
        requireCodes(title, right.title(), right.codes(), digits, sphere);
        if (sphere) {
            requireDirections(title, left.title(), left.codes());
            requireDirections(title, right.title(), right.codes());
        }
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
            panelTitle(pen, left.title(), leftEdge, top, EncoderMap.SIDE);
            first.paint(pen, leftEdge, top);
            panelTitle(pen, right.title(), rightEdge, top, EncoderMap.SIDE);
            second.paint(pen, rightEdge, top);
        });
        return new Figure(title, AltText.maps(left.title(), first, right.title(), second, sharedLimits), painting);
    }

    /**
     * Images with a title each, such as the components of PCA. Each has its own grey scale.
     *
     * @param title of the figure
     * @param images each [784]
     * @param titles one for each
     * @return the figure
     */
    public static Figure components(String title, float[][] images, List<String> titles) {
        requireFonts();
        require(images.length > 0, title, "no images");
        require(images.length == titles.size(), title, images.length + " images and " + titles.size() + " titles");
        for (int i = 0; i < images.length; i++) {
            requireImage(title, "image " + i + ", '" + titles.get(i) + "',", images[i]);
        }
        int width = wide(images.length * (LARGE_CELL + Look.GAP) - Look.GAP, title);
        Painting painting = new Painting(width, Look.HEAD + Look.CAPTION + LARGE_CELL + Look.MARGIN, pen -> {
            head(pen, title, width);
            for (int i = 0; i < images.length; i++) {
                int left = Look.MARGIN + i * (LARGE_CELL + Look.GAP);
                panelTitle(pen, titles.get(i), left, Look.HEAD + Look.CAPTION, LARGE_CELL);
                pen.pixels(Grey.image(images[i]), left, Look.HEAD + Look.CAPTION, LARGE_CELL, LARGE_CELL);
            }
        });
        return new Figure(title, AltText.components(titles), painting);
    }

    /**
     * Histograms of the weights of a network 784-2-784 before and after training, the notebooks' {@code
     * plot_weights_ab}: to either unit of the encoder (31 bins from -0.5 to 0.5) and from either unit of the decoder
     * (31 bins from -1.5 to 1.5). Weights outside are left out.
     *
     * @param title of the figure
     * @param encoderInitial [2,784], row-major
     * @param encoderTrained [2,784]
     * @param decoderInitial [784,2]
     * @param decoderTrained [784,2]
     * @return the figure
     */
    public static Figure weights(
            String title,
            float[] encoderInitial,
            float[] encoderTrained,
            float[] decoderInitial,
            float[] decoderTrained) {
        requireFonts();
        requireWeights(title, "initial encoder", encoderInitial);
        requireWeights(title, "trained encoder", encoderTrained);
        requireWeights(title, "initial decoder", decoderInitial);
        requireWeights(title, "trained decoder", decoderTrained);
        int step = Axes.LEFT + PLOT_WIDTH + Look.GAP;
        int width = 2 * Look.MARGIN + 2 * step - Look.GAP;
        int encoderTop = Look.HEAD + 2 * Look.CAPTION;
        int decoderTop = encoderTop + HISTOGRAM_HEIGHT + Axes.BELOW + 2 * Look.CAPTION;
        Painting painting = new Painting(width, decoderTop + HISTOGRAM_HEIGHT + Axes.BELOW + Look.FOOT, pen -> {
            head(pen, title, width);
            Charts.legend(
                    pen, List.of("initial", "trained"), true, width / 2.0, Look.HEAD + 10, width - 2 * Look.MARGIN);
            for (int unit = 0; unit < 2; unit++) {
                int left = Look.MARGIN + Axes.LEFT + unit * step;
                panelTitle(pen, "Encoder weights to unit " + unit, left, encoderTop, PLOT_WIDTH);
                Histogram before = toUnit(encoderInitial, unit);
                Histogram after = toUnit(encoderTrained, unit);
                beforeAndAfter(pen, before, after, left, encoderTop);
                panelTitle(pen, "Decoder weights from unit " + unit, left, decoderTop, PLOT_WIDTH);
                before = fromUnit(decoderInitial, unit);
                after = fromUnit(decoderTrained, unit);
                beforeAndAfter(pen, before, after, left, decoderTop);
            }
        });
        return new Figure(
                title, AltText.weights(encoderInitial, encoderTrained, decoderInitial, decoderTrained), painting);
    }

    /**
     * Histograms of several sets of values over each other, in common bins of equal width that reach from the smallest to the
     * largest value, as {@code numpy.histogram}'s do.
     *
     * @param title of the figure
     * @param distributions drawn over each other, each translucent
     * @param xLabel what the values are
     * @param bins how many
     * @return the figure
     */
    public static Figure histograms(String title, List<Distribution> distributions, String xLabel, int bins) {
        requireFonts();
        require(!distributions.isEmpty(), title, "no values");
        require(bins > 0, title, bins + " bins; it needs at least one");
        double lo = Double.POSITIVE_INFINITY;
        double hi = Double.NEGATIVE_INFINITY;
        for (Distribution distribution : distributions) {
            float[] values = distribution.values();
            require(values.length > 0, title, "'" + distribution.label() + "' has no values");
            for (int i = 0; i < values.length; i++) {
                require(
                        Float.isFinite(values[i]),
                        title,
                        "value " + i + " of '" + distribution.label() + "' is " + values[i]
                                + "; only finite values can be counted");
                lo = Math.min(lo, values[i]);
                hi = Math.max(hi, values[i]);
            }
        }
        Limits range = lo == hi ? new Limits(lo - 0.5, hi + 0.5) : new Limits(lo, hi);
        List<Histogram> counted = distributions.stream()
                .map(distribution -> Histogram.of(distribution.values(), range, bins))
                .toList();
        List<String> names = distributions.stream().map(Distribution::label).toList();
        int left = Look.MARGIN + Axes.LEFT;
        int width = left + WIDE_PLOT + Look.MARGIN;
        int top = Look.HEAD + (names.size() > 1 ? Look.CAPTION : 0);
        Painting painting = new Painting(width, top + PLOT_HEIGHT + Axes.BELOW + Look.FOOT, pen -> {
            head(pen, title, width);
            if (names.size() > 1) {
                Charts.legend(pen, names, true, width / 2.0, Look.HEAD + 10, width - 2 * Look.MARGIN);
            }
            Charts.histograms(pen, counted, names, xLabel, left, top, WIDE_PLOT, PLOT_HEIGHT);
        });
        return new Figure(title, AltText.histograms(distributions, xLabel, range, bins), painting);
    }

    /**
     * Codes in space seen from one side, each drawn as its digit, the notebooks' {@code plot_latent_3d}.
     *
     * @param title of the figure
     * @param codes [n,3], row-major
     * @param digits [n] what the samples are
     * @return the figure
     */
    public static Figure latent3d(String title, float[] codes, int[] digits) {
        requireFonts();
        requireCodes(title, "codes", codes, digits, true);
        Cloud cloud = new Cloud(codes, digits);
        Painting painting = new Painting(Cloud.WIDTH, Look.HEAD + Cloud.HEIGHT, pen -> {
            head(pen, title, Cloud.WIDTH);
            cloud.paint(pen, 0, Look.HEAD);
        });
        return new Figure(title, AltText.cloud(codes, digits), painting);
    }

    /**
     * Graphs of functions in one chart, with gaps where a curve is NaN or infinite, as in matplotlib; the alternative text says so.
     * Of each curve one point at least must be finite.
     *
     * @param title of the figure
     * @param curves drawn over each other
     * @param xLabel below
     * @param yLabel to the left
     * @return the figure
     */
    public static Figure functions(String title, List<Curve> curves, String xLabel, String yLabel) {
        requireFonts();
        return functions(title, List.of(new Chart("", xLabel, yLabel, curves)));
    }

    /**
     * Graphs of functions in several charts side by side; see {@link #functions(String, List, String, String)}.
     *
     * @param title of the figure
     * @param charts from left to right
     * @return the figure
     */
    public static Figure functions(String title, List<Chart> charts) {
        requireFonts();
        require(!charts.isEmpty(), title, "no charts");
        charts.forEach(chart -> requireCurves(title, chart));
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
                panelTitle(pen, chart.title(), left, top, plot);
                Charts.lines(pen, chart, left, top, plot, PLOT_HEIGHT);
                left += step;
            }
        });
        return new Figure(title, AltText.functions(charts), painting);
    }

    private static void head(Pen pen, String title, int width) {
        pen.title(title, Look.MARGIN, 32, width - 2 * Look.MARGIN);
    }

    /** A title above a panel whose upper left corner is (left, top); it may reach into the gap beside it. */
    private static void panelTitle(Pen pen, String given, int left, int top, int width) {
        String title = Pen.shortened(Printable.text(given), Look.PANEL_TITLE, width + Look.MARGIN - 4);
        pen.text(title, Look.PANEL_TITLE, Look.INK, Pen.Anchor.START, left, top - 10);
    }

    /** A figure's width, so that a title of usual length fits above narrow content. */
    private static int wide(int content, String title) {
        int forTitle = (int) Math.min(480, Math.ceil(Pen.width(title, Look.TITLE)));
        return 2 * Look.MARGIN + Math.max(content, forTitle);
    }

    /** Each of the grid's codes decoded by itself, all in one grey scale. */
    private static BufferedImage decoded(String title, Grid grid, UnaryOperator<float[]> decode, boolean sphere) {
        float[] codes = sphere ? Sphere.toU3(grid.codes()) : grid.codes();
        int width = sphere ? 3 : 2;
        float[][] images = new float[Grid.SIDE * Grid.SIDE][];
        for (int i = 0; i < images.length; i++) {
            float[] code = Arrays.copyOfRange(codes, i * width, (i + 1) * width);
            float[] image = decode.apply(code.clone());
            requireImage(title, "the image decoded from " + Arrays.toString(code), image);
            images[i] = image.clone();
        }
        return Grey.mosaic(images, Grid.SIDE);
    }

    private static void beforeAndAfter(Pen pen, Histogram before, Histogram after, int left, int top) {
        Charts.histograms(
                pen,
                List.of(before, after),
                List.of("initial", "trained"),
                "Weight",
                left,
                top,
                PLOT_WIDTH,
                HISTOGRAM_HEIGHT);
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

    private static void requireCodes(String title, String what, float[] codes, int[] digits, boolean space) {
        int width = space ? 3 : 2;
        require(digits.length > 0, title, "no codes");
        require(
                codes.length == width * digits.length,
                title,
                what + " are " + codes.length + " numbers for " + digits.length + " digits; it needs " + width
                        + " each");
        for (int digit : digits) {
            require(digit >= 0 && digit <= 9, title, "label " + digit + " is not a digit");
        }
        requireFinite(title, what, codes, width);
    }

    private static void requireCovered(String title, float[] codes, int width) {
        require(
                codes.length > 0 && codes.length % width == 0,
                title,
                "codes of all are " + codes.length + " numbers; it needs one code at least, of " + width + " each");
        requireFinite(title, "codes of all", codes, width);
    }

    private static void requireFinite(String title, String what, float[] codes, int width) {
        for (int i = 0; i < codes.length; i++) {
            if (!Float.isFinite(codes[i])) {
                throw new Refusal(
                        title,
                        what + ": coordinate " + i % width + " of code " + i / width + " is " + codes[i]
                                + "; only finite codes can be drawn");
            }
        }
    }

    private static void requireDirections(String title, String what, float[] codes) {
        for (int i = 0; i < codes.length; i += 3) {
            if (codes[i] == 0 && codes[i + 1] == 0 && codes[i + 2] == 0) {
                throw new Refusal(
                        title,
                        what + ": code " + i / 3
                                + " is the origin, which has no direction; codes must lie on the sphere");
            }
        }
    }

    private static void requireImage(String title, String what, float[] pixels) {
        if (pixels == null) {
            throw new Refusal(title, what + " is null; it must be 784 pixels, 28 x 28 row by row");
        }
        if (pixels.length != PIXELS) {
            throw new Refusal(title, what + " has " + pixels.length + " pixels; it must have 784, 28 x 28 row by row");
        }
        for (int i = 0; i < PIXELS; i++) {
            if (!Float.isFinite(pixels[i])) {
                throw new Refusal(
                        title, "pixel " + i + " of " + what + " is " + pixels[i] + "; only finite pixels can be drawn");
            }
        }
    }

    private static void requireWeights(String title, String of, float[] weights) {
        require(
                weights.length == 2 * PIXELS,
                title,
                weights.length + " weights; a layer between 784 and 2 units has 1568");
        for (int i = 0; i < weights.length; i++) {
            if (!Float.isFinite(weights[i])) {
                throw new Refusal(
                        title,
                        "weight " + i + " of the " + of + " is " + weights[i] + "; only finite weights can be counted");
            }
        }
    }

    private static void requireCurves(String title, Chart chart) {
        require(
                !chart.curves().isEmpty(),
                title,
                (chart.title().isEmpty() ? "" : "chart '" + chart.title() + "': ") + "no curves");
        for (Curve curve : chart.curves()) {
            require(
                    !curve.pieces().isEmpty(),
                    title,
                    "curve '" + curve.label() + "' has no point that is finite, so nothing of it can be drawn");
        }
        for (Limits limits : List.of(chart.across(), chart.upwards())) {
            require(
                    Math.max(Math.abs(limits.lo()), Math.abs(limits.hi())) <= FARTHEST,
                    title,
                    "curve '" + chart.curves().get(0).label() + "'"
                            + (chart.curves().size() > 1 ? " or another" : "")
                            + " reaches from " + limits.lo() + " to " + limits.hi()
                            + "; only numbers up to 1e300 can be drawn");
        }
    }

    private static void require(boolean holds, String title, String otherwise) {
        if (!holds) {
            throw new Refusal(title, otherwise);
        }
    }
}
