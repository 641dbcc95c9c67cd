package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.testing.Samples;

/** Theorems about the operations. Bounds count roundings of both sides, relative to the product of absolute values. */
class OpProperties {

    private static final double U = 0x1p-24;

    private static Tensor random(long seed, int rows, int columns) {
        return Tensor.matrix(rows, columns, Samples.uniform(seed, rows * columns, -1, 1));
    }

    private static double[] absolute(Tensor x) {
        return Arrays.stream(Samples.widened(x.data())).map(Math::abs).toArray();
    }

    private static double[] product(int n, int k, int m, double[] x, double[] w) {
        return new MatMulOp().textbook(new Shape[] {Shape.of(n, k), Shape.of(k, m)}, new double[][] {x, w});
    }

    private static double norm(Tensor x, int row) {
        int columns = x.shape().columns();
        double squares = 0;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            squares += (double) x.data()[i] * x.data()[i];
        }
        return Math.sqrt(squares);
    }

    private static void assertClose(Tensor actual, Tensor expected, double roundings, double[] magnitude) {
        for (int i = 0; i < magnitude.length; i++) {
            assertThat((double) Math.abs(actual.data()[i] - expected.data()[i]))
                    .as("element %d", i)
                    .isLessThanOrEqualTo(roundings * U * magnitude[i]);
        }
    }

    /** A (B + C) = A B + A C: k roundings of each product, one of each sum. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void matMulDistributes(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int n,
            @ForAll @IntRange(min = 1, max = 70) int k,
            @ForAll @IntRange(min = 1, max = 40) int m) {
        Tensor a = random(seed, n, k);
        Tensor b = random(seed + 1, k, m);
        Tensor c = random(seed + 2, k, m);
        double[] both = absolute(b);
        double[] other = absolute(c);
        Arrays.setAll(both, i -> both[i] + other[i]);
        assertClose(a.matMul(b.add(c)), a.matMul(b).add(a.matMul(c)), 2.0 * k + 3, product(n, k, m, absolute(a), both));
    }

    /** (A B) C = A (B C): k and m roundings on either side. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void matMulIsAssociative(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 20) int n,
            @ForAll @IntRange(min = 1, max = 50) int k,
            @ForAll @IntRange(min = 1, max = 50) int m,
            @ForAll @IntRange(min = 1, max = 20) int l) {
        Tensor a = random(seed, n, k);
        Tensor b = random(seed + 1, k, m);
        Tensor c = random(seed + 2, m, l);
        double[] magnitude = product(n, m, l, product(n, k, m, absolute(a), absolute(b)), absolute(c));
        assertClose(a.matMul(b).matMul(c), a.matMul(b.matMul(c)), 2.0 * (k + m) + 1, magnitude);
    }

    /** The gradient is a linear map of the upstream gradient; doubling is exact, so a doubled upstream doubles every bit. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void backwardIsLinear(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int rows) {
        for (UnaryOperator<Tensor> op : List.<UnaryOperator<Tensor>>of(
                Tensor::relu,
                Tensor::sigmoid,
                Tensor::tanh,
                Tensor::exp,
                Tensor::normalizeRows,
                x -> x.matMul(random(seed + 9, 5, 7)),
                x -> x.div(x.exp()))) {
            float[] g = Samples.uniform(seed + 1, rows * 7, -1, 1);
            float[] h = Samples.uniform(seed + 2, rows * 7, -1, 1);
            Tensor x = random(seed, rows, 5);
            float[] forG = gradient(op, x, g, 1);
            float[] forTwiceG = gradient(op, x, g, 2);
            float[] forH = gradient(op, x, h, 1);
            float[] sum = new float[g.length];
            for (int i = 0; i < sum.length; i++) {
                sum[i] = g[i] + h[i];
            }
            float[] forSum = gradient(op, x, sum, 1);
            for (int i = 0; i < forG.length; i++) {
                assertThat(forTwiceG[i]).isEqualTo(2 * forG[i]);
                // each derivative is at most e; seven terms and at most 24 roundings per gradient
                assertThat((double) Math.abs(forSum[i] - (forG[i] + forH[i])))
                        .isLessThanOrEqualTo(4 * 24 * U * Math.E * 7 * largestInverseNorm(x));
            }
        }
    }

    private static double largestInverseNorm(Tensor x) {
        double largest = 1;
        for (int i = 0; i < x.shape().rows(); i++) {
            largest = Math.max(largest, 1 / norm(x, i));
        }
        return largest;
    }

    private static float[] gradient(Function<Tensor, Tensor> op, Tensor x, float[] upstream, float times) {
        Tensor leaf = x.copy().trainable();
        Tensor y = op.apply(Tape.fresh().input(leaf));
        float[] weights = Arrays.copyOf(upstream, y.size());
        y.mul(Tensor.of(y.shape(), weights)).scale(times).sum().backward();
        return leaf.grad();
    }

    /** A row moved along itself keeps its direction, so the gradient has no part along the row. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void gradientOfNormalizeRowsIsTangentToTheSphere(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int rows,
            @ForAll @IntRange(min = 1, max = 40) int columns) {
        Tensor x = random(seed, rows, columns);
        float[] g = Samples.uniform(seed + 1, rows * columns, -1, 1);
        float[] gradient = gradient(Tensor::normalizeRows, x, g, 1);
        float[] y = x.normalizeRows().data();
        for (int i = 0; i < rows; i++) {
            double along = 0;
            double size = 0;
            double norm = norm(x, i);
            for (int e = i * columns; e < (i + 1) * columns; e++) {
                along += (double) gradient[e] * y[e];
                size += Math.abs(g[e] * y[e]) / norm;
            }
            // the rounding errors of g - y (g.y), as GradCheck counts them, once more times y
            assertThat(Math.abs(along)).isLessThanOrEqualTo(2 * (3.5 * columns + 9) * U * size * Math.sqrt(columns));
        }
    }

    /** Probabilities sum to 1 whatever the logits, so their gradients sum to 0. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void gradientOfSoftmaxCrossEntropySumsToZeroInEveryRow(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int rows,
            @ForAll @IntRange(min = 2, max = 30) int columns) {
        Tensor z = Tensor.matrix(rows, columns, Samples.uniform(seed, rows * columns, -4, 4))
                .trainable();
        Tape.fresh()
                .input(z)
                .softmaxCrossEntropy(Tensor.vector(Samples.whole(seed + 1, rows, columns)))
                .backward();
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            double size = 0;
            for (int j = 0; j < columns; j++) {
                sum += z.grad()[i * columns + j];
                size += Math.abs(z.grad()[i * columns + j]);
            }
            // probability: sum of c exponentials and a quotient; then minus 1, times G / n
            assertThat(Math.abs(sum)).isLessThanOrEqualTo((columns + 4) * U * (size + 1.0 / rows));
        }
    }
}
