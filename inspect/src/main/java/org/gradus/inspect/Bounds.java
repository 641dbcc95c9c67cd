package org.gradus.inspect;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import org.gradus.autograd.AddOp;
import org.gradus.autograd.AffineOp;
import org.gradus.autograd.BceOp;
import org.gradus.autograd.BceWithLogitsOp;
import org.gradus.autograd.CustomOp;
import org.gradus.autograd.DivOp;
import org.gradus.autograd.ExpOp;
import org.gradus.autograd.LogOp;
import org.gradus.autograd.MatMulOp;
import org.gradus.autograd.MeanOp;
import org.gradus.autograd.MseOp;
import org.gradus.autograd.MulOp;
import org.gradus.autograd.NormalizeRowsOp;
import org.gradus.autograd.Op;
import org.gradus.autograd.PReluOp;
import org.gradus.autograd.ReluOp;
import org.gradus.autograd.ReshapeOp;
import org.gradus.autograd.ScaleOp;
import org.gradus.autograd.Shape;
import org.gradus.autograd.SigmoidOp;
import org.gradus.autograd.SoftmaxCrossEntropyOp;
import org.gradus.autograd.SubOp;
import org.gradus.autograd.SumOp;
import org.gradus.autograd.TanhOp;

/**
 * How far rounding may take the gradients of each operation: one entry per operation of the library. An entry counts, for every
 * input, how often a term of its gradient is rounded, and gives the derivative that the terms are made of. {@link Rounding} makes a
 * bound of both. Operations of users have no entry: they are {@link Bounded}, or probed.
 */
final class Bounds {

    /** Largest error of the float functions in roundings: an ulp of y is up to {@code 2 u |y|}. The ulps are measured ones. */
    static final double EXP = 2 * 1.0;

    static final double LOG = 2 * 0.8;
    static final double TANH = 2 * 1.2;
    static final double SIGMOID = 2 * 2.1;

    private static final Map<Class<? extends Op>, Bound<?>> BOUNDS = new HashMap<>();

    private Bounds() {}

    static {
        // z = x + y: G is handed on; of a row, the sum over all rows
        put(AddOp.class, (op, s) -> s.binary(0, i -> 1, 0, i -> 1));
        // z = x - y
        put(SubOp.class, (op, s) -> s.binary(0, i -> 1, 0, i -> 1));
        // z = x y: the product
        put(MulOp.class, (op, s) -> s.binary(1, s::y, 1, s::x));
        // z = x / y: for y the stored quotient, its product with G, and the second quotient
        put(DivOp.class, (op, s) -> s.binary(1, i -> 1 / s.y(i), 3, i -> s.out[i] / s.y(i)));

        // y = s x
        put(ScaleOp.class, (op, s) -> s.unary(1, i -> op.factor()));
        // y = max(x, 0): G or nothing
        put(ReluOp.class, (op, s) -> s.unary(0, i -> s.x(i) <= 0 ? 0 : 1));
        // y = exp(x): G y, with the error of y
        put(ExpOp.class, (op, s) -> s.unary(EXP + 1, i -> s.out[i]));
        // y = ln(x): the quotient
        put(LogOp.class, (op, s) -> s.unary(1, i -> 1 / s.x(i)));
        // y = sigmoid(x): y twice, and three operations. 1 - y cancels: its error is that of y, however small the
        // difference
        put(SigmoidOp.class, (op, s) -> s.unary(2 * SIGMOID + 3, i -> s.out[i], i -> s.out[i] * (1 - s.out[i])));
        // y = tanh(x): y twice, and two operations. 1 - y^2 cancels: its error is that of y^2, however small the
        // difference
        put(TanhOp.class, (op, s) -> s.unary(2 * TANH + 2, i -> 1, i -> 1 - s.out[i] * s.out[i]));
        // y = x where x > 0, else a x: a product; for a the sum of the products
        put(PReluOp.class, (op, s) -> {
            int terms = s.in[0].length / s.in[1].length;
            return new Rounding[] {
                s.each(0, 1, i -> s.x(i) > 0 ? 1 : s.y(i)), s.each(1, terms, i -> s.x(i) > 0 ? 0 : s.x(i))
            };
        });

        // y_i = x_i: a copy
        put(ReshapeOp.class, (op, s) -> s.unary(0, i -> 1));
        // y = sum_i x_i
        put(SumOp.class, (op, s) -> s.unary(0, i -> 1));
        // y = (1/N) sum_i x_i: the quotient
        put(MeanOp.class, (op, s) -> s.unary(1, i -> 1.0 / s.in[0].length));

        // y = x W: sums over the columns of y, and over its rows
        put(MatMulOp.class, (op, s) -> matMul(s));
        // y = x W^T + b: the same, and a sum over the rows
        put(AffineOp.class, (op, s) -> affine(s));
        // y_i = x_i / max(||x_i||, 1e-12)
        put(NormalizeRowsOp.class, (op, s) -> normalizeRows(s));

        // L = (1/N) sum_i (p_i - y_i)^2: 2 G / N twice, difference, product
        put(MseOp.class, (op, s) -> {
            IntToDoubleFunction slope = i -> 2 * (s.x(i) - s.y(i)) / s.in[0].length;
            return new Rounding[] {s.each(0, 4, slope), s.each(1, 4, slope)};
        });
        // L = (1/N) sum_i -(y_i ln p_i + (1 - y_i) ln(1 - p_i))
        put(BceOp.class, (op, s) -> bce(s));
        // L = (1/N) sum_i max(z_i, 0) - z_i y_i + ln(1 + exp(-|z_i|))
        put(BceWithLogitsOp.class, (op, s) -> bceWithLogits(s));
        // L = (1/n) sum_i ln(sum_j exp(z_ij)) - z_ik
        put(SoftmaxCrossEntropyOp.class, (op, s) -> softmaxCrossEntropy(s));
    }

