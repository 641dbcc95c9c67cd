package org.gradus.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.gradus.autograd.CustomOp;
import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.inspect.OpCatalog.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bounds of the operations. Their oracles: a count by hand in {@link OpCatalog}, and central differences of the textbook formula,
 * which know nothing of the derivatives written in {@link Bounds}.
 */
class BoundsTest {

    static Stream<Row> rows() {
        return OpCatalog.rows().stream();
    }

    static Stream<Class<?>> operations() {
        return Arrays.stream(Op.class.getPermittedSubclasses()).filter(type -> type != CustomOp.class);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationHasABound(Class<?> operation) {
        assertThat(Bounds.has(operation))
                .as("%s needs an entry in Bounds", operation.getSimpleName())
                .isTrue();
    }

    @Tag("once")
    @ParameterizedTest
    @MethodSource("rows")
    void whatRoundsIsThatOfTheCatalogue(Row row) {
        double[][] in = OpCatalogTest.wide(row.sample(1));
        double[] g = OpCatalogTest.wide(OpCatalogTest.uniform(2, row.output().size(), 0, 1));
        Rounding[] bounds = Bounds.of(row.op(), row.shapes(), in, row.formula(in), g, new double[g.length]);
        assertThat(bounds).hasSameSizeAs(in);
        for (int i = 0; i < row.counts().length; i++) {
            double[] terms = row.magnitude(in, i, g);
            assertThat(bounds[i].roundings()).isEqualTo(row.counts()[i], Offset.offset(1e-9));
            assertThat(bounds[i].carried()).containsOnly(0).hasSameSizeAs(in[i]);
            assertThat(bounds[i].terms()).hasSameSizeAs(terms);
            for (int k = 0; k < terms.length; k++) {
                assertThat(bounds[i].terms()[k])
                        .as("input %d, element %d", i, k)
                        .isCloseTo(terms[k], Offset.offset(1e-9 * terms[k] + 1e-10));
            }
        }
    }

    /** Nothing can cancel that was not there: the terms are at least the derivative. */
    @Tag("once")
    @ParameterizedTest
    @MethodSource("rows")
    void termsAreAtLeastTheDerivative(Row row) {
        double[][] in = OpCatalogTest.wide(row.sample(2));
        double[] g = new double[row.output().size()];
        Arrays.fill(g, 1);
        Rounding[] bounds = Bounds.of(row.op(), row.shapes(), in, row.formula(in), g, new double[g.length]);
        for (int i = 0; i < row.counts().length; i++) {
            for (int k = 0; k < in[i].length; k++) {
                double derivative =
                        Arrays.stream(row.slopes(in, i, k)).map(Math::abs).sum();
                assertThat(bounds[i].terms()[k])
                        .as("input %d, element %d", i, k)
                        .isGreaterThanOrEqualTo(derivative * (1 - 1e-6) - 1e-8);
            }
        }
    }

    @Tag("once")
    @ParameterizedTest
    @MethodSource("rows")
    void errorsAreCarriedByTheSquaredJacobian(Row row) {
        double[][] in = OpCatalogTest.wide(row.sample(1));
        double[] e = OpCatalogTest.wide(OpCatalogTest.uniform(3, row.output().size(), 0.5, 1));
        Rounding[] bounds = Bounds.of(row.op(), row.shapes(), in, row.formula(in), new double[e.length], e);
        for (int i = 0; i < row.counts().length; i++) {
            for (int k = 0; k < in[i].length; k++) {
                double[] slopes = row.slopes(in, i, k);
                double squares = 0;
                for (int j = 0; j < e.length; j++) {
                    squares += slopes[j] * e[j] * slopes[j] * e[j];
                }
                double carried = Math.sqrt(squares);
                assertThat(bounds[i].carried()[k])
                        .as("input %d, element %d", i, k)
                        .isBetween(carried * (1 - 1e-6) - 1e-8, carried * (1 + 1e-6) + 1e-8);
            }
        }
    }

    /** An ulp of y is up to 2 u |y|: so many roundings do the functions make, measured over the range that networks use. */
    @Test
    void functionsAreAsAccurateAsTheBoundsSay() {
        assertThat(roundings(Tensor::exp, StrictMath::exp)).isBetween(0.5, Bounds.EXP);
        assertThat(roundings(x -> x.mul(x).log(), x -> StrictMath.log((float) (x * x))))
                .isBetween(0.5, Bounds.LOG);
        assertThat(roundings(Tensor::tanh, StrictMath::tanh)).isBetween(0.5, Bounds.TANH);
        assertThat(roundings(Tensor::sigmoid, x -> 1 / (1 + StrictMath.exp(-x))))
                .isBetween(0.5, Bounds.SIGMOID);
    }

    private static double roundings(UnaryOperator<Tensor> function, DoubleUnaryOperator exact) {
        float[] x = OpCatalogTest.uniform(4, 200_000, -20, 20);
        float[] y = function.apply(Tensor.vector(x)).data();
        double largest = 0;
        for (int i = 0; i < x.length; i++) {
            double expected = exact.applyAsDouble(x[i]);
            largest = Math.max(largest, Math.abs(y[i] - expected) / (Rounding.U * Math.abs(expected)));
        }
        return largest;
    }

    // ---- operations of users
    // ---------------------------------------------------------------------------------------------

    private static class Square implements CustomOp {
        @Override
        public String name() {
            return "square";
        }

        @Override
        public Shape shapeOf(Shape... in) {
            return in[0];
        }

        @Override
        public void forward(Tensor[] in, Tensor out) {
            for (int i = 0; i < out.size(); i++) {
                out.data()[i] = in[0].data()[i] * in[0].data()[i];
            }
        }

        @Override
        public void backward(Tensor[] in, Tensor out) {
            for (int i = 0; i < out.size(); i++) {
                in[0].grad()[i] += 2 * in[0].data()[i] * out.grad()[i];
            }
        }

        @Override
        public double[] textbook(Shape[] shapes, double[][] in) {
            return Arrays.stream(in[0]).map(x -> x * x).toArray();
        }
    }

    /** 2 x is exact; its product with G and the sum round. */
    private static final class CountedSquare extends Square implements Bounded {
        @Override
        public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
            return new Rounding[] {Rounding.of(in[0].length, 2, i -> 2 * in[0][i], g, e)};
        }
    }

