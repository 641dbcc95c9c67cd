package org.gradus.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.NaiveKernels;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every method of {@link PanelKernels} against the same operation of {@link NaiveKernels} on the row-major matrix, bit for bit. With
 * plain kernels in use there are no panels, and that is all there is to see.
 */
class PanelParityTest {

    private static final Set<String> TESTED = Set.of(
            "product",
            "productInLanes",
            "thinProduct",
            "sampleSums",
            "addBias",
            "sigmoidOfBiased",
            "preluOfBiased",
            "rows",
            "layPanel",
            "note",
            "transpose",
            "reluGrad",
            "preluGrad",
            "sigmoidGrad",
            "tanhGrad",
            "squaredErrorGrad",
            "stripOfRows",
            "bceGrad",
            "sigmoidBceGrad",
            "sigmoidSquaredErrorGrad",
            "squaredErrorChunks",
            "bceChunks",
            "normalize",
            "normalizeGrad");

    private final NaiveKernels naive = new NaiveKernels();

    static boolean absent() {
        assertThat(PanelKernels.of(KernelProvider.kernels()).isPresent())
                .isEqualTo(KernelProvider.kernels().name().equals("vector"));
        return PanelKernels.of(KernelProvider.kernels()).isEmpty();
    }

    static PanelKernels panels() {
        return PanelKernels.of(KernelProvider.kernels().another()).orElseThrow();
    }

    /** Row-major to panels; what is beyond the last sample is NaN, which nothing may read. */
    static float[] toPanels(int samples, int features, float[] rows) {
        float[] x = new float[PanelKernels.size(samples, features)];
        Arrays.fill(x, Float.NaN);
        for (int i = 0; i < samples; i++) {
            for (int j = 0; j < features; j++) {
                x[i / 16 * 16 * features + 16 * j + i % 16] = rows[i * features + j];
            }
        }
        return x;
    }

    static float[] toRows(int samples, int features, float[] x) {
        float[] rows = new float[samples * features];
        for (int i = 0; i < samples; i++) {
            for (int j = 0; j < features; j++) {
                rows[i * features + j] = x[i / 16 * 16 * features + 16 * j + i % 16];
            }
        }
        return rows;
    }

    @Test
    void everyMethodIsTestedHere() {
        Set<String> methods = Arrays.stream(PanelKernels.class.getDeclaredMethods())
                .filter(m -> !Modifier.isStatic(m.getModifiers()) && !m.isSynthetic())
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> tested = new TreeSet<>(TESTED);
        tested.addAll(GraphPanelParityTest.TESTED);
        assertThat(methods).isEqualTo(tested);
    }