    /** Whether there is an entry for a class of operations. */
    static boolean has(Class<?> operation) {
        return BOUNDS.containsKey(operation);
    }

    /**
     * What rounding may do to the gradients of a step.
     *
     * @param op the operation
     * @param shapes shapes of the inputs
     * @param in their numbers
     * @param out numbers of the output
     * @param g absolute values of the upstream gradient
     * @param e how far these may be from exact
     * @return a bound for every input
     * @throws IllegalStateException if an operation of a user gives no bounds, or some that do not fit its inputs
     */
    static Rounding[] of(Op op, Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        if (op instanceof Bounded bounded) {
            // copies, since the replay goes on with these numbers and takes no word for it that they are left alone
            return fitting(op, in, bounded.rounding(shapes.clone(), copies(in), out.clone(), g.clone(), e.clone()));
        }
        if (op instanceof CustomOp custom) {
            return ProbedRounding.of(custom, shapes, in, out, g, e);
        }
        return bound(op.getClass()).of(op, new Step(shapes, in, out, g, e));
    }

    /** {@return numbers for an operation of a user, which may do with them what it likes} */
    static double[][] copies(double[][] numbers) {
        return Arrays.stream(numbers).map(double[]::clone).toArray(double[][]::new);
    }

    private static Rounding[] fitting(Op op, double[][] in, Rounding[] given) {
        if (given == null || given.length != in.length) {
            throw wrong(
                    op,
                    (given == null ? "null" : given.length + " bounds") + " for " + in.length
                            + " inputs; it must give one for each");
        }
        Rounding[] fitting = new Rounding[given.length];
        for (int i = 0; i < in.length; i++) {
            Rounding bound = given[i];
            if (bound == null) {
                throw wrong(op, "null for its " + Roles.of(op, i) + "; it must give a bound for each input");
            }
            int terms = length(bound.terms());
            int carried = length(bound.carried());
            if (terms != in[i].length || carried != in[i].length) {
                throw wrong(
                        op,
                        terms + " terms and " + carried + " carried errors for its " + Roles.of(op, i) + " of "
                                + in[i].length + " elements; it must give one of each for every element");
            }
            fitting[i] = bound;
        }
        return fitting;
    }

    private static int length(double[] numbers) {
        return numbers == null ? 0 : numbers.length;
    }

    /**
     * What a bound must be that is used: a wrong one would make gradients look wrong, or like kinks.
     *
     * @param op the operation
     * @param input which of its inputs
     * @param shape of that input
     * @param bound what was said of it
     * @param known whether all numbers that it was made from are finite; else its terms cannot be expected to be
     * @throws IllegalStateException if an operation of a user gives less than 0, NaN or infinity
     */
    static void requireCounts(Op op, int input, Shape shape, Rounding bound, boolean known) {
        if (!(op instanceof Bounded)) {
            return;
        }
        if (!isCount(bound.roundings())) {
            throw wrong(
                    op,
                    bound.roundings() + " roundings for its " + Roles.of(op, input) + "; give a count of 0 or more");
        }
        for (int i = 0; known && i < bound.terms().length; i++) {
            boolean terms = !isCount(bound.terms()[i]);
            if (terms || !isCount(bound.carried()[i])) {
                throw wrong(
                        op,
                        (terms ? "terms of " + bound.terms()[i] : "a carried error of " + bound.carried()[i]) + " for "
                                + Index.of(shape, i) + " of its " + Roles.of(op, input)
                                + "; give absolute values, finite ones of 0 or more");
            }
        }
    }

    private static boolean isCount(double number) {
        return number >= 0 && number < Double.POSITIVE_INFINITY;
    }

    private static IllegalStateException wrong(Op op, String gives) {
        return new IllegalStateException("GradCheck: rounding() of '" + op.name() + "' gives " + gives);
    }

