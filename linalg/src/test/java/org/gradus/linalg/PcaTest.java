package org.gradus.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.random.NumpyRandom;
import org.junit.jupiter.api.Test;

/**
 * PCA against scikit-learn, against matrices whose components are known, and against itself on other routes and
 * threads.
 */
class PcaTest {

    private static final Tensor SOME = Matrices.normal(1, 10, 4);

    /**
     * The fourth component of the example stands 0.007 from the fifth on a scale of 34. Rounding x to float alone turns
     * it by 3e-6; the bounds leave three times that.
     */
    @Test
    void equalsScikitLearn() {
        assertEqualsScikitLearn(4, 1e-5, Route.ANY);
        assertEqualsScikitLearn(4, 1e-5, Route.DIRECT);
    }

    /** The variance of the fourth component is too small for this route, 5e-4 of the first and 1e-5 from the fifth. */
    @Test
    void equalsScikitLearnThroughTheCovarianceMatrix() {
        assertEqualsScikitLearn(3, 1e-6, Route.COVARIANCE);
    }

    private enum Route {
        ANY,
        DIRECT,
        COVARIANCE;

        Pca fit(Tensor x, int k) {
            return switch (this) {
                case ANY -> Pca.fit(x, k);
                case DIRECT -> Pca.fitDirectly(Engine.shared(), x, k);
                case COVARIANCE -> Pca.fitByCovariance(Engine.shared(), x, k);
            };
        }
    }

    private static void assertEqualsScikitLearn(int k, double bound, Route route) {
        ScikitLearn expected = ScikitLearn.examples().at("pca");
        Tensor x = expected.matrix("x");
        Pca pca = route.fit(x, k);
        double[] components = Arrays.copyOf(expected.numbers("components"), k * 12);
        double[] codes = columns(expected.numbers("transformed"), 4, k);
        turn(components, codes, k, pca);
        Matrices.assertClose("mean", pca.mean().data(), expected.numbers("mean"), 1e-6);
        Matrices.assertClose("components", pca.components().data(), components, bound);
        Matrices.assertClose("codes", pca.transform(x).data(), codes, 10 * bound);
        double[] ratios = Arrays.copyOf(expected.numbers("explained_variance_ratio"), k);
        Matrices.assertClose("ratios", pca.explainedVarianceRatio().data(), ratios, 1e-7);
        double[] variances = Arrays.copyOf(expected.numbers("explained_variance"), k);
        Matrices.assertClose("variances", pca.explainedVariance().data(), variances, 1e-6 * variances[0]);
        double[] singular = Arrays.copyOf(expected.numbers("singular_values"), k);
        Matrices.assertClose("singular values", pca.singularValues().data(), singular, 1e-6 * singular[0]);
    }

    private static double[] columns(double[] matrix, int width, int kept) {
        double[] out = new double[matrix.length / width * kept];
        for (int i = 0; i < out.length; i++) {
            out[i] = matrix[i / kept * width + i % kept];
        }
        return out;
    }

    /** Signs are free in scikit-learn: those of {@code pca} are given to components and codes of the reference. */
    static void turn(double[] components, double[] codes, int k, Pca pca) {
        Tensor ours = pca.components();
        int d = ours.shape().columns();
        for (int c = 0; c < k; c++) {
            double dot = 0;
            for (int j = 0; j < d; j++) {
                dot += components[c * d + j] * ours.get(c, j);
            }
            if (dot < 0) {
                for (int j = 0; j < d; j++) {
                    components[c * d + j] *= -1;
                }
                for (int i = c; i < codes.length; i += k) {
                    codes[i] *= -1;
                }
            }
        }
    }

    /** Three points on a line: 2 sqrt(2) apart, so variance ((2 sqrt 2)^2 + 0 + (2 sqrt 2)^2) / 2 = 8. */
    @Test
    void findsTheLineThroughThreePoints() {
        Tensor x = Tensor.matrix(3, 2, 1, 2, 3, 4, 5, 6);
        Pca pca = Pca.fit(x, 1);
        float half = (float) Math.sqrt(0.5);
        float apart = (float) (2 * Math.sqrt(2));
        assertThat(pca.mean().data()).containsExactly(3, 4);
        assertThat(pca.components().data()).containsExactly(half, half);
        assertThat(pca.explainedVariance().item()).isEqualTo(8);
        assertThat(pca.singularValues().item()).isEqualTo(4);
        assertThat(pca.explainedVarianceRatio().item()).isEqualTo(1);
        Matrices.assertClose("codes", pca.transform(x).data(), new double[] {-apart, 0, apart}, 8 * 8 * Matrices.U);
        Matrices.assertClose(
                "back",
                pca.inverseTransform(pca.transform(x)).data(),
                new double[] {1, 2, 3, 4, 5, 6},
                64 * Matrices.U);
    }

