package org.gradus.inspect;

import java.util.function.IntToDoubleFunction;

/**
 * How far float arithmetic may leave the gradient that an operation adds to one of its inputs from the exact one, to first order
 * in {@code u}: running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, section 3.3) with the
 * probabilistic bounds of Higham and Mary, SIAM J. Sci. Comput. 41(5), 2019, A2815-A2835.
 *
 * <pre>
 *   |error_i| &lt;= min(r, 8 sqrt(r)) * u * terms_i + carried_i          r = roundings, u = 2^-24
 *   terms_i    sum of the absolute values of what is added up for element i
 *   carried_i  sqrt(sum_j (dy_j/dx_i)^2 e_j^2), what independent errors e of the upstream gradient become
 * </pre>
 *
 * <p>{@code r u terms} holds always; {@code 8 sqrt(r) u terms} with a probability of all but 3e-14 where roundings go up and down
 * independently of each other, and is the smaller one for sums of more than 64 terms.
 *
 * @param roundings how often an element is rounded, each time relative to {@code terms}
 * @param terms one number per element of the input
 * @param carried one number per element of the input
 */
@SuppressWarnings("ArrayRecordComponent") // handed from an operation to the check, never compared
public record Rounding(double roundings, double[] terms, double[] carried) {

    /** Unit roundoff of float: half the distance from 1 to the next float. */
    public static final double U = 0x1p-24;

    /** Standard deviations that a sum of independent roundings stays within, but for 2 exp(-8^2/2). */
    private static final double DEVIATIONS = 8;

    /**
     * How far a sum of rounded terms may be off.
     *
     * @param roundings how often it is rounded
     * @param terms the sum of their absolute values
     * @return the first part of the bound
     */
    public static double bound(double roundings, double terms) {
        return Math.min(roundings, DEVIATIONS * Math.sqrt(roundings)) * U * terms;
    }

    /**
     * For operations without sums over anything but rows: term i is {@code |slope(i)|} times the upstream gradient.
     *
     * @param length elements of the input; shorter than g for a row that serves every row, longer if g is a single number
     * @param roundings how often an element is rounded
     * @param slope derivative of output i for the element of the input that it uses, or of the only output for element i
     * @param g absolute upstream gradient
     * @param e bound of its error
     * @return the bound
     */
    public static Rounding of(int length, double roundings, IntToDoubleFunction slope, double[] g, double[] e) {
        return of(length, roundings, slope, slope, g, e);
    }

    /**
     * As {@link #of(int, double, IntToDoubleFunction, double[], double[])}, where the derivative itself is computed with
     * cancellation.
     *
     * @param length elements of the input
     * @param roundings how often an element is rounded
     * @param size what rounding errors of the derivative are relative to, at least its absolute value
     * @param slope the derivative
     * @param g absolute upstream gradient
     * @param e bound of its error
     * @return the bound
     */
    public static Rounding of(
            int length, double roundings, IntToDoubleFunction size, IntToDoubleFunction slope, double[] g, double[] e) {
        double[] terms = new double[length];
        double[] carried = new double[length];
        for (int i = 0; i < Math.max(length, g.length); i++) {
            terms[i % length] += Math.abs(size.applyAsDouble(i)) * g[i % g.length];
            double error = slope.applyAsDouble(i) * e[i % g.length];
            carried[i % length] += error * error;
        }
        for (int i = 0; i < length; i++) {
            carried[i] = Math.sqrt(carried[i]);
        }
        return new Rounding(roundings, terms, carried);
    }
}