    @ParameterizedTest
    @CsvSource({
        "16, 784, 2",
        "64, 32, 40",
        "1, 5, 7",
        "33, 2, 784",
        "50, 3, 96",
        "128, 100, 3",
        "48, 17, 1",
        "96, 1100, 9",
        "40, 31, 2"
    })
    void productsOfALayer(int samples, int in, int out) {
        if (absent()) {
            return;
        }
        float[] w = Samples.uniform(1, out * in, -1, 1);
        float[] x = Samples.uniform(2, samples * in, -1, 1);
        float[] g = Samples.uniform(3, samples * out, -1, 1);
        float[] bias = Samples.uniform(4, out, -1, 1);
        float[] expected = new float[samples * out];
        PanelKernels panels = panels();
        int count = PanelKernels.count(samples);
        float[] xp = toPanels(samples, in, x);
        float[] gp = toPanels(samples, out, g);

        naive.gemm(GemmKind.NT, samples, out, in, x, w, bias, expected, false, 0, samples, 0, out);
        Product forward = new Product(Order.ROWS, in, in, count * 16, 16, out * 16);
        float[] y = new float[PanelKernels.size(samples, out)];
        int cut = count / 2;
        for (int[] part : new int[][] {{0, cut}, {cut, count}}) {
            if (GemmKind.sumsInLanes(out, in)) {
                panels.productInLanes(forward, 0, out, part[0], part[1], w, xp, y);
            } else {
                panels.product(forward, 0, out, part[0], part[1], w, xp, y);
            }
            panels.addBias(part[0], part[1], out, 0, out / 3, bias, y);
            panels.addBias(part[0], part[1], out, out / 3, out, bias, y);
        }
        Bits.assertSame("forward", toRows(samples, out, y), expected);

        float[] raw = new float[samples * out];
        naive.gemm(GemmKind.NT, samples, out, in, x, w, Kernels.NO_BIAS, raw, false, 0, samples, 0, out);
        float[] expectedSigmoid = new float[samples * out];
        naive.sigmoid(0, samples * out, expected, expectedSigmoid);
        float[] sigmoid = new float[y.length];
        panels.sigmoidOfBiased(0, cut, out, 0, out, bias, toPanels(samples, out, raw), sigmoid);
        panels.sigmoidOfBiased(cut, count, out, 0, out / 3, bias, toPanels(samples, out, raw), sigmoid);
        panels.sigmoidOfBiased(cut, count, out, out / 3, out, bias, toPanels(samples, out, raw), sigmoid);
        Bits.assertSame("sigmoid of the biased", toRows(samples, out, sigmoid), expectedSigmoid);

        float[] expectedPrelu = new float[samples * out];
        naive.prelu(0, samples * out, out, expected, new float[] {0.25f}, expectedPrelu);
        float[] biased = toPanels(samples, out, raw);
        float[] prelu = new float[y.length];
        panels.preluOfBiased(0, cut, out, 0, out, bias, 0.25f, biased, prelu);
        panels.preluOfBiased(cut, count, out, 0, out / 3, bias, 0.25f, biased, prelu);
        panels.preluOfBiased(cut, count, out, out / 3, out, bias, 0.25f, biased, prelu);
        Bits.assertSame("prelu of the biased", toRows(samples, out, prelu), expectedPrelu);
        Bits.assertSame("the biased", toRows(samples, out, biased), expected);

        float[] expectedGx = new float[samples * in];
        naive.gemm(GemmKind.NN, samples, in, out, g, w, Kernels.NO_BIAS, expectedGx, false, 0, samples, 0, in);
        Product backward = new Product(Order.COLUMNS, in, out, count * 16, 16, in * 16);
        float[] gx = new float[PanelKernels.size(samples, in)];
        if (GemmKind.sumsInLanes(in, out)) {
            panels.productInLanes(backward, 0, in, 0, count, w, gp, gx);
        } else {
            panels.product(backward, 0, in, 0, count, w, gp, gx);
        }
        Bits.assertSame("input gradient", toRows(samples, in, gx), expectedGx);

        float[] expectedGw = new float[out * in];
        naive.gemm(GemmKind.TN, out, in, samples, g, x, Kernels.NO_BIAS, expectedGw, true, 0, out, 0, in);
        float[] gw = new float[out * in];
        int half = out / 2;
        if (GemmKind.sumsInLanes(in, samples)) {
            panels.thinProduct(samples, out, in, 0, half, gp, xp, gw);
            panels.thinProduct(samples, out, in, half, out, gp, xp, gw);
        } else {
            float[] transposed = new float[PanelKernels.count(in) * 16 * samples];
            panels.transpose(samples, in, 0, cut, xp, transposed);
            panels.transpose(samples, in, cut, count, xp, transposed);
            Product gradient = new Product(Order.PANELS, out * 16, samples, in, in, 16);
            panels.product(gradient, 0, half, 0, PanelKernels.count(in), gp, transposed, gw);
            panels.product(gradient, half, out, 0, PanelKernels.count(in), gp, transposed, gw);
        }
        Bits.assertSame("weight gradient", gw, expectedGw);

        float[] expectedGb = new float[out];
        naive.addColumnSums(samples, out, g, expectedGb, 0, out);
        float[] gb = new float[out];
        panels.sampleSums(samples, out, 0, half, gp, gb);
        panels.sampleSums(samples, out, half, out, gp, gb);
        Bits.assertSame("bias gradient", gb, expectedGb);
    }

    /** Threads divide the rows of a weight at halves of strips, which are whole tiles. */
    @Test
    void stripsAreOfWholeTiles() {
        if (absent()) {
            return;
        }
        assertThat(panels().stripOfRows() % (2 * VectorPanelProducts.PACKED_ROWS))
                .isZero();
    }

