package org.gradus.kernel.simd;

import java.util.Arrays;
import java.util.Set;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.NaiveKernels;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As {@link PanelParityTest}: gradients that add up, and the losses of classes and logits. */
class GraphPanelParityTest {

    static final Set<String> TESTED = Set.of(
            "ontoZero", "addNormalizeGrad", "bceWithLogitsChunks", "softmaxCrossEntropy", "softmaxCrossEntropyGrad");

    private final NaiveKernels naive = new NaiveKernels();

    /** The chains of the recording's products go on from the gradient that is there. */
    @ParameterizedTest
    @CsvSource({
        "16, 784, 2",
        "64, 32, 40",
        "1, 5, 7",
        "33, 4, 784",
        "50, 30, 96",
        "128, 100, 5",
        "48, 17, 1",
        "96, 1100, 9"
    })
    void productsGoOn(int samples, int in, int out) {
        if (PanelParityTest.absent()) {
            return;
        }
        float[] w = Samples.uniform(1, out * in, -1, 1);
        float[] x = Samples.uniform(2, samples * in, -1, 1);
        float[] g = Samples.uniform(3, samples * out, -1, 1);
        PanelKernels panels = PanelParityTest.panels();
        int count = PanelKernels.count(samples);
        float[] gp = PanelParityTest.toPanels(samples, out, g);

        float[] expectedGx = Samples.uniform(4, samples * in, -1, 1);
        float[] gx = PanelParityTest.toPanels(samples, in, expectedGx);
        naive.gemm(GemmKind.NN, samples, in, out, g, w, Kernels.NO_BIAS, expectedGx, true, 0, samples, 0, in);
        Product backward = new Product(Order.COLUMNS, in, out, count * 16, 16, in * 16);
        panels.product(backward.continued(), 0, in, 0, count / 2, w, gp, gx);
        panels.product(backward.continued(), 0, in, count / 2, count, w, gp, gx);
        Bits.assertSame("input gradient", PanelParityTest.toRows(samples, in, gx), expectedGx);

        float[] expectedGw = Samples.uniform(5, out * in, -1, 1);
        float[] gw = expectedGw.clone();
        naive.gemm(GemmKind.TN, out, in, samples, g, x, Kernels.NO_BIAS, expectedGw, true, 0, out, 0, in);
        float[] transposed = new float[PanelKernels.count(in) * 16 * samples];
        panels.transpose(samples, in, 0, count, PanelParityTest.toPanels(samples, in, x), transposed);
        Product gradient = new Product(Order.PANELS, out * 16, samples, in, in, 16);
        panels.product(gradient.continued(), 0, out / 2, 0, PanelKernels.count(in), gp, transposed, gw);
        panels.product(gradient.continued(), out / 2, out, 0, PanelKernels.count(in), gp, transposed, gw);
        Bits.assertSame("weight gradient", gw, expectedGw);
    }

    @Test
    void nothingIsMinusZero() {
        if (PanelParityTest.absent()) {
            return;
        }
        int n = 16 * 5;
        float[] g = Samples.edges(1, n);
        float[] expected = new float[n];
        naive.addScaled(0, n, 1f, g, expected);
        float[] gx = new float[n];
        PanelParityTest.panels().ontoZero(0, n, g, gx);
        Bits.assertSame("elsewhere", gx, expected);
        PanelParityTest.panels().ontoZero(0, n, g, g);
        Bits.assertSame("in place", g, expected);
    }

    @ParameterizedTest
    @CsvSource({"16, 784", "40, 64", "3, 3", "64, 2", "17, 1025", "33, 2100", "1, 1"})
    void normalisationAndLogits(int samples, int features) {
        if (PanelParityTest.absent()) {
            return;
        }
        PanelKernels panels = PanelParityTest.panels();
        int count = PanelKernels.count(samples);
        int cut = count / 2;
        float[] x = Samples.uniform(1, samples * features, -20, 20);
        float[] g = Samples.uniform(2, samples * features, -1, 1);
        float[] target = Samples.uniform(3, samples * features, 0, 1);
        Arrays.fill(x, 0, features, 0f);
        float[] xp = PanelParityTest.toPanels(samples, features, x);

        float[] unit = new float[samples * features];
        naive.normalizeRows(0, samples, features, x, unit);
        float[] expected = Samples.uniform(4, samples * features, -1, 1);
        float[] gx = PanelParityTest.toPanels(samples, features, expected);
        naive.normalizeRowsGrad(0, samples, features, x, unit, g, expected);
        float[] up = PanelParityTest.toPanels(samples, features, unit);
        float[] gp = PanelParityTest.toPanels(samples, features, g);
        panels.addNormalizeGrad(0, cut, features, xp, up, gp, gx);
        panels.addNormalizeGrad(cut, count, features, xp, up, gp, gx);
        Bits.assertSame("normalizeGrad", PanelParityTest.toRows(samples, features, gx), expected);

        int chunks = Kernels.chunks(samples, features);
        float[] expectedChunks = new float[chunks];
        naive.bceWithLogitsChunks(0, chunks, features, x, target, expectedChunks);
        float[] partial = new float[Kernels.chunks(count * 16, features)];
        float[] tp = PanelParityTest.toPanels(samples, features, target);
        panels.bceWithLogitsChunks(0, cut, features, xp, tp, partial);
        panels.bceWithLogitsChunks(cut, count, features, xp, tp, partial);
        Bits.assertSame("logits", Arrays.copyOf(partial, chunks), expectedChunks);
    }

    /** Scores as a net has them, far apart, infinite, and none at all. */
    @ParameterizedTest
    @CsvSource({"16, 10, 3", "40, 2, 1000", "3, 1, 3", "64, 17, 0", "17, 1000, 80", "33, 10, Infinity", "20, 4, NaN"})
    void classes(int samples, int columns, float size) {
        if (PanelParityTest.absent()) {
            return;
        }
        PanelKernels panels = PanelParityTest.panels();
        int count = PanelKernels.count(samples);
        int cut = count / 2;
        float[] z = Samples.uniform(1, samples * columns, -1, 1);
        float[] k = new float[samples];
        for (int i = 0; i < samples; i++) {
            k[i] = (i * 7 + 3) % columns;
        }
        for (int i = 0; i < z.length; i++) {
            z[i] = Float.isFinite(size) ? z[i] * size : i % 13 == 5 ? size : z[i];
        }
        float[] expectedLoss = new float[samples];
        naive.softmaxCrossEntropy(0, samples, columns, z, k, expectedLoss);
        float[] expected = new float[samples * columns];
        naive.softmaxCrossEntropyGrad(0, samples, columns, 0.3f, z, k, expected);

        float[] zp = PanelParityTest.toPanels(samples, columns, z);
        float[] kp = PanelParityTest.toPanels(samples, 1, k);
        float[] exponentials = new float[zp.length];
        float[] sums = new float[kp.length];
        float[] loss = new float[kp.length];
        float[] g = new float[zp.length];
        panels.softmaxCrossEntropy(0, cut, columns, zp, kp, exponentials, sums, loss);
        panels.softmaxCrossEntropy(cut, count, columns, zp, kp, exponentials, sums, loss);
        Bits.assertSame("loss", Arrays.copyOf(loss, samples), expectedLoss);
        panels.softmaxCrossEntropyGrad(0, cut, columns, 0.3f, exponentials, sums, kp, g);
        panels.softmaxCrossEntropyGrad(cut, count, columns, 0.3f, exponentials, sums, kp, g);
        Bits.assertSame("gradient", PanelParityTest.toRows(samples, columns, g), expected);
    }
}
