package org.gradus.kernel.cephes;

/**
 * exp, ln and tanh in float arithmetic, the same bits on every platform. Only additions, products, fused products, quotients and bit moves are
 * used, each of which Java defines exactly; {@code Math.exp} and its kin may differ from one JVM to the next. The SIMD kernels repeat
 * these formulas lane by lane.
 *
 * <p>The coefficients of the polynomials are those of S. L. Moshier's Cephes library (expf, logf, tanhf), the first for the highest power.
 * Errors against the exact value, over every exponent, are pinned in {@code FloatMathTest}.
 */
public final class Cephes {

    /** {@code 1.5 * 2^23}: adding it leaves an integer, rounded to nearest even, in the low bits of the sum. */
    public static final float ROUND = 12582912f;

    public static final int ROUND_BITS = 0x4b400000;

    public static final float LOG2_E = 1.44269504f;

    /** ln 2 in two parts; the upper has 9 significant bits, so that its product with an exponent is exact. */
    public static final float LN2_HIGH = 0.693359375f;

    public static final float LN2_LOW = -2.12194440e-4f;

    /** Below, exp is under half of the smallest float; {@code exp(-104) < 2^-150}. */
    public static final float EXP_MIN = -104f;

    /** Above, exp exceeds the largest float. */
    public static final float EXP_MAX = 89f;

    public static final float EXP_C0 = 1.9875691500e-4f;
    public static final float EXP_C1 = 1.3981999507e-3f;
    public static final float EXP_C2 = 8.3334519073e-3f;
    public static final float EXP_C3 = 4.1665795894e-2f;
    public static final float EXP_C4 = 1.6666665459e-1f;
    public static final float EXP_C5 = 5.0000001201e-1f;

    public static final float LOG_C0 = 7.0376836292e-2f;
    public static final float LOG_C1 = -1.1514610310e-1f;
    public static final float LOG_C2 = 1.1676998740e-1f;
    public static final float LOG_C3 = -1.2420140846e-1f;
    public static final float LOG_C4 = 1.4249322787e-1f;
    public static final float LOG_C5 = -1.6668057665e-1f;
    public static final float LOG_C6 = 2.0000714765e-1f;
    public static final float LOG_C7 = -2.4999993993e-1f;
    public static final float LOG_C8 = 3.3333331174e-1f;

    /** Bits of {@code sqrt(1/2)}: mantissas are taken from {@code [sqrt(1/2), sqrt(2))}, around 1. */
    public static final int ROOT_HALF_BITS = 0x3f3504f3;

    /** {@code 2^25}, lifts every subnormal into the normal range. */
    public static final float SUBNORMAL_LIFT = 33554432f;

    /** Its logarithm to base 2. */
    public static final float SUBNORMAL_EXPONENT = 25f;

    /** Of a float: bits behind the binary point, and what is added to its exponent. */
    public static final int MANTISSA_BITS = 23;

    public static final int EXPONENT_BIAS = 127;

    /** Below, tanh is an odd polynomial; above, it comes from exp. */
    public static final float TANH_SPLIT = 0.625f;

    public static final float TANH_C0 = -5.70498872745e-3f;
    public static final float TANH_C1 = 2.06390887954e-2f;
    public static final float TANH_C2 = -5.37397155531e-2f;
    public static final float TANH_C3 = 1.33314422036e-1f;
    public static final float TANH_C4 = -3.33332819422e-1f;

    private Cephes() {}