    /** Products of -1e-30 and 1e-30 are -0 in every lane, and their sum is; but a gradient begins at +0. */
    @Test
    void thinGradientOfUnderflowsIsPositiveZero() {
        if (absent()) {
            return;
        }
        int samples = 40;
        float[] g = new float[PanelKernels.size(samples, 3)];
        float[] x = new float[PanelKernels.size(samples, 2)];
        Arrays.fill(g, -1e-30f);
        Arrays.fill(x, 1e-30f);
        float[] gw = new float[6];
        panels().thinProduct(samples, 3, 2, 0, 3, g, x, gw);
        Bits.assertSame("weight gradient", gw, new float[6]);
    }

    @ParameterizedTest
    @CsvSource({"16, 16", "33, 784", "7, 3", "64, 40", "128, 2", "20, 1030"})
    void gathering(int samples, int features) {
        if (absent()) {
            return;
        }
        int all = samples + 50;
        float[] set = Samples.uniform(5, all * features, 0, 1);
        float[] expected = new float[samples * features];
        for (int i = 0; i < samples; i++) {
            System.arraycopy(set, (i * 37 + 11) % all * features, expected, i * features, features);
        }
        int count = PanelKernels.count(samples);
        float[] transposed = new float[PanelKernels.count(features) * 16 * samples];
        float[] expectedTransposed = transposed.clone();
        panels().transpose(samples, features, 0, count, toPanels(samples, features, expected), expectedTransposed);
        float[] x = new float[PanelKernels.size(samples, features)];
        float[] both = new float[x.length];
        for (int q = count - 1; q >= 0; q--) {
            PanelKernels panels = panels();
            float[] rows = panels.rows(features);
            for (int l = 0; l < Math.min(16, samples - 16 * q); l++) {
                System.arraycopy(expected, (16 * q + l) * features, rows, l * features, features);
            }
            panels.layPanel(q, samples, features, x, new float[0]);
            panels.layPanel(q, samples, features, both, transposed);
        }
        Bits.assertSame("panels of samples", toRows(samples, features, x), expected);
        Bits.assertSame("panels of samples with the others", toRows(samples, features, both), expected);
        Bits.assertSame("panels of features", transposed, expectedTransposed);
    }

    /** A derivative, as the kernels have it: added to what is there. */
    private interface Added {
        void to(Kernels kernels, int n, float[] x, float[] y, float[] g, float[] gx);
    }

    /** The same in place. */
    private interface InPlace {
        void on(PanelKernels panels, int from, int to, float[] x, float[] y, float[] g);
    }

    private void derivative(String name, Added added, InPlace inPlace) {
        int n = 16 * 37;
        for (int kind = 0; kind < 3; kind++) {
            float[] x = numbers(kind, 10 + kind, n);
            float[] y = numbers(kind, 20 + kind, n);
            float[] g = numbers(kind, 30 + kind, n);
            float[] expected = new float[n];
            added.to(naive, n, x, y, g, expected);
            inPlace.on(panels(), 0, 16 * 20, x, y, g);
            inPlace.on(panels(), 16 * 20, n, x, y, g);
            Bits.assertSame(name + " " + kind, g, expected);
        }
    }

    private static float[] numbers(int kind, long seed, int n) {
        return switch (kind) {
            case 0 -> Samples.special(seed, n);
            case 1 -> Samples.edges(seed, n);
            default -> Samples.uniform(seed, n, 0, 1);
        };
    }

