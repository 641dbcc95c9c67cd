package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two parameters, one of them frozen in steps 3 to 5, against PyTorch 1.13.1, where it has no gradient in these steps:
 * scripts/reference/frozen_steps.py.
 */
class FrozenParametersTest {

    private static final int FIRST_FROZEN = 3;
    private static final int LAST_FROZEN = 5;

    private static final float[][] GRADIENTS = {
        {1, -0.5f}, {0.25f, 0.75f}, {-1.5f, 0.5f}, {0.5f, 2}, {1, -1}, {-0.25f, 0.125f}, {0.75f, 1.5f}, {0.5f, -0.25f}
    };

    private interface Maker {
        Optimizer of(List<Tensor> parameters);
    }

    /** With the values of both parameters after the last step, and of the frozen one after the steps before. */
    @SuppressWarnings("ImmutableEnumChecker") // not changed once made
    private enum Kind {
        ADAM(
                p -> new Adam(p, Adam.defaults().withLearningRate(0.1).withWeightDecay(0.01)),
                new double[] {0.7118517756462097, -2.1771388053894043},
                new double[][] {
                    {0.8999999761581421, -1.899999976158142}, {0.8166033029556274, -1.9218196868896484},
                    {0.8166033029556274, -1.9218196868896484}, {0.8166033029556274, -1.9218196868896484},
                    {0.8166033029556274, -1.9218196868896484}, {0.7682540416717529, -1.9460560083389282},
                    {0.702336311340332, -2.006011486053467}, {0.6306835412979126, -2.0476837158203125}
                }),
        ADAMW(
                p -> new AdamW(p, AdamW.defaults().withLearningRate(0.1).withWeightDecay(0.01)),
                new double[] {0.7107612490653992, -2.174316644668579},
                new double[][] {
                    {0.8990000486373901, -1.8980000019073486}, {0.8150413036346436, -1.9208722114562988},
                    {0.8150413036346436, -1.9208722114562988}, {0.8150413036346436, -1.9208722114562988},
                    {0.8150413036346436, -1.9208722114562988}, {0.7669039964675903, -1.946697473526001},
                    {0.7009186148643494, -2.0062294006347656}, {0.6291627883911133, -2.0479648113250732}
                }),
        SGD_WITH_MOMENTUM(
                p -> new SGD(
                        p,
                        SGD.defaults().withLearningRate(0.1).withMomentum(0.9).withWeightDecay(0.01)),
                new double[] {0.3056483864784241, -3.0483205318450928},
                new double[][] {
                    {0.8989999890327454, -1.9479999542236328}, {0.7822009921073914, -1.9742519855499268},
                    {0.7822009921073914, -1.9742519855499268}, {0.7822009921073914, -1.9742519855499268},
                    {0.7822009921073914, -1.9742519855499268}, {0.7012996673583984, -2.008404493331909},
                    {0.552787184715271, -2.187133312225342}, {0.3685731887817383, -2.3208022117614746}
                });

        private final Maker maker;
        private final double[] last;
        private final double[][] ofTheFrozen;

        Kind(Maker maker, double[] last, double[][] ofTheFrozen) {
            this.maker = maker;
            this.last = last;
            this.ofTheFrozen = ofTheFrozen;
        }
    }

    /** Of the larger of value and learning rate: the bound of {@link OptimizerFixturesTest}, for fewer steps. */
    private static void assertNear(float[] actual, double[] expected, String what) {
        for (int i = 0; i < expected.length; i++) {
            double scale = Math.max(Math.abs(expected[i]), 0.1);
            assertThat(Math.abs(actual[i] - expected[i]) / scale).as(what).isLessThanOrEqualTo(2e-6);
        }
    }

    private final Tensor p = Tensor.vector(1, -2).trainable();
    private final Tensor q = Tensor.vector(1, -2).trainable();