    private static final class Miscounted extends Square implements Bounded {
        private final Rounding[] given;

        Miscounted(Rounding... given) {
            this.given = given;
        }

        @Override
        public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
            return given;
        }
    }

    @Test
    void operationOfAUserMayCountItsOwnRoundings() {
        Tensor x = Tensor.vector(OpCatalogTest.uniform(5, 9, 0.5, 2)).trainable();
        GradCheck.Row probed =
                GradCheck.of(new Square(), x).requirePassed().rows().get(0);
        GradCheck.Row counted =
                GradCheck.of(new CountedSquare(), x).requirePassed().rows().get(0);

        // 16 roundings are allowed where nothing is said; the weights of the loss and their sum round as well
        assertThat(counted.bound() / Math.abs(counted.analytical())).isLessThan(4 * Rounding.U);
        assertThat(probed.bound() / Math.abs(probed.analytical())).isGreaterThan(16 * Rounding.U);
    }

    @Test
    void itsBoundsMustFitItsInputs() {
        Tensor x = Tensor.vector(1, 2, 3).trainable();
        assertThatIllegalStateException()
                .isThrownBy(() -> GradCheck.of(new Miscounted(), x))
                .withMessage(
                        "GradCheck: rounding() of 'square' gives 0 bounds for 1 inputs; it must give one for each");
        Rounding two = new Rounding(1, new double[2], new double[3]);
        assertThatIllegalStateException()
                .isThrownBy(() -> GradCheck.of(new Miscounted(two), x))
                .withMessage("GradCheck: rounding() of 'square' gives 2 terms and 3 carried errors for its x0 of 3"
                        + " elements; it must give one of each for every element");
    }

    /** Each would show as a wrong {@code backward}, or as a NullPointerException. */
    @Test
    void itsBoundsMustBeCountsAndAbsoluteValues() {
        double[] ones = {1, 1, 1};
        for (double wrong : new double[] {Double.NaN, -1, Double.POSITIVE_INFINITY}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> checked(new Rounding(wrong, ones, ones)))
                    .withMessage("GradCheck: rounding() of 'square' gives " + wrong
                            + " roundings for its x0; give a count of 0 or more");
            double[] second = {1, wrong, 1};
            assertThatIllegalStateException()
                    .isThrownBy(() -> checked(new Rounding(1, second, ones)))
                    .withMessage("GradCheck: rounding() of 'square' gives terms of " + wrong
                            + " for [1] of its x0; give absolute values, finite ones of 0 or more");
            assertThatIllegalStateException()
                    .isThrownBy(() -> checked(new Rounding(1, ones, second)))
                    .withMessage("GradCheck: rounding() of 'square' gives a carried error of " + wrong
                            + " for [1] of its x0; give absolute values, finite ones of 0 or more");
        }
    }

    @Test
    @SuppressWarnings("NullAway") // what is not checked for users of GradCheck
    void itsBoundsMustBeThere() {
        assertThatIllegalStateException()
                .isThrownBy(() -> checked((Rounding[]) null))
                .withMessage("GradCheck: rounding() of 'square' gives null for 1 inputs; it must give one for each");
        assertThatIllegalStateException()
                .isThrownBy(() -> checked((Rounding) null))
                .withMessage(
                        "GradCheck: rounding() of 'square' gives null for its x0; it must give a bound for each input");
        assertThatIllegalStateException()
                .isThrownBy(() -> checked(new Rounding(1, null, new double[3])))
                .withMessageContaining("gives 0 terms and 3 carried errors for its x0 of 3 elements");
    }

    private static GradCheck checked(Rounding... given) {
        return GradCheck.of(new Miscounted(given), Tensor.vector(1, 2, 3).trainable());
    }

    /** A rounding() that uses its arrays as room to work in. */
    private static final class Untidy extends Square implements Bounded {
        @Override
        public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
            Rounding counted = Rounding.of(in[0].length, 2, i -> 2 * in[0][i], g, e);
            for (double[] array : new double[][] {in[0], out, g, e}) {
                Arrays.fill(array, Double.NaN);
            }
            in[0] = out;
            shapes[0] = Shape.of(99);
            return new Rounding[] {counted};
        }
    }

    /** A textbook() that works in its arrays, and gives the same one each time. */
    private static final class InPlace extends Square implements Bounded {
        @Override
        public double[] textbook(Shape[] shapes, double[][] in) {
            Arrays.setAll(in[0], i -> in[0][i] * in[0][i]);
            return in[0];
        }

        @Override
        public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
            return new CountedSquare().rounding(shapes, in, out, g, e);
        }
    }

    @Test
    void countingChangesNothing() {
        Tensor x = Tensor.vector(OpCatalogTest.uniform(5, 9, 0.5, 2)).trainable();

        assertThat(GradCheck.of(new Untidy(), x))
                .hasToString(GradCheck.of(new CountedSquare(), x).toString());
        assertThat(GradCheck.of(new InPlace(), x))
                .hasToString(GradCheck.of(new CountedSquare(), x).toString());
    }

    @Test
    void twiceIsTwiceForNumbersThatAreNotFinite() {
        float inf = Float.POSITIVE_INFINITY;
        assertThat(SecondRun.isTwice(1.3177528f, 2.6355057f, Double.NaN)).isTrue();
        assertThat(SecondRun.isTwice(Float.NaN, Float.NaN, 1e-6)).isTrue();
        assertThat(SecondRun.isTwice(inf, inf, inf)).isTrue();
        assertThat(SecondRun.isTwice(2e38f, inf, 1e30)).isTrue();
        assertThat(SecondRun.isTwice(1, Float.NaN, Double.NaN)).isFalse();
        assertThat(SecondRun.isTwice(1, inf, 1e-6)).isFalse();
        assertThat(SecondRun.isTwice(1, 1, 1e-6)).isFalse();
        assertThat(SecondRun.isTwice(1, 2.001f, 1e-2)).isTrue();
    }

    /** The slope of the logarithm of 1e-45 is no float: no kink, and no fault of the addition. */
    @Test
    void infiniteGradientIsWrongAndNoKink() {
        GradCheck check = GradCheck.of(
                in -> in[0].log().mul(in[1]).sum(), Tensor.vector(1e-45f, 1).trainable(), Tensor.vector(1, 1));

        assertThat(check.faults()).isEmpty();
        assertThat(check.rows().get(0).kinks()).isEmpty();
        assertThat(check.passed()).isFalse();
    }
}
