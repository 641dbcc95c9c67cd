package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;

class TapeTest {

    // ---- the chain rule -------------------------------------------------------------------------------------------

    @Test
    void tensorUsedTwiceCollectsBothContributions() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 3);
        Tensor y = x.mul(x).add(x);
        y.backward();
        assertThat(x.grad()).containsExactly(7);
    }

    /** h = 2x, y = h^2 + h, dy/dx = (2h + 1) 2; the gradient of h starts from zero once, not at each use. */
    @Test
    void resultUsedSeveralTimesCollectsAllContributions() {
        Tape tape = Tape.reusing();
        Tensor x = tape.variable("x", 3);
        Tensor h = x.scale(2);
        h.mul(h).add(h).backward();
        assertThat(h.grad()).containsExactly(13);
        assertThat(x.grad()).containsExactly(26);
    }

    @Test
    void fanOutReachesEveryUse() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 2);
        Tensor loss = x;
        for (int use = 0; use < 10; use++) {
            loss = loss.add(x);
        }
        loss.backward();
        assertThat(x.grad()).containsExactly(11);
    }

    /** y = (2x)(x^2) = 2x^3, dy/dx = 6x^2. */
    @Test
    void diamond() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 3);
        Tensor left = x.scale(2);
        Tensor right = x.mul(x);
        Tensor y = left.mul(right);
        y.backward();
        assertThat(y.item()).isEqualTo(54);
        assertThat(left.grad()).containsExactly(9);
        assertThat(right.grad()).containsExactly(6);
        assertThat(x.grad()).containsExactly(54);
    }

    /** The derivative of ln at 0 is infinite, and 0 times infinity is NaN: a branch that the loss ignores must not be walked. */
    @Test
    void unusedBranchIsLeftAlone() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 0);
        Tensor unused = x.log();
        Tensor y = x.scale(3);
        y.backward();
        assertThat(unused.item()).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(x.grad()).containsExactly(3);
        assertThat(unused.grad()).containsExactly(0);
    }

    @Test
    void stepsAfterTheLossAreLeftAlone() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 2);
        Tensor loss = x.mul(x);
        Tensor later = loss.scale(100);
        loss.backward();
        assertThat(x.grad()).containsExactly(4);
        assertThat(later.grad()).containsExactly(0);
    }

    @Test
    void inputIsItsOwnDerivative() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 2);
        x.backward();
        assertThat(x.grad()).containsExactly(1);
    }

    @Test
    void longChainNeedsNoStack() {
        Tape tape = Tape.reusing();
        Tensor x = tape.variable("x", 1);
        Tensor one = Tensor.scalar(1);
        Tensor y = x;
        for (int i = 0; i < 100_000; i++) {
            y = y.add(one);
        }
        y.backward();
        assertThat(y.item()).isEqualTo(100_001);
        assertThat(x.grad()).containsExactly(1);
    }

    /** The example on the front page of micrograd (A. Karpathy), whose results are printed there. */
    @Test
    void micrograd() {
        Tape tape = Tape.fresh();
        Tensor a = tape.variable("a", -4);
        Tensor b = tape.variable("b", 2);
        Tensor one = Tensor.scalar(1);
        Tensor c = a.add(b);
        Tensor d = a.mul(b).add(b.mul(b).mul(b));
        c = c.add(c.add(one));
        c = c.add(one.add(c).sub(a));
        d = d.add(d.scale(2).add(b.add(a).relu()));
        d = d.add(d.scale(3).add(b.sub(a).relu()));
        Tensor e = c.sub(d);
        Tensor f = e.mul(e);
        Tensor g = f.scale(0.5f).add(Tensor.scalar(10).div(f));
        g.backward();
        assertPublished(g.item(), 24.7041);
        assertPublished(a.grad()[0], 138.8338);
        assertPublished(b.grad()[0], 645.5773);
    }

    /** Four decimals are printed; no path through the expression has more than 16 roundings. */
    private static void assertPublished(double actual, double published) {
        assertThat(actual).isEqualTo(published, within(0.00005 + 16 * 0x1p-24 * published));
    }

    @Test
    void textSaysHowManyOperationsItHolds() {
        Tape tape = Tape.fresh();
        assertThat(tape).hasToString("Tape, step 1: 0 operations");
        Tensor x = tape.variable("x", 2).exp();
        assertThat(tape).hasToString("Tape, step 1: 1 operation");
        x.log();
        assertThat(tape).hasToString("Tape, step 1: 2 operations");
        tape.begin();
        assertThat(tape).hasToString("Tape, step 2: 0 operations");
    }

    @Test
    void gradientsOfParametersCollectUntilZeroGrad() {
        Tensor w = Tensor.scalar(3).trainable();
        Tape tape = Tape.reusing();
        for (int step = 1; step <= 3; step++) {
            tape.begin();
            tape.input(Tensor.scalar(2)).mul(w).backward();
            assertThat(w.grad()).containsExactly(2 * step);
        }
        w.zeroGrad();
        assertThat(w.grad()).containsExactly(0);
    }

    @Test
    void gradientsOfResultsStartFromZeroEachStep() {
        Tape tape = Tape.reusing();
        for (int step = 0; step < 3; step++) {
            tape.begin();
            Tensor x = tape.variable("x", 2);
            Tensor square = x.mul(x);
            square.scale(5).backward();
            assertThat(square.grad()).containsExactly(5);
        }
    }

    @Test
    void inputSharesNumbersAndGradientWithItsTensor() {
        Tensor w = Tensor.vector(1, 2).named("w").trainable();
        Tape tape = Tape.fresh();
        Tensor bound = tape.input(w);
        assertThat(bound.data()).isSameAs(w.data());
        assertThat(bound.grad()).isSameAs(w.grad());
        assertThat(bound.name()).isEqualTo("w");
        bound.sum().backward();
        assertThat(w.grad()).containsExactly(1, 1);
    }

    // ---- what is refused ------------------------------------------------------------------------------------------

    @Test
    void secondWalkIsRefusedUntilTheNextRecordingOrReplay() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 3);
        Tensor y = x.mul(x);
        y.backward();
        assertThatThrownBy(y::backward)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "backward: step 1 of this tape was already walked back; a second walk would add every parameter's "
                                + "gradient twice. Add the losses before one backward(), or begin() and record again");
        assertThat(x.grad()).containsExactly(6);
        tape.replay();
        y.backward();
        assertThat(x.grad()).containsExactly(12);
    }

    @Test
    void lossOfSeveralNumbersIsRefused() {
        Tensor x = Tape.fresh().input(Tensor.zeros(64, 10).trainable());
        assertThatThrownBy(() -> x.relu().backward())
                .isInstanceOf(ShapeException.class)
                .hasMessage("backward: loss must be a single number but is [64,10]; reduce it with mean() or sum()");
    }

    @Test
    void lossThatDependsOnNothingLearnedIsRefused() {
        Tensor loss = Tape.fresh().input(Tensor.vector(1, 2)).sum();
        assertThatThrownBy(loss::backward)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "backward: nothing that 'sum' was computed from requires a gradient; call trainable() on the tensors "
                                + "to be learned");
    }

    @Test
    void lossOfAnotherTapeOrOfNoneIsRefusedAndChangesNothing() {
        Tape a = Tape.fresh();
        Tape b = Tape.fresh();
        Tensor x = a.variable("x", 3);
        Tensor y = b.variable("y", 4);
        Tensor lossOnA = x.mul(x);
        Tensor lossOnB = y.mul(y).named("lossOnB");
        Tensor offTape = Tensor.vector(1, 2).trainable().sum();
        for (Tensor other : List.of(lossOnB, offTape)) {
            assertThatThrownBy(() -> a.backward(other))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("backward: '" + other.name()
                            + "' was not recorded on this tape; call backward() on the tensor "
                            + "itself, or on the tape that recorded it");
        }
        assertThat(lossOnB.grad()).containsExactly(0);
        lossOnA.backward();
        lossOnB.backward();
        assertThat(x.grad()).containsExactly(6);
        assertThat(y.grad()).containsExactly(8);
    }

    @Test
    void staleTensorSaysWhichStepOverwroteIt() {
        Tape tape = Tape.reusing();
        for (int step = 1; step < 12; step++) {
            tape.begin();
        }
        Tensor hidden = tape.variable("x", 1).scale(2).named("hidden");
        Tensor copy = hidden.copy();
        tape.begin();
        String message =
                "tensor 'hidden' belongs to step 12 of its tape, which is now at step 13 and reuses the memory; keep a "
                        + "value with item() or copy(), or use Tape.fresh()";
        assertThatThrownBy(hidden::data)
                .isInstanceOf(StaleTensorException.class)
                .hasMessage(message);
        assertThatThrownBy(hidden::item)
                .isInstanceOf(StaleTensorException.class)
                .hasMessage(message);
        assertThatThrownBy(hidden::grad)
                .isInstanceOf(StaleTensorException.class)
                .hasMessage(message);
        assertThatThrownBy(hidden::copy)
                .isInstanceOf(StaleTensorException.class)
                .hasMessage(message);
        assertThatThrownBy(hidden::relu)
                .isInstanceOf(StaleTensorException.class)
                .hasMessage(message);
        assertThatThrownBy(hidden::backward)
                .isInstanceOf(StaleTensorException.class)
                .hasMessage(message);
        assertThat(copy.item()).isEqualTo(2);
    }

    @Test
    void freshTapeKeepsOldResultsReadable() {
        Tape tape = Tape.fresh();
        Tensor first = tape.variable("x", 1).scale(2);
        tape.begin();
        Tensor second = tape.variable("x", 5).scale(2);
        assertThat(first.item()).isEqualTo(2);
        assertThat(second.item()).isEqualTo(10);
    }

    @Test
    void lossOfAForgottenRecordingIsRefusedOnAFreshTapeToo() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 3);
        Tensor loss = x.mul(x).named("loss");
        tape.begin();
        assertThatThrownBy(loss::backward)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "backward: 'loss' was recorded in step 1 of this tape, which is now at step 2 and has forgotten how it "
                                + "came about; call backward() before begin()");
        assertThat(x.grad()).containsExactly(0);
    }

    @Test
    void tensorsOfTwoTapesDoNotMix() {
        Tensor x = Tape.fresh().variable("x", 1);
        Tensor y = Tape.fresh().variable("y", 1);
        assertThatThrownBy(() -> x.add(y))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "add: tensor 'y' [] belongs to another tape than the other inputs; bring it over with copy()");
    }

    @Test
    void noOperationTakesTensorsOfTwoTapes() {
        Tensor x = Tape.fresh().input(Tensor.zeros(2, 2));
        Tensor row = Tape.fresh().input(Tensor.zeros(2));
        Tensor same = Tape.fresh().input(Tensor.zeros(2, 2));
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("matMul", () -> x.matMul(same));
        calls.put("affine", () -> x.affine(Tensor.zeros(2, 2), row));
        calls.put("sub", () -> x.sub(row));
        calls.put("mul", () -> x.mul(row));
        calls.put("div", () -> x.div(row));
        calls.put("prelu", () -> x.prelu(row));
        calls.put("mse", () -> x.mse(same));
        calls.put("bce", () -> x.bce(same));
        calls.put("bceWithLogits", () -> x.bceWithLogits(same));
        calls.put("softmaxCrossEntropy", () -> x.softmaxCrossEntropy(row));
        calls.forEach((name, call) -> assertThatThrownBy(call)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageMatching(name + ": tensor \\[.*] belongs to another tape than the other inputs; "
                        + "bring it over with copy\\(\\)"));
    }

    @Test
    void tensorOfATapeIsNoInput() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 1);
        assertThatThrownBy(() -> tape.input(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("input: tensor 'x' already belongs to a tape; use it directly, or a copy()");
    }

    // ---- recording and memory -------------------------------------------------------------------------------------

    @Test
    void recordingCanBeRead() {
        Tape tape = Tape.fresh();
        assertThat(tape.step()).isEqualTo(1);
        Tensor x = tape.input(Tensor.vector(1, 2));
        Tensor loss = x.exp().sum();
        assertThat(tape.steps()).extracting(Tape.Step::op).containsExactly(new ExpOp(), new SumOp());
        assertThat(tape.steps().get(0).in()).containsExactly(x);
        assertThat(tape.steps().get(1).out()).isSameAs(loss);
        assertThatThrownBy(() -> tape.steps().clear()).isInstanceOf(UnsupportedOperationException.class);
        tape.begin();
        assertThat(tape.step()).isEqualTo(2);
        assertThat(tape.steps()).isEmpty();
    }

    @Test
    void recordingCannotBeChangedFromOutside() {
        Tape tape = Tape.fresh();
        Tensor x = tape.input(Tensor.vector(1, 2));
        Tensor other = tape.input(Tensor.vector(30, 40));
        Tensor[] handed = {x, x};
        Tensor y = Tensor.apply(new AddOp(), handed);
        Tape.Step step = tape.steps().get(0);

        handed[0] = other;
        assertThatThrownBy(() -> step.in().set(0, other)).isInstanceOf(UnsupportedOperationException.class);
        assertThat(step.in().toArray()).containsExactly(x, x);
        tape.replay();

        assertThat(y.data()).containsExactly(2, 4);
        assertThat(step).hasToString("add [2]");
    }

    @Test
    void recordingKnowsWhatItWasGiven() {
        Tensor w = Tensor.vector(1, 2).trainable();
        Tensor constant = Tensor.vector(3, 4);
        Tape tape = Tape.fresh();
        Tensor batch = Tensor.vector(5, 6);
        tape.input(batch).mul(w).add(constant).mul(w).add(tape.input(w));
        assertThat(tape.given()).containsExactly(batch, w, constant);
        tape.begin();
        assertThat(tape.given()).isEmpty();
    }

    /** What {@code x.apply(op)} compiles to. */
    @Test
    void operationWithoutInputsIsRefusedByName() {
        for (Op op : List.of(new ExpOp(), new SumOp(), new AddOp())) {
            assertThatThrownBy(() -> Tensor.apply(op))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(op.name()
                            + ": no inputs; apply is a static method that takes all of them, Tensor.apply(op, x),"
                            + " and x.apply(op) leaves x out");
        }
    }

    @Test
    void reusingTapeComputesInTheSameMemory() {
        Tape tape = Tape.reusing();
        float[][] memory = new float[4][];
        for (int step = 0; step < 4; step++) {
            tape.begin();
            Tensor y = tape.input(Tensor.zeros(step % 2 == 0 ? 8 : 3, 2).trainable())
                    .relu();
            y.sum().backward();
            memory[step] = y.data();
            if (step >= 2) {
                assertThat(y.data()).isSameAs(memory[step - 2]);
            }
        }
    }

    /** A small network trained for a few steps with batches of changing size, the way training loops do. */
    private static List<float[]> train(Tape tape, boolean replay) {
        Tensor w1 = Tensor.matrix(7, 5, Samples.uniform(1, 35, -1, 1)).trainable();
        Tensor b1 = Tensor.vector(Samples.uniform(2, 7, -1, 1)).trainable();
        Tensor slope = Tensor.vector(0.25f).trainable();
        Tensor w2 = Tensor.matrix(2, 7, Samples.uniform(3, 14, -1, 1)).trainable();
        Tensor b2 = Tensor.vector(Samples.uniform(4, 2, -1, 1)).trainable();
        List<Tensor> parameters = List.of(w1, b1, slope, w2, b2);
        List<float[]> seen = new ArrayList<>();
        int[] sizes = {8, 8, 5, 8, 1, 8, 3, 9, 2, 8};
        for (int step = 0; step < sizes.length; step++) {
            tape.begin();
            int n = sizes[step];
            Tensor batch = Tensor.matrix(n, 5, new float[5 * n]);
            float[] numbers = Samples.uniform(50 + step, 5 * n, -1, 1);
            if (!replay) {
                System.arraycopy(numbers, 0, batch.data(), 0, 5 * n);
            }
            Tensor x = tape.input(batch);
            Tensor y =
                    x.affine(w1, b1).prelu(slope).affine(w2, b2).normalizeRows().sigmoid();
            Tensor loss = y.mse(Tensor.zeros(n, 2));
            if (replay) {
                System.arraycopy(numbers, 0, batch.data(), 0, 5 * n);
                tape.replay();
            }
            parameters.forEach(Tensor::zeroGrad);
            loss.backward();
            seen.add(new float[] {loss.item()});
            for (Tensor p : parameters) {
                seen.add(p.grad().clone());
                for (int i = 0; i < p.size(); i++) {
                    p.data()[i] -= 0.1f * p.grad()[i];
                }
            }
        }
        return seen;
    }

    private static void assertSameTraining(List<float[]> actual, List<float[]> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            Bits.assertSame("quantity " + i, actual.get(i), expected.get(i));
        }
    }

    @Test
    void reusingAndFreshTapesGiveTheSameBits() {
        assertSameTraining(train(Tape.reusing(), false), train(Tape.fresh(), false));
    }

    @Test
    void replayGivesTheBitsOfRecording() {
        List<float[]> recorded = train(Tape.fresh(), false);
        assertSameTraining(train(Tape.fresh(), true), recorded);
        assertSameTraining(train(Tape.reusing(), true), recorded);
    }

    @Test
    void withAndWithoutATapeTheSameBits() {
        Tensor x = Tensor.matrix(9, 5, Samples.uniform(1, 45, -2, 2));
        Tensor w = Tensor.matrix(3, 5, Samples.uniform(2, 15, -2, 2)).trainable();
        Tensor b = Tensor.vector(Samples.uniform(3, 3, -2, 2));
        Tensor taped = Tape.reusing().input(x).affine(w, b).tanh().softmaxCrossEntropy(Tensor.zeros(9));
        Tensor plain = x.affine(w, b).tanh().softmaxCrossEntropy(Tensor.zeros(9));
        Bits.assertSame("loss", taped.data(), plain.data());
    }

    /** Rows as second operands go through memory of the engine, which all tapes share. */
    @Test
    void tapesOfSeveralThreadsDoNotDisturbEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                float value = t + 2;
                done.add(threads.submit(() -> divideByARowAgainAndAgain(value)));
            }
            for (Future<?> future : done) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void divideByARowAgainAndAgain(float value) {
        int rows = 100;
        int columns = 50;
        float[] all = new float[columns];
        Arrays.fill(all, value);
        Tape tape = Tape.reusing();
        Tensor x = Tensor.zeros(rows, columns);
        Arrays.fill(x.data(), 1);
        for (int round = 0; round < 200; round++) {
            Tensor y = Tensor.vector(all).trainable();
            tape.begin();
            Tensor quotient = tape.input(x).div(y);
            quotient.sum().backward();
            for (float q : quotient.data()) {
                assertThat(q).isEqualTo(1 / value);
            }
            for (float g : y.grad()) {
                assertThat(g).isEqualTo(y.grad()[0]).isCloseTo(-rows / value / value, within(rows * 1e-5f));
            }
        }
    }
}
