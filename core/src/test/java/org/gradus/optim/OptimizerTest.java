package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerTest {

    private static Tensor parameter(float... values) {
        return Tensor.vector(values).trainable().named("weight");
    }

    private static void give(Tensor p, float... gradient) {
        System.arraycopy(gradient, 0, p.grad(), 0, gradient.length);
    }

    @Test
    void defaultsAreThoseOfPyTorch() {
        // Printed by torch.optim; the learning rate of SGD is that of PyTorch 2, earlier versions had none.
        assertThat(Adam.defaults()).isEqualTo(new AdamOptions(0.001, 0.9, 0.999, 1e-8, 0));
        assertThat(AdamW.defaults()).isEqualTo(new AdamOptions(0.001, 0.9, 0.999, 1e-8, 0.01));
        assertThat(SGD.defaults()).isEqualTo(new SgdOptions(0.001, 0, 0, false));
        Tensor p = parameter(1);
        assertThat(new Adam(List.of(p)).options()).isEqualTo(Adam.defaults());
        assertThat(new AdamW(List.of(p)).options()).isEqualTo(AdamW.defaults());
        assertThat(new SGD(List.of(p), 0.5).options()).isEqualTo(SGD.defaults().withLearningRate(0.5));
    }

    @Test
    void adamsFirstStepIsTheLearningRateWhateverTheGradient() {
        // Section 2.1 of arXiv:1412.6980: |step| is about lr; m / sqrt(v) = g / |g| but for epsilon and roundings.
        Tensor p = parameter(0, 0, 0, 0);
        give(p, 1e-3f, -1, 1e6f, 0);
        new Adam(List.of(p)).step();
        float[] expected = {-1e-3f, 1e-3f, -1e-3f, 0};
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(p.data()[i] - expected[i])).isLessThanOrEqualTo(1.1e-5f * 1e-3f);
        }
    }

    /** PyTorch's after three steps; from {@code scripts/reference/extreme_sizes.py}. */
    @Test
    void adamHandlesExtremeGradientsAsPyTorchDoes() {
        float infinity = Float.POSITIVE_INFINITY;
        float[][] rows = { // gradient, parameter, m, v
            {1e-25f, -3.0000002e-20f, 2.71e-26f, 0},
            {1e-22f, -3.0000001e-17f, 2.71e-23f, 0},
            {1e-15f, -2.9999997e-10f, 2.7099999e-16f, 2.9970013e-33f},
            {1, -0.003f, 0.271f, 0.0029970012f},
            {1e19f, -0.0029999998f, 2.7099998e18f, 2.9970011e35f},
            {1e21f, 0, 2.71e20f, infinity},
            {3e38f, 0, 8.13e37f, infinity},
        };
        for (float[] row : rows) {
            Tensor p = parameter(0);
            Adam adam = new Adam(List.of(p));
            for (int step = 0; step < 3; step++) {
                give(p, row[0]);
                adam.step();
            }
            Map<String, Tensor> state = adam.state().values();
            float[] actual = {
                p.item(),
                state.get("0.exp_avg").item(),
                state.get("0.exp_avg_sq").item()
            };
            for (int i = 0; i < 3; i++) {
                float expected = row[i + 1];
                if (Float.isInfinite(expected)) {
                    assertThat(actual[i]).isEqualTo(expected);
                } else {
                    assertThat(Math.abs(actual[i] - expected))
                            .as("gradient %s: %s instead of %s", row[0], actual[i], expected)
                            .isLessThanOrEqualTo(4 * Math.ulp(expected));
                }
            }
        }
    }

    /** PyTorch keeps the infinity; here the decay of 0 times it makes it NaN. Neither is silent: no loss is finite any more. */
    @Test
    void withoutEpsilonAVanishingSquareIsNotHidden() {
        Tensor p = parameter(0);
        Adam adam = new Adam(List.of(p), Adam.defaults().withEpsilon(0));
        give(p, 1e-25f);
        adam.step();
        assertThat(p.item()).isEqualTo(Float.NEGATIVE_INFINITY);
        adam.step();
        assertThat(p.item()).isNaN();
    }

    @Test
    void adamWShrinksWhereThereIsNoGradientAndAdamDoesNot() {
        Tensor p = parameter(2);
        new AdamW(List.of(p), AdamW.defaults().withLearningRate(0.5).withWeightDecay(0.5)).step();
        assertThat(p.data()).containsExactly(1.5f);
        Tensor q = parameter(2);
        new Adam(List.of(q)).step();
        assertThat(q.data()).containsExactly(2);
    }

    @Test
    void gradientsCollectUntilZeroGrad() {
        Tensor p = parameter(3);
        Optimizer optimizer = new SGD(List.of(p), 1);
        Tape tape = Tape.fresh();
        Tensor one = tape.input(Tensor.vector(1));
        one.mul(p).sum().backward();
        tape.begin();
        tape.input(Tensor.vector(1)).mul(p).sum().backward();
        assertThat(p.grad()).containsExactly(2);
        optimizer.zeroGrad();
        assertThat(p.grad()).containsExactly(0);
    }

    @Test
    void allParametersMoveAndStayTheSameObjects() {
        Tensor p = parameter(1, 2);
        Tensor q = parameter(3);
        Optimizer optimizer = new SGD(List.of(p, q), 0.5);
        give(p, 2, 4);
        give(q, -2);
        optimizer.step();
        assertThat(p.data()).containsExactly(0, 0);
        assertThat(q.data()).containsExactly(4);
        assertThat(optimizer.parameters()).containsExactly(p, q);
    }

    @Test
    void theLearningRateMayChangeBetweenSteps() {
        Tensor p = parameter(0);
        Optimizer optimizer = new SGD(List.of(p), 1);
        give(p, 1);
        optimizer.step();
        optimizer.learningRate(0.25);
        assertThat(optimizer.learningRate()).isEqualTo(0.25);
        optimizer.step();
        assertThat(p.data()).containsExactly(-1.25f);
    }

    @Test
    void aLearningRateOfZeroOrNextToItMovesNothing() {
        for (double learningRate : new double[] {0, Double.MIN_VALUE, 1e-300}) {
            Tensor p = parameter(1, -2, 1e-30f);
            for (Optimizer optimizer : List.of(
                    new Adam(List.of(p), Adam.defaults().withLearningRate(learningRate)),
                    new AdamW(List.of(p), AdamW.defaults().withLearningRate(learningRate)),
                    new SGD(List.of(p), learningRate))) {
                give(p, 1e10f, -1, 0);
                optimizer.step();
                assertThat(p.data()).as("%s", optimizer).containsExactly(1, -2, 1e-30f);
            }
        }
    }

    @Test
    void aHugeLearningRateThrowsParametersFarAndLeavesTheRunningMeansAlone() {
        Tensor p = parameter(1);
        Adam optimizer = new Adam(List.of(p), Adam.defaults().withLearningRate(1e30));
        give(p, 0.5f);
        optimizer.step();
        // -lr g / |g|, but for roundings and epsilon
        assertThat(p.data()[0]).isBetween(-1.0001e30f, -0.9999e30f);
        assertThat(optimizer.state().values().get("0.exp_avg").item()).isEqualTo((float) (1 - 0.9) * 0.5f);
        Tensor q = parameter(1);
        give(q, 1e10f);
        new SGD(List.of(q), 1e30).step();
        assertThat(q.data()).containsExactly(Float.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, -1e-300, Double.NaN, Double.POSITIVE_INFINITY, 1e39})
    void learningRatesThatAreNoneAreRefused(double learningRate) {
        String message = "learning rate " + learningRate + " must be 0 or more, and at most 3.4028235E38";
        Tensor p = parameter(1);
        assertThatThrownBy(() -> new SGD(List.of(p), learningRate))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> Adam.defaults().withLearningRate(learningRate))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        Optimizer optimizer = new AdamW(List.of(p));
        assertThatThrownBy(() -> optimizer.learningRate(learningRate))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThat(optimizer.learningRate()).isEqualTo(0.001);
    }

    @Test
    void otherOptionsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> Adam.defaults().withBetas(1, 0.999))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("beta1 1.0 must be at least 0 and below 1");
        assertThatThrownBy(() -> Adam.defaults().withBetas(0.9, -0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("beta2 -0.1 must be at least 0 and below 1");
        assertThatThrownBy(() -> Adam.defaults().withEpsilon(-1e-8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("epsilon -1.0E-8 must be 0 or more");
        assertThatThrownBy(() -> AdamW.defaults().withWeightDecay(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("weight decay -1.0 must be 0 or more");
        assertThatThrownBy(() -> SGD.defaults().withWeightDecay(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("weight decay NaN must be 0 or more");
        assertThatThrownBy(() -> SGD.defaults().withMomentum(-0.9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("momentum -0.9 must be 0 or more");
    }

    @Test
    void nesterovNeedsAMomentum() {
        SgdOptions options = SGD.defaults().withNesterov(true);
        assertThatThrownBy(() -> new SGD(List.of(parameter(1)), options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SGD: nesterov needs a momentum above 0; add withMomentum(0.9)");
        assertThat(new SGD(List.of(parameter(1)), options.withMomentum(0.9))
                        .options()
                        .nesterov())
                .isTrue();
    }

    @Test
    void parametersThatCannotBeOptimisedAreRefused() {
        assertThatThrownBy(() -> new Adam(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Adam: there are no parameters to optimise; does the network have a layer that learns?");
        assertThatThrownBy(() ->
                        new SGD(List.of(parameter(1), Tensor.zeros(2, 3).named("bias")), 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SGD: parameter 1 'bias' [2,3] does not require a gradient; "
                        + "call trainable() on it, or leave it out");
        Tensor p = parameter(1);
        assertThatThrownBy(() -> new AdamW(List.of(p, p)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("AdamW: parameter 1 'weight' [1] is listed twice and would be moved twice per step");
    }

    /** The double on a tape shares its numbers: a step would move them by twice the gradient, from 1 to 0.8 where 0.9 is right. */
    @Test
    void twoTensorsOverTheSameNumbersAreRefused() {
        Tensor w = parameter(1).named("w");
        Tensor onTape = Tape.fresh().input(w);
        assertThatThrownBy(() -> new SGD(List.of(w, onTape), 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "SGD: parameter 1 'w' [1] has the same numbers as parameter 0 'w' [1], which would be moved twice"
                                + " per step; give the optimiser one of the two");
        float[] numbers = {1, 2};
        Tensor row = Tensor.matrix(1, 2, numbers).trainable().named("row");
        Tensor vector = Tensor.vector(numbers).trainable().named("vector");
        assertThatThrownBy(() -> new Adam(List.of(parameter(5), row, vector)))
                .hasMessage(
                        "Adam: parameter 2 'vector' [2] has the same numbers as parameter 1 'row' [1,2], which would be"
                                + " moved twice per step; give the optimiser one of the two");
        assertThatThrownBy(() -> new AdamW(List.of(row, vector)))
                .hasMessageStartingWith("AdamW: parameter 1 'vector' [2]");
    }

    @Test
    void equalNumbersInTwoArraysAreTwoParameters() {
        Tensor p = parameter(1);
        Tensor q = parameter(1);
        give(p, 1);
        give(q, 1);
        new SGD(List.of(p, q), 0.5).step();
        assertThat(p.data()).containsExactly(0.5f);
        assertThat(q.data()).containsExactly(0.5f);
    }

    @Test
    void theStateHasPyTorchsNamesAndIsACopy() {
        Tensor p = parameter(1, 2);
        Tensor q = parameter(3);
        Adam adam = new Adam(List.of(p, q));
        give(p, 1, 1);
        adam.step();
        OptimizerState state = adam.state();
        assertThat(state.steps()).isEqualTo(1);
        assertThat(state.values().keySet()).containsExactly("0.exp_avg", "1.exp_avg", "0.exp_avg_sq", "1.exp_avg_sq");
        float mean = state.values().get("0.exp_avg").data()[0];
        adam.step();
        assertThat(state.values().get("0.exp_avg").data()[0]).isEqualTo(mean);
        assertThat(new SGD(List.of(p), SGD.defaults().withMomentum(0.9))
                        .state()
                        .values()
                        .keySet())
                .containsExactly("0.momentum_buffer");
        assertThat(new SGD(List.of(p), 0.1).state().values()).isEmpty();
    }

    @Test
    void aStateThatDoesNotFitIsRefusedAndChangesNothing() {
        Tensor p = parameter(1, 2);
        Adam adam = new Adam(List.of(p));
        OptimizerState wrong = new OptimizerState(
                5, 0.5, Map.of("0.exp_avg", Tensor.vector(1, 2, 3), "0.momentum_buffer", Tensor.vector(1, 2)));
        assertThatThrownBy(() -> adam.restore(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not fit Adam")
                .hasMessageContaining("missing: '0.exp_avg_sq' [2]")
                .hasMessageContaining("of another shape: '0.exp_avg' [3] instead of [2]")
                .hasMessageContaining("unexpected: '0.momentum_buffer' [2]")
                .hasMessageEndingWith(
                        "Was it saved from the same kind of optimiser with the same settings, for a network of the same "
                                + "layers?");
        OptimizerState withMomentum = new SGD(List.of(p), SGD.defaults().withMomentum(0.9)).state();
        assertThatThrownBy(() -> new SGD(List.of(p), 0.1).restore(withMomentum))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("state dict does not fit SGD and nothing was loaded; unexpected: '0.momentum_buffer' [2]. "
                        + "Was it saved from the same kind of optimiser with the same settings, for a network of the same "
                        + "layers?");
        assertThat(adam.state().steps()).isZero();
        assertThat(adam.learningRate()).isEqualTo(0.001);
        assertThatThrownBy(() -> new OptimizerState(-1, 0.1, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("optimiser state: the number of steps is -1, below 0");
        OptimizerState badRate = new OptimizerState(1, -1, adam.state().values());
        assertThatThrownBy(() -> adam.restore(badRate)).isInstanceOf(IllegalArgumentException.class);
        assertThat(adam.state().steps()).isZero();
    }

    @Test
    void printsItsOptions() {
        Tensor p = parameter(1);
        assertThat(new Adam(List.of(p)))
                .hasToString("Adam(lr=0.001, betas=(0.9, 0.999), eps=1.0E-8, weight_decay=0.0)");
        assertThat(new AdamW(List.of(p)))
                .hasToString("AdamW(lr=0.001, betas=(0.9, 0.999), eps=1.0E-8, weight_decay=0.01)");
        assertThat(new SGD(List.of(p), 0.1)).hasToString("SGD(lr=0.1, momentum=0.0, weight_decay=0.0, nesterov=false)");
    }
}
