package org.gradus.kernel.cephes;

/**
 * The numbers in the formulas of {@link org.gradus.kernel.FloatMath}, which the SIMD kernels repeat lane by lane. The coefficients of
 * the polynomials are those of S. L. Moshier's Cephes library (expf, logf, tanhf), the first for the highest power.
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
}
