package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTest {

    @Test
    void isMadeAroundAnArrayThatIsNotCopied() {
        float[] numbers = {1, 2, 3, 4, 5, 6};
        Tensor x = Tensor.matrix(2, 3, numbers);
        numbers[5] = 60;
        assertThat(x.data()).isSameAs(numbers);
        assertThat(x.get(1, 2)).isEqualTo(60);
        assertThat(x.get(0, 1)).isEqualTo(2);
        assertThat(Tensor.vector(1, 2).shape()).isEqualTo(Shape.of(2));
        assertThat(Tensor.scalar(3).item()).isEqualTo(3);
        assertThat(Tensor.zeros(2, 2).data()).containsExactly(0, 0, 0, 0);
    }

    @Test
    void refusesAnArrayOfAnotherLength() {
        assertThatThrownBy(() -> Tensor.matrix(2, 3, 1, 2, 3))
                .isInstanceOf(ShapeException.class)
                .hasMessage("tensor: shape [2,3] needs 6 numbers but the array has 3");
    }

    @Test
    void refusesAnElementThatIsNotThere() {
        Tensor x = Tensor.matrix(2, 3, 1, 2, 3, 4, 5, 6);
        int[][] outside = {{0, 5}, {0, 3}, {2, 0}, {-1, 3}, {1, -1}};
        for (int[] at : outside) {
            assertThatThrownBy(() -> x.get(at[0], at[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("get: no element [" + at[0] + "," + at[1] + "] in tensor [2,3]");
        }
        assertThatThrownBy(() -> Tensor.scalar(7).named("loss").get(0, 1))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("get: no element [0,1] in tensor 'loss' []");
        assertThat(Tensor.scalar(7).get(0, 0)).isEqualTo(7);
    }

    @Test
    void emptyTensorsAreRefused() {
        assertThatThrownBy(() -> Tensor.vector()).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.zeros(2, 0)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.vector(1, 2).reshape(2, 0)).isInstanceOf(ShapeException.class);
    }

    @Test
    void onlyASingleNumberIsAnItem() {
        assertThat(Tensor.matrix(1, 1, 7).item()).isEqualTo(7);
        assertThatThrownBy(() -> Tensor.vector(1, 2).named("losses").item())
                .isInstanceOf(ShapeException.class)
                .hasMessage("item: tensor 'losses' [2] has 2 numbers; reduce it with mean() or sum()");
    }

    @Test
    void hasAGradientOnlyIfItAskedForOne() {
        Tensor x = Tensor.vector(1, 2);
        assertThat(x.requiresGrad()).isFalse();
        assertThatThrownBy(x::grad)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor [2] has no gradient: call trainable() before using it on a tape");
        assertThat(x.trainable().grad()).containsExactly(0, 0);
        x.grad()[1] = 5;
        x.zeroGrad();
        assertThat(x.grad()).containsExactly(0, 0);
    }

    @Test
    void zeroGradOfATensorWithoutOneDoesNothing() {
        Tensor x = Tensor.vector(1);
        x.zeroGrad();
        assertThat(x.requiresGrad()).isFalse();
    }

    @Test
    void gradientCannotBeAskedForOnATape() {
        Tensor x = Tape.fresh().input(Tensor.vector(1).named("x"));
        assertThatThrownBy(x::trainable)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("tensor 'x' already belongs to a tape: call trainable() before input()");
    }

    @Test
    void copyIsIndependent() {
        Tensor x = Tensor.vector(1, 2).named("x").trainable();
        Tensor copy = x.copy();
        copy.data()[0] = 9;
        assertThat(x.data()).containsExactly(1, 2);
        assertThat(copy.name()).isEqualTo("x");
        assertThat(copy.requiresGrad()).isFalse();
    }

    @Test
    void printsNameShapeAndTheFirstNumbers() {
        assertThat(Tensor.vector(1, 2)).hasToString("tensor [2] [1. 2.]");
        assertThat(Tensor.zeros(2, 4).named("w")).hasToString("tensor 'w' [2,4]\n[[0. 0. 0. 0.]\n [0. 0. 0. 0.]]");
    }

    @Test
    void withoutATapeItJustComputes() {
        Tensor w = Tensor.matrix(1, 2, 3, 4).trainable();
        Tensor y = Tensor.matrix(1, 2, 1, 2).affine(w, Tensor.vector(5));
        assertThat(y.item()).isEqualTo(16);
        assertThat(y.requiresGrad()).isFalse();
        assertThatThrownBy(y::backward)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "backward: tensor 'affine' [1,1] was not recorded; begin with tape.input(...) so that operations go "
                                + "on the tape");
    }
}
