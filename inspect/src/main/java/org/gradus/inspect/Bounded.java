package org.gradus.inspect;

import org.gradus.autograd.Shape;

/**
 * An operation that says itself how far rounding may take its gradients: for a {@link org.gradus.autograd.CustomOp}, beside the
 * interface it has anyway. {@link GradCheck} takes its word; one that does not implement this is probed, which allows more.
 *
 * <pre>{@code
 * record Square() implements CustomOp, Bounded {
 *     ...
 *     public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
 *         return new Rounding[] {Rounding.of(in[0].length, 3, i -> 2 * in[0][i], g, e)};   // 2 x, its product with G, the sum
 *     }
 * }
 * }</pre>
 *
 * <p>The operations of the library are no such: {@code GradCheck} has a bound for each.
 */
public interface Bounded {

    /**
     * How far rounding may take the gradients that {@code backward} adds. The arrays are copies, which may be changed.
     *
     * @param shapes shapes of the inputs
     * @param in their numbers, row-major
     * @param out numbers of the output
     * @param g absolute values of the upstream gradient
     * @param e how far these may be from exact, from the steps behind this one
     * @return a bound for every input, with one number for each of its elements; that of an input without a gradient is not used.
     *     {@link GradCheck} throws an {@link IllegalStateException} that names the operation and the input if there is none, or its
     *     numbers are NaN, infinite or below 0
     */
    Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e);
}
