package org.gradus.testing;

/**
 * Largest errors of the library's own functions, in units of the last place: what {@code FloatMathTest} finds over all
 * exponents, rounded up. The same numbers enter the bounds of the operations built on them.
 */
public final class FloatErrors {

    /** Found: 0.976. */
    public static final double EXP_ULPS = 1.0;

    /** Found: 0.780. */
    public static final double LOG_ULPS = 0.8;

    /** Found: 2.254. */
    public static final double LOG1P_ULPS = 2.3;

    /** Found: 1.185. */
    public static final double TANH_ULPS = 1.2;

    /** Found: 2.044. */
    public static final double SIGMOID_ULPS = 2.1;

    private FloatErrors() {}
}
