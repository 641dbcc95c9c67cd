package org.gradus.inspect;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.gradus.autograd.AddOp;
import org.gradus.autograd.AffineOp;
import org.gradus.autograd.BceOp;
import org.gradus.autograd.BceWithLogitsOp;
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
import org.gradus.autograd.Tensor;

/**
 * At least one row per operation: shapes to try, the domain of each input (away from kinks), and what rounds.
 *
 * <p>The formula is the operation's own {@code textbook}, which PyTorch's values and examples worked by hand vouch for in core. Its
 * derivative is taken by central differences, so nothing of the operation's own calculus, nor of {@link Bounds}, enters it. Written
 * down here, by hand and for {@code Bounds} to be compared with: how often each gradient is rounded, and of those few whose formula
 * cancels what is rounded before it does; of all others that is the derivative itself, by differences.
 */
final class OpCatalog {

    // Measured errors of the float functions in units of the last place; such a unit is at most two roundings.
    private static final double EXP = 2 * 1.0;
    private static final double LOG = 2 * 0.8;
    private static final double LOG1P = 2 * 2.3;
    private static final double TANH = 2 * 1.2;
    private static final double SIGMOID = 2 * 2.1;

    /** Spacing of the differences; their error is of order {@code h^4}. */
    private static final double H = 0x1p-11;

    private OpCatalog() {}

    /** Where an input's numbers are drawn from. */
    interface Domain {
        double draw(SplittableRandom random);
    }

    /** Per element of the output, what the rounding errors of a value are relative to. */
    interface Size {
        double[] of(double[][] in);
    }

    /** Per element of an input, what those of its gradient are relative to, for upstream gradients of size g. */
    interface Magnitude {
        double[] of(double[][] in, double[] g);
    }

    /**
     * An operation at fixed shapes.
     *
     * @param value how often a value is rounded
     * @param size relative to what
     * @param counts how often the gradient of each input is rounded; inputs beyond have none
     * @param cancels what is rounded before it cancels, empty where nothing cancels
     */
    @SuppressWarnings("ArrayRecordComponent") // test data, never compared
    record Row(
            Op op,
            Shape[] shapes,
            Domain[] domains,
            double value,
            Size size,
            double[] counts,
            List<Magnitude> cancels) {

        Tensor[] sample(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            Tensor[] in = new Tensor[shapes.length];
            for (int i = 0; i < in.length; i++) {
                float[] x = new float[shapes[i].size()];
                for (int e = 0; e < x.length; e++) {
                    x[e] = (float) domains[i].draw(random);
                }
                in[i] = Tensor.of(shapes[i], x);
            }
            return in;
        }

        Shape output() {
            return op.shapeOf(shapes);
        }

        double[] formula(double[][] in) {
            return op.textbook(shapes, in);
        }

        /** The derivatives of all outputs for element k of an input, by central differences, extrapolated from two spacings. */
        double[] slopes(double[][] in, int input, int k) {
            double[] narrow = difference(in, input, k, H);
            double[] wide = difference(in, input, k, 2 * H);
            Arrays.setAll(narrow, j -> (4 * narrow[j] - wide[j]) / 3);
            return narrow;
        }

        private double[] difference(double[][] in, int input, int k, double h) {
            double at = in[input][k];
            in[input][k] = at + h;
            double[] above = formula(in);
            in[input][k] = at - h;
            double[] below = formula(in);
            in[input][k] = at;
            Arrays.setAll(above, j -> (above[j] - below[j]) / (2 * h));
            return above;
        }

        /** What rounding errors of a gradient are relative to: the absolute values of its terms. */
        double[] magnitude(double[][] in, int input, double[] g) {
            if (cancels.size() > input) {
                return cancels.get(input).of(in, g);
            }
            double[] terms = new double[in[input].length];
            for (int k = 0; k < terms.length; k++) {
                double[] slopes = slopes(in, input, k);
                for (int j = 0; j < g.length; j++) {
                    terms[k] += Math.abs(slopes[j]) * g[j];
                }
            }
            return terms;
        }

        @Override
        public String toString() {
            return op.name() + " " + Arrays.toString(shapes);
        }
    }

