package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
}
