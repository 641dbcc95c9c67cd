package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gradient hooks, retained gradients, and pauses of the recording. */
class GradHooksTest {

    // ---- against PyTorch ------------------------------------------------------------------------------------------

    /**
     * PyTorch 1.13.1:
     *
     * <pre>
     * x = torch.tensor([[1., 2.], [3., -1.]])
     * w = torch.tensor([[0.5, -1.], [2., 1.]], requires_grad=True)
     * b = torch.tensor([0.1, -0.2], requires_grad=True)
     * h = torch.nn.functional.linear(x, w, b); h.retain_grad()
     * r = torch.tanh(h)
     * r.register_hook(lambda g: 2 * g)                    # left out for the first set of numbers
     * (((r * r).sum() + r.sum() * 0.5) / 8).backward()
     * print(h.grad, w.grad, b.grad)
     * </pre>
     */
    private static final float[][] PLAIN = {
        {-0.03433320298790932f, 0.0006244398537091911f, 0.006760393735021353f, 8.462369441986084e-05f},
        {-0.014052022248506546f, -0.07542680203914642f, 0.0008783109369687736f, 0.0011642560129985213f},
        {-0.027572808787226677f, 0.0007090635481290519f}
    };

    private static final float[][] DOUBLED = {
        {-0.06866640597581863f, 0.0012488797074183822f, 0.013520787470042706f, 0.00016924738883972168f},
        {-0.028104044497013092f, -0.15085360407829285f, 0.0017566218739375472f, 0.0023285120259970427f},
        {-0.055145617574453354f, 0.0014181270962581038f}
    };

    @Test
    void changeOfAResultsGradientFlowsOnAsInPyTorch() {
        Tensor w = Tensor.matrix(2, 2, 0.5f, -1, 2, 1).trainable();
        Tensor b = Tensor.vector(0.1f, -0.2f).trainable();
        Tape tape = Tape.fresh();
        Tensor h = tape.input(Tensor.matrix(2, 2, 1, 2, 3, -1)).affine(w, b);
        Tensor r = h.tanh();
        Tensor loss = r.mul(r).sum().add(r.sum().scale(0.5f)).scale(1f / 8);

        loss.backward();
        assertClose(PLAIN, h.grad(), w.grad(), b.grad());

        HookHandle handle = r.onGrad(GradHooksTest::twice);
        again(tape, loss, w, b);
        assertClose(DOUBLED, h.grad(), w.grad(), b.grad());

        handle.remove();
        again(tape, loss, w, b);
        assertClose(PLAIN, h.grad(), w.grad(), b.grad());
    }

    private static void again(Tape tape, Tensor loss, Tensor... parameters) {
        for (Tensor parameter : parameters) {
            parameter.zeroGrad();
        }
        tape.replay();
        loss.backward();
    }

    private static void twice(float[] g) {
        for (int i = 0; i < g.length; i++) {
            g[i] *= 2;
        }
    }