    private void step(Optimizer optimizer, int number) {
        if (number == FIRST_FROZEN) {
            q.freeze();
        }
        if (number == LAST_FROZEN + 1) {
            q.unfreeze();
        }
        optimizer.zeroGrad();
        System.arraycopy(GRADIENTS[number - 1], 0, p.grad(), 0, 2);
        if (!q.isFrozen()) {
            System.arraycopy(GRADIENTS[number - 1], 0, q.grad(), 0, 2);
        }
        optimizer.step();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void frozenParametersStandStillWithAllThatIsRemembered(Kind kind) {
        Optimizer optimizer = kind.maker.of(List.of(p, q));
        for (int number = 1; number <= GRADIENTS.length; number++) {
            float[] before = q.data().clone();
            step(optimizer, number);
            assertNear(q.data(), kind.ofTheFrozen[number - 1], "step " + number);
            if (q.isFrozen()) {
                Bits.assertSame("frozen", q.data(), before);
            }
        }
        assertNear(p.data(), kind.last, "the other parameter");
    }

    /** The optimiser is saved while a parameter is frozen; another continues with the same bits. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void stateOfAFrozenParameterIsSaved(Kind kind) {
        Optimizer first = kind.maker.of(List.of(p, q));
        for (int number = 1; number <= 4; number++) {
            step(first, number);
        }
        OptimizerState state = first.state();
        float[] pThen = p.data().clone();
        float[] qThen = q.data().clone();
        for (int number = 5; number <= 8; number++) {
            step(first, number);
        }
        float[] pEnd = p.data().clone();
        float[] qEnd = q.data().clone();

        System.arraycopy(pThen, 0, p.data(), 0, 2);
        System.arraycopy(qThen, 0, q.data(), 0, 2);
        q.freeze();
        Optimizer second = kind.maker.of(List.of(p, q));
        second.restore(state);
        for (int number = 5; number <= 8; number++) {
            step(second, number);
        }
        Bits.assertSame("p", p.data(), pEnd);
        Bits.assertSame("q", q.data(), qEnd);
    }

    @Test
    void ownStepsAreInTheStateWhereTheyDiffer() {
        Adam adam = new Adam(List.of(p, q));
        adam.step();
        assertThat(adam.state().values()).doesNotContainKeys("0.steps", "1.steps");
        q.freeze();
        adam.step();
        OptimizerState state = adam.state();
        assertThat(state.steps()).isEqualTo(2);
        assertThat(state.values()).doesNotContainKey("0.steps");
        assertThat(state.values().get("1.steps").data()).containsExactly(0, 1);

        // Beyond what a float counts to, and back.
        Map<String, Tensor> values = new HashMap<>(state.values());
        values.put("1.steps", Tensor.vector(3, 5));
        adam.restore(new OptimizerState(1L << 30, 0.1, values));
        assertThat(adam.state().values().get("1.steps").data()).containsExactly(3, 5);
    }

    @Test
    void numbersOfStepsThatCannotBeAreRefused() {
        Adam adam = new Adam(List.of(p, q));
        q.freeze();
        adam.step();
        OptimizerState state = adam.state();
        for (Tensor wrong : List.of(
                Tensor.vector(0, 2),
                Tensor.vector(0, -1),
                Tensor.vector(0, 0.5f),
                Tensor.vector(0, Float.NaN),
                Tensor.vector(1))) {
            Map<String, Tensor> values = new HashMap<>(state.values());
            values.put("1.steps", wrong);
            assertThatThrownBy(() -> adam.restore(new OptimizerState(1, 0.1, values)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("state dict does not fit Adam and nothing was loaded; '1.steps' " + wrong.shape()
                            + " must be a number of steps from 0 to 1, written as n / 2^24 and n % 2^24");
        }
        assertThat(adam.learningRate()).isEqualTo(0.001);
    }

    @Test
    void optimiserMayBeMadeOfFrozenParameters() {
        q.freeze();
        SGD sgd = new SGD(List.of(p, q), 1);
        p.grad()[0] = 1;
        sgd.step();
        sgd.zeroGrad();
        assertThat(p.data()).containsExactly(0, -2);
        assertThat(q.data()).containsExactly(1, -2);
    }
}
