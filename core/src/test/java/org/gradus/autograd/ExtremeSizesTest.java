package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.gradus.nn.NormalizeLayer;
import org.junit.jupiter.api.Test;

/**
 * Squares, sums and products that a float does not hold, though it holds what they are made of. PyTorch's values, from {@code
 * scripts/reference/extreme_sizes.py}; the gradient before the operation is 1, 2, 3.
 */
class ExtremeSizesTest {

    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final float NAN = Float.NaN;

    private static float[] row(float... values) {
        return values;
    }

    private static void check(UnaryOperator<Tensor> op, Tensor x, float[] value, float[] gradient) {
        Tensor leaf = x.copy().trainable();
        Tensor y = op.apply(Tape.fresh().input(leaf));
        String of = " of " + Arrays.toString(x.data());
        assertClose("value" + of, y.data(), value);
        float[] upstream = new float[y.size()];
        for (int i = 0; i < upstream.length; i++) {
            upstream[i] = i + 1;
        }
        y.mul(Tensor.of(y.shape(), upstream)).sum().backward();
        assertClose("gradient" + of, leaf.grad(), gradient);
    }

    /** A few roundings of the largest number apart. */
    private static void assertClose(String what, float[] actual, float[] expected) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        float largest = 0;
        for (float e : expected) {
            largest = Float.isFinite(e) ? Math.max(largest, Math.abs(e)) : largest;
        }
        for (int i = 0; i < expected.length; i++) {
            if (Float.isFinite(expected[i])) {
                assertThat(actual[i])
                        .as("%s, %d", what, i)
                        .isCloseTo(expected[i], Offset.offset(4 * Math.ulp(largest)));
            } else {
                assertThat(actual[i]).as("%s, %d", what, i).isEqualTo(Float.valueOf(expected[i]));
            }
        }
    }

    @Test
    void longRowsBecomeZerosWhenNormalised() {
        for (UnaryOperator<Tensor> op :
                List.<UnaryOperator<Tensor>>of(Tensor::normalizeRows, new NormalizeLayer()::forward)) {
            float[] zeros = row(0, 0, 0);
            float third = 0.57735026f;
            check(op, rowOf(1e20f, 1, 1), zeros, zeros);
            check(op, rowOf(3e38f, 3e38f, 3e38f), zeros, zeros);
            check(op, rowOf(1.5e19f, 1, 1), row(1, 6.6666667e-20f, 6.6666667e-20f), row(0, 1.3333333e-19f, 2e-19f));
            check(
                    op,
                    rowOf(1e19f, 1e19f, 1e19f),
                    row(third, third, third),
                    row(-5.773502e-20f, 1.2924697e-26f, 5.7735035e-20f));
            check(op, rowOf(1e-25f, 1e-25f, 0), row(1e-13f, 1e-13f, 0), row(1e12f, 2e12f, 3e12f));
            check(op, rowOf(3e-23f, 4e-23f, 0), row(3e-11f, 4e-11f, 0), row(1e12f, 2e12f, 3e12f));
            check(op, rowOf(1e-20f, 3e-12f, 0), row(3.3333332e-9f, 1, 0), row(3.3333333e11f, 0, 1e12f));
            check(op, rowOf(INFINITY, 1, 1), row(NAN, 0, 0), row(NAN, NAN, NAN));
            check(op, rowOf(NAN, 1, 1), row(NAN, NAN, NAN), row(NAN, NAN, NAN));
            check(op, rowOf(0, 0, 0), zeros, row(1e12f, 2e12f, 3e12f));
        }
    }

    private static Tensor rowOf(float... values) {
        return Tensor.matrix(1, values.length, values);
    }

    @Test
    void squaredErrorsOverflowAndVanish() {
        UnaryOperator<Tensor> mse = x -> x.mse(Tensor.zeros(2));
        check(mse, Tensor.vector(3e20f, 1), row(INFINITY), row(3e20f, 1));
        check(mse, Tensor.vector(1e19f, 2e19f), row(INFINITY), row(1e19f, 2e19f));
        check(mse, Tensor.vector(1e-22f, 2e-22f), row(2.5e-44f), row(1e-22f, 2e-22f));
        check(mse, Tensor.vector(1e-25f, 2e-25f), row(0), row(1e-25f, 2e-25f));
    }

    /** Which sums of some elements overflow depends on the order: PyTorch's is infinite for the last of these. */
    @Test
    void sumsOverflow() {
        Tensor large = Tensor.vector(3e38f, 3e38f);
        check(Tensor::sum, large, row(INFINITY), row(1, 1));
        check(Tensor::mean, large, row(INFINITY), row(0.5f, 0.5f));
        Tensor small = Tensor.vector(Float.MIN_VALUE, Float.MIN_VALUE);
        check(Tensor::sum, small, row(2 * Float.MIN_VALUE), row(1, 1));
        check(Tensor::mean, small, row(Float.MIN_VALUE), row(0.5f, 0.5f));
        check(Tensor::sum, Tensor.vector(3e38f, 3e38f, -3e38f), row(3e38f), row(1, 1, 1));
    }

    /** A product of three factors, G x / y^2: in PyTorch's order, the quotient of the last two first. */
    @Test
    void gradientOfADivisorIsThatOfPyTorch() {
        float[][] rows = { // x, y, gradient of the quotient, of x, of y
            {1e30f, 1e20f, 1e30f, 1e10f, -1e20f},
            {1e-30f, 1e-10f, 1e-30f, 1e-20f, -9.99995e-41f},
            {1e38f, 1e19f, 1e25f, 1e6f, -1e25f},
            {1e20f, 1e-10f, 1e-20f, 1e-10f, Float.NEGATIVE_INFINITY},
        };
        for (float[] r : rows) {
            Tensor x = Tensor.vector(r[0]).trainable();
            Tensor y = Tensor.vector(r[1]).trainable();
            Tape tape = Tape.fresh();
            tape.input(x).div(tape.input(y)).mul(Tensor.vector(r[2])).sum().backward();
            assertClose("gradient of x, " + Arrays.toString(r), x.grad(), row(r[3]));
            assertClose("gradient of y, " + Arrays.toString(r), y.grad(), row(r[4]));
        }
    }
}
