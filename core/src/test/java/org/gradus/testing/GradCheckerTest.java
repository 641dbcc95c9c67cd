package org.gradus.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.gradus.autograd.CustomOp;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.testing.GradChecker.Bound;
import org.gradus.testing.GradChecker.Formula;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker is checked: a right derivative passes, and each way in which people get one wrong is caught. */
class GradCheckerTest {

    /** The derivative of a test operation, added to {@code gx}. */
    private interface Derivative {
        void add(float[] x, float[] g, float[] gx);
    }

    /** {@code y = x^2 + x}, with any derivative. */
    private record Polynomial(String name, float slip, Derivative derivative) implements CustomOp {
        @Override
        public Shape shapeOf(Shape... in) {
            return in[0];
        }

        @Override
        public void forward(Tensor[] in, Tensor out) {
            for (int i = 0; i < out.size(); i++) {
                float x = in[0].data()[i];
                out.data()[i] = Math.fma(x, x, x) + slip;
            }
        }

        @Override
        public void backward(Tensor[] in, Tensor out) {
            derivative.add(in[0].data(), out.grad(), in[0].grad());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A product of square matrices whose gradient for x takes W instead of its transpose, if so planted. */
    private record Product(boolean transposed) implements CustomOp {
        @Override
        public String name() {
            return transposed ? "product" : "product with a forgotten transpose";
        }

        @Override
        public Shape shapeOf(Shape... in) {
            return in[0];
        }

        @Override
        public void forward(Tensor[] in, Tensor out) {
            addProduct(in[0].data(), in[1].data(), out.data(), false, true);
        }

        @Override
        public void backward(Tensor[] in, Tensor out) {
            addProduct(out.grad(), in[1].data(), in[0].grad(), transposed, false);
        }

        private static void addProduct(float[] a, float[] b, float[] c, boolean transpose, boolean assign) {
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < SIDE; j++) {
                    float sum = assign ? 0 : c[i * SIDE + j];
                    for (int p = 0; p < SIDE; p++) {
                        sum += a[i * SIDE + p] * (transpose ? b[j * SIDE + p] : b[p * SIDE + j]);
                    }
                    c[i * SIDE + j] = sum;
                }
            }
        }
    }

    private static final int SIDE = 3;

    private static final Formula POLYNOMIAL = in -> {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            y[i] = in[0][i] * in[0][i] + in[0][i];
        }
        return y;
    };

    private static final Bound VALUE = new Bound(1, "one rounding", (in, g) -> {
        double[] size = POLYNOMIAL.of(in);
        for (int i = 0; i < size.length; i++) {
            size[i] = Math.abs(size[i]);
        }
        return size;
    });

    private static final Bound SLOPE = new Bound(3, "2x + 1, product, sum", (in, g) -> {
        double[] size = new double[g.length];
        for (int i = 0; i < g.length; i++) {
            size[i] = Math.abs(g[i]) * (2 * Math.abs(in[0][i]) + 1);
        }
        return size;
    });

    private static void check(Polynomial op) {
        float[] upstream = Samples.uniform(1, 12, 0.5, 1);
        Tensor x = Tensor.matrix(3, 4, Samples.uniform(2, 12, 0.2, 2));
        GradChecker.check(op, POLYNOMIAL, VALUE, new Bound[] {SLOPE}, upstream, x);
    }

    private static void each(float[] gx, IntToDoubleFunction term) {
        for (int i = 0; i < gx.length; i++) {
            gx[i] += (float) term.applyAsDouble(i);
        }
    }

    private static final Derivative RIGHT = (x, g, gx) -> each(gx, i -> (2 * x[i] + 1) * g[i]);

    static Stream<Polynomial> wrong() {
        return Stream.of(
                new Polynomial("sign", 0, (x, g, gx) -> each(gx, i -> -(2 * x[i] + 1) * g[i])),
                new Polynomial("1 % off", 0, (x, g, gx) -> each(gx, i -> 1.01 * (2 * x[i] + 1) * g[i])),
                new Polynomial("0.001 % off", 0, (x, g, gx) -> each(gx, i -> 1.00001 * (2 * x[i] + 1) * g[i])),
                new Polynomial("missing term", 0, (x, g, gx) -> each(gx, i -> 2 * x[i] * g[i])),
                new Polynomial("upstream forgotten", 0, (x, g, gx) -> each(gx, i -> 2 * x[i] + 1)),
                new Polynomial(
                        "last element forgotten",
                        0,
                        (x, g, gx) -> each(gx, i -> i == gx.length - 1 ? 0 : (2 * x[i] + 1) * g[i])),
                new Polynomial("nothing added", 0, (x, g, gx) -> {}));
    }

    @Test
    void rightDerivativesPass() {
        assertThatCode(() -> check(new Polynomial("right", 0, RIGHT))).doesNotThrowAnyException();
        assertThatCode(() -> checkProduct(true)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongDerivativesAreCaught(Polynomial op) {
        assertThatThrownBy(() -> check(op))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(op.name() + ": gradient of input 0, element ");
    }

    @Test
    void assignmentInsteadOfAdditionIsCaughtByTheSecondPass() {
        Polynomial assigns = new Polynomial("assigns", 0, (x, g, gx) -> {
            Arrays.fill(gx, 0);
            RIGHT.add(x, g, gx);
        });
        assertThatThrownBy(() -> check(assigns))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("assigns: twice the gradient of input 0, element 0 is ");
    }

    @Test
    void wrongValueIsCaught() {
        assertThatThrownBy(() -> check(new Polynomial("off", 1e-5f, RIGHT)))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("off: value, element 0 is ");
    }

    @Test
    void transposedProductIsCaught() {
        assertThatThrownBy(() -> checkProduct(false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("gradient of input 0, element ");
    }

    private static void checkProduct(boolean transposed) {
        Formula formula = in -> {
            double[] y = new double[SIDE * SIDE];
            for (int i = 0; i < SIDE; i++) {
                for (int j = 0; j < SIDE; j++) {
                    for (int p = 0; p < SIDE; p++) {
                        y[i * SIDE + j] += in[0][i * SIDE + p] * in[1][p * SIDE + j];
                    }
                }
            }
            return y;
        };
        // inputs and upstream gradient are at most 1
        Bound bound = new Bound(2 * SIDE, "products and sums", (in, g) -> {
            double[] size = new double[SIDE * SIDE];
            Arrays.fill(size, SIDE);
            return size;
        });
        GradChecker.check(
                new Product(transposed),
                formula,
                bound,
                new Bound[] {bound, null},
                Samples.uniform(1, SIDE * SIDE, -1, 1),
                Tensor.matrix(SIDE, SIDE, Samples.uniform(2, SIDE * SIDE, -1, 1)),
                Tensor.matrix(SIDE, SIDE, Samples.uniform(3, SIDE * SIDE, -1, 1)));
    }
}
