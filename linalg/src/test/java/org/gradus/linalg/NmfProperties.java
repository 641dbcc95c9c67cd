package org.gradus.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Tensor;
import org.gradus.random.NumpyRandom;

/** The theorem of Lee and Seung, up to rounding: no update raises the error, and nothing becomes negative. */
class NmfProperties {

    /** Non-negative data with zeros, whole rows and columns of them too, and rows of different sizes. */
    private static Tensor data(long seed, int n, int d) {
        Random random = new Random(seed);
        float zeros = random.nextInt(3) * 0.3f;
        float[] v = new float[n * d];
        boolean[] emptyColumn = new boolean[d];
        for (int j = 0; j < d; j++) {
            emptyColumn[j] = random.nextInt(10) == 0;
        }
        for (int i = 0; i < n; i++) {
            float size = random.nextInt(10) == 0 ? 0 : (float) Math.exp(2 * random.nextGaussian());
            for (int j = 0; j < d; j++) {
                v[i * d + j] = emptyColumn[j] || random.nextFloat() < zeros ? 0 : size * random.nextFloat();
            }
        }
        return Tensor.matrix(n, d, v);
    }

    @Property(tries = 500)
    void errorNeverRises(
            @ForAll @IntRange(min = 1, max = 40) int n,
            @ForAll @IntRange(min = 1, max = 40) int d,
            @ForAll @IntRange(min = 1, max = 4) int inner,
            @ForAll long seed) {
        int k = 1 + (int) Math.floorMod(seed, (long) Math.min(n, d));
        Tensor v = data(seed, n, d);
        NmfOptions options =
                NmfOptions.of(k).withMaxIterations(60).withTolerance(0).withInnerUpdates(inner);
        double[] errors = Nmf.fit(v, options, new NumpyRandom(Math.floorMod(seed, 1L << 32)))
                .errorHistory();
        // Numerator and denominator of an update are sums of positive terms; together they round by this much. By the
        // same
        // theorem a relative change e of a factor costs at most e^2/2 ||W H||^2 more than the exact update gains.
        double update = (2 * Math.max(n, d) + k + 3) * Matrices.U;
        int squares = Math.min(64, (n * d + 15) / 16) + 5;
        for (int i = 1; i < errors.length; i++) {
            double before = errors[i - 1];
            double size = Matrices.norm(v) + before;
            double cost = inner * update * update * size * size;
            double evaluation = Matrices.U * (k * size + squares * before / 2);
            assertThat(errors[i])
                    .as("iteration %d", i)
                    .isLessThanOrEqualTo(Math.sqrt(before * before + cost) + 2 * evaluation);
        }
    }

    @Property(tries = 200)
    void nothingBecomesNegativeOrNaN(
            @ForAll @IntRange(min = 1, max = 20) int n, @ForAll @IntRange(min = 1, max = 20) int d, @ForAll long seed) {
        int k = 1 + (int) Math.floorMod(seed, (long) Math.min(n, d));
        Tensor v = data(seed, n, d);
        NmfOptions options = NmfOptions.of(k).withMaxIterations(30).withInnerUpdates(3);
        Nmf nmf = Nmf.fit(v, options, new NumpyRandom(1));
        for (Tensor result : new Tensor[] {nmf.w(), nmf.h(), nmf.transform(v)}) {
            for (float value : result.data()) {
                assertThat(value >= 0 && value < Float.POSITIVE_INFINITY)
                        .as("%s", value)
                        .isTrue();
            }
        }
    }

    /** Multiplied by {@code 2^(2 root)}, the data has factors {@code 2^root} times as large. */
    @Property(tries = 200)
    void powersOfTwoChangeExponentsOnly(
            @ForAll @IntRange(min = 1, max = 20) int n,
            @ForAll @IntRange(min = 1, max = 20) int d,
            @ForAll @IntRange(min = -55, max = 55) int root,
            @ForAll long seed) {
        int k = 1 + (int) Math.floorMod(seed, (long) Math.min(n, d));
        Tensor v = data(seed, n, d);
        NmfOptions options = NmfOptions.of(k).withMaxIterations(15).withInnerUpdates(2);
        Nmf one = Nmf.fit(v, options, new NumpyRandom(1));
        Tensor scaled = Matrices.power(v, 2 * root);
        Nmf nmf = Nmf.fit(scaled, options, new NumpyRandom(1));
        double[] errors = one.errorHistory();
        assertThat(nmf.iterations()).isEqualTo(one.iterations());
        for (int i = 0; i < errors.length; i++) {
            assertThat(nmf.errorHistory()[i]).isEqualTo(Math.scalb(errors[i], 2 * root));
        }
        assertShifted(nmf.w(), one.w(), root);
        assertShifted(nmf.h(), one.h(), root);
        if (hasAllDigits(nmf.h()) && hasAllDigits(one.h())) {
            assertShifted(nmf.transform(scaled), one.transform(v), root);
        }
    }

    /** The same bits where both are normal; entries that die are rounded to fewer digits, at each size to others. */
    private static void assertShifted(Tensor actual, Tensor expected, int root) {
        for (int i = 0; i < expected.size(); i++) {
            float is = actual.data()[i];
            float one = expected.data()[i];
            boolean normal = is >= Float.MIN_NORMAL && one >= Float.MIN_NORMAL;
            double lost = normal ? 0 : Float.MIN_VALUE + Math.scalb((double) Float.MIN_VALUE, root);
            assertThat(Math.abs(is - Math.scalb((double) one, root)))
                    .as("[%d]: %s at 2^%d, %s at 1", i, is, root, one)
                    .isLessThanOrEqualTo(lost);
        }
    }

    private static boolean hasAllDigits(Tensor x) {
        for (float value : x.data()) {
            if (value > 0 && value < Float.MIN_NORMAL) {
                return false;
            }
        }
        return true;
    }
}
