package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The textbook formulas of the operations, in double, against examples worked by hand. {@code OpFixturesTest} compares them with
 * PyTorch; what is above doubt in both is the oracle of the gradient checks.
 */
@Tag("once")
class TextbookTest {

    private static final Offset<Double> ROUNDING = within(1e-15);
    private static final double LN2 = StrictMath.log(2);
    private static final double LN3 = StrictMath.log(3);

    private static double[] of(Op op, Tensor... in) {
        double[][] numbers = new double[in.length][];
        for (int i = 0; i < in.length; i++) {
            numbers[i] = Floats.widened(in[i].data());
        }
        return op.textbook(Tensor.shapesOf(in), numbers);
    }

    /** In double, which floats could not hold. */
    private static double[] of(Op op, double[]... in) {
        Shape[] shapes = new Shape[in.length];
        for (int i = 0; i < in.length; i++) {
            shapes[i] = Shape.of(in[i].length);
        }
        return op.textbook(shapes, in);
    }

    private static double[] row(double... numbers) {
        return numbers;
    }

    @Test
    void products() {
        assertThat(of(new MatMulOp(), Tensor.matrix(2, 2, 1, 2, 3, 4), Tensor.matrix(2, 2, 5, 6, 7, 8)))
                .containsExactly(19, 22, 43, 50);
        assertThat(of(
                        new AffineOp(),
                        Tensor.matrix(1, 2, 1, 2),
                        Tensor.matrix(3, 2, 1, 0, 0, 1, 1, 1),
                        Tensor.vector(10, 20, 30)))
                .containsExactly(11, 22, 33);
    }

    @Test
    void rowsServeEveryRow() {
        Tensor x = Tensor.matrix(2, 2, 1, 2, 3, 4);
        Tensor y = Tensor.vector(1, 2);
        assertThat(of(new AddOp(), x, y)).containsExactly(2, 4, 4, 6);
        assertThat(of(new SubOp(), x, y)).containsExactly(0, 0, 2, 2);
        assertThat(of(new MulOp(), x, y)).containsExactly(1, 4, 3, 8);
        assertThat(of(new DivOp(), x, y)).containsExactly(1, 1, 3, 2);
    }

    @Test
    void oneNumberToOne() {
        assertThat(of(new ScaleOp(2.5f), row(-2, 3))).containsExactly(-5, 7.5);
        assertThat(of(new ReluOp(), row(-2, 0, 2))).containsExactly(0, 0, 2);
        assertThat(of(new PReluOp(), row(-2, 0, 2), row(0.25))).containsExactly(-0.5, 0, 2);
        assertThat(of(new SigmoidOp(), row(0, LN3))).containsExactly(row(0.5, 0.75), ROUNDING);
        assertThat(of(new TanhOp(), row(0, LN2))).containsExactly(row(0, 0.6), ROUNDING);
        assertThat(of(new ExpOp(), row(0, LN3))).containsExactly(row(1, 3), ROUNDING);
        assertThat(of(new LogOp(), row(1, 2))).containsExactly(row(0, LN2), ROUNDING);
    }

    @Test
    void rowsAndSums() {
        assertThat(of(new NormalizeRowsOp(), Tensor.matrix(2, 2, 3, 4, 0, 0))).containsExactly(0.6, 0.8, 0, 0);
        assertThat(of(new SumOp(), row(1, 2, 6))).containsExactly(9);
        assertThat(of(new MeanOp(), row(1, 2, 6))).containsExactly(3);
        assertThat(of(new ReshapeOp(Shape.of(3, 1)), row(1, 2, 6))).containsExactly(1, 2, 6);
    }

    @Test
    void losses() {
        assertThat(of(new MseOp(), row(1, 2), row(0, 4))).containsExactly(2.5);
        assertThat(of(new BceOp(), row(0.5, 0.25), row(1, 0)))
                .containsExactly(row((LN2 + StrictMath.log(4.0 / 3)) / 2), ROUNDING);
        assertThat(of(new BceWithLogitsOp(), row(0), row(0.3))).containsExactly(row(LN2), ROUNDING);
        // the probability of right is 3/4, of wrong 1/4: ln(4/3) and, with the classes the other way, ln 4
        assertThat(of(new BceWithLogitsOp(), row(LN3, LN3), row(1, 0)))
                .containsExactly(row((StrictMath.log(4.0 / 3) + 2 * LN2) / 2), ROUNDING);
        Shape[] shapes = {Shape.of(1, 2), Shape.of(1)};
        assertThat(new SoftmaxCrossEntropyOp().textbook(shapes, new double[][] {{0, LN3}, {0}}))
                .containsExactly(row(2 * LN2), ROUNDING);
    }

    /** Clamps hold beyond 0 and 1 too, where differences may lead, and nothing overflows. */
    @Test
    void edges() {
        assertThat(of(new BceOp(), row(0, 1), row(1, 1))).containsExactly(50);
        assertThat(of(new BceOp(), row(-1e-9, 1 + 1e-9), row(1, 0))).containsExactly(100);
        Shape[] shapes = {Shape.of(1, 2), Shape.of(1)};
        assertThat(new SoftmaxCrossEntropyOp().textbook(shapes, new double[][] {{1000, 0}, {1}}))
                .containsExactly(1000);
        assertThat(of(new BceWithLogitsOp(), row(-1000, 1000), row(1, 0))).containsExactly(1000);
    }
}
