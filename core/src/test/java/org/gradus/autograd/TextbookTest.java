package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Examples worked by hand. */
class TextbookTest {

    private static final Offset<Double> ROUNDING = within(1e-15);

    @Test
    void products() {
        assertThat(Textbook.matMul(2, 2, 2, new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8}))
                .containsExactly(19, 22, 43, 50);
        assertThat(Textbook.transpose(2, 3, new double[] {1, 2, 3, 4, 5, 6})).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Textbook.affine(
                        1, 2, 3, new double[] {1, 2}, new double[] {1, 0, 0, 1, 1, 1}, new double[] {10, 20, 30}))
                .containsExactly(11, 22, 33);
    }

    @Test
    void rowsServeEveryRow() {
        assertThat(Textbook.each((a, b) -> a - b, new double[] {1, 2, 3, 4}, new double[] {1, 2}))
                .containsExactly(0, 0, 2, 2);
    }

    @Test
    void activations() {
        assertThat(Textbook.relu(-2)).isZero();
        assertThat(Textbook.prelu(-2, 0.25)).isEqualTo(-0.5);
        assertThat(Textbook.prelu(2, 0.25)).isEqualTo(2);
        assertThat(Textbook.sigmoid(0)).isEqualTo(0.5);
        assertThat(Textbook.sigmoid(StrictMath.log(3))).isEqualTo(0.75, ROUNDING);
        assertThat(Textbook.normalizeRows(2, 2, new double[] {3, 4, 0, 0})).containsExactly(0.6, 0.8, 0, 0);
    }

    @Test
    void losses() {
        assertThat(Textbook.mean(new double[] {1, 2, 6})).isEqualTo(3);
        assertThat(Textbook.mse(new double[] {1, 2}, new double[] {0, 4})).isEqualTo(2.5);
        assertThat(Textbook.bce(new double[] {0.5, 0.25}, new double[] {1, 0}))
                .isEqualTo((StrictMath.log(2) + StrictMath.log(4.0 / 3)) / 2, ROUNDING);
        assertThat(Textbook.bce(new double[] {0, 1}, new double[] {1, 1})).isEqualTo(50);
        assertThat(Textbook.bceWithLogits(new double[] {0}, new double[] {0.3})).isEqualTo(StrictMath.log(2), ROUNDING);
        double[] logits = {0, StrictMath.log(3)};
        assertThat(Textbook.softmax(2, logits, 0)).containsExactly(new double[] {0.25, 0.75}, ROUNDING);
        assertThat(Textbook.softmaxCrossEntropy(1, 2, logits, new double[] {0})).isEqualTo(StrictMath.log(4), ROUNDING);
    }
}