    /**
     * The derivative of tanh is 1 - y y: near y = 1 a rounding of y, 2^-24 relative, becomes one of 2^-23 in the difference, times
     * a gradient below 0.4 and inputs up to 3, for either of the two libraries, whose tanh may be off by 2 ulps each.
     */
    private static void assertClose(float[][] expected, float[]... actual) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).hasSize(expected[i].length);
            for (int j = 0; j < expected[i].length; j++) {
                assertThat(actual[i][j]).isCloseTo(expected[i][j], within(12 * 0x1p-23f));
            }
        }
    }

    // ---- hooks on results -----------------------------------------------------------------------------------------

    /** y = h^2 + h with h = 2x at x = 3: the gradient of h is 13, complete when the hook is called and not yet passed on. */
    @Test
    void resultsHookSeesTheCompleteGradientBeforeItIsPassedOn() {
        Tape tape = Tape.reusing();
        Tensor x = tape.variable("x", 3);
        Tensor h = x.scale(2);
        List<String> seen = new ArrayList<>();
        h.onGrad(g -> seen.add(g[0] + " " + x.grad()[0]));
        h.onGrad(g -> g[0] = 1);
        h.onGrad(g -> seen.add(g[0] + " " + x.grad()[0]));

        h.mul(h).add(h).backward();

        assertThat(seen).containsExactly("13.0 0.0", "1.0 0.0");
        assertThat(h.grad()).containsExactly(1);
        assertThat(x.grad()).containsExactly(2);
    }

    @Test
    void theLossItselfMayHaveAHook() {
        Tensor x = Tape.fresh().variable("x", 3);
        Tensor loss = x.scale(2);
        loss.onGrad(g -> g[0] *= 10);

        loss.backward();

        assertThat(x.grad()).containsExactly(20);
    }

    @Test
    void hookOfABranchThatTheLossIgnoresIsNotCalled() {
        Tensor x = Tape.fresh().variable("x", 3);
        List<float[]> seen = new ArrayList<>();
        x.exp().onGrad(seen::add);

        x.scale(2).backward();

        assertThat(seen).isEmpty();
    }

    // ---- hooks on parameters and inputs ---------------------------------------------------------------------------

    /** v v + v at 3 has the derivative 7; PyTorch 1.13.1 calls the hook of v once per walk as well. */
    @Test
    void parametersHookIsCalledOncePerWalkWithAllContributions() {
        Tensor v = Tensor.scalar(3).trainable();
        List<Float> seen = new ArrayList<>();
        HookHandle handle = v.onGrad(g -> seen.add(g[0]));
        for (int walk = 1; walk <= 3; walk++) {
            if (walk == 3) {
                handle.remove();
            }
            Tape tape = Tape.fresh(); // every tape counts its walks from 1
            tape.input(Tensor.scalar(1)).mul(v).mul(v).add(v).backward();
        }

        assertThat(seen).as("collected, for there was no zeroGrad()").containsExactly(7f, 14f);
        assertThat(v.grad()).containsExactly(21);
    }

    @Test
    void parametersHookMayChangeWhatTheOptimiserSees() {
        Tensor w = Tensor.vector(1, 1).trainable();
        w.onGrad(g -> {
            for (int i = 0; i < g.length; i++) {
                g[i] = Math.min(g[i], 2.5f);
            }
        });

        Tape.fresh().input(Tensor.vector(2, 3)).mul(w).sum().backward();

        assertThat(w.grad()).containsExactly(2, 2.5f);
    }

    @Test
    void tensorAndItsDoubleOnATapeShareHooksWheneverAttached() {
        Tensor w = Tensor.scalar(2).trainable();
        StringBuilder seen = new StringBuilder();
        w.onGrad(g -> seen.append("before "));
        Tape tape = Tape.fresh();
        Tensor bound = tape.input(w);
        w.onGrad(g -> seen.append("after "));
        HookHandle handle = bound.onGrad(g -> seen.append("bound ").append(g[0]).append(' '));
        Tensor y = bound.mul(w); // both stand for w, which is told once

        y.backward();
        handle.remove();
        tape.replay();
        y.backward();

        assertThat(seen).hasToString("before after bound 4.0 before after ");
    }

    @Test
    void inputThatIsTheLossHasItsHookCalled() {
        Tensor x = Tape.fresh().variable("x", 3);
        List<Float> seen = new ArrayList<>();
        x.onGrad(g -> seen.add(g[0]));

        x.backward();

        assertThat(seen).containsExactly(1f);
    }

    @Test
    void hookIsCalledInReplaysAndWhatItComputesIsNotRecorded() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 3);
        Tensor y = x.mul(x);
        List<Float> seen = new ArrayList<>();
        x.onGrad(g -> seen.add(x.scale(g[0]).item()));

        y.backward();
        x.zeroGrad();
        x.data()[0] = 1;
        tape.replay();
        y.backward();

        assertThat(seen).containsExactly(18f, 2f);
        assertThat(tape.steps()).hasSize(1);
    }

    @Test
    void hookThatFailsEndsTheWalkAndRecordingGoesOn() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 3);
        HookHandle handle = x.onGrad(g -> {
            throw new IllegalStateException("enough");
        });
        assertThatThrownBy(() -> x.scale(2).backward()).hasMessage("enough");

        handle.remove();
        tape.begin();
        assertThat(x.exp().tape()).contains(tape);
    }

    // ---- retained gradients ---------------------------------------------------------------------------------------

    @Test
    void retainedGradientIsReadableAfterTheNextStep() {
        Tape tape = Tape.reusing();
        List<Tensor> kept = new ArrayList<>();
        for (int step = 1; step <= 3; step++) {
            tape.begin();
            Tensor h = tape.variable("x", step).scale(2);
            kept.add(h.retainGrad());
            h.mul(h).backward();
        }
        tape.begin();

        assertThat(kept).extracting(h -> h.grad()[0]).containsExactly(4f, 8f, 12f);
        assertThatThrownBy(kept.get(0)::data).isInstanceOf(StaleTensorException.class);
    }

    @Test
    void gradientMayBeRetainedAfterTheWalk() {
        Tape tape = Tape.reusing();
        Tensor h = tape.variable("x", 1).scale(2);
        h.mul(h).backward();
        float[] fleeting = h.grad();
        h.retainGrad();
        tape.begin();
        Tensor other = tape.variable("x", 10).scale(2);
        other.mul(other).backward();

        assertThat(fleeting).as("memory of the slot").isSameAs(other.grad()).containsExactly(40);
        assertThat(h.grad()).containsExactly(4);
    }

    @Test
    void retainingChangesNoNumber() {
        float[][] gradients = new float[2][];
        for (int retain = 0; retain < 2; retain++) {
            Tape tape = Tape.reusing();
            Tensor w = Tensor.matrix(2, 2, 0.5f, -1, 2, 1).trainable();
            for (int step = 0; step < 2; step++) {
                tape.begin();
                w.zeroGrad();
                Tensor h = tape.input(Tensor.matrix(1, 2, 1, 2 + step)).matMul(w);
                if (retain == 1) {
                    h.retainGrad();
                }
                h.mul(h).sum().backward();
            }
            gradients[retain] = w.grad();
        }
        assertThat(gradients[1]).containsExactly(gradients[0]);
    }

    @Test
    void parametersKeepTheirGradientsAnyway() {
        Tensor w = Tensor.scalar(2).trainable();
        float[] gradient = w.grad();
        assertThat(w.retainGrad().grad()).isSameAs(gradient);
    }

    // ---- pauses ---------------------------------------------------------------------------------------------------

    @Test
    void pauseRecordsNothing() {
        Tape tape = Tape.reusing();
        Tensor w = Tensor.scalar(4).trainable();
        Tensor x = tape.input(Tensor.scalar(3));
        Tensor y = x.mul(w);
        Tensor inside;
        Tape.Pause off = tape.pause();
        try (off) {
            inside = y.mul(w);
            assertThat(inside.item()).isEqualTo(48);
            assertThat(inside.requiresGrad()).isFalse();
            assertThat(inside.tape()).isEmpty();
        }
        Tensor z = y.add(inside);
        z.backward();

        assertThat(tape.steps()).extracting(step -> step.op().name()).containsExactly("mul", "add");
        assertThat(w.grad()).as("the result of the pause is a constant").containsExactly(3);
        tape.begin();
        tape.input(Tensor.scalar(-9)).relu();
        assertThat(inside.item()).as("memory of its own").isEqualTo(48);
    }

    @Test
    void pausesNestAndEndOnce() {
        Tape tape = Tape.fresh();
        Tensor x = tape.variable("x", 1);
        Tape.Pause outer = tape.pause();
        Tape.Pause inner = tape.pause();
        inner.close();
        inner.close();
        assertThat(x.exp().tape()).isEmpty();
        outer.close();
        assertThat(x.exp().tape()).contains(tape);
    }

    // ---- what is refused ------------------------------------------------------------------------------------------

    @Test
    void tensorsWithoutGradientAreRefused() {
        Tensor batch = Tensor.vector(1, 2).named("batch");
        assertThatThrownBy(() -> batch.onGrad(g -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "onGrad: tensor 'batch' [2] requires no gradient: call trainable() before using it on a tape");
        assertThatThrownBy(batch::retainGrad)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "retainGrad: tensor 'batch' [2] requires no gradient: call trainable() before using it on a tape");
    }

    @Test
    void staleTensorsAreRefused() {
        Tape tape = Tape.reusing();
        Tensor h = tape.variable("x", 1).scale(2);
        tape.begin();
        assertThatThrownBy(h::retainGrad).isInstanceOf(StaleTensorException.class);
        assertThatThrownBy(() -> h.onGrad(g -> {})).isInstanceOf(StaleTensorException.class);
    }
}
