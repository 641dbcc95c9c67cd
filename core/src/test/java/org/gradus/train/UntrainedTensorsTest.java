package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Sequential;
import org.gradus.nn.Tanh;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.OptimizerState;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;

/** What the loss depends on and nobody moves is refused; what is frozen stays as it is; the rest trains as it should. */
class UntrainedTensorsTest {

    private final TorchRandom random = new TorchRandom(1);
    private final Tensor x = Tensor.matrix(20, 4, Samples.uniform(1, 80, -1, 1));
    private final Linear body = new Linear(4, 4, random);
    private final Layer skip = input -> input.add(body.forward(input));

    private static final String WAY_OUT = ". Left out, it never learns. Give it to the optimiser: a layer's"
            + " namedParameters() name all that it has to learn, and the layers it holds, which a lambda cannot. Or freeze()"
            + " it, if it is to stay as it is";

    private Trainer trainer(Layer net, Optimizer optimizer) {
        return new Trainer(net, new MSELoss(), optimizer, new NumpyRandom(1))
                .epochs(3)
                .batchSize(8);
    }

    @Test
    void layerThatALambdaCaptures() {
        Sequential net = new Sequential(new Linear(4, 4, random), skip, new Linear(4, 4, random));
        Trainer trainer = trainer(net, new Adam(net.parameters()));

        assertThatThrownBy(() -> trainer.fit(x, x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Adam lacks what the loss depends on: tensor 'weight' [4,4], used by affine in layer 1, operation 1"
                                + " of step 1; tensor 'bias' [4], used by affine in layer 1, operation 1 of step 1"
                                + WAY_OUT);

        body.freeze();
        Tensor before = body.weight().copy();
        assertThat(trainer.fit(x, x).table()).hasSize(3);
        Bits.assertSame("frozen", body.weight().data(), before.data());
    }

    @Test
    void optimiserOfAnotherNetwork() {
        Sequential net = new Sequential(new Linear(4, 4, random), new Tanh());
        Sequential other = new Sequential(new Linear(4, 2, random), new Tanh());
        assertThatThrownBy(() -> trainer(net, new Adam(other.parameters())).fit(x, x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Adam moves nothing that the loss depends on. It has 'weight' [2,4]; 'bias' [2]; the loss depends on"
                                + " tensor 'weight' [4,4], used by affine in layer 0, operation 0 of step 1; tensor 'bias' [4], used by"
                                + " affine in layer 0, operation 0 of step 1. Make the optimiser of the parameters() of the network"
                                + " that is trained, and unfreeze() those to be learned");
    }

    @Test
    void allThatTheLossDependsOnIsFrozen() {
        Sequential net = new Sequential(new Linear(4, 4, random));
        net.freeze();
        assertThatThrownBy(() -> trainer(net, new SGD(net.parameters(), 0.1)).fit(x, x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "SGD moves nothing that the loss depends on. It has 'weight' [4,4] (frozen); 'bias' [4] (frozen);"
                                + " the loss depends on no trainable tensor. Make the optimiser of the parameters() of the network"
                                + " that is trained, and unfreeze() those to be learned");
    }

    @Test
    void layerThatForgetsATensor() {
        Tensor gain = Tensor.vector(1, 1, 1, 1).trainable().named("gain");
        Tensor shift = Tensor.vector(0, 0, 0, 0).trainable();
        Layer forgetful = new Layer() {
            @Override
            public Tensor forward(Tensor input) {
                return input.mul(gain).add(shift);
            }

            @Override
            public Map<String, Tensor> namedParameters() {
                return Map.of("gain", gain);
            }
        };
        Sequential net = new Sequential(new Sequential(new Tanh(), forgetful));
        assertThatThrownBy(() -> trainer(net, new Adam(net.parameters())).fit(x, x))
                .hasMessage(
                        "Adam lacks what the loss depends on: tensor [4], used by add in layer 0.1, operation 2 of step 1"
                                + WAY_OUT);
    }

    /** No layer is around a loss: operation, shape and step say where it is. */
    @Test
    void lossWithATensorOfItsOwn() {
        Tensor weights = Tensor.vector(1, 2, 3, 4).trainable().named("weights");
        Loss weighted = new Loss() {
            @Override
            public Tensor of(Tensor output, Tensor target) {
                return output.mul(weights).mse(target);
            }

            @Override
            public String name() {
                return "weighted";
            }
        };
        Sequential net = new Sequential(new Linear(4, 4, random));
        Trainer trainer = new Trainer(net, weighted, new Adam(net.parameters()), new NumpyRandom(1));
        assertThatThrownBy(() -> trainer.fit(x, x))
                .hasMessage(
                        "Adam lacks what the loss depends on: tensor 'weights' [4], used by mul, operation 1 of step 1"
                                + WAY_OUT);

        List<Tensor> all = new ArrayList<>(net.parameters());
        all.add(weights);
        assertThat(new Trainer(net, weighted, new Adam(all), new NumpyRandom(1))
                        .fit(x, x)
                        .table())
                .hasSize(10);
    }

    /** A branch that brings in a layer only later is looked at when it comes. */
    @Test
    void tensorThatALaterBatchUsesFirst() {
        int[] calls = {0};
        Sequential net =
                new Sequential(new Linear(4, 4, random), input -> ++calls[0] > 5 ? skip.forward(input) : input);
        assertThatThrownBy(() -> trainer(net, new Adam(net.parameters())).fit(x, x))
                .hasMessageStartingWith(
                        "Adam lacks what the loss depends on: tensor 'weight' [4,4], used by affine in layer 1,"
                                + " operation 1 of step ");
        assertThat(calls[0]).isEqualTo(6);
    }

    /** What is computed and not used by the loss needs no gradient. */
    @Test
    void tensorThatTheLossDoesNotDependOn() {
        Sequential net = new Sequential(new Linear(4, 4, random), input -> {
            body.forward(input);
            return input;
        });
        assertThat(trainer(net, new Adam(net.parameters())).fit(x, x).table()).hasSize(3);
    }

    @Test
    void anotherTensorOverTheSameNumbers() {
        Linear linear = new Linear(4, 4, random);
        Tensor double1 =
                Tensor.of(linear.weight().shape(), linear.weight().data()).trainable();
        Optimizer optimizer = new SGD(List.of(double1, linear.bias()), 0.1);
        assertThatThrownBy(() -> trainer(new Sequential(linear), optimizer).fit(x, x))
                .hasMessage(
                        "SGD lacks what the loss depends on: tensor 'weight' [4,4], used by affine in layer 0, operation 0"
                                + " of step 1. The optimiser has another tensor over the same numbers, with a gradient of its own; give"
                                + " it this one");
    }

    // ---- freezing while a training runs ---------------------------------------------------------------------------

    private Sequential chain() {
        TorchRandom seeded = new TorchRandom(4);
        return new Sequential(new Linear(4, 3, seeded), new Tanh(), new Linear(3, 4, seeded));
    }

    /** Freezes the first layer after three batches and lets it learn again after six. */
    private static void atBatch(int done, Sequential net) {
        if (done == 3) {
            net.slice(0, 1).freeze();
        }
        if (done == 6) {
            net.unfreeze();
        }
    }

    private History trained(Sequential net, Optimizer optimizer, List<StepKind> kinds, boolean planned) {
        Trainer trainer = new Trainer(net, new MSELoss(), optimizer, new NumpyRandom(1))
                .epochs(3)
                .batchSize(5);
        TrainingListener listener = new TrainingListener() {
            private int done;

            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                kinds.add(trainer.steps().kind());
                atBatch(++done, net);
            }
        };
        if (!planned) {
            trainer.withoutPlan();
        }
        return trainer.listener(listener).fit(x, x);
    }

    private float[] trainedByHand(Sequential net, Optimizer optimizer) {
        NumpyRandom order = new NumpyRandom(1);
        float[] losses = new float[12];
        int done = 0;
        for (int e = 0; e < 3; e++) {
            int[] permutation = order.permutation(20);
            for (int from = 0; from < 20; from += 5) {
                float[] rows = new float[20];
                for (int r = 0; r < 5; r++) {
                    System.arraycopy(x.data(), permutation[from + r] * 4, rows, r * 4, 4);
                }
                Tensor batch = Tape.fresh().input(Tensor.matrix(5, 4, rows));
                Tensor loss = net.forward(batch).mse(batch);
                losses[done++] = loss.item();
                optimizer.zeroGrad();
                loss.backward();
                optimizer.step();
                atBatch(done, net);
            }
        }
        return losses;
    }

    private interface Stepping {
        Optimizer of(List<Tensor> parameters);
    }

    @Test
    void freezingDuringTrainingIsNoticed() {
        List<Stepping> steppings = List.of(
                Adam::new,
                p -> new SGD(
                        p,
                        SGD.defaults().withLearningRate(0.1).withMomentum(0.9).withWeightDecay(0.01)));
        for (Stepping stepping : steppings) {
            Sequential expected = chain();
            float[] byHand = trainedByHand(expected, stepping.of(expected.parameters()));
            for (boolean planned : new boolean[] {true, false}) {
                Sequential net = chain();
                List<StepKind> kinds = new ArrayList<>();
                History history = trained(net, stepping.of(net.parameters()), kinds, planned);

                Bits.assertSame("losses", history.batchLosses(), byHand);
                expected.stateDict()
                        .forEach((name, value) ->
                                Bits.assertSame(name, net.stateDict().get(name).data(), value.data()));
                assertThat(kinds.subList(3, 6))
                        .containsExactly(StepKind.RECORDED, StepKind.REPLAYED, StepKind.REPLAYED);
            }
        }
    }

    @Test
    void frozenEncoderOfAChainIsReplayedAndSaysSo() {
        Sequential net = chain();
        net.slice(0, 1).freeze();
        Trainer trainer = trainer(net, new Adam(net.parameters()));
        Tensor before = net.parameters().get(0).copy();
        History history = trainer.fit(x, x);

        Bits.assertSame("frozen", net.parameters().get(0).data(), before.data());
        assertThat(history.table().get(2).train())
                .isLessThan(history.table().get(0).train());
        assertThat(trainer.steps().kind()).isEqualTo(StepKind.REPLAYED);
        assertThat(trainer.steps().why().orElseThrow())
                .containsAnyOf("a parameter is frozen", "the plain kernels are in use");
    }

    /** An optimiser of a user that is given other tensors while it works. */
    private static final class Changing implements Optimizer {
        private Optimizer present;

        Changing(List<Tensor> parameters) {
            present = new SGD(parameters, 0.1);
        }

        @Override
        public void zeroGrad() {
            present.zeroGrad();
        }

        @Override
        public void step() {
            present.step();
        }

        @Override
        public List<Tensor> parameters() {
            return present.parameters();
        }

        @Override
        public double learningRate() {
            return present.learningRate();
        }

        @Override
        public void learningRate(double learningRate) {
            present.learningRate(learningRate);
        }

        @Override
        public OptimizerState state() {
            return present.state();
        }

        @Override
        public void restore(OptimizerState state) {
            present.restore(state);
        }
    }

    @Test
    void optimiserThatLosesParametersDuringTraining() {
        Sequential net = chain();
        Changing optimizer = new Changing(net.parameters());
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                optimizer.present = new SGD(net.parameters().subList(0, 3), 0.1);
            }
        };
        Trainer trainer = trainer(net, optimizer).listener(listener);
        assertThatThrownBy(() -> trainer.fit(x, x))
                .hasMessage(
                        "Changing lacks what the loss depends on: tensor 'bias' [4], used by affine in layer 2, operation 2"
                                + " of step 2" + WAY_OUT);
    }