    /**
     * The exponential function: {@code x = n ln 2 + r} with integer n, then {@code 2^n (1 + r + r^2 P(r))}. Subnormal results
     * are rounded once.
     *
     * @param x any float
     * @return {@code e^x}; 0 far below, infinity far above, NaN for NaN
     */
    public static float exp(float x) {
        float c = x < EXP_MIN ? EXP_MIN : x;
        c = c > EXP_MAX ? EXP_MAX : c;
        float shifted = Math.fma(c, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_HIGH, c);
        r = Math.fma(n, -LN2_LOW, r);
        float p = Math.fma(EXP_C0, r, EXP_C1);
        p = Math.fma(p, r, EXP_C2);
        p = Math.fma(p, r, EXP_C3);
        p = Math.fma(p, r, EXP_C4);
        p = Math.fma(p, r, EXP_C5);
        p = Math.fma(p, r * r, r) + 1f;
        int exponent = Float.floatToRawIntBits(shifted) - ROUND_BITS;
        int half = exponent >> 1;
        return p * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    private static float powerOfTwo(int n) {
        return Float.intBitsToFloat((n + EXPONENT_BIAS) << MANTISSA_BITS);
    }

    /**
     * The natural logarithm: {@code x = 2^e (1 + f)} with {@code 1 + f} in {@code [sqrt(1/2), sqrt(2))}, then
     * {@code e ln 2 + f - f^2/2 + f^3 P(f)}. Subnormal arguments are exact too.
     *
     * @param x any float
     * @return {@code ln x}; negative infinity for 0 and -0, NaN below 0 and for NaN, infinity for infinity
     */
    public static float log(float x) {
        boolean subnormal = x < Float.MIN_NORMAL;
        float lifted = subnormal ? x * SUBNORMAL_LIFT : x;
        int bits = Float.floatToRawIntBits(lifted);
        int exponent = (bits - ROOT_HALF_BITS) >> MANTISSA_BITS;
        float f = Float.intBitsToFloat(bits - (exponent << MANTISSA_BITS)) - 1f;
        float e = Float.intBitsToFloat(exponent + ROUND_BITS) - ROUND;
        e = subnormal ? e - SUBNORMAL_EXPONENT : e;
        float square = f * f;
        float p = Math.fma(LOG_C0, f, LOG_C1);
        p = Math.fma(p, f, LOG_C2);
        p = Math.fma(p, f, LOG_C3);
        p = Math.fma(p, f, LOG_C4);
        p = Math.fma(p, f, LOG_C5);
        p = Math.fma(p, f, LOG_C6);
        p = Math.fma(p, f, LOG_C7);
        p = Math.fma(p, f, LOG_C8);
        float y = f * square * p;
        y = Math.fma(e, LN2_LOW, y);
        y = Math.fma(-0.5f, square, y);
        float result = Math.fma(e, LN2_HIGH, f + y);
        result = x < Float.POSITIVE_INFINITY ? result : x;
        result = x == 0f ? Float.NEGATIVE_INFINITY : result;
        return x < 0f ? Float.NaN : result;
    }

    /**
     * {@code ln(1 + x)} without the loss of small x (W. Kahan): with {@code w = 1 + x} rounded, {@code ln(w) x / (w - 1)}, and x
     * where w is 1.
     *
     * @param x any float
     * @return {@code ln(1 + x)}; negative infinity for -1, NaN below and for NaN, infinity for infinity
     */
    public static float log1p(float x) {
        float w = 1f + x;
        float scaled = log(w) * (x / (w - 1f));
        return w == 1f || x == Float.POSITIVE_INFINITY ? x : scaled;
    }

    /**
     * The hyperbolic tangent: an odd polynomial below {@value #TANH_SPLIT}, {@code 1 - 2 / (exp(2 |x|) + 1)} with the sign of x
     * above. Both are computed for {@code |x|} and take the sign from x, so that -0 keeps it.
     *
     * @param x any float
     * @return {@code tanh x}, in [-1, 1], -0 for -0, NaN for NaN
     */
    public static float tanh(float x) {
        float magnitude = Math.abs(x);
        float square = x * x;
        float p = Math.fma(TANH_C0, square, TANH_C1);
        p = Math.fma(p, square, TANH_C2);
        p = Math.fma(p, square, TANH_C3);
        p = Math.fma(p, square, TANH_C4);
        float small = Math.fma(p * square, magnitude, magnitude);
        float large = 1f - 2f / (exp(magnitude + magnitude) + 1f);
        return Math.copySign(magnitude < TANH_SPLIT ? small : large, x);
    }

    /**
     * The logistic function {@code 1 / (1 + exp(-x))}, the formula of PyTorch's {@code sigmoid}.
     *
     * @param x any float
     * @return a number in [0, 1], NaN for NaN
     */
    public static float sigmoid(float x) {
        return 1f / (1f + exp(-x));
    }
}
