package org.gradus.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.testing.GradChecker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation of {@link Bce} says of numbers that are no probabilities, and of the two ends. */
class BceTest {

    /** Enough for every width of vectors, and a rest. */
    private static final int N = 40;

    private final Tensor p = Tensor.zeros(N).trainable();
    private final Tensor y = Tensor.zeros(N).trainable();

    private float loss(float output, float target) {
        Arrays.fill(p.data(), output);
        Arrays.fill(y.data(), target);
        p.zeroGrad();
        y.zeroGrad();
        Tape tape = Tape.fresh();
        Tensor loss = tape.input(p).bce(tape.input(y));
        loss.backward();
        return loss.item();
    }

    @ParameterizedTest
    @ValueSource(floats = {-3, -0.25f, -1e-30f, 1 + 0x1p-23f, 1.5f, 7})
    void outsideZeroToOneLossAndGradientOfTheTargetAreNaN(float output) {
        for (float target : new float[] {0, 0.5f, 1}) {
            assertThat(loss(output, target)).isNaN();
            double expected = 1e12 * ((double) output - target) / N;
            for (int i = 0; i < N; i++) {
                // roundings: difference, 1e-12, quotient, 1 / N, product
                assertThat((double) p.grad()[i]).isEqualTo(expected, within(5.1 * GradChecker.U * Math.abs(expected)));
                assertThat(y.grad()[i]).isNaN();
            }
        }
    }

    @Test
    void atTheEndsTheLogarithmIsClamped() {
        assertThat(loss(0, 1)).isEqualTo(100);
        assertThat(loss(1, 0)).isEqualTo(100);
        assertThat(loss(0, 0)).isZero();
        assertThat(loss(1, 1)).isZero();
    }
}
