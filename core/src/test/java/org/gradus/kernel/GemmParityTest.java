package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Matrix products of the scalar kernels and of those in use against the definition, bit for bit. */
class GemmParityTest {

    private static final int[] SIZES = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 64, 103, 129};

    /** Sums longer than a block of any implementation, wide rows, the layers of the tutorials, and thin products. */
    private static final int[][] LARGE = {
        {5, 1100, 3},
        {7, 530, 300},
        {64, 128, 784},
        {64, 784, 128},
        {64, 2, 784},
        {64, 3, 784},
        {64, 1, 784},
        {784, 2, 64},
        {784, 3, 128},
        {400, 1, 33},
        {2, 784, 64},
        {64, 784, 2},
        {1, 784, 392},
        {6, 64, 1025},
        {13, 3, 515}
    };

    /** A product to compute: what comes out is added to C, put there with a bias, or just put there. */
    private enum Mode {
        PLAIN,
        BIAS,
        ACCUMULATE
    }

    private final List<Kernels> implementations =
            List.of(Kernels.plain(), KernelProvider.kernels().another());
    private final Kernels naive = new NaiveKernels();
    private final SplittableRandom random = new SplittableRandom(5);

    @ParameterizedTest
    @EnumSource(GemmKind.class)
    void allSizes(GemmKind kind) {
        for (int m : SIZES) {
            for (int n : SIZES) {
                for (int k : SIZES) {
                    Mode[] modes = (long) m * n * k < 20_000 ? Mode.values() : new Mode[] {anyMode()};
                    for (Mode mode : modes) {
                        compare(kind, mode, m, n, k, false);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(GemmKind.class)
    void largeShapes(GemmKind kind) {
        for (int[] s : LARGE) {
            for (Mode mode : Mode.values()) {
                compare(kind, mode, s[0], s[1], s[2], false);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(GemmKind.class)
    void anyPartOfTheRowsAndColumns(GemmKind kind) {
        for (int trial = 0; trial < 400; trial++) {
            compare(kind, anyMode(), 1 + random.nextInt(70), 1 + random.nextInt(140), 1 + random.nextInt(70), true);
            compare(kind, anyMode(), 1 + random.nextInt(70), 1 + random.nextInt(4), 1 + random.nextInt(200), true);
        }
    }

    @ParameterizedTest
    @EnumSource(GemmKind.class)
    void sumOfNothingIsZeroOrTheBiasOrWhatWasThere(GemmKind kind) {
        for (Mode mode : Mode.values()) {
            compare(kind, mode, 5, 17, 0, false);
            compare(kind, mode, 5, 2, 0, false);
        }
    }

    @Test
    void laneRuleAppliesToThinAndLongProductsOnly() {
        assertThat(GemmKind.sumsInLanes(3, 32)).isTrue();
        assertThat(GemmKind.sumsInLanes(1, 784)).isTrue();
        assertThat(GemmKind.sumsInLanes(4, 784)).isFalse();
        assertThat(GemmKind.sumsInLanes(3, 31)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(GemmKind.class)
    void oneRowAloneHasTheBitsItHasInABatch(GemmKind kind) {
        for (int n : new int[] {2, 3, 10, 128}) {
            int k = 100;
            int m = 33;
            float[] a = Samples.uniform(1, m * k, -1, 1);
            float[] b = Samples.uniform(2, k * n, -1, 1);
            float[] row = new float[k];
            for (int p = 0; p < k; p++) {
                row[p] = a[kind.a(32, p, m, k)];
            }
            for (Kernels kernels : implementations) {
                float[] batch = new float[m * n];
                float[] alone = new float[n];
                kernels.gemm(kind, m, n, k, a, b, Kernels.NO_BIAS, batch, false, 0, m, 0, n);
                kernels.gemm(kind, 1, n, k, row, b, Kernels.NO_BIAS, alone, false, 0, 1, 0, n);
                Bits.assertSame(
                        kernels.name() + " " + kind + " n=" + n, alone, Arrays.copyOfRange(batch, 32 * n, m * n));
            }
        }
    }

    private Mode anyMode() {
        return Mode.values()[random.nextInt(Mode.values().length)];
    }

    private void compare(GemmKind kind, Mode mode, int m, int n, int k, boolean part) {
        long seed = random.nextLong();
        float[] a = Samples.uniform(seed, m * k, -1, 1);
        float[] b = Samples.uniform(seed + 1, k * n, -1, 1);
        if (random.nextInt(4) == 0) {
            plantSpecials(a);
            plantSpecials(b);
        }
        float[] bias = mode == Mode.BIAS ? Samples.uniform(seed + 2, n, -1, 1) : Kernels.NO_BIAS;
        float[] before = Samples.uniform(seed + 3, m * n, -1, 1);
        boolean add = mode == Mode.ACCUMULATE;
        int rowFrom = part ? random.nextInt(m) : 0;
        int rowTo = part ? rowFrom + random.nextInt(m - rowFrom + 1) : m;
        int colFrom = part ? random.nextInt(n) : 0;
        int colTo = part ? colFrom + random.nextInt(n - colFrom + 1) : n;
        float[] expected = before.clone();
        naive.gemm(kind, m, n, k, a, b, bias, expected, add, rowFrom, rowTo, colFrom, colTo);
        for (Kernels kernels : implementations) {
            float[] actual = before.clone();
            kernels.gemm(kind, m, n, k, a, b, bias, actual, add, rowFrom, rowTo, colFrom, colTo);
            Bits.assertSame(
                    kernels.name() + " " + kind + " " + mode + " m=" + m + " n=" + n + " k=" + k + " rows " + rowFrom
                            + ".." + rowTo + " columns " + colFrom + ".." + colTo,
                    actual,
                    expected);
        }
    }

    private void plantSpecials(float[] x) {
        float[] specials = {-0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE, 1e30f, Float.NaN, -1e-30f};
        for (float special : specials) {
            if (x.length > 8) {
                x[random.nextInt(x.length)] = special;
            }
        }
    }
}
