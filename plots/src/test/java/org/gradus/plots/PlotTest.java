package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures without a folder. That they show the right thing is the matter of {@link FiguresTest}. */
@Tag("once")
class PlotTest {

    private static final float[] LOSSES = {3, 2, 1.5f, 1.2f, 1.1f};

    private static Figure figure() {
        return Plot.lossCurve("Loss of the batches", LOSSES);
    }

    @Test
    void figureIsAnImageAPngAndAnSvg() throws IOException {
        Figure figure = figure();
        BufferedImage image = figure.image();

        assertThat(image.getWidth()).isEqualTo(2 * figure.width());
        assertThat(image.getHeight()).isEqualTo(2 * figure.height());
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(figure.png()));
        int width = image.getWidth();
        int height = image.getHeight();
        assertThat(read.getRGB(0, 0, width, height, null, 0, width))
                .isEqualTo(image.getRGB(0, 0, width, height, null, 0, width));
        assertThat(figure.svg())
                .contains(
                        "<title>Loss of the batches</title>",
                        "viewBox=\"0 0 " + figure.width() + " " + figure.height());
        assertThat(figure.title()).isEqualTo("Loss of the batches");
        assertThat(figure)
                .hasToString(
                        "Loss of the batches (" + figure.width() + " x " + figure.height() + "): " + figure.altText());
    }

    @Test
    void folderGetsTheSameFiles(@TempDir Path folder) throws IOException {
        figure().writePng(folder.resolve("new/one.png"));
        figure().writeSvg(folder.resolve("new/one.svg"));
        FigureFile written = new Figures(folder).lossCurve("two", "Loss of the batches", LOSSES);
        FigureFile given = new Figures(folder).write("three", figure());

        assertThat(folder.resolve("new/one.png")).hasSameBinaryContentAs(folder.resolve(written.png()));
        assertThat(folder.resolve("new/one.svg")).hasSameBinaryContentAs(folder.resolve(written.svg()));
        assertThat(folder.resolve(given.svg())).hasSameBinaryContentAs(folder.resolve(written.svg()));
        assertThat(written.altText()).isEqualTo(figure().altText());
    }

    @Test
    void fileThatCannotBeWrittenIsOneClearLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> figure().writePng(file.resolve("loss.png")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write " + file.resolve("loss.png") + ": " + file
                        + " is no folder and cannot be made; name another");
    }

    /** Counts are NumPy's: {@code numpy.histogram(values, bins=5)} and {@code ([2, 2], bins=3)}. */
    @Test
    void histogramCountsAsNumpyDoes() {
        float[] values = {0.1f, 0.2f, 0.25f, 0.5f, 0.9f, 1, -0.3f, 0.35f, 0.351f, -0.3f};

        assertThat(Histogram.of(values, new Limits(-0.3f, 1), 5).counts()).containsExactly(2, 2, 3, 1, 2);
        assertThat(Histogram.of(new float[] {2, 2}, new Limits(1.5, 2.5), 3).counts())
                .containsExactly(0, 2, 0);
    }

    @Test
    void histogramsSayWhatTheyShow() {
        Figure figure = Plot.histograms(
                "Weights",
                List.of(
                        new Distribution("before", new float[] {-1, 0, 1}),
                        new Distribution("after", new float[] {0, 1, 2, 3})),
                "weight",
                4);

        assertThat(figure.altText())
                .isEqualTo("Histograms of 4 bins, weight from \u22121 to 3: before, 3 values of mean 0;"
                        + " after, 4 values of mean 1.5.");
        assertThat(figure.svg()).contains(">before<", ">after<", ">weight<", ">Count<");
        assertThat(Plot.histograms("One", List.of(new Distribution("all", new float[] {2, 2})), "value", 3)
                        .altText())
                .contains("value from 1.5 to 2.5");
    }

    @Test
    void dataThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Plot.lossCurve("a", new float[] {1, Float.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure 'a': loss of batch 1 is NaN; only finite losses can be drawn");
        assertThatThrownBy(() -> Plot.latent3d("b", new float[4], new int[] {1}))
                .hasMessage("figure 'b': codes are 4 numbers for 1 digits; it needs 3 each");
        assertThatThrownBy(() -> Plot.histograms("c", List.of(), "x", 3)).hasMessage("figure 'c': no values");
        assertThatThrownBy(() -> Plot.histograms("c", List.of(new Distribution("d", new float[0])), "x", 3))
                .hasMessage("figure 'c': 'd' has no values");
        assertThatThrownBy(() -> Plot.histograms("c", List.of(new Distribution("d", new float[1])), "x", 0))
                .hasMessage("figure 'c': 0 bins; it needs at least one");
        assertThatThrownBy(() ->
                        Plot.histograms("c", List.of(new Distribution("d", new float[] {0, Float.NaN})), "x", 3))
                .hasMessage("figure 'c': value 1 of 'd' is NaN; only finite values can be counted");
    }

    private static Figure curves(String label, double from, double to, DoubleUnaryOperator function) {
        return Plot.functions("F", List.of(Curve.of(label, from, to, function)), "x", "y");
    }

    /** Points at {@code i / 400}, so that {@code ln} is infinite at the first; 1/x at the middle one. */
    @Test
    void curvesHaveGapsWhereTheyAreNotFinite() throws IOException {
        assertThat(curves("log", 0, 1, StrictMath::log).altText())
                .isEqualTo("Line chart. y over x, log from (0.0025, \u22125.99) to (1, 0)"
                        + " with gaps where it is not finite, at 1 of 401 points.");
        assertThat(curves("1/x", -1, 1, x -> 1 / x).altText())
                .isEqualTo("Line chart. y over x, 1/x from (\u22121, \u22121) to (1, 1)"
                        + " with gaps where it is not finite, at 1 of 401 points.");
        assertThat(curves("sin", 0, 1, StrictMath::sin).altText()).doesNotContain("finite");
        Curve holes = new Curve("holes", new double[] {0, 1, 2, Double.NaN, 4, 5, 6}, new double[] {
            Double.NaN, 1, 2, 3, 4, Double.NEGATIVE_INFINITY, 6
        });
        assertThat(holes.pieces())
                .extracting(piece -> Arrays.toString(piece.x()))
                .containsExactly("[1.0, 2.0]", "[4.0]", "[6.0]");
    }

    /** A step of height 2 that is not defined where it rises: no pixel of the line's colour half-way up. */
    @Test
    void nothingIsDrawnAcrossAGap() {
        assertThat(lineAtHalfHeight(x -> Math.abs(x) < 0.2 ? Double.NaN : Math.signum(x)))
                .isZero();
        assertThat(lineAtHalfHeight(Math::signum)).isPositive();
    }

    private static long lineAtHalfHeight(DoubleUnaryOperator function) {
        BufferedImage image = curves("step", -1, 1, function).image();
        int quarter = 2 * (60 + 75); // the plot is 300 high below a head of 60
        return IntStream.range(2 * 90, image.getWidth() - 2 * 30)
                .filter(x -> image.getRGB(x, quarter) == Look.line(0).getRGB())
                .count();
    }

    @Test
    void curvesWithNothingToDrawAreRefused() {
        assertThatThrownBy(() -> curves("root", -2, -1, Math::sqrt))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure 'F': curve 'root' has no point that is finite, so nothing of it can be drawn");
        assertThatThrownBy(() -> curves("all", 0, Double.POSITIVE_INFINITY, x -> x))
                .hasMessage("figure 'F': curve 'all' has no point that is finite, so nothing of it can be drawn");
        assertThatThrownBy(() -> curves("far", -1, 1, x -> x * Double.MAX_VALUE))
                .hasMessageStartingWith("figure 'F': curve 'far' reaches from -1.7976931348623157E308 to ")
                .hasMessageEndingWith("; only numbers up to 1e300 can be drawn");
        assertThatThrownBy(() -> Plot.functions("F", List.of(), "x", "y"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure 'F': no curves");
        assertThatThrownBy(() -> Plot.functions("F", List.of(new Chart("left", "x", "y", List.of()))))
                .hasMessage("figure 'F': chart 'left': no curves");
    }

    private static Figure latent(float[] all, float[] shown, UnaryOperator<float[]> decode, boolean sphere) {
        int[] digits = new int[shown.length / (sphere ? 3 : 2)];
        return Plot.latent("L", all, shown, digits, decode, AxisLabels.CODES, sphere);
    }

    @Test
    void codesThatDoNotFitAreRefusedByTheFiguresTitle() {
        float[] codes = {0, 0, 1, 1};
        UnaryOperator<float[]> decode = code -> new float[784];
        assertThatThrownBy(() -> latent(new float[3], codes, decode, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure 'L': codes of all are 3 numbers; it needs one code at least, of 2 each");
        assertThatThrownBy(() -> latent(new float[0], codes, decode, false))
                .hasMessage("figure 'L': codes of all are 0 numbers; it needs one code at least, of 2 each");
        assertThatThrownBy(() -> latent(new float[] {0, Float.NaN}, codes, decode, false))
                .hasMessage("figure 'L': codes of all: coordinate 1 of code 0 is NaN; only finite codes can be drawn");
        assertThatThrownBy(() -> latent(codes, new float[] {0, 0, Float.POSITIVE_INFINITY, 0}, decode, false))
                .hasMessage(
                        "figure 'L': shown codes: coordinate 0 of code 1 is Infinity; only finite codes can be drawn");
        assertThatThrownBy(() -> latent(new float[] {1, 0, 0}, new float[3], decode, true))
                .hasMessage("figure 'L': shown codes: code 0 is the origin, which has no direction;"
                        + " codes must lie on the sphere");
        assertThatThrownBy(() -> Plot.latent3d("L", new float[] {0, 0, Float.NaN}, new int[1]))
                .hasMessage("figure 'L': codes: coordinate 2 of code 0 is NaN; only finite codes can be drawn");
        CodeMap good = new CodeMap("good", codes);
        CodeMap bad = new CodeMap("bad", new float[] {0, 0, 0, Float.NaN});
        assertThatThrownBy(() -> Plot.encoderMaps("L", good, bad, new int[2], true, false))
                .hasMessage("figure 'L': bad: coordinate 1 of code 1 is NaN; only finite codes can be drawn");
    }

    @Test
    @SuppressWarnings("NullAway") // what is not checked for users of Plot
    void imagesThatCannotBeDrawnAreRefusedByTheFiguresTitle() {
        float[] good = new float[784];
        float[] dark = new float[784];
        dark[5] = Float.NaN;
        assertThatThrownBy(() -> Plot.rows("R", List.of(new Row("in", new float[][] {good, new float[783]}))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure 'R': image 1 of 'in' has 783 pixels; it must have 784, 28 x 28 row by row");
        assertThatThrownBy(() -> Plot.rows("R", List.of(new Row("in", new float[][] {dark}))))
                .hasMessage("figure 'R': pixel 5 of image 0 of 'in' is NaN; only finite pixels can be drawn");
        assertThatThrownBy(() -> Plot.rows("R", List.of(new Row("in", new float[][] {null}))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure 'R': image 0 of 'in' is null; it must be 784 pixels, 28 x 28 row by row");
        assertThatThrownBy(() -> Plot.components("C", new float[][] {new float[3]}, List.of("one")))
                .hasMessage("figure 'C': image 0, 'one', has 3 pixels; it must have 784, 28 x 28 row by row");
        float[] codes = {0, 0, 1, 1};
        assertThatThrownBy(() -> latent(codes, codes, code -> null, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("figure 'L': the image decoded from [")
                .hasMessageEndingWith("] is null; it must be 784 pixels, 28 x 28 row by row");
        assertThatThrownBy(() -> latent(codes, codes, code -> dark, false))
                .hasMessageStartingWith("figure 'L': pixel 5 of the image decoded from [");
    }

    @Test
    void weightsThatAreNotFiniteAreRefused() {
        float[] good = new float[1568];
        float[] bad = new float[1568];
        bad[7] = Float.NaN;
        assertThatThrownBy(() -> Plot.weights("W", good, bad, good, good))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("figure 'W': weight 7 of the trained encoder is NaN; only finite weights can be counted");
    }

    @Test
    void textsOfAFigureAreOneLineEach() {
        assertThat(Plot.lossCurve("two\nlines", LOSSES).toString()).startsWith("two\\nlines (");
        assertThatThrownBy(() -> Plot.functions("two\nlines", List.of(), "x", "y"))
                .hasMessage("figure 'two\\nlines': no curves");
    }
}
