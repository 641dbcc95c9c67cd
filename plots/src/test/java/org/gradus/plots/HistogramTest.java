package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.gradus.nn.Linear;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

class HistogramTest {

    /** Counts read off the published picture of PyTorch's initial weights of 784-2-784 under seed 0. */
    @Test
    void publishedHistogramsOfInitialWeights() {
        TorchRandom torch = new TorchRandom(0);
        float[] encoder = new Linear(784, 2, torch).weight().data();
        float[] decoder = new Linear(2, 784, torch).weight().data();

        assertBars(Histogram.of(encoder, 0, 1, 784, 0.5), 14, 230, 336, 218);
        assertBars(Histogram.of(encoder, 784, 1, 1568, 0.5), 14, 209, 368, 207);
        assertBars(
                Histogram.of(decoder, 0, 2, 1568, 1.5), 8, 43, 52, 45, 48, 59, 49, 55, 62, 57, 56, 62, 52, 52, 56, 36);
        assertBars(
                Histogram.of(decoder, 1, 2, 1568, 1.5), 8, 31, 58, 46, 61, 53, 55, 63, 62, 57, 60, 51, 57, 42, 48, 40);
    }

    private static void assertBars(Histogram histogram, int first, int... bars) {
        int[] expected = new int[31];
        System.arraycopy(bars, 0, expected, first, bars.length);
        assertThat(histogram.counts()).containsExactly(expected);
        assertThat(IntStream.of(histogram.counts()).sum()).isEqualTo(784);
    }

    /** As {@code numpy.histogram}: a value on an edge belongs to the bin above it, on the last edge to the last bin. */
    @Test
    void edgesBelongToTheBinAboveAndTheLastToTheLast() {
        double half = 15.5;
        float[] values = {-15.5f, -14.5f, -14.25f, 15.5f, 14.75f, 14.5f};

        Histogram histogram = Histogram.of(values, 0, 1, values.length, half);

        assertThat(histogram.edges()).hasSize(32).startsWith(-15.5, -14.5).endsWith(14.5, 15.5);
        assertThat(histogram.counts()).hasSize(31).startsWith(1, 2, 0).endsWith(0, 3);
    }

    @Test
    void valuesOutsideAreLeftOut() {
        float[] values = {-0.51f, 0.51f, 3, Float.NaN, 0};

        assertThat(Arrays.stream(Histogram.of(values, 0, 1, values.length, 0.5).counts())
                        .sum())
                .isEqualTo(1);
    }

    @Test
    void outlineGoesUpAndDownAtTheEdges() {
        float[] values = {-15, 15, 15};

        Curve outline = Histogram.of(values, 0, 1, values.length, 15.5).outline("x");

        assertThat(outline.x())
                .hasSize(64)
                .startsWith(-15.5, -15.5, -14.5, -14.5)
                .endsWith(14.5, 14.5, 15.5, 15.5);
        assertThat(outline.y()).hasSize(64).startsWith(0, 1, 1, 0).endsWith(0, 2, 2, 0);
    }
}