    // ---- how an entry is made
    // ------------------------------------------------------------------------------------------

    private interface Bound<O extends Op> {
        Rounding[] of(O op, Step step);
    }

    private static <O extends Op> void put(Class<O> operation, Bound<O> bound) {
        BOUNDS.put(operation, bound);
    }

    @SuppressWarnings("unchecked") // put() has the class of the operation and that of its bound agree
    private static Bound<Op> bound(Class<? extends Op> operation) {
        return (Bound<Op>) Optional.ofNullable(BOUNDS.get(operation))
                .orElseThrow(() -> new AssertionError("no bound for " + operation));
    }

    /** A step, and the forms that most entries have. */
    private static final class Step {

        private final Shape[] shapes;
        private final double[][] in;
        private final double[] out;
        private final double[] g;
        private final double[] e;

        Step(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
            this.shapes = shapes;
            this.in = in;
            this.out = out;
            this.g = g;
            this.e = e;
        }

        double x(int i) {
            return in[0][i];
        }

        /** The number of the second input that meets element i of the first: it may be one row for all. */
        double y(int i) {
            return in[1][i % in[1].length];
        }

        Rounding each(int input, double roundings, IntToDoubleFunction slope) {
            return each(input, roundings, slope, slope);
        }

        Rounding each(int input, double roundings, IntToDoubleFunction size, IntToDoubleFunction slope) {
            return Rounding.of(in[input].length, roundings, size, slope, g, e);
        }

        Rounding[] unary(double roundings, IntToDoubleFunction slope) {
            return new Rounding[] {each(0, roundings, slope)};
        }

        Rounding[] unary(double roundings, IntToDoubleFunction size, IntToDoubleFunction slope) {
            return new Rounding[] {each(0, roundings, size, slope)};
        }

        /** Element by element; the terms of a second operand that is one row are summed over the rows. */
        Rounding[] binary(double forX, IntToDoubleFunction slopeForX, double forY, IntToDoubleFunction slopeForY) {
            int sums = in[0].length == in[1].length ? 0 : in[0].length / in[1].length;
            return new Rounding[] {each(0, forX, slopeForX), each(1, forY + sums, slopeForY)};
        }
    }

    // ---- products
    // --------------------------------------------------------------------------------------------------------

    private interface Matrix {
        double at(int row, int column);
    }

    /** dL/dx += G W^T, dL/dW += x^T G. */
    private static Rounding[] matMul(Step s) {
        int n = s.shapes[0].length(0);
        int k = s.shapes[0].length(1);
        int m = s.shapes[1].length(1);
        Matrix x = (p, i) -> s.in[0][i * k + p];
        Matrix w = (j, p) -> s.in[1][p * m + j];
        return new Rounding[] {
            new Rounding(
                    m,
                    absoluteProduct(n, k, m, (i, j) -> s.g[i * m + j], w),
                    rootOfSquaredProduct(n, k, m, (i, j) -> s.e[i * m + j], w)),
            new Rounding(
                    n,
                    absoluteProduct(k, m, n, x, (i, j) -> s.g[i * m + j]),
                    rootOfSquaredProduct(k, m, n, x, (i, j) -> s.e[i * m + j]))
        };
    }

    /** dL/dx += G W, dL/dW += G^T x, dL/db += sum_i G_i. */
    private static Rounding[] affine(Step s) {
        int n = s.shapes[0].length(0);
        int inputs = s.shapes[1].length(1);
        int outputs = s.shapes[1].length(0);
        Matrix x = (i, p) -> s.in[0][i * inputs + p];
        Matrix w = (j, p) -> s.in[1][j * inputs + p];
        return new Rounding[] {
            new Rounding(
                    outputs,
                    absoluteProduct(n, inputs, outputs, (i, j) -> s.g[i * outputs + j], w),
                    rootOfSquaredProduct(n, inputs, outputs, (i, j) -> s.e[i * outputs + j], w)),
            new Rounding(
                    n,
                    absoluteProduct(outputs, inputs, n, (j, i) -> s.g[i * outputs + j], x),
                    rootOfSquaredProduct(outputs, inputs, n, (j, i) -> s.e[i * outputs + j], x)),
            s.each(2, n, i -> 1)
        };
    }