    @Test
    void derivativesInPlace() {
        if (absent()) {
            return;
        }
        float[] slope = {0.25f};
        derivative(
                "relu",
                (k, n, x, y, g, gx) -> k.reluGrad(0, n, x, g, gx),
                (k, from, to, x, y, g) -> k.reluGrad(from, to, x, g));
        derivative(
                "prelu",
                (k, n, x, y, g, gx) -> k.preluGrad(0, n, n, x, slope, g, gx),
                (k, from, to, x, y, g) -> k.preluGrad(from / 16, to / 16, 1, slope[0], x, g, new float[to]));
        derivative(
                "sigmoid",
                (k, n, x, y, g, gx) -> k.sigmoidGrad(0, n, y, g, gx),
                (k, from, to, x, y, g) -> k.sigmoidGrad(from, to, y, g));
        derivative(
                "tanh",
                (k, n, x, y, g, gx) -> k.tanhGrad(0, n, y, g, gx),
                (k, from, to, x, y, g) -> k.tanhGrad(from, to, y, g));
        derivative(
                "squaredError",
                (k, n, x, y, g, gx) -> k.addScaledDifference(0, n, 0.3f, x, y, gx),
                (k, from, to, x, y, g) -> k.squaredErrorGrad(from, to, 0.3f, x, y, g));
        derivative(
                "sigmoid, squared error",
                (k, n, x, y, g, gx) -> {
                    float[] between = new float[n];
                    k.addScaledDifference(0, n, 0.3f, x, y, between);
                    k.sigmoidGrad(0, n, x, between, gx);
                },
                (k, from, to, x, y, g) -> k.sigmoidSquaredErrorGrad(from, to, 0.3f, x, y, g));
        derivative(
                "sigmoid, bce",
                (k, n, x, y, g, gx) -> {
                    float[] between = new float[n];
                    k.bceGrad(0, n, 0.3f, x, y, between);
                    k.sigmoidGrad(0, n, x, between, gx);
                },
                (k, from, to, x, y, g) -> k.sigmoidBceGrad(from, to, 0.3f, x, y, g));
        derivative(
                "bce",
                (k, n, x, y, g, gx) -> k.bceGrad(0, n, 0.3f, x, y, gx),
                (k, from, to, x, y, g) -> k.bceGrad(from, to, 0.3f, x, y, g));
    }

    @ParameterizedTest
    @CsvSource({"16, 784", "40, 64", "3, 3", "64, 2", "17, 1025", "33, 2100", "128, 392"})
    void reductionsAndNormalisation(int samples, int features) {
        if (absent()) {
            return;
        }
        int count = PanelKernels.count(samples);
        int cut = count / 2;
        int chunks = Kernels.chunks(samples, features);
        float[] x = Samples.uniform(41, samples * features, -1, 1);
        float[] p = Samples.uniform(42, samples * features, 0, 1);
        float[] y = Samples.uniform(43, samples * features, 0, 1);
        float[] xp = toPanels(samples, features, x);
        float[] pp = toPanels(samples, features, p);
        float[] yp = toPanels(samples, features, y);
        float[] expected = new float[chunks];
        float[] partial = new float[Kernels.chunks(count * 16, features)];

        naive.preluSlopeGradChunks(0, chunks, features, x, y, expected);
        float[] gp = yp.clone();
        panels().preluGrad(0, cut, features, 0.25f, xp, gp, partial);
        panels().preluGrad(cut, count, features, 0.25f, xp, gp, partial);
        Bits.assertSame("slope", Arrays.copyOf(partial, chunks), expected);
        float[] expectedGrad = new float[samples * features];
        naive.preluGrad(0, samples * features, features, x, new float[] {0.25f}, y, expectedGrad);
        Bits.assertSame("prelu", toRows(samples, features, gp), expectedGrad);

        naive.squaredErrorChunks(0, chunks, features, x, y, expected);
        panels().squaredErrorChunks(0, cut, features, xp, yp, partial);
        panels().squaredErrorChunks(cut, count, features, xp, yp, partial);
        Bits.assertSame("squared error", Arrays.copyOf(partial, chunks), expected);

        naive.bceChunks(0, chunks, features, p, y, expected);
        panels().bceChunks(0, cut, features, pp, yp, partial);
        panels().bceChunks(cut, count, features, pp, yp, partial);
        Bits.assertSame("bce", Arrays.copyOf(partial, chunks), expected);

        Arrays.fill(x, 0, features, 0f); // a sample of length 0
        xp = toPanels(samples, features, x);
        float[] unit = new float[samples * features];
        naive.normalizeRows(0, samples, features, x, unit);
        float[] unitPanels = new float[xp.length];
        panels().normalize(0, cut, features, xp, unitPanels);
        panels().normalize(cut, count, features, xp, unitPanels);
        Bits.assertSame("normalize", toRows(samples, features, unitPanels), unit);

        float[] gx = new float[samples * features];
        naive.normalizeRowsGrad(0, samples, features, x, unit, y, gx);
        panels().normalizeGrad(0, cut, features, xp, unitPanels, yp);
        panels().normalizeGrad(cut, count, features, xp, unitPanels, yp);
        Bits.assertSame("normalizeGrad", toRows(samples, features, yp), gx);
    }
}
