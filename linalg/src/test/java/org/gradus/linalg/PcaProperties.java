package org.gradus.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/** What must hold for all data: tall and wide, of low rank, with equal columns, off centre. */
class PcaProperties {

    /** Samples of a random rank, with a mean of their own and columns of different sizes. */
    private static Tensor samples(long seed, int n, int d) {
        Random random = new Random(seed);
        int rank = 1 + random.nextInt(Math.min(n, d));
        Tensor x = Matrices.normal(random.nextLong(), n, rank).matMul(Matrices.normal(random.nextLong(), rank, d));
        for (int j = 0; j < d; j++) {
            float size = (float) Math.exp(random.nextGaussian());
            float mean = (float) random.nextGaussian();
            for (int i = 0; i < n; i++) {
                x.data()[i * d + j] = size * (x.get(i, j) + mean);
            }
        }
        return x;
    }

    private static Pca fit(Tensor x, int k, boolean direct) {
        return direct ? Pca.fitDirectly(Engine.shared(), x, k) : Pca.fitByCovariance(Engine.shared(), x, k);
    }

    @Property(tries = 400)
    void componentsAreOrthonormal(
            @ForAll @IntRange(min = 2, max = 30) int n,
            @ForAll @IntRange(min = 1, max = 20) int d,
            @ForAll boolean direct,
            @ForAll long seed) {
        int k = Math.min(n, d);
        Tensor components = fit(samples(seed, n, d), k, direct).components();
        for (int a = 0; a < k; a++) {
            for (int b = 0; b <= a; b++) {
                double dot = 0;
                for (int j = 0; j < d; j++) {
                    dot += (double) components.get(a, j) * components.get(b, j);
                }
                // orthonormal in double; rounding to float moves each factor by u relative
                assertThat(Math.abs(dot - (a == b ? 1 : 0))).isLessThanOrEqualTo(2.1 * Matrices.U);
            }
        }
    }

    @Property(tries = 400)
    void eachComponentsPeakIsPositive(
            @ForAll @IntRange(min = 2, max = 30) int n,
            @ForAll @IntRange(min = 1, max = 20) int d,
            @ForAll boolean direct,
            @ForAll long seed) {
        Tensor components = fit(samples(seed, n, d), Math.min(n, d), direct).components();
        for (int c = 0; c < components.shape().rows(); c++) {
            float highest = 0;
            float lowest = 0;
            for (int j = 0; j < d; j++) {
                highest = Math.max(highest, components.get(c, j));
                lowest = Math.min(lowest, components.get(c, j));
            }
            assertThat(highest).isGreaterThanOrEqualTo(-lowest);
        }
    }

    /** Eckart and Young: what k components leave of the samples is the variance along all others. */
    @Property(tries = 400)
    void variancesSayWhatIsLost(
            @ForAll @IntRange(min = 2, max = 30) int n,
            @ForAll @IntRange(min = 1, max = 20) int d,
            @ForAll boolean direct,
            @ForAll long seed) {
        Tensor x = samples(seed, n, d);
        int all = Math.min(n, d);
        int k = 1 + (int) Math.floorMod(seed, (long) all);
        Pca pca = fit(x, all, direct);
        float[] variances = pca.explainedVariance().data();
        double left = 0;
        double ratios = 0;
        for (int c = 0; c < all; c++) {
            assertThat(variances[c]).isGreaterThanOrEqualTo(0);
            if (c > 0) {
                assertThat(variances[c]).isLessThanOrEqualTo(variances[c - 1]);
            }
            left += c < k ? 0 : variances[c];
            ratios += pca.explainedVarianceRatio().data()[c];
        }
        // a variance from the covariance matrix is a sum of n squares in float; from the samples it is one in double
        double sums = direct ? 0 : (n + 4) * Matrices.U;
        assertThat(Math.abs(ratios - 1)).isLessThanOrEqualTo((all + 2) * Matrices.U + all * sums);
        Pca some = fit(x, k, direct);
        double lost = Matrices.distance(x, some.inverseTransform(some.transform(x)));
        // each product of d or k terms and each sum with the mean rounds, relative to the largest numbers in it
        double rounding = 8 * (d + k) * Matrices.U * Matrices.norm(x);
        double expected = Math.sqrt(left * (n - 1));
        if (direct) {
            assertThat(Math.abs(lost - expected)).isLessThanOrEqualTo(rounding);
        } else {
            double covariance = all * sums * variances[0] * (n - 1);
            assertThat(Math.abs(lost * lost - expected * expected))
                    .isLessThanOrEqualTo(covariance + 2 * rounding * (lost + expected) + rounding * rounding);
        }
    }

    /**
     * Adding the same number to all entries of a column moves nothing but the mean, and multiplying by a power of two scales; whole
     * numbers below 2^24 make both exact. So a code may differ by its rounding alone, and what it differs from the plain formula
     * is that and the rounding of the components it is compared with; besides, the mean and the sum round in double.
     */
    @Property(tries = 400)
    void codesDoNotDependOnWhereTheDataLies(
            @ForAll @IntRange(min = 2, max = 30) int n,
            @ForAll @IntRange(min = 1, max = 20) int d,
            @ForAll @IntRange(min = -60, max = 40) int exponent,
            @ForAll boolean direct,
            @ForAll long seed) {
        Random random = new Random(seed);
        float[] near = new float[n * d];
        float[] far = new float[n * d];
        for (int j = 0; j < d; j++) {
            int size = 1 + random.nextInt(100);
            int centre = random.nextInt(1 << 24) - (1 << 23);
            for (int i = 0; i < n; i++) {
                int whole = random.nextInt(2 * size + 1) - size;
                near[i * d + j] = Math.scalb((float) whole, exponent);
                far[i * d + j] = Math.scalb((float) (centre + whole), exponent);
            }
        }
        int k = Math.min(n, d);
        Pca pca = fit(Tensor.matrix(n, d, far), k, direct);
        Tensor codes = pca.transform(Tensor.matrix(n, d, far));
        double[] mean = mean(n, d, near);
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < k; c++) {
                double expected = 0;
                double rounding = 0;
                double inDouble = 0;
                for (int j = 0; j < d; j++) {
                    double term = (near[i * d + j] - mean[j]) * pca.components().get(c, j);
                    expected += term;
                    rounding += Math.abs(term);
                    inDouble += (n + d)
                            * 0x1p-53
                            * Math.abs(far[i * d + j] * pca.components().get(c, j));
                }
                assertThat(Math.abs(codes.get(i, c) - expected))
                        .isLessThanOrEqualTo(1.001 * Matrices.U * (rounding + Math.abs(expected)) + inDouble);
            }
        }
    }

    private static double[] mean(int n, int d, float[] x) {
        double[] mean = new double[d];
        for (int i = 0; i < x.length; i++) {
            mean[i % d] += (double) x[i] / n;
        }
        return mean;
    }
}
