package org.gradus.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.gradus.kernel.simd.PanelParityTest.absent;
import static org.gradus.kernel.simd.PanelParityTest.panels;
import static org.gradus.kernel.simd.PanelParityTest.toRows;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.NaiveKernels;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;

/** Products that leave out the zeros of a batch, against plain kernels that leave out nothing: every bit is the same. */
class NonZerosProperties {

    private static final int BATCHES = 3;
    private static final int TILE = 12;

    private final NaiveKernels naive = new NaiveKernels();

    /** A batch as it is trained on, several times over in the same memory. */
    private static final class Batch {
        private final int samples;
        private final int features;
        private final int count;
        private final NonZeros nonZeros;
        private final float[] x;
        private final float[] transposed;

        Batch(int samples, int features) {
            this.samples = samples;
            this.features = features;
            count = PanelKernels.count(samples);
            nonZeros = new NonZeros(samples, features);
            x = new float[PanelKernels.size(samples, features)];
            transposed = new float[PanelKernels.count(features) * PanelKernels.WIDTH * samples];
        }

        /** Panels in any order, each by kernels of its own, as threads do. */
        void lay(float[] numbers) {
            for (int q = count - 1; q >= 0; q--) {
                PanelKernels panels = panels();
                float[] rows = panels.rows(features);
                for (int l = 0; l < PanelKernels.WIDTH; l++) {
                    int sample = Math.min(q * PanelKernels.WIDTH + l, samples - 1);
                    System.arraycopy(numbers, sample * features, rows, l * features, features);
                }
                panels.layPanel(q, samples, features, x, transposed);
                panels.note(q, nonZeros);
            }
        }

        float[] forward(PanelKernels panels, int out, float[] w) {
            Product product = new Product(
                    Order.ROWS, features, features, count * PanelKernels.WIDTH, PanelKernels.WIDTH, out * 16);
            float[] y = new float[PanelKernels.size(samples, out)];
            Arrays.fill(y, Float.NaN);
            int cut = count / 3;
            int middle = out / 3;
            for (int[] part : new int[][] {{0, cut}, {cut, count}}) {
                panels.product(product, nonZeros, 0, middle, part[0], part[1], w, x, y);
                panels.product(product, nonZeros, middle, out, part[0], part[1], w, x, y);
            }
            return toRows(samples, out, y);
        }

        float[] gradient(PanelKernels panels, int out, float[] g) {
            Product product = new Product(Order.PANELS, out * 16, samples, features, features, PanelKernels.WIDTH);
            float[] gw = new float[out * features];
            Arrays.fill(gw, Float.NaN);
            int cut = out / 3;
            int panelsOfFeatures = PanelKernels.count(features);
            panels.product(product, nonZeros, 0, cut, 0, panelsOfFeatures, g, transposed, gw);
            panels.product(product, nonZeros, cut, out, 0, panelsOfFeatures, g, transposed, gw);
            return gw;
        }
    }

    private void assertSame(Batch batch, PanelKernels panels, int out, float[] x, float[] w, float[] g) {
        int samples = batch.samples;
        int features = batch.features;
        batch.lay(x);
        float[] expected = new float[samples * out];
        naive.gemm(GemmKind.NT, samples, out, features, x, w, Kernels.NO_BIAS, expected, false, 0, samples, 0, out);
        if (!GemmKind.sumsInLanes(out, features)) {
            Bits.assertSame("forward", batch.forward(panels, out, w), expected);
        }
        float[] gradient = new float[out * features];
        naive.gemm(GemmKind.TN, out, features, samples, g, x, Kernels.NO_BIAS, gradient, true, 0, out, 0, features);
        if (!GemmKind.sumsInLanes(features, samples)) {
            float[] gp = PanelParityTest.toPanels(samples, out, g);
            Bits.assertSame("weight gradient", batch.gradient(panels, out, gp), gradient);
        }
    }

    /** Numbers of a kind: whatever floats there are, edges, products too small for a float, or ordinary ones. */
    private static float[] numbers(int kind, long seed, int n) {
        return switch (kind) {
            case 0 -> Samples.special(seed, n);
            case 1 -> Samples.edges(seed, n);
            case 2 -> Samples.uniform(seed, n, -1e-22, 1e-22);
            default -> Samples.uniform(seed, n, -1, 1);
        };
    }

    /** Zeros of both signs: features that are zero in all samples, samples that are zero, runs, and single ones. */
    private static void strew(Random random, int samples, int features, float[] x) {
        int percent = random.nextInt(101);
        for (int j = 0; j < features; j++) {
            boolean everywhere = random.nextInt(200) < percent;
            for (int i = 0; i < samples; i++) {
                boolean run = (i * 7 + j / 24) % 10 * 10 < percent;
                if (everywhere || run || random.nextInt(100) < percent / 2) {
                    x[i * features + j] = random.nextInt(4) == 0 ? -0f : 0f;
                }
            }
        }
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.MIXIN)
    void anyBatch(
            @ForAll int seed,
            @ForAll @IntRange(min = 1, max = 70) int samples,
            @ForAll @IntRange(min = 1, max = 130) int features,
            @ForAll @IntRange(min = 1, max = 80) int out,
            @ForAll @IntRange(max = 3) int kindOfX,
            @ForAll @IntRange(max = 3) int kindOfA) {
        if (absent()) {
            return;
        }
        Random random = new Random(seed);
        Batch batch = new Batch(samples, features);
        PanelKernels panels = panels();
        for (int b = 0; b < BATCHES; b++) {
            float[] x = numbers(kindOfX, seed + b, samples * features);
            if (b != 1) { // the middle one may have no zeros, and be left alone after
                strew(random, samples, features, x);
            }
            float[] w = numbers(kindOfA, seed + 10L + b, out * features);
            float[] g = numbers(kindOfA, seed + 20L + b, samples * out);
            assertSame(batch, panels, out, x, w, g);
        }
    }