    static List<Row> rows() {
        Shape column = Shape.of(7, 1);
        Shape vector = Shape.of(19);
        Shape matrix = Shape.of(5, 7);
        Shape cube = Shape.of(2, 3, 4);
        return List.of(
                matMul(1, 1, 1),
                matMul(3, 5, 4),
                matMul(7, 40, 2),
                matMul(2, 33, 9),
                matMul(40, 3, 33),
                affine(1, 1, 1),
                affine(3, 5, 4),
                affine(7, 40, 3),
                affine(9, 2, 17),
                binary(new AddOp(), matrix, matrix, within(2), 0, 0),
                binary(new AddOp(), matrix, Shape.of(7), within(2), 0, 0),
                binary(new AddOp(), cube, Shape.of(4), within(2), 0, 0),
                binary(new SubOp(), vector, vector, within(2), 0, 0),
                binary(new SubOp(), matrix, Shape.of(7), within(2), 0, 0),
                binary(new MulOp(), cube, cube, within(2), 1, 1),
                binary(new MulOp(), matrix, Shape.of(7), within(2), 1, 1),
                binary(new MulOp(), column, Shape.of(1), within(2), 1, 1),
                // for y: the stored quotient, its product with G, and the second quotient
                binary(new DivOp(), matrix, matrix, between(0.5, 2), 1, 3),
                binary(new DivOp(), matrix, Shape.of(7), between(0.5, 2), 1, 3),
                unary(new ScaleOp(-1.7f), matrix, within(2), 1, 1),
                unary(new ScaleOp(3), Shape.SCALAR, within(2), 1, 1),
                unary(new ReluOp(), cube, awayFromZero(), 0, 0),
                prelu(matrix, 1),
                prelu(matrix, 7),
                prelu(cube, 4),
                prelu(vector, 1),
                // y (1 - y): y counts in both factors, and three roundings
                unary(new SigmoidOp(), matrix, within(6), SIGMOID, 2 * SIGMOID + 3, OpCatalog::sigmoid),
                // 1 - y^2: y twice, and two roundings
                unary(new TanhOp(), matrix, within(3), TANH, 2 * TANH + 2, x -> 1),
                unary(new ExpOp(), vector, within(4), EXP, EXP + 1),
                unary(new LogOp(), matrix, between(0.3, 5), LOG, 1),
                sum(matrix),
                sum(Shape.of(30, 50)),
                mean(cube),
                unary(new ReshapeOp(Shape.of(6, 4)), cube, within(2), 0, 0),
                normalizeRows(5, 3),
                normalizeRows(3, 20),
                mse(matrix),
                mse(Shape.of(33, 40)),
                bce(matrix),
                bceWithLogits(matrix),
                softmaxCrossEntropy(6, 5),
                softmaxCrossEntropy(3, 10));
    }

    // ---- products and elementwise operations
    // ------------------------------------------------------------------------------

    /** k terms of |x||W|; backward m terms of |G||W^T| and n of |x^T||G|. */
    private static Row matMul(int n, int k, int m) {
        Op op = new MatMulOp();
        Shape[] shapes = {Shape.of(n, k), Shape.of(k, m)};
        return new Row(op, shapes, all(2, within(2)), k, ofAbsolute(op, shapes), new double[] {m, n}, List.of());
    }

    /** The terms of |x||W^T|, and the bias. */
    private static Row affine(int n, int in, int out) {
        Op op = new AffineOp();
        Shape[] shapes = {Shape.of(n, in), Shape.of(out, in), Shape.of(out)};
        return new Row(
                op, shapes, all(3, within(2)), in + 1, ofAbsolute(op, shapes), new double[] {out, n, n}, List.of());
    }

    /** One rounding; backward those of one term, and a sum over the rows where y is one. */
    private static Row binary(Op op, Shape x, Shape y, Domain domain, double forX, double forY) {
        Shape[] shapes = {x, y};
        int repeats = x.size() / y.size();
        double sums = repeats > 1 ? repeats : 0;
        return new Row(
                op,
                shapes,
                new Domain[] {within(2), domain},
                1,
                ofResult(op, shapes),
                new double[] {forX, forY + sums},
                List.of());
    }

    private static Row unary(Op op, Shape x, Domain domain, double value, double slope) {
        Shape[] shapes = {x};
        return new Row(op, shapes, all(1, domain), value, ofResult(op, shapes), new double[] {slope}, List.of());
    }

