package org.gradus.autograd;

import java.util.function.IntToDoubleFunction;

/**
 * How far float arithmetic may leave the gradient that an operation adds to one of its inputs from the exact one, to first order
 * in {@code u}: running error analysis, Higham, Accuracy and Stability of Numerical Algorithms, sections 3.1 and 3.3.
 *
 * <pre>
 *   |error_i| &lt;= roundings * u * terms_i + carried_i          u = 2^-24
 *   terms_i    sum of the absolute values of what is added up for element i
 *   carried_i  sum_j |dy_j/dx_i| e_j, what an error e of the upstream gradient becomes
 * </pre>
 *
 * @param roundings how often an element is rounded, each time relative to {@code terms}
 * @param terms one number per element of the input
 * @param carried one number per element of the input
 */
@SuppressWarnings("ArrayRecordComponent") // handed from an operation to the check, never compared
public record Rounding(double roundings, double[] terms, double[] carried) {

    /** Unit roundoff of float: half the distance from 1 to the next float. */
    public static final double U = 0x1p-24;

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
            carried[i % length] += Math.abs(slope.applyAsDouble(i)) * e[i % g.length];
        }
        return new Rounding(roundings, terms, carried);
    }
}