    /** {@code |A| |B|}, the m x n product of absolute values, with a sum of length k. */
    private static double[] absoluteProduct(int m, int n, int k, Matrix a, Matrix b) {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int p = 0; p < k; p++) {
                double ap = Math.abs(a.at(i, p));
                for (int j = 0; j < n; j++) {
                    c[i * n + j] += ap * Math.abs(b.at(p, j));
                }
            }
        }
        return c;
    }

    /** The roots of {@code A^2 B^2}, squared element by element: how independent errors add up. */
    private static double[] rootOfSquaredProduct(int m, int n, int k, Matrix a, Matrix b) {
        double[] c = absoluteProduct(m, n, k, (i, p) -> a.at(i, p) * a.at(i, p), (p, j) -> b.at(p, j) * b.at(p, j));
        for (int i = 0; i < c.length; i++) {
            c[i] = Math.sqrt(c[i]);
        }
        return c;
    }

    // ---- rows
    // ------------------------------------------------------------------------------------------------------------

    /**
     * dL/dx_i += (G_i - (G_i . y_i) y_i) / ||x_i||: the length has half the roundings of the sum of squares, and its root; y one more.
     *
     * <pre>
     *   terms_i    (g_i + (g . |y|) |y_i|) / ||x||
     *   carried_i  sqrt(sum_j ((i == j) - y_i y_j)^2 e_j^2) / ||x||
     * </pre>
     */
    private static Rounding[] normalizeRows(Step s) {
        int columns = s.shapes[0].columns();
        double norm = columns / 2.0 + 1;
        double value = norm + 1;
        double[] y = s.out;
        double[] terms = new double[y.length];
        double[] carried = new double[y.length];
        for (int start = 0; start < y.length; start += columns) {
            double squares = 0;
            double along = 0;
            for (int i = start; i < start + columns; i++) {
                squares += s.x(i) * s.x(i);
                along += s.g[i] * Math.abs(y[i]);
            }
            double length = Math.max(Math.sqrt(squares), 1e-12);
            for (int i = start; i < start + columns; i++) {
                terms[i] = (s.g[i] + along * Math.abs(y[i])) / length;
                double errors = 0;
                for (int j = start; j < start + columns; j++) {
                    double error = ((i == j ? 1 : 0) - y[i] * y[j]) * s.e[j];
                    errors += error * error;
                }
                carried[i] = Math.sqrt(errors) / length;
            }
        }
        return new Rounding[] {new Rounding(columns + 2 * value + norm + 2, terms, carried)};
    }

    // ---- losses
    // ----------------------------------------------------------------------------------------------------------

    /**
     * For p: difference, 1 - p, product, quotient, G / N, product. For y: logarithms, difference, G / N, product; 1 - p rounds once,
     * which moves its logarithm by u whatever p is: hence the 1.
     */
    private static Rounding[] bce(Step s) {
        int n = s.in[0].length;
        return new Rounding[] {
            s.each(0, 6, i -> (s.x(i) - s.y(i)) / Math.max(s.x(i) * (1 - s.x(i)), 1e-12) / n),
            s.each(
                    1,
                    LOG + 3,
                    i -> (Math.abs(clampedLog(s.x(i))) + Math.abs(clampedLog(1 - s.x(i))) + 1) / n,
                    i -> (clampedLog(1 - s.x(i)) - clampedLog(s.x(i))) / n)
        };
    }

    /** For z: sigmoid, difference, G / N, product. For y: G / N, product. */
    private static Rounding[] bceWithLogits(Step s) {
        int n = s.in[0].length;
        return new Rounding[] {
            s.each(
                    0,
                    SIGMOID + 3,
                    i -> (sigmoid(s.x(i)) + Math.abs(sigmoid(s.x(i)) - s.y(i))) / n,
                    i -> (sigmoid(s.x(i)) - s.y(i)) / n),
            s.each(1, 2, i -> s.x(i) / n)
        };
    }

    /**
     * Exponential over sum, minus 1, G / n, product. z - max rounds once, which moves its exponential by u times its size: hence the
     * spread. No gradient flows to the classes.
     */
    private static Rounding[] softmaxCrossEntropy(Step s) {
        int columns = s.shapes[0].columns();
        int n = s.shapes[0].rows();
        double[] size = new double[s.in[0].length];
        double[] slope = new double[size.length];
        for (int row = 0; row < n; row++) {
            int start = row * columns;
            double largest = s.x(start);
            double smallest = largest;
            for (int i = start; i < start + columns; i++) {
                largest = Math.max(largest, s.x(i));
                smallest = Math.min(smallest, s.x(i));
            }
            double sum = 0;
            for (int i = start; i < start + columns; i++) {
                sum += StrictMath.exp(s.x(i) - largest);
            }
            for (int i = start; i < start + columns; i++) {
                double p = StrictMath.exp(s.x(i) - largest) / sum;
                slope[i] = (p - (i - start == (int) s.in[1][row] ? 1 : 0)) / n;
                size[i] = p * (1 + largest - smallest) / n + Math.abs(slope[i]);
            }
        }
        return new Rounding[] {s.each(0, columns + 2 * EXP + 4, i -> size[i], i -> slope[i]), s.each(1, 0, i -> 0)};
    }

    private static double sigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    private static double clampedLog(double x) {
        return x <= 0 ? -100 : Math.max(StrictMath.log(x), -100);
    }
}