    // ---- loops by hand --------------------------------------------------------------------------------------------

    @Test
    void loopsByHandCanAsk() {
        Sequential net = new Sequential(new Linear(4, 4, random), skip);
        Optimizer optimizer = new Adam(net.parameters());
        Tape tape = Tape.reusing();
        Tensor batch = tape.input(x);
        Tensor loss = net.forward(batch).mse(batch);

        assertThatThrownBy(() -> optimizer.check(loss))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "Adam lacks what the loss depends on: tensor 'weight' [4,4], used by affine in layer 1");
        List<Tensor> all = new ArrayList<>(net.parameters());
        all.addAll(body.parameters());
        Optimizer complete = new Adam(all);
        complete.check(loss);
        loss.backward();
        complete.check(loss);

        tape.begin();
        assertThatThrownBy(() -> complete.check(loss))
                .hasMessage("dependencies: 'mse' is not in the present recording of a tape; look at a loss between its"
                        + " computation and begin()");
        assertThatThrownBy(() -> complete.check(Tensor.scalar(1).named("loss")))
                .hasMessageStartingWith("dependencies: 'loss' is not in the present recording");
    }

    /** The double of a tensor on a tape is the same tensor to learn. */
    @Test
    void doublesOnATapeCount() {
        Tensor w = Tensor.vector(1, 2).trainable().named("w");
        Tape tape = Tape.fresh();
        Tensor onTape = tape.input(w);
        Tensor loss = onTape.mul(onTape).sum();

        new SGD(List.of(w), 0.1).check(loss);
        new SGD(List.of(onTape), 0.1).check(loss);
        assertThatThrownBy(() -> new SGD(List.of(Tensor.vector(1).trainable()), 0.1).check(loss))
                .hasMessageContaining("the loss depends on tensor 'w' [2], used by mul, operation 0 of step 1");
    }

    /** A step by hand needs no loss at all. */
    @Test
    void gradientsWrittenByHandMoveWhatTheyBelongTo() {
        Tensor w = Tensor.vector(1).trainable();
        Optimizer optimizer = new SGD(List.of(w), 0.5);
        w.grad()[0] = 1;
        optimizer.step();
        assertThat(w.item()).isEqualTo(0.5f);
    }

    /** Of a product of parameters alone no tape would know: it would be a constant, and its factors would stay as they are. */
    @Test
    void weightsComputedWithoutATape() {
        Tensor direction =
                Tensor.matrix(4, 4, Samples.uniform(2, 16, -1, 1)).trainable().named("direction");
        Tensor length =
                Tensor.matrix(4, 4, Samples.uniform(3, 16, 0, 1)).trainable().named("length");
        Tensor shift = Tensor.vector(0, 0, 0, 0).trainable().named("shift");
        Optimizer optimizer = new Adam(List.of(direction, length, shift));

        Layer unrecorded = input -> input.affine(direction.mul(length), shift);
        assertThatThrownBy(() -> trainer(unrecorded, optimizer).fit(x, x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "affine: tensor 'mul' [4,4] was computed from the trainable tensor 'direction' [4,4] without a tape,"
                                + " and no gradient would come through it. Bring that onto the tape first, in a layer"
                                + " x.tape().map(t -> t.input(w)).orElse(w); or freeze() it, or take a copy() of the result, if it is to"
                                + " be a constant");

        Layer recorded = input -> input.affine(
                input.tape()
                        .map(tape -> tape.input(direction))
                        .orElse(direction)
                        .mul(length),
                shift);
        float before = direction.data()[0];
        trainer(recorded, optimizer).fit(x, x);
        assertThat(direction.data()[0]).isNotEqualTo(before);
    }

    @Test
    void namesAreShownOnOneLine() {
        Tensor used = Tensor.vector(1, 1, 1, 1).trainable().named("a\u001b[2J");
        Tensor moved = Tensor.vector(1, 1, 1, 1).trainable().named("b\nc");
        assertThatThrownBy(() -> trainer(input -> input.add(used), new SGD(List.of(moved), 0.1))
                        .fit(x, x))
                .hasMessageStartingWith(
                        "SGD moves nothing that the loss depends on. It has 'b\\nc' [4]; the loss depends on"
                                + " tensor 'a\\u001b[2J' [4], used by add, operation 0 of step 1. Make");
    }
}
