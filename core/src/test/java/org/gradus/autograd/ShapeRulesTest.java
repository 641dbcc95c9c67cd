package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole text of every message about shapes: operation, roles, both shapes, the clash, the way out. */
class ShapeRulesTest {

    private static final Shape CUBE = Shape.of(2, 3, 4);

    static Stream<Arguments> clashes() {
        return Stream.of(
                clash(
                        new MatMulOp(),
                        "matMul: x [64,784] cannot multiply W [128,784]: columns of x (784) must equal rows of W (128). "
                                + "Did you mean the transpose of W?",
                        Shape.of(64, 784),
                        Shape.of(128, 784)),
                clash(
                        new MatMulOp(),
                        "matMul: x [2,3] cannot multiply W [4,5]: columns of x (3) must equal rows of W (4).",
                        Shape.of(2, 3),
                        Shape.of(4, 5)),
                clash(
                        new MatMulOp(),
                        "matMul: x [2,3,4] must be a matrix [rows,columns]; reshape() it",
                        CUBE,
                        Shape.of(4, 5)),
                clash(
                        new MatMulOp(),
                        "matMul: W [4] must be a matrix [rows,columns]; reshape() it",
                        Shape.of(3, 4),
                        Shape.of(4)),
                clash(
                        new AffineOp(),
                        "affine: x [64,784] does not fit W [784,128]: columns of x (784) must equal columns of W (128), "
                                + "which is stored as [out,in]. Did you mean the transpose of W?",
                        Shape.of(64, 784),
                        Shape.of(784, 128),
                        Shape.of(128)),
                clash(
                        new AffineOp(),
                        "affine: x [2,3] does not fit W [4,5]: columns of x (3) must equal columns of W (5), which is stored "
                                + "as [out,in].",
                        Shape.of(2, 3),
                        Shape.of(4, 5),
                        Shape.of(4)),
                clash(
                        new AffineOp(),
                        "affine: bias [784] does not fit W [128,784]: needs length 128, the number of rows of W",
                        Shape.of(64, 784),
                        Shape.of(128, 784),
                        Shape.of(784)),
                clash(
                        new AffineOp(),
                        "affine: bias [1,128] does not fit W [128,784]: needs length 128, the number of rows of W",
                        Shape.of(64, 784),
                        Shape.of(128, 784),
                        Shape.of(1, 128)),
                clash(
                        new AffineOp(),
                        "affine: x [784] must be a matrix [rows,columns]; reshape() it",
                        Shape.of(784),
                        Shape.of(128, 784),
                        Shape.of(128)),
                clash(
                        new AddOp(),
                        "add: x [64,10] and y [64] do not fit: y must have the shape of x, or be one row of 10; reshape y, or swap "
                                + "the two if y is the larger",
                        Shape.of(64, 10),
                        Shape.of(64)),
                clash(
                        new SubOp(),
                        "sub: x [10] and y [64,10] do not fit: y must have the shape of x, or be one row of 10; reshape y, or swap "
                                + "the two if y is the larger",
                        Shape.of(10),
                        Shape.of(64, 10)),
                clash(
                        new MulOp(),
                        "mul: x [] and y [1] do not fit: y must have the shape of x, or be one row of 1; reshape y, or swap the two "
                                + "if y is the larger",
                        Shape.SCALAR,
                        Shape.of(1)),
                clash(
                        new DivOp(),
                        "div: x [2,3] and y [] do not fit: y must have the shape of x, or be one row of 3; reshape y, or swap the two "
                                + "if y is the larger",
                        Shape.of(2, 3),
                        Shape.SCALAR),
                clash(
                        new PReluOp(),
                        "prelu: slope [3] does not fit x [64,10]: needs length 1, or 10, the number of columns",
                        Shape.of(64, 10),
                        Shape.of(3)),
                clash(
                        new PReluOp(),
                        "prelu: slope [] does not fit x [64,10]: needs length 1, or 10, the number of columns",
                        Shape.of(64, 10),
                        Shape.SCALAR),
                clash(
                        new ReshapeOp(Shape.of(5, 5)),
                        "reshape: x [2,3,4] has 24 elements and cannot become [5,5], which has 25",
                        CUBE),
                clash(new MseOp(), loss("mse", "[64,784]", "[64,10]"), Shape.of(64, 784), Shape.of(64, 10)),
                clash(new BceOp(), loss("bce", "[64,784]", "[784]"), Shape.of(64, 784), Shape.of(784)),
                clash(new BceWithLogitsOp(), loss("bceWithLogits", "[3]", "[]"), Shape.of(3), Shape.SCALAR),
                clash(
                        new SoftmaxCrossEntropyOp(),
                        "softmaxCrossEntropy: classes [10] do not fit logits [64,10]: needs length 64, one class number per row",
                        Shape.of(64, 10),
                        Shape.of(10)),
                clash(
                        new SoftmaxCrossEntropyOp(),
                        "softmaxCrossEntropy: logits [10] must be a matrix [rows,columns]; reshape() it",
                        Shape.of(10),
                        Shape.of(10)));
    }

    private static Arguments clash(Op op, String message, Shape... in) {
        return Arguments.of(op, message, in);
    }

    private static String loss(String op, String output, String target) {
        return op + ": output " + output + " and target " + target
                + " must have the same shape; is the target the batch that the output was computed from?";
    }

    @ParameterizedTest
    @MethodSource("clashes")
    void saysWhatDoesNotFit(Op op, String message, Shape... in) {
        assertThatThrownBy(() -> op.shapeOf(in))
                .isInstanceOf(ShapeException.class)
                .hasMessage(message);
    }

    @Test
    void shapesThatFit() {
        assertThat(new MatMulOp().shapeOf(Shape.of(2, 3), Shape.of(3, 4))).isEqualTo(Shape.of(2, 4));
        assertThat(new AffineOp().shapeOf(Shape.of(2, 3), Shape.of(4, 3), Shape.of(4)))
                .isEqualTo(Shape.of(2, 4));
        assertThat(new AddOp().shapeOf(CUBE, Shape.of(4))).isEqualTo(CUBE);
        assertThat(new AddOp().shapeOf(Shape.SCALAR, Shape.SCALAR)).isEqualTo(Shape.SCALAR);
        assertThat(new PReluOp().shapeOf(CUBE, Shape.of(1))).isEqualTo(CUBE);
        assertThat(new ReshapeOp(Shape.of(24)).shapeOf(CUBE)).isEqualTo(Shape.of(24));
        assertThat(new MseOp().shapeOf(CUBE, CUBE)).isEqualTo(Shape.SCALAR);
    }

    @Test
    void wrongClassesAreNamedWithTheirPlace() {
        Tensor logits = Tensor.zeros(2, 3);
        for (float wrong : new float[] {3, -1, 0.5f, Float.NaN}) {
            assertThatThrownBy(() -> logits.softmaxCrossEntropy(Tensor.vector(0, wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("softmaxCrossEntropy: class[1] is " + wrong + ", expected a whole number from 0 to 2");
        }
    }
}
