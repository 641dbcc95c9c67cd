package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.gradus.testing.FloatErrors;
import org.junit.jupiter.api.Test;

/**
 * Errors of {@link FloatMath} against {@link StrictMath} in double, in units of the last place of the result: the distance of
 * two floats next to the exact value, the smallest float where that is subnormal. Every exponent and both signs are visited.
 */
class FloatMathTest {

    private static final int MANTISSAS = 3000;

    /** A function of one float. */
    private interface FloatFunction {
        float of(float x);
    }

    /** The largest error and where. */
    private record Worst(double ulps, float x) {}

    private static Worst worst(FloatFunction f, DoubleUnaryOperator exact, float from, float to) {
        SplittableRandom random = new SplittableRandom(9);
        Worst worst = new Worst(0, 0);
        for (int sign = 0; sign < 2; sign++) {
            for (int exponent = 0; exponent < 255; exponent++) {
                for (int t = 0; t < MANTISSAS; t++) {
                    int mantissa = t < 8 ? t : t < 16 ? (1 << 23) - 1 - (t - 8) : random.nextInt(1 << 23);
                    float x = Float.intBitsToFloat(sign << 31 | exponent << 23 | mantissa);
                    worst = x >= from && x <= to ? worse(worst, f, exact, x) : worst;
                }
            }
        }
        for (int t = 0; t < 400_000; t++) {
            float x = (float)
                    (Math.max(from, -110f) + random.nextDouble() * (Math.min(to, 110f) - Math.max(from, -110f)));
            worst = worse(worst, f, exact, x);
        }
        return worst;
    }

    private static Worst worse(Worst worst, FloatFunction f, DoubleUnaryOperator exact, float x) {
        double ulps = ulps(f.of(x), exact.applyAsDouble(x));
        return ulps > worst.ulps ? new Worst(ulps, x) : worst;
    }

    private static double ulps(float actual, double exact) {
        float nearest = (float) exact;
        if (Float.isNaN(actual) || Float.isNaN(nearest)) {
            return Float.isNaN(actual) && Float.isNaN(nearest) ? 0 : Double.POSITIVE_INFINITY;
        }
        if (actual == nearest) {
            return Float.isInfinite(nearest) ? 0 : Math.abs(actual - exact) / Math.ulp(nearest);
        }
        return Float.isInfinite(nearest) || Float.isInfinite(actual)
                ? Double.POSITIVE_INFINITY
                : Math.abs(actual - exact) / Math.ulp(nearest);
    }

    private static double exactSigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    private static void assertWorst(Worst worst, double bound) {
        assertThat(worst.ulps).as("largest error, at x = %s", worst.x).isLessThanOrEqualTo(bound);
    }

    @Test
    void expEverywhere() {
        assertWorst(worst(FloatMath::exp, StrictMath::exp, -Float.MAX_VALUE, Float.MAX_VALUE), FloatErrors.EXP_ULPS);
    }

    @Test
    void logEverywhere() {
        assertWorst(worst(FloatMath::log, StrictMath::log, -Float.MAX_VALUE, Float.MAX_VALUE), FloatErrors.LOG_ULPS);
    }

    @Test
    void log1pWhereItIsDefined() {
        assertWorst(worst(FloatMath::log1p, StrictMath::log1p, -1f, Float.MAX_VALUE), FloatErrors.LOG1P_ULPS);
    }

    @Test
    void tanhEverywhere() {
        assertWorst(worst(FloatMath::tanh, StrictMath::tanh, -Float.MAX_VALUE, Float.MAX_VALUE), FloatErrors.TANH_ULPS);
    }

    @Test
    void sigmoidWhereItsReciprocalIsFinite() {
        assertWorst(
                worst(FloatMath::sigmoid, FloatMathTest::exactSigmoid, -88.7f, Float.MAX_VALUE),
                FloatErrors.SIGMOID_ULPS);
    }