    /** Sums that are cut into pieces. */
    @Example
    void longSums() {
        if (absent()) {
            return;
        }
        float[] x = Samples.uniform(1, 20 * 2500, -1, 1);
        strew(new Random(60), 20, 2500, x);
        Arrays.fill(x, 900, 1100, 0f);
        assertSame(
                new Batch(20, 2500),
                panels(),
                30,
                x,
                Samples.uniform(2, 30 * 2500, -1, 1),
                Samples.uniform(3, 20 * 30, -1, 1));
        float[] many = Samples.uniform(4, 2100 * 32, -1, 1);
        Arrays.fill(many, 100 * 32, 1100 * 32, 0f);
        assertSame(
                new Batch(2100, 32),
                panels(),
                24,
                many,
                Samples.uniform(5, 24 * 32, -1, 1),
                Samples.uniform(6, 2100 * 24, -1, 1));
    }

    /** Infinity times 0 is NaN: not a link to leave out. */
    @Example
    void whatIsNotFiniteMeetsZeros() {
        if (absent()) {
            return;
        }
        for (float strange : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] x = new float[32 * 64];
            Arrays.fill(x, 0, 32, 1f);
            float[] w = Samples.uniform(7, 2 * TILE * 64, -1, 1);
            float[] g = Samples.uniform(8, 32 * 2 * TILE, -1, 1);
            w[13 * 64 + 50] = strange;
            g[20 * 2 * TILE + 15] = strange;
            PanelKernels panels = panels();
            Batch batch = new Batch(32, 64);
            assertSame(batch, panels, 2 * TILE, x, w, g);
            assertThat(batch.forward(panels, 2 * TILE, w)[13]).isNaN();
            x[0] = strange; // which is in both chains
            assertSame(batch, panels, 2 * TILE, x, w, g);
        }
    }

    /** A product too small for a float makes -0 of the sum, and a zero of the batch makes +0 of it again; or leaves it, by the signs. */
    @Example
    void sumsOfNegativeZero() {
        if (absent()) {
            return;
        }
        for (float sign : new float[] {1, -1}) {
            float[] x = new float[32 * 64];
            float[] w = new float[2 * TILE * 64];
            float[] g = new float[32 * 2 * TILE];
            Arrays.fill(w, sign * 1e-30f);
            Arrays.fill(g, sign * 1e-30f);
            for (int i = 0; i < 32; i++) {
                x[i * 64 + 1] = -sign * 1e-30f;
                x[i * 64 + 40] = -0f;
            }
            assertSame(new Batch(32, 64), panels(), 2 * TILE, x, w, g);
            Arrays.fill(x, 0f);
            Arrays.fill(x, 32, 64, -sign * 1e-30f);
            Arrays.fill(x, 5 * 64, 6 * 64, -0f);
            assertSame(new Batch(32, 64), panels(), 2 * TILE, x, w, g);
        }
    }

    /** What is left out is left out: the lists name what is not zero, and nothing else. */
    @Example
    void listsNameWhatIsNotZero() {
        if (absent()) {
            return;
        }
        float[] x = new float[20 * 48];
        x[3 * 48 + 2] = 1f;
        x[3 * 48 + 40] = Float.NaN;
        x[17 * 48 + 47] = Float.MIN_VALUE;
        x[17 * 48 + 5] = -0f;
        Batch batch = new Batch(20, 48);
        batch.lay(x);
        NonZeros nonZeros = batch.nonZeros;
        int parts = NonZeros.PARTS;
        assertThat(nonZeros.featureCounts[0]).isEqualTo(2);
        assertThat(Arrays.copyOf(nonZeros.featuresOf, 2)).containsExactly(2, 40);
        assertThat(nonZeros.featureCounts[parts]).isEqualTo(1);
        assertThat(nonZeros.featuresOf[parts * 48]).isEqualTo(47);
        assertThat(Arrays.stream(nonZeros.featureCounts).sum()).isEqualTo(3);
        int last = (nonZeros.vectors - 1) * 2;
        assertThat(nonZeros.sampleCounts[0]).isEqualTo(1);
        assertThat(nonZeros.samplesOf[0]).isEqualTo(3);
        assertThat(nonZeros.sampleCounts[last + 1]).isEqualTo(1);
        assertThat(nonZeros.samplesOf[(last + 1) * 16]).isEqualTo(17);
        assertThat(Arrays.stream(nonZeros.sampleCounts).sum()).isEqualTo(3);
    }
}
