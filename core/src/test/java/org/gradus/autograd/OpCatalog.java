package org.gradus.autograd;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.gradus.testing.FloatErrors;
import org.gradus.testing.GradChecker.Bound;
import org.gradus.testing.GradChecker.Formula;
import org.gradus.testing.GradChecker.Magnitude;

/**
 * At least one row per operation: shapes to try, the domain of each input (away from kinks), the textbook formula, and how far
 * float arithmetic may be from it. A unit of the last place is at most two roundings: an ulp of y is up to {@code 2 u |y|}.
 */
final class OpCatalog {

    private static final double EXP = 2 * FloatErrors.EXP_ULPS;
    private static final double LOG = 2 * FloatErrors.LOG_ULPS;
    private static final double LOG1P = 2 * FloatErrors.LOG1P_ULPS;
    private static final double TANH = 2 * FloatErrors.TANH_ULPS;
    private static final double SIGMOID = 2 * FloatErrors.SIGMOID_ULPS;

    private OpCatalog() {}

    /** Where an input's numbers are drawn from. */
    interface Domain {
        double draw(SplittableRandom random);
    }

    /** An operation at fixed shapes. {@code backward} is null where no gradient flows. */
    @SuppressWarnings("ArrayRecordComponent") // test data, never compared
    record Row(Op op, Shape[] shapes, Domain[] domains, Formula formula, Bound forward, Bound[] backward) {

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
                add(matrix, matrix),
                add(matrix, Shape.of(7)),
                add(cube, Shape.of(4)),
                sub(vector, vector),
                sub(matrix, Shape.of(7)),
                mul(cube, cube),
                mul(matrix, Shape.of(7)),
                mul(column, Shape.of(1)),
                div(matrix, matrix),
                div(matrix, Shape.of(7)),
                scale(matrix, -1.7f),
                scale(Shape.SCALAR, 3),
                relu(cube),
                prelu(matrix, 1),
                prelu(matrix, 7),
                prelu(cube, 4),
                prelu(vector, 1),
                sigmoid(matrix),
                tanh(matrix),
                exp(vector),
                log(matrix),
                sum(matrix),
                sum(Shape.of(30, 50)),
                mean(cube),
                reshape(cube, Shape.of(6, 4)),
                normalizeRows(5, 3),
                normalizeRows(3, 20),
                mse(matrix),
                mse(Shape.of(33, 40)),
                bce(matrix),
                bceWithLogits(matrix),
                softmaxCrossEntropy(6, 5),
                softmaxCrossEntropy(3, 10));
    }

    // ---- products -------------------------------------------------------------------------------------------------

    static Row matMul(int n, int k, int m) {
        return new Row(
                new MatMulOp(),
                new Shape[] {Shape.of(n, k), Shape.of(k, m)},
                new Domain[] {within(2), within(2)},
                in -> Textbook.matMul(n, k, m, in[0], in[1]),
                new Bound(k, "k terms of |x||W|", (in, g) -> Textbook.matMul(n, k, m, abs(in[0]), abs(in[1]))),
                new Bound[] {
                    new Bound(
                            m,
                            "m terms of |G||W^T|",
                            (in, g) -> Textbook.matMul(n, m, k, abs(g), Textbook.transpose(k, m, abs(in[1])))),
                    new Bound(
                            n,
                            "n terms of |x^T||G|",
                            (in, g) -> Textbook.matMul(k, n, m, Textbook.transpose(n, k, abs(in[0])), abs(g)))
                });
    }

    static Row affine(int n, int inputs, int outputs) {
        return new Row(
                new AffineOp(),
                new Shape[] {Shape.of(n, inputs), Shape.of(outputs, inputs), Shape.of(outputs)},
                new Domain[] {within(2), within(2), within(2)},
                in -> Textbook.affine(n, inputs, outputs, in[0], in[1], in[2]),
                new Bound(
                        inputs + 1,
                        "in terms of |x||W^T|, and the bias",
                        (in, g) -> Textbook.affine(n, inputs, outputs, abs(in[0]), abs(in[1]), abs(in[2]))),
                new Bound[] {
                    new Bound(
                            outputs,
                            "out terms of |G||W|",
                            (in, g) -> Textbook.matMul(n, outputs, inputs, abs(g), abs(in[1]))),
                    new Bound(
                            n,
                            "n terms of |G^T||x|",
                            (in, g) -> Textbook.matMul(
                                    outputs, n, inputs, Textbook.transpose(n, outputs, abs(g)), abs(in[0]))),
                    new Bound(n, "n terms of |G|", (in, g) -> columnSums(outputs, abs(g)))
                });
    }

    // ---- two numbers to one ---------------------------------------------------------------------------------------

    private static Row binary(
            Op op,
            Shape x,
            Shape y,
            Domain domain,
            Textbook.Binary f,
            double forX,
            Textbook.Binary sizeForX,
            double forY,
            Textbook.Binary sizeForY) {
        Formula formula = in -> Textbook.each(f, in[0], in[1]);
        int repeats = x.size() / y.size();
        double sums = repeats > 1 ? repeats : 0;
        return new Row(
                op,
                new Shape[] {x, y},
                new Domain[] {within(2), domain},
                formula,
                new Bound(1, "one rounding", output(formula)),
                new Bound[] {
                    new Bound(
                            forX, "roundings of one term", (in, g) -> times(g, Textbook.each(sizeForX, in[0], in[1]))),
                    new Bound(
                            forY + sums,
                            "roundings of one term, and a sum over the rows where y is one",
                            (in, g) -> columnSums(y.size(), times(g, Textbook.each(sizeForY, in[0], in[1]))))
                });
    }

    static Row add(Shape x, Shape y) {
        return binary(new AddOp(), x, y, within(2), Double::sum, 0, (a, b) -> 1, 0, (a, b) -> 1);
    }

    static Row sub(Shape x, Shape y) {
        return binary(new SubOp(), x, y, within(2), (a, b) -> a - b, 0, (a, b) -> 1, 0, (a, b) -> 1);
    }

    static Row mul(Shape x, Shape y) {
        return binary(new MulOp(), x, y, within(2), (a, b) -> a * b, 1, (a, b) -> b, 1, (a, b) -> a);
    }

    /** For y: the stored quotient, its product with G, and the second quotient round once each. */
    static Row div(Shape x, Shape y) {
        return binary(new DivOp(), x, y, between(0.5, 2), (a, b) -> a / b, 1, (a, b) -> 1 / b, 3, (a, b) -> a / b / b);
    }

    // ---- one number to one ----------------------------------------------------------------------------------------

    private static Row unary(Op op, Shape x, Domain domain, Textbook.Unary f, double roundings, Bound backward) {
        Formula formula = in -> Textbook.each(f, in[0]);
        return new Row(
                op,
                new Shape[] {x},
                new Domain[] {domain},
                formula,
                new Bound(roundings, "see FloatErrors", output(formula)),
                new Bound[] {backward});
    }

    private static Bound eachTerm(double roundings, String why, Textbook.Unary size) {
        return new Bound(roundings, why, (in, g) -> times(g, Textbook.each(size, in[0])));
    }

    static Row scale(Shape x, float s) {
        return unary(new ScaleOp(s), x, within(2), v -> s * v, 1, eachTerm(1, "s G", v -> s));
    }

    static Row relu(Shape x) {
        return unary(new ReluOp(), x, awayFromZero(), Textbook::relu, 0, eachTerm(0, "G or 0", v -> 1));
    }

    static Row sigmoid(Shape x) {
        return unary(
                new SigmoidOp(),
                x,
                within(6),
                Textbook::sigmoid,
                SIGMOID,
                eachTerm(
                        2 * SIGMOID + 3,
                        "y (1 - y): y counts in both factors, and three roundings",
                        Textbook::sigmoid));
    }

    static Row tanh(Shape x) {
        return unary(
                new TanhOp(),
                x,
                within(3),
                StrictMath::tanh,
                TANH,
                eachTerm(2 * TANH + 2, "1 - y^2: y twice, and two roundings", v -> 1));
    }

    static Row exp(Shape x) {
        return unary(new ExpOp(), x, within(4), StrictMath::exp, EXP, eachTerm(EXP + 1, "G y", StrictMath::exp));
    }

    static Row log(Shape x) {
        return unary(new LogOp(), x, between(0.3, 5), StrictMath::log, LOG, eachTerm(1, "G / x", v -> 1 / v));
    }

    static Row reshape(Shape x, Shape to) {
        Formula copy = in -> in[0].clone();
        return new Row(
                new ReshapeOp(to),
                new Shape[] {x},
                new Domain[] {within(2)},
                copy,
                new Bound(0, "a copy", output(copy)),
                new Bound[] {new Bound(0, "a copy", (in, g) -> abs(g))});
    }

    static Row prelu(Shape x, int slopes) {
        Formula formula = in -> Textbook.each(Textbook::prelu, in[0], in[1]);
        int terms = x.size() / slopes;
        Magnitude slopeTerms = (in, g) -> columnSums(slopes, times(g, Textbook.each(v -> v > 0 ? 0 : v, in[0])));
        return new Row(
                new PReluOp(),
                new Shape[] {x, Shape.of(slopes)},
                new Domain[] {awayFromZero(), within(1)},
                formula,
                new Bound(1, "one product", output(formula)),
                new Bound[] {
                    new Bound(
                            1,
                            "one product",
                            (in, g) -> times(g, Textbook.each((v, a) -> v > 0 ? 1 : a, in[0], in[1]))),
                    new Bound(terms, "a sum of products", slopeTerms)
                });
    }

    // ---- rows -----------------------------------------------------------------------------------------------------

    /** The norm has half the roundings of the sum of squares, and its own; dividing adds one. */
    static Row normalizeRows(int rows, int columns) {
        Formula formula = in -> Textbook.normalizeRows(rows, columns, in[0]);
        double norm = columns / 2.0 + 1;
        double value = norm + 1;
        Magnitude terms = (in, g) -> {
            double[] y = abs(formula.of(in));
            double[] size = new double[y.length];
            for (int i = 0; i < rows; i++) {
                double along = 0;
                for (int e = i * columns; e < (i + 1) * columns; e++) {
                    along += Math.abs(g[e]) * y[e];
                }
                double length = Math.max(Textbook.norm(columns, in[0], i), 1e-12);
                for (int e = i * columns; e < (i + 1) * columns; e++) {
                    size[e] = (Math.abs(g[e]) + along * y[e]) / length;
                }
            }
            return size;
        };
        return new Row(
                new NormalizeRowsOp(),
                new Shape[] {Shape.of(rows, columns)},
                new Domain[] {awayFromZero()},
                formula,
                new Bound(value, "norm and quotient", output(formula)),
                new Bound[] {
                    new Bound(columns + 2 * value + norm + 2, "G - y (G.y): a sum, y twice; then divided", terms)
                });
    }

    // ---- sums and losses ------------------------------------------------------------------------------------------

    static Row sum(Shape x) {
        return new Row(
                new SumOp(),
                new Shape[] {x},
                new Domain[] {within(2)},
                in -> scalar(Textbook.sum(in[0])),
                new Bound(x.size(), "a sum of N", (in, g) -> scalar(Textbook.sum(abs(in[0])))),
                new Bound[] {new Bound(0, "G", (in, g) -> filled(x.size(), g[0]))});
    }

    static Row mean(Shape x) {
        return new Row(
                new MeanOp(),
                new Shape[] {x},
                new Domain[] {within(2)},
                in -> scalar(Textbook.mean(in[0])),
                new Bound(x.size() + 1, "a sum of N, and a quotient", (in, g) -> scalar(Textbook.mean(abs(in[0])))),
                new Bound[] {new Bound(1, "G / N", (in, g) -> filled(x.size(), g[0] / x.size()))});
    }

    static Row mse(Shape x) {
        int n = x.size();
        Magnitude slope = (in, g) -> times(filled(n, 2 * g[0] / n), Textbook.each((p, y) -> p - y, in[0], in[1]));
        Bound both = new Bound(4, "2 G / N twice, difference, product", slope);
        return new Row(
                new MseOp(),
                new Shape[] {x, x},
                new Domain[] {within(2), within(2)},
                in -> scalar(Textbook.mse(in[0], in[1])),
                new Bound(n + 3, "a sum of N squared differences", (in, g) -> scalar(Textbook.mse(in[0], in[1]))),
                new Bound[] {both, both});
    }

    /** {@code 1 - p} rounds once, which moves its logarithm by u whatever p is: hence the 1 in the magnitudes. */
    static Row bce(Shape x) {
        int n = x.size();
        Textbook.Binary term =
                (p, y) -> y * Math.abs(Textbook.clampedLog(p)) + (1 - y) * (Math.abs(Textbook.clampedLog(1 - p)) + 1);
        Textbook.Binary slope = (p, y) -> (p - y) / Math.max(p * (1 - p), 1e-12);
        Textbook.Binary targetSlope =
                (p, y) -> Math.abs(Textbook.clampedLog(p)) + Math.abs(Textbook.clampedLog(1 - p)) + 1;
        return new Row(
                new BceOp(),
                new Shape[] {x, x},
                new Domain[] {between(0.02, 0.98), between(0, 1)},
                in -> scalar(Textbook.bce(in[0], in[1])),
                new Bound(
                        n + LOG + 4,
                        "a sum of N logarithms",
                        (in, g) -> scalar(Textbook.mean(Textbook.each(term, in[0], in[1])))),
                new Bound[] {
                    new Bound(
                            6,
                            "difference, 1 - p, product, quotient, G / N, product",
                            (in, g) -> times(filled(n, g[0] / n), Textbook.each(slope, in[0], in[1]))),
                    new Bound(
                            LOG + 3,
                            "logarithms, difference, G / N, product",
                            (in, g) -> times(filled(n, g[0] / n), Textbook.each(targetSlope, in[0], in[1])))
                });
    }

    static Row bceWithLogits(Shape x) {
        int n = x.size();
        Textbook.Binary term =
                (z, y) -> Math.max(z, 0) + Math.abs(z * y) + StrictMath.log1p(StrictMath.exp(-Math.abs(z)));
        Textbook.Binary slope = (z, y) -> Textbook.sigmoid(z) + Math.abs(Textbook.sigmoid(z) - y);
        return new Row(
                new BceWithLogitsOp(),
                new Shape[] {x, x},
                new Domain[] {within(5), between(0, 1)},
                in -> scalar(Textbook.bceWithLogits(in[0], in[1])),
                new Bound(
                        n + EXP + LOG1P + 3,
                        "a sum of N softplus",
                        (in, g) -> scalar(Textbook.mean(Textbook.each(term, in[0], in[1])))),
                new Bound[] {
                    new Bound(
                            SIGMOID + 3,
                            "sigmoid, difference, G / N, product",
                            (in, g) -> times(filled(n, g[0] / n), Textbook.each(slope, in[0], in[1]))),
                    new Bound(2, "G / N, product", (in, g) -> times(filled(n, g[0] / n), in[0]))
                });
    }

    /** {@code z - max} rounds once, which moves its exponential by u times its size: hence the spread in the magnitudes. */
    static Row softmaxCrossEntropy(int rows, int columns) {
        Magnitude value = (in, g) -> {
            double size = 0;
            for (int i = 0; i < rows; i++) {
                double right = StrictMath.log(Textbook.softmax(columns, in[0], i)[(int) in[1][i]]);
                size += Math.abs(right) + 2 * spread(columns, in[0], i) + 1;
            }
            return scalar(size / rows);
        };
        Magnitude slope = (in, g) -> {
            double[] size = new double[rows * columns];
            for (int i = 0; i < rows; i++) {
                double[] p = Textbook.softmax(columns, in[0], i);
                for (int j = 0; j < columns; j++) {
                    double error = p[j] - (j == (int) in[1][i] ? 1 : 0);
                    double own = p[j] * (1 + spread(columns, in[0], i)) + Math.abs(error);
                    size[i * columns + j] = own * Math.abs(g[0]) / rows;
                }
            }
            return size;
        };
        return new Row(
                new SoftmaxCrossEntropyOp(),
                new Shape[] {Shape.of(rows, columns), Shape.of(rows)},
                new Domain[] {within(3), random -> random.nextInt(columns)},
                in -> scalar(Textbook.softmaxCrossEntropy(rows, columns, in[0], in[1])),
                new Bound(
                        rows + columns + EXP + LOG + 3, "exponentials, their sum, its logarithm; a sum of rows", value),
                new Bound[] {
                    new Bound(columns + 2 * EXP + 4, "exponential over sum, minus 1, G / n, product", slope), null
                });
    }

    private static double spread(int columns, double[] z, int row) {
        double[] own = Arrays.copyOfRange(z, row * columns, (row + 1) * columns);
        return Arrays.stream(own).max().orElseThrow() - Arrays.stream(own).min().orElseThrow();
    }

    // ---- pieces ---------------------------------------------------------------------------------------------------

    private static Domain within(double limit) {
        return between(-limit, limit);
    }

    private static Domain between(double from, double to) {
        return random -> random.nextDouble(from, to);
    }

    private static Domain awayFromZero() {
        return random -> random.nextDouble(0.05, 2) * (random.nextBoolean() ? 1 : -1);
    }

    private static Magnitude output(Formula formula) {
        return (in, g) -> abs(formula.of(in));
    }

    private static double[] abs(double[] x) {
        return Textbook.each(Math::abs, x);
    }

    private static double[] times(double[] x, double[] y) {
        return abs(Textbook.each((a, b) -> a * b, x, y));
    }

    private static double[] columnSums(int columns, double[] x) {
        double[] sums = new double[columns];
        for (int i = 0; i < x.length; i++) {
            sums[i % columns] += x[i];
        }
        return sums;
    }

    private static double[] scalar(double x) {
        return new double[] {x};
    }

    private static double[] filled(int n, double x) {
        double[] all = new double[n];
        Arrays.fill(all, Math.abs(x));
        return all;
    }
}
