package org.gradus.kernel;

import org.gradus.kernel.cephes.Cephes;

/**
 * exp, ln and tanh in float arithmetic, the same bits on every platform and in every kernel: for an operation of one's own, {@code
 * Math.exp} and its kin may differ from one JVM to the next. The polynomials are those of S. L. Moshier's Cephes library (expf, logf, tanhf).
 */
public final class FloatMath {

    private FloatMath() {}

    /**
     * The exponential function. Subnormal results are rounded once.
     *
     * @param x any float
     * @return {@code e^x}; 0 far below, infinity far above, NaN for NaN
     */
    public static float exp(float x) {
        return Cephes.exp(x);
    }

    /**
     * The natural logarithm. Subnormal arguments are exact too.
     *
     * @param x any float
     * @return {@code ln x}; negative infinity for 0 and -0, NaN below 0 and for NaN, infinity for infinity
     */
    public static float log(float x) {
        return Cephes.log(x);
    }

    /**
     * {@code ln(1 + x)} without the loss of small x.
     *
     * @param x any float
     * @return {@code ln(1 + x)}; negative infinity for -1, NaN below and for NaN, infinity for infinity
     */
    public static float log1p(float x) {
        return Cephes.log1p(x);
    }

    /**
     * The hyperbolic tangent.
     *
     * @param x any float
     * @return {@code tanh x}, in [-1, 1], -0 for -0, NaN for NaN
     */
    public static float tanh(float x) {
        return Cephes.tanh(x);
    }

    /**
     * The logistic function {@code 1 / (1 + exp(-x))}, the formula of PyTorch's {@code sigmoid}.
     *
     * @param x any float
     * @return a number in [0, 1], NaN for NaN
     */
    public static float sigmoid(float x) {
        return Cephes.sigmoid(x);
    }
}
