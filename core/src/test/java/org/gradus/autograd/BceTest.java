package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import org.gradus.nn.BCELoss;
import org.gradus.nn.BCEWithLogitsLoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation of {@link BceOp} and {@link BceWithLogitsOp} says of numbers that are no probabilities, and of the two ends. */
class BceTest {

    /** Enough for every width of vectors, and a rest. */
    private static final int ROWS = 3;

    private static final int COLUMNS = 37;

    private final Tensor p = Tensor.zeros(ROWS, COLUMNS).trainable();
    private final Tensor y = Tensor.zeros(ROWS, COLUMNS);

    private Tensor loss() {
        Tape tape = Tape.fresh();
        return tape.input(p).bce(tape.input(y));
    }

    private float loss(float output, float target) {
        Arrays.fill(p.data(), output);
        Arrays.fill(y.data(), target);
        return loss().item();
    }

    @ParameterizedTest
    @ValueSource(
            floats = {
                -3,
                -0.25f,
                -1e-30f,
                -Float.MIN_VALUE,
                1 + 0x1p-23f,
                1.5f,
                7,
                255,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY
            })
    void outsideZeroToOneIsRefusedWhereverItIs(float wrong) {
        for (int at = 0; at < ROWS * COLUMNS; at++) {
            String place = "[" + at / COLUMNS + "," + at % COLUMNS + "] is " + wrong + ", in sample " + at / COLUMNS
                    + ", outside [0,1]. ";
            Arrays.fill(p.data(), 0.5f);
            Arrays.fill(y.data(), 1);
            y.data()[at] = wrong;
            String targets = "Targets are probabilities; scale them, grey values from 0 to 255 for example by 1/255";
            assertThatThrownBy(this::loss)
                    .isInstanceOf(DomainException.class)
                    .hasMessage("bce: target " + place + targets);
            assertThatThrownBy(() -> p.bceWithLogits(y))
                    .isInstanceOf(DomainException.class)
                    .hasMessage("bceWithLogits: target " + place + targets);
            for (float target : new float[] {0, 0.5f, 1, Float.NaN}) {
                Arrays.fill(y.data(), target);
                p.data()[at] = wrong;
                assertThatThrownBy(this::loss)
                        .isInstanceOf(DomainException.class)
                        .hasMessage(
                                "bce: output " + place
                                        + "Outputs must be probabilities; end the network with a Sigmoid, or use BCEWithLogitsLoss without one");
            }
        }
    }

    @Test
    void theFirstElementOfTheFirstSampleIsNamed() {
        Arrays.fill(p.data(), 0.5f);
        p.data()[2 * COLUMNS + 1] = 2;
        p.data()[COLUMNS + 5] = -1;
        DomainException wrong = catchThrowableOfType(DomainException.class, this::loss);
        assertThat(wrong).hasMessageStartingWith("bce: output [1,5] is -1.0, in sample 1, ");
        assertThat(wrong.sample()).isEqualTo(1);
        DomainException placed = wrong.during("batch 7");
        assertThat(placed).hasMessage("batch 7: " + wrong.getMessage());
        assertThat(placed.sample()).isEqualTo(1);
    }

    @Test
    void aReplayIsCheckedAsTheRecordingWas() {
        Arrays.fill(p.data(), 0.5f);
        Tensor loss = loss();
        Tape tape = loss.tape().orElseThrow();
        p.data()[40] = 1.5f;
        assertThatThrownBy(tape::replay)
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("bce: output [1,3] is 1.5, in sample 1, ");
        p.data()[40] = 0.5f;
        y.data()[3] = 16;
        assertThatThrownBy(tape::replay)
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("bce: target [0,3] is 16.0, in sample 0, ");
        y.data()[3] = 0;
        tape.replay();
        loss.backward();
        assertThat(p.grad()[40]).isPositive();
    }

    @Test
    void notANumberPasses() {
        assertThat(loss(Float.NaN, 0.5f)).isNaN();
        assertThat(loss(0.5f, Float.NaN)).isNaN();
        assertThat(p.bceWithLogits(y).item()).isNaN();
    }

    @Test
    void samplesAreCountedAlongTheFirstAxis() {
        Tensor images = Tensor.of(Shape.of(2, 1, 2, 2), 0, 0, 0, 0, 0, 0, 3, 0);
        assertThatThrownBy(() -> images.bce(images))
                .hasMessageStartingWith("bce: target [1,0,1,0] is 3.0, in sample 1, outside [0,1].");
        assertThatThrownBy(() -> Tensor.scalar(3).bce(Tensor.scalar(1)))
                .hasMessageStartingWith("bce: output [] is 3.0, in sample 0, outside [0,1].");
    }

    @Test
    void lossesLookAtAWholeSet() {
        Tensor set = Tensor.matrix(2, 2, 0, 1, 0.5f, 255);
        for (Loss loss : new Loss[] {new BCELoss(), new BCEWithLogitsLoss()}) {
            assertThatThrownBy(() -> loss.requireTargets(set))
                    .isInstanceOf(DomainException.class)
                    .hasMessageStartingWith(loss.name() + ": target [1,1] is 255.0, in sample 1, outside [0,1].");
            loss.requireTargets(Tensor.matrix(2, 2, 0, 1, 0.5f, Float.NaN));
        }
        new MSELoss().requireTargets(set);
        new CrossEntropyLoss().requireTargets(Tensor.vector(0, 1, 9));
        assertThatThrownBy(() -> new CrossEntropyLoss().requireTargets(Tensor.vector(0, 1, 0.5f)))
                .isInstanceOf(DomainException.class)
                .hasMessage("softmaxCrossEntropy: class[2] is 0.5, expected a whole number from 0 on");
    }

    @Test
    void atTheEndsTheLogarithmIsClamped() {
        assertThat(loss(0, 1)).isEqualTo(100);
        assertThat(loss(1, 0)).isEqualTo(100);
        assertThat(loss(0, 0)).isZero();
        assertThat(loss(1, 1)).isZero();
        assertThat(loss(-0f, 1)).isEqualTo(100);
    }
}