    private static Row unary(Op op, Shape x, Domain domain, double value, double slope, DoubleUnaryOperator cancels) {
        Row row = unary(op, x, domain, value, slope);
        Magnitude magnitude = (in, g) -> filled(g.length, j -> cancels.applyAsDouble(in[0][j]) * g[j]);
        return new Row(op, row.shapes, row.domains, value, row.size, row.counts, List.of(magnitude));
    }

    /** A product; for the slope a sum of products. */
    private static Row prelu(Shape x, int slopes) {
        Op op = new PReluOp();
        Shape[] shapes = {x, Shape.of(slopes)};
        int terms = x.size() / slopes;
        return new Row(
                op,
                shapes,
                new Domain[] {awayFromZero(), within(1)},
                1,
                ofResult(op, shapes),
                new double[] {1, terms},
                List.of());
    }

    // ---- rows
    // ----------------------------------------------------------------------------------------------------------------

    /** The norm has half the roundings of the sum of squares, and its own; dividing adds one. G - y (G.y): a sum, y twice; divided. */
    private static Row normalizeRows(int rows, int columns) {
        Op op = new NormalizeRowsOp();
        Shape[] shapes = {Shape.of(rows, columns)};
        double norm = columns / 2.0 + 1;
        double value = norm + 1;
        Magnitude terms = (in, g) -> {
            double[] size = new double[g.length];
            for (int i = 0; i < g.length; i++) {
                double squares = 0;
                double along = 0;
                for (int e = i / columns * columns; e < (i / columns + 1) * columns; e++) {
                    squares += in[0][e] * in[0][e];
                    along += g[e] * Math.abs(in[0][e]);
                }
                size[i] = (g[i] + along * Math.abs(in[0][i]) / squares) / Math.sqrt(squares);
            }
            return size;
        };
        return new Row(
                op,
                shapes,
                all(1, awayFromZero()),
                value,
                ofResult(op, shapes),
                new double[] {columns + 2 * value + norm + 2},
                List.of(terms));
    }

    // ---- sums and losses
    // -----------------------------------------------------------------------------------------------------

    private static Row sum(Shape x) {
        Op op = new SumOp();
        Shape[] shapes = {x};
        return new Row(op, shapes, all(1, within(2)), x.size(), ofAbsolute(op, shapes), new double[] {0}, List.of());
    }

    private static Row mean(Shape x) {
        Op op = new MeanOp();
        Shape[] shapes = {x};
        return new Row(
                op, shapes, all(1, within(2)), x.size() + 1, ofAbsolute(op, shapes), new double[] {1}, List.of());
    }

    /** A sum of N squared differences; backward 2 G / N twice, difference, product. */
    private static Row mse(Shape x) {
        Op op = new MseOp();
        Shape[] shapes = {x, x};
        return new Row(
                op, shapes, all(2, within(2)), x.size() + 3, ofResult(op, shapes), new double[] {4, 4}, List.of());
    }