    /** exp(88.73) overflows, so its reciprocal is 0 where the exact value is a subnormal, as in PyTorch. */
    @Test
    void sigmoidFarBelowIsZero() {
        for (float x : new float[] {-88.73f, -90f, -103f, -1e4f, Float.NEGATIVE_INFINITY}) {
            assertThat(FloatMath.sigmoid(x)).isZero();
            assertThat(exactSigmoid(x)).isLessThan(Float.MIN_NORMAL);
        }
    }

    @Test
    void specialValues() {
        assertThat(FloatMath.exp(0f)).isEqualTo(1f);
        assertThat(FloatMath.exp(-0f)).isEqualTo(1f);
        assertThat(FloatMath.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatMath.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
        assertThat(FloatMath.exp(Float.NaN)).isNaN();
        assertThat(FloatMath.log(1f)).isEqualTo(0f);
        assertThat(FloatMath.log(0f)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(FloatMath.log(-0f)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(FloatMath.log(-Float.MIN_VALUE)).isNaN();
        assertThat(FloatMath.log(Float.NEGATIVE_INFINITY)).isNaN();
        assertThat(FloatMath.log(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatMath.log(Float.NaN)).isNaN();
        assertThat(FloatMath.log1p(0f)).isEqualTo(0f);
        assertThat(FloatMath.log1p(-1f)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(FloatMath.log1p(Float.NaN)).isNaN();
        assertThat(FloatMath.log1p(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatMath.log1p(-2f)).isNaN();
        assertThat(FloatMath.tanh(0f)).isEqualTo(0f);
        assertThat(Float.floatToRawIntBits(FloatMath.tanh(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));
        assertThat(FloatMath.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1f);
        assertThat(FloatMath.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
        assertThat(FloatMath.tanh(Float.NaN)).isNaN();
        assertThat(FloatMath.sigmoid(0f)).isEqualTo(0.5f);
        assertThat(FloatMath.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1f);
        assertThat(FloatMath.sigmoid(Float.NaN)).isNaN();
    }

    @Test
    void largestAndSmallestResultsOfExp() {
        float last = 88.72283f; // ln of the largest float is 88.722839052
        assertThat(FloatMath.exp(last)).isLessThan(Float.POSITIVE_INFINITY).isGreaterThan(3.4e38f);
        assertThat(FloatMath.exp(Math.nextUp(last))).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatMath.exp(-103.97f)).isEqualTo(Float.MIN_VALUE);
        assertThat(FloatMath.exp(-103.98f)).isEqualTo(0f);
    }

    @Test
    void tanhIsOdd() {
        SplittableRandom random = new SplittableRandom(3);
        for (int t = 0; t < 100_000; t++) {
            float x = (float) random.nextDouble(-12, 12);
            assertThat(FloatMath.tanh(-x)).isEqualTo(-FloatMath.tanh(x));
        }
    }

    /** Where two formulas or two exponents meet, neighbouring arguments must not give results in the wrong order. */
    @Test
    void monotoneAroundSplits() {
        float halfLn2 = (float) (StrictMath.log(2) / 2);
        for (int n = -20; n <= 20; n++) {
            assertMonotone("exp", FloatMath::exp, (2 * n + 1) * halfLn2);
            assertMonotone("log", FloatMath::log, (float) StrictMath.scalb(Math.sqrt(0.5), n));
            assertMonotone("log", FloatMath::log, (float) StrictMath.scalb(1.0, n));
        }
        assertMonotone("log", FloatMath::log, Float.MIN_NORMAL);
        assertMonotone("exp", FloatMath::exp, -87.33655f);
        assertMonotone("exp", FloatMath::exp, -103.97f);
        assertMonotone("tanh", FloatMath::tanh, 0.625f);
        assertMonotone("tanh", FloatMath::tanh, -0.625f);
        assertMonotone("tanh", FloatMath::tanh, 9.01f);
    }

    private static void assertMonotone(String name, FloatFunction f, float around) {
        float x = around;
        for (int t = 0; t < 500; t++) {
            x = Math.nextDown(x);
        }
        for (int t = 0; t < 1000; t++) {
            float next = Math.nextUp(x);
            assertThat(f.of(next))
                    .as("%s(%s) after %s(%s)", name, next, name, x)
                    .isGreaterThanOrEqualTo(f.of(x));
            x = next;
        }
    }
}
