package org.gradus.kernel;

import org.gradus.kernel.cephes.Cephes;

/**
 * exp, ln and tanh in float arithmetic, the same bits on every platform. Only additions, products, fused products,
 * quotients and bit moves are used, each of which Java defines exactly; {@code Math.exp} and its kin may differ from one
 * JVM to the next. {@code VectorKernels} repeats these formulas lane by lane.
 *
 * <p>The polynomials are those of S. L. Moshier's Cephes library (expf, logf, tanhf). Errors against the exact value, over
 * every exponent, are pinned in {@code FloatMathTest}.
 */
public final class FloatMath {

    private FloatMath() {}

    /**
     * The exponential function: {@code x = n ln 2 + r} with integer n, then {@code 2^n (1 + r + r^2 P(r))}. Subnormal results
     * are rounded once.
     *
     * @param x any float
     * @return {@code e^x}; 0 far below, infinity far above, NaN for NaN
     */
    public static float exp(float x) {
        float c = x < Cephes.EXP_MIN ? Cephes.EXP_MIN : x;
        c = c > Cephes.EXP_MAX ? Cephes.EXP_MAX : c;
        float shifted = Math.fma(c, Cephes.LOG2_E, Cephes.ROUND);
        float n = shifted - Cephes.ROUND;
        float r = Math.fma(n, -Cephes.LN2_HIGH, c);
        r = Math.fma(n, -Cephes.LN2_LOW, r);
        float p = Math.fma(Cephes.EXP_C0, r, Cephes.EXP_C1);
        p = Math.fma(p, r, Cephes.EXP_C2);
        p = Math.fma(p, r, Cephes.EXP_C3);
        p = Math.fma(p, r, Cephes.EXP_C4);
        p = Math.fma(p, r, Cephes.EXP_C5);
        p = Math.fma(p, r * r, r) + 1f;
        int exponent = Float.floatToRawIntBits(shifted) - Cephes.ROUND_BITS;
        int half = exponent >> 1;
        return p * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    private static float powerOfTwo(int n) {
        return Float.intBitsToFloat((n + Cephes.EXPONENT_BIAS) << Cephes.MANTISSA_BITS);
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
        float lifted = subnormal ? x * Cephes.SUBNORMAL_LIFT : x;
        int bits = Float.floatToRawIntBits(lifted);
        int exponent = (bits - Cephes.ROOT_HALF_BITS) >> Cephes.MANTISSA_BITS;
        float f = Float.intBitsToFloat(bits - (exponent << Cephes.MANTISSA_BITS)) - 1f;
        float e = Float.intBitsToFloat(exponent + Cephes.ROUND_BITS) - Cephes.ROUND;
        e = subnormal ? e - Cephes.SUBNORMAL_EXPONENT : e;
        float square = f * f;
        float p = Math.fma(Cephes.LOG_C0, f, Cephes.LOG_C1);
        p = Math.fma(p, f, Cephes.LOG_C2);
        p = Math.fma(p, f, Cephes.LOG_C3);
        p = Math.fma(p, f, Cephes.LOG_C4);
        p = Math.fma(p, f, Cephes.LOG_C5);
        p = Math.fma(p, f, Cephes.LOG_C6);
        p = Math.fma(p, f, Cephes.LOG_C7);
        p = Math.fma(p, f, Cephes.LOG_C8);
        float y = f * square * p;
        y = Math.fma(e, Cephes.LN2_LOW, y);
        y = Math.fma(-0.5f, square, y);
        float result = Math.fma(e, Cephes.LN2_HIGH, f + y);
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
     * The hyperbolic tangent: an odd polynomial below {@value Cephes#TANH_SPLIT}, {@code 1 - 2 / (exp(2 |x|) + 1)} with the sign of x
     * above. Both are computed for {@code |x|} and take the sign from x, so that -0 keeps it.
     *
     * @param x any float
     * @return {@code tanh x}, in [-1, 1], -0 for -0, NaN for NaN
     */
    public static float tanh(float x) {
        float magnitude = Math.abs(x);
        float square = x * x;
        float p = Math.fma(Cephes.TANH_C0, square, Cephes.TANH_C1);
        p = Math.fma(p, square, Cephes.TANH_C2);
        p = Math.fma(p, square, Cephes.TANH_C3);
        p = Math.fma(p, square, Cephes.TANH_C4);
        float small = Math.fma(p * square, magnitude, magnitude);
        float large = 1f - 2f / (exp(magnitude + magnitude) + 1f);
        return Math.copySign(magnitude < Cephes.TANH_SPLIT ? small : large, x);
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