    /**
     * X = 1 m^T + sum of s_i u_i v_i^T with Walsh functions as u and v: exactly orthogonal, all entries of one
     * magnitude.
     */
    @Test
    void findsKnownComponentsAndChoosesTheirSign() {
        double[] sizes = {8, 4, 2, 1};
        int n = 8;
        int d = 4;
        float[] x = new float[n * d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                x[i * d + j] = 10 + j;
                for (int c = 0; c < d; c++) {
                    x[i * d + j] += (float) (sizes[c] * -walsh(i, c + 1) * -walsh(j, c));
                }
            }
        }
        Pca pca = Pca.fit(Tensor.matrix(n, d, x), d);
        assertThat(pca.mean().data()).containsExactly(10, 11, 12, 13);
        for (int c = 0; c < d; c++) {
            // u has length sqrt(8), v has length 2
            double singular = sizes[c] * Math.sqrt(n) * 2;
            assertThat(pca.singularValues().data()[c]).isEqualTo((float) singular);
            assertThat(pca.explainedVariance().data()[c]).isEqualTo((float) (singular * singular / (n - 1)));
            for (int j = 0; j < d; j++) {
                assertThat(pca.components().get(c, j)).isEqualTo(walsh(j, c) / 2f);
            }
        }
    }

    private static int walsh(int position, int index) {
        return Integer.bitCount(position & index) % 2 == 0 ? 1 : -1;
    }

    /** Singular values over two decades; there the covariance matrix still holds all of them to float accuracy. */
    @Test
    void bothRoutesAgree() {
        Tensor x = Matrices.normal(5, 600, 40);
        for (int i = 0; i < x.size(); i++) {
            x.data()[i] *= (float) Math.pow(10, -(i % 40) / 20.0);
        }
        Pca direct = Pca.fitDirectly(Engine.shared(), x, 40);
        Pca covariance = Pca.fitByCovariance(Engine.shared(), x, 40);
        double first = direct.singularValues().data()[0];
        for (int c = 0; c < 40; c++) {
            assertThat(covariance.singularValues().data()[c])
                    .isCloseTo(direct.singularValues().data()[c], Offset.offset((float) (32
                            * Matrices.U
                            * first
                            * first
                            / direct.singularValues().data()[c])));
        }
        for (int c = 0; c < 8; c++) {
            for (int j = 0; j < 40; j++) {
                assertThat(Math.abs(covariance.components().get(c, j)
                                - direct.components().get(c, j)))
                        .as("component %d, entry %d", c, j)
                        .isLessThan(1e-5f);
            }
        }
    }

    @Test
    void kernelsAndThreadsChangeNoBit() {
        Tensor x = Matrices.normal(6, 700, 90);
        Engine plain = Matrices.engines().get(0);
        Pca direct = Pca.fitDirectly(plain, x, 5);
        Pca covariance = Pca.fitByCovariance(plain, x, 5);
        Tensor codes = covariance.transform(x);
        for (Engine engine : Matrices.engines()) {
            Pca pca = Pca.fitByCovariance(engine, x, 5);
            Matrices.assertSameBits("components", pca.components(), covariance.components());
            Matrices.assertSameBits("variances", pca.explainedVariance(), covariance.explainedVariance());
            Matrices.assertSameBits("codes", pca.transform(x), codes);
            Matrices.assertSameBits("samples", pca.inverseTransform(codes), covariance.inverseTransform(codes));
            Matrices.assertSameBits("components", Pca.fitDirectly(engine, x, 5).components(), direct.components());
        }
    }

    /**
     * Multiplying by a power of 2 is exact, so only sizes change; without scaling, squares would overflow or vanish in
     * float.
     */
    @Test
    void verySmallAndVeryLargeNumbersHaveTheSameComponents() {
        Tensor x = Matrices.normal(7, 300, 20);
        for (float factor : new float[] {0x1p-80f, 0x1p61f}) {
            for (boolean direct : new boolean[] {true, false}) {
                Tensor scaled = Matrices.times(x, factor);
                Engine engine = Engine.shared();
                Pca expected = direct ? Pca.fitDirectly(engine, x, 3) : Pca.fitByCovariance(engine, x, 3);
                Pca actual = direct ? Pca.fitDirectly(engine, scaled, 3) : Pca.fitByCovariance(engine, scaled, 3);
                Matrices.assertSameBits("components", actual.components(), expected.components());
                Matrices.assertSameBits(
                        "singular values", actual.singularValues(), Matrices.times(expected.singularValues(), factor));
            }
        }
    }

    /** The difference of the two samples is (1,-1), half of it to either side of the mean. */
    @Test
    void codesFarFromZeroKeepTheirDigits() {
        Tensor x = Tensor.matrix(2, 2, 1000001, 1000000, 1000000, 1000001);
        float half = (float) Math.sqrt(0.5);
        Pca pca = Pca.fit(x, 1);
        assertThat(pca.transform(x).data()).containsExactly(half, -half);
        assertThat(pca.inverseTransform(pca.transform(x)).data()).containsExactly(x.data());
    }

    /**
     * Normal numbers of spread 1 around 1e4 to 1e7. The reference takes the floats as they are, so nothing but the rounding of a
     * code to float separates it from ours: half an ulp of it.
     */
    @Test
    void equalsNumPyFarFromZero() {
        double[] z = new NumpyRandom(0).normal(1000 * 20);
        for (String centre : List.of("1e4", "1e5", "1e6", "1e7")) {
            ScikitLearn expected = ScikitLearn.farFromZero().at(centre);
            float[] data = new float[z.length];
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) (z[i] + Double.parseDouble(centre));
            }
            Tensor x = Tensor.matrix(1000, 20, data);
            Pca pca = Pca.fit(x, 5);
            double[] mean = expected.numbers("mean");
            Matrices.assertClose("mean", pca.mean().data(), mean, Matrices.U * Matrices.largest(mean));
            double[] variances = expected.numbers("variances");
            Matrices.assertClose("variances", pca.explainedVariance().data(), variances, 2 * Matrices.U);
            double[] codes = expected.numbers("codes");
            float[] ours = pca.transform(x).data();
            Matrices.assertClose(
                    "codes " + centre,
                    Arrays.copyOf(ours, codes.length),
                    codes,
                    1.001 * Matrices.U * Matrices.largest(codes));
        }
    }

    /** With all components nothing is lost but the rounding of codes, far below the floats' spacing around the mean. */
    @Test
    void allComponentsGiveBackDataFarFromZero() {
        Tensor x = Matrices.normal(11, 300, 20);
        for (int i = 0; i < x.size(); i++) {
            x.data()[i] += 1e5f;
        }
        Pca pca = Pca.fit(x, 20);
        Matrices.assertSameBits("samples", pca.inverseTransform(pca.transform(x)), x);
    }

    /** A column that does not vary adds nothing to any code, whatever its size. */
    @Test
    void constantColumnsAddNothing() {
        Tensor narrow = Matrices.normal(12, 50, 3);
        Tensor wide = Tensor.zeros(50, 5);
        for (int i = 0; i < 50; i++) {
            wide.data()[5 * i] = 1e30f;
            wide.data()[5 * i + 4] = 0.1f;
            System.arraycopy(narrow.data(), 3 * i, wide.data(), 5 * i + 1, 3);
        }
        Pca pca = Pca.fit(wide, 3);
        Tensor expected = Pca.fit(narrow, 3).transform(narrow);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(pca.transform(wide).data()[i])
                    .isCloseTo(expected.data()[i], Offset.offset((float) (2 * Matrices.U * 4)));
        }
        assertThat(pca.explainedVarianceRatio().data()[0]).isPositive();
        Tensor back = pca.inverseTransform(expected);
        for (int i = 0; i < 50; i++) {
            assertThat(back.get(i, 0)).isEqualTo(1e30f);
            assertThat(back.get(i, 4)).isEqualTo(0.1f);
        }
    }

    /** 70 samples are more than go side by side at once, and 45 features are no multiple of any block. */
    @Test
    void aSampleHasTheSameCodeInAnyCompany() {
        Tensor x = Matrices.normal(13, 70, 45);
        Pca pca = Pca.fit(x, 3);
        Tensor codes = pca.transform(x);
        Tensor back = pca.inverseTransform(codes);
        for (int i = 0; i < 70; i++) {
            Tensor one = Tensor.matrix(1, 45, Arrays.copyOfRange(x.data(), 45 * i, 45 * (i + 1)));
            Tensor code = Tensor.matrix(1, 3, Arrays.copyOfRange(codes.data(), 3 * i, 3 * (i + 1)));
            Matrices.assertSameBits("code", pca.transform(one), code);
            assertThat(pca.inverseTransform(code).data())
                    .containsExactly(Arrays.copyOfRange(back.data(), 45 * i, 45 * (i + 1)));
        }
    }

    /** The largest floats: differences from the mean and their products exceed a float, codes may not. */
    @Test
    void codesOfTheLargestNumbers() {
        Pca pca = Pca.fit(Tensor.matrix(2, 2, -1, -1, 1, 1), 1);
        float large = 0x1p127f;
        Tensor x = Tensor.matrix(2, 2, large, -large, large, large / 4);
        float half = (float) (Math.sqrt(0.5) * 1.25);
        assertThat(pca.transform(x).data()).containsExactly(0, half * large);
        assertThatThrownBy(() -> pca.transform(Tensor.matrix(2, 2, 1, 1, Float.MAX_VALUE, Float.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Pca.transform: entry 0 of the code of x[1] is more than a float holds; divide x by a constant");
        Pca both = Pca.fit(Tensor.matrix(3, 2, -1, -1, 1, 1, 2, 1), 2);
        assertThatThrownBy(() -> both.inverseTransform(Tensor.matrix(1, 2, Float.MAX_VALUE, -Float.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Pca.inverseTransform: entry 0 of the sample of codes[0] is more than a float holds;"
                        + " divide codes by a constant");
    }

    /** Codes of tiny data have the same digits; its variance, a square, is no float any more, and says so. */
    @Test
    void varianceBelowFloatIsNotZero() {
        Tensor x = Matrices.normal(14, 40, 5);
        Pca one = Pca.fit(x, 2);
        Tensor small = Matrices.times(x, 0x1p-80f);
        Pca pca = Pca.fit(small, 2);
        Matrices.assertSameBits("codes", pca.transform(small), Matrices.times(one.transform(x), 0x1p-80f));
        Matrices.assertSameBits("ratios", pca.explainedVarianceRatio(), one.explainedVarianceRatio());
        assertThatThrownBy(pca::explainedVariance)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(
                        "Pca.explainedVariance: the largest variance, \\d\\.\\d+E-48, is less than a float holds;"
                                + " take the squares of singularValues\\(\\) / sqrt\\(n - 1\\) in double,"
                                + " or fit the data times a constant");
    }

    @Test
    void equalSamplesHaveComponentsButNoVariance() {
        Tensor x = Tensor.matrix(5, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3);
        Pca pca = Pca.fit(x, 2);
        assertThat(pca.explainedVariance().data()).containsExactly(0, 0);
        assertThat(pca.explainedVarianceRatio().data()).containsExactly(0, 0);
        assertThat(pca.inverseTransform(pca.transform(x)).data()).containsExactly(x.data());
    }

    @Test
    void resultsAreCopies() {
        Pca pca = Pca.fit(SOME, 2);
        for (Tensor result :
                List.of(pca.components(), pca.mean(), pca.singularValues(), pca.explainedVarianceRatio())) {
            Arrays.fill(result.data(), Float.NaN);
        }
        assertThat(pca.transform(SOME).data()).doesNotContain(Float.NaN);
        assertThat(pca.singularValues().data()).doesNotContain(Float.NaN);
    }

    @Test
    void refusesWhatIsNoMatrixOfSamples() {
        assertThatThrownBy(() -> Pca.fit(Tensor.vector(1, 2, 3), 1))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Pca.fit: x [3] must be a matrix [samples, features]");
        assertThatThrownBy(() -> Pca.fit(Tensor.zeros(1, 3), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Pca.fit: x [1,3] has one sample; variance needs at least 2");
    }

    @Test
    void refusesMoreComponentsThanThereAre() {
        for (int wrong : new int[] {0, -1, 5}) {
            assertThatThrownBy(() -> Pca.fit(SOME, wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Pca.fit: " + wrong + " components asked of 10 samples x 4 features; must be 1 to 4");
        }
    }

    @Test
    void refusesNumbersThatAreNotFinite() {
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            Tensor x = SOME.copy();
            x.data()[9] = wrong;
            String where = "x[2,1] is " + wrong + "; every entry must be finite";
            assertThatThrownBy(() -> Pca.fit(x, 2)).hasMessage("Pca.fit: " + where);
            assertThatThrownBy(() -> Pca.fit(SOME, 2).transform(x)).hasMessage("Pca.transform: " + where);
        }
        assertThatThrownBy(() -> Pca.fit(SOME, 1).inverseTransform(Tensor.matrix(1, 1, Float.NaN)))
                .hasMessage("Pca.inverseTransform: codes[0,0] is NaN; every entry must be finite");
    }

    @Test
    void refusesVarianceBeyondFloat() {
        assertThatThrownBy(() -> Pca.fit(Tensor.matrix(2, 2, 1e30f, 0, -1e30f, 1), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Pca.fit: the variance of x, 2.0")
                .hasMessageEndingWith("E60, is more than a float holds; divide x by a constant");
    }

    @Test
    void refusesOtherWidths() {
        Pca pca = Pca.fit(SOME, 2);
        assertThatThrownBy(() -> pca.transform(Tensor.zeros(3, 5)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Pca.transform: x [3,5] has 5 columns but the fitted data has 4; they must be equal");
        assertThatThrownBy(() -> pca.inverseTransform(Tensor.zeros(3, 4)))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "Pca.inverseTransform: codes [3,4] has 4 columns but a code of this fit has 2; they must be equal");
    }
}
