package org.gradus.testing;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * Compares the float forward and backward pass of an operation with its formula in double. The derivative of the formula comes
 * from central differences, so nothing of the operation's own calculus enters.
 *
 * <p>Bounds are stated, not tuned: an element may differ by {@code roundings * 2^-24 * magnitude}, where the magnitude is what the
 * rounding errors of its computation are relative to (for a sum of products, the sum of their absolute values).
 */
public final class GradChecker {

    /** Unit roundoff of float: half the distance from 1 to the next float. */
    public static final double U = 0x1p-24;

    /** Spacing of the differences; their error is of order {@code h^4}. */
    private static final double H = 0x1p-11;

    /** Error of the differences: truncation relative to the derivative, rounding relative to the values they are taken of. */
    private static final double TRUNCATION = 0x1p-30;

    private static final double CANCELLATION = 0x1p-38;

    private GradChecker() {}

    /** An operation in double: from inputs to output, all row-major. */
    public interface Formula {
        double[] of(double[]... in);
    }

    /** Per element, what rounding errors are relative to, given inputs and upstream gradient. */
    public interface Magnitude {
        double[] of(double[][] in, double[] upstream);
    }

    /** How many roundings of which magnitude; {@code why} counts them. */
    public record Bound(double roundings, String why, Magnitude magnitude) {

        /** The largest allowed error of each element. */
        public double[] of(double[][] in, double[] upstream) {
            double[] bound = magnitude.of(in, upstream);
            for (int i = 0; i < bound.length; i++) {
                bound[i] *= roundings * U * (1 + 0x1p-16); // products of two rounding errors
            }
            return bound;
        }
    }

    /**
     * Checks values, gradients, and that a second backward pass adds the same gradients once more.
     *
     * @param op the operation
     * @param formula the same in double
     * @param forward bound of the values
     * @param backward bound of each input's gradient, null for an input without one
     * @param upstream gradient of the loss for the output
     * @param in inputs
     * @throws AssertionError at the first element out of bounds
     */
    public static void check(Op op, Formula formula, Bound forward, Bound[] backward, float[] upstream, Tensor... in) {
        double[][] wide = new double[in.length][];
        Shape[] shapes = new Shape[in.length];
        for (int i = 0; i < in.length; i++) {
            wide[i] = Samples.widened(in[i].data());
            shapes[i] = in[i].shape();
            if (backward[i] != null) {
                in[i].trainable();
            }
        }
        double[] w = Samples.widened(upstream);
        Tensor out = Tensor.of(op.shapeOf(shapes), upstream.clone()).trainable();
        op.forward(Engine.shared(), in, out);
        double[] values = formula.of(wide);
        compare(op, "value", out.data(), values, forward.of(wide, w));

        System.arraycopy(upstream, 0, out.grad(), 0, upstream.length);
        op.backward(Engine.shared(), in, out);
        double scale = 0;
        for (int j = 0; j < values.length; j++) {
            scale += Math.abs(w[j] * values[j]);
        }
        double[][] expected = new double[in.length][];
        double[][] bounds = new double[in.length][];
        for (int i = 0; i < in.length; i++) {
            if (backward[i] != null) {
                expected[i] = gradient(formula, wide, i, w);
                bounds[i] = backward[i].of(wide, w);
                double[] magnitude = backward[i].magnitude().of(wide, w);
                for (int e = 0; e < bounds[i].length; e++) {
                    bounds[i][e] += TRUNCATION * magnitude[e] + CANCELLATION * scale;
                }
                compare(op, "gradient of input " + i, in[i].grad(), expected[i], bounds[i]);
            }
        }
        op.backward(Engine.shared(), in, out);
        for (int i = 0; i < in.length; i++) {
            if (backward[i] != null) {
                for (int e = 0; e < bounds[i].length; e++) {
                    expected[i][e] *= 2;
                    bounds[i][e] = 2 * bounds[i][e] + U * Math.abs(expected[i][e]);
                }
                compare(op, "twice the gradient of input " + i, in[i].grad(), expected[i], bounds[i]);
            }
        }
    }

    /** Derivative of {@code sum_j w_j formula_j} for one input, from four values per element (Richardson's extrapolation). */
    public static double[] gradient(Formula formula, double[][] in, int input, double[] w) {
        double[] gradient = new double[in[input].length];
        for (int e = 0; e < gradient.length; e++) {
            double narrow = difference(formula, in, input, e, w, H);
            double wide = difference(formula, in, input, e, w, 2 * H);
            gradient[e] = (4 * narrow - wide) / 3;
        }
        return gradient;
    }

    private static double difference(Formula formula, double[][] in, int input, int e, double[] w, double h) {
        double at = in[input][e];
        in[input][e] = at + h;
        double above = dot(formula.of(in), w);
        in[input][e] = at - h;
        double below = dot(formula.of(in), w);
        in[input][e] = at;
        return (above - below) / (2 * h);
    }

    private static double dot(double[] y, double[] w) {
        double sum = 0;
        for (int j = 0; j < y.length; j++) {
            sum += y[j] * w[j];
        }
        return sum;
    }

    /** Fails at the first element that differs by more than its bound. */
    static void compare(Op op, String what, float[] actual, double[] expected, double[] bound) {
        if (actual.length != expected.length || bound.length != expected.length) {
            throw new AssertionError(op + ": " + what + " has " + actual.length + " elements, expected "
                    + expected.length + ", bounds " + bound.length);
        }
        for (int i = 0; i < expected.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= bound[i])) {
                throw new AssertionError(op + ": " + what + ", element " + i + " is " + actual[i] + " but should be "
                        + expected[i] + ", at most " + bound[i] + " away");
            }
        }
    }
}