    /**
     * A sum of N logarithms. Backward for p: difference, 1 - p, product, quotient, G / N, product; for y: logarithms, difference, G / N,
     * product. {@code 1 - p} rounds once, which moves its logarithm by u whatever p is: hence the 1 in the magnitudes.
     */
    private static Row bce(Shape x) {
        int n = x.size();
        Size value = in -> {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                double p = in[0][i];
                double y = in[1][i];
                sum += y * Math.abs(StrictMath.log(p)) + (1 - y) * (Math.abs(StrictMath.log(1 - p)) + 1);
            }
            return new double[] {sum / n};
        };
        Magnitude forP = (in, g) ->
                filled(n, i -> g[0] / n * Math.abs(in[0][i] - in[1][i]) / Math.max(in[0][i] * (1 - in[0][i]), 1e-12));
        Magnitude forY = (in, g) -> filled(
                n, i -> g[0] / n * (Math.abs(StrictMath.log(in[0][i])) + Math.abs(StrictMath.log(1 - in[0][i])) + 1));
        return new Row(
                new BceOp(),
                new Shape[] {x, x},
                new Domain[] {between(0.02, 0.98), between(0, 1)},
                n + LOG + 4,
                value,
                new double[] {6, LOG + 3},
                List.of(forP, forY));
    }

    /** A sum of N softplus. Backward for z: sigmoid, difference, G / N, product; for y: G / N, product. */
    private static Row bceWithLogits(Shape x) {
        int n = x.size();
        Size value = in -> {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                double z = in[0][i];
                sum += Math.max(z, 0) + Math.abs(z * in[1][i]) + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
            }
            return new double[] {sum / n};
        };
        Magnitude forZ =
                (in, g) -> filled(n, i -> g[0] / n * (sigmoid(in[0][i]) + Math.abs(sigmoid(in[0][i]) - in[1][i])));
        return new Row(
                new BceWithLogitsOp(),
                new Shape[] {x, x},
                new Domain[] {within(5), between(0, 1)},
                n + EXP + LOG1P + 3,
                value,
                new double[] {SIGMOID + 3, 2},
                List.of(forZ));
    }

    /**
     * Exponentials, their sum, its logarithm; a sum of rows. Backward exponential over sum, minus 1, G / n, product. {@code z - max}
     * rounds once, which moves its exponential by u times its size: hence the spread in the magnitudes.
     */
    private static Row softmaxCrossEntropy(int rows, int columns) {
        Size value = in -> {
            double size = 0;
            for (int i = 0; i < rows; i++) {
                double right = StrictMath.log(softmax(columns, in[0], i)[(int) in[1][i]]);
                size += Math.abs(right) + 2 * spread(columns, in[0], i) + 1;
            }
            return new double[] {size / rows};
        };
        Magnitude slope = (in, g) -> filled(rows * columns, at -> {
            int i = at / columns;
            int j = at % columns;
            double p = softmax(columns, in[0], i)[j];
            double error = p - (j == (int) in[1][i] ? 1 : 0);
            return (p * (1 + spread(columns, in[0], i)) + Math.abs(error)) * g[0] / rows;
        });
        return new Row(
                new SoftmaxCrossEntropyOp(),
                new Shape[] {Shape.of(rows, columns), Shape.of(rows)},
                new Domain[] {within(3), random -> random.nextInt(columns)},
                rows + columns + EXP + LOG + 3,
                value,
                new double[] {columns + 2 * EXP + 4},
                List.of(slope));
    }

    /** Straight from the definition: for moderate z that is accurate enough. */
    private static double[] softmax(int columns, double[] z, int row) {
        double sum = 0;
        double[] p = new double[columns];
        for (int j = 0; j < columns; j++) {
            p[j] = StrictMath.exp(z[row * columns + j]);
            sum += p[j];
        }
        double all = sum;
        return Arrays.stream(p).map(x -> x / all).toArray();
    }

    private static double spread(int columns, double[] z, int row) {
        double[] own = Arrays.copyOfRange(z, row * columns, (row + 1) * columns);
        return Arrays.stream(own).max().orElseThrow() - Arrays.stream(own).min().orElseThrow();
    }

    private static double sigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    // ---- pieces
    // --------------------------------------------------------------------------------------------------------------

    private static Domain within(double limit) {
        return between(-limit, limit);
    }

    private static Domain between(double from, double to) {
        return random -> random.nextDouble(from, to);
    }

    private static Domain awayFromZero() {
        return random -> random.nextDouble(0.05, 2) * (random.nextBoolean() ? 1 : -1);
    }

    private static Domain[] all(int inputs, Domain domain) {
        Domain[] domains = new Domain[inputs];
        Arrays.fill(domains, domain);
        return domains;
    }

    private static Size ofResult(Op op, Shape[] shapes) {
        return in -> absolute(op.textbook(shapes, in));
    }

    /** The formula of absolute values: for sums and sums of products. */
    private static Size ofAbsolute(Op op, Shape[] shapes) {
        return in ->
                op.textbook(shapes, Arrays.stream(in).map(OpCatalog::absolute).toArray(double[][]::new));
    }

    private static double[] absolute(double[] x) {
        return Arrays.stream(x).map(Math::abs).toArray();
    }

    private interface ByPlace {
        double at(int i);
    }

    private static double[] filled(int n, ByPlace f) {
        double[] all = new double[n];
        Arrays.setAll(all, f::at);
        return all;
    }
}
