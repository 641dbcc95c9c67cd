package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.AnomalyException;
import org.gradus.autograd.HookHandle;
import org.gradus.autograd.Tape;
import org.gradus.autograd.TapeObserver;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.optim.Adam;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Test;

/** Training that somebody looks into, from the beginning or for a while: hooks are called, and no bit changes. */
class WatchedTrainingTest {

    private static final int WIDTH = 20;
    private static final int SAMPLES = 70;
    private static final int BATCH = 16;
    private static final int BATCHES = 5; // the last one has 6 samples
    private static final int EPOCHS = 3;

    private final Tensor train = Tensor.matrix(SAMPLES, WIDTH, new TorchRandom(1).rand(SAMPLES * WIDTH));
    private final Tensor test = Tensor.matrix(600, WIDTH, new TorchRandom(2).rand(600 * WIDTH));

    private static Sequential autoencoder() {
        TorchRandom random = new TorchRandom(7);
        return new Sequential(new Linear(WIDTH, 3, random), new PReLU(), new Linear(3, WIDTH, random), new Sigmoid());
    }

    private static Trainer trainer(Sequential net) {
        return new Trainer(net, new BCELoss(), new Adam(net.parameters()), new NumpyRandom(3))
                .epochs(EPOCHS)
                .batchSize(BATCH);
    }

    private void assertSameAsUnwatched(History watched, Sequential net) {
        Sequential other = autoencoder();
        History expected = trainer(other).fit(train, test);
        Bits.assertSame("losses", watched.batchLosses(), expected.batchLosses());
        assertThat(watched.table()).isEqualTo(expected.table());
        net.stateDict()
                .forEach((name, value) -> Bits.assertSame(
                        name, value.data(), other.stateDict().get(name).data()));
    }

    /** Something to be attached between two batches and removed between two others. */
    private interface Attachment {
        HookHandle attach();
    }

    /** Attached after batch 1 of epoch 2, when steps have long been planned, and removed after batch 3. */
    private static TrainingListener during(Attachment attachment) {
        return new TrainingListener() {
            private HookHandle handle = () -> {};

            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                if (epoch == 2 && batch == 1) {
                    handle = attachment.attach();
                }
                if (epoch == 2 && batch == 3) {
                    handle.remove();
                }
            }
        };
    }

    @Test
    void forwardHooksSeeEveryBatchAndEveryBlockOfTheEvaluation() {
        Sequential net = autoencoder();
        List<Integer> rows = new ArrayList<>();
        net.onForward("1", (layer, x, y) -> rows.add(x.shape().rows()));

        History history = trainer(net).fit(train, test);

        List<Integer> epoch = List.of(16, 16, 16, 16, 6, 70, 512, 88);
        List<Integer> expected = new ArrayList<>();
        for (int e = 0; e < EPOCHS; e++) {
            expected.addAll(epoch);
        }
        assertThat(rows).isEqualTo(expected);
        assertSameAsUnwatched(history, net);
    }

    @Test
    void forwardHookForTwoBatches() {
        Sequential net = autoencoder();
        List<Tensor> outputs = new ArrayList<>();

        History history = trainer(net)
                .listener(during(() -> net.onForward("3", (layer, x, y) -> outputs.add(y.copy()))))
                .fit(train, test);

        assertThat(outputs).hasSize(2);
        assertThat(outputs.get(0).data())
                .as("of another batch")
                .isNotEqualTo(outputs.get(1).data());
        assertSameAsUnwatched(history, net);
    }

    @Test
    void gradientHookOfAParameterForTwoBatches() {
        Sequential net = autoencoder();
        List<float[]> seen = new ArrayList<>();

        History history = trainer(net)
                .listener(during(() -> net.parameters().get(0).onGrad(g -> seen.add(g.clone()))))
                .fit(train, test);

        assertThat(seen).hasSize(2);
        assertThat(seen.get(0)).isNotEqualTo(seen.get(1));
        assertSameAsUnwatched(history, net);
    }

    @Test
    void gradientHookOfAHiddenLayer() {
        Sequential net = autoencoder();
        List<Tensor> codes = new ArrayList<>();
        HookHandle once = net.onForward("1", (layer, x, y) -> codes.add(y));
        TrainingListener listener = new TrainingListener() {
            private final TrainingListener later =
                    during(() -> codes.get(0).onGrad(g -> codes.add(Tensor.vector(g.clone()))));

            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                once.remove();
                later.onBatch(epoch, batch, batches, loss);
            }
        };

        History history = trainer(net).listener(listener).fit(train, test);

        assertThat(codes).hasSize(3);
        assertThat(codes.get(1).data())
                .hasSize(BATCH * 3)
                .isNotEqualTo(codes.get(2).data());
        assertSameAsUnwatched(history, net);
    }

    @Test
    void retainedGradientIsThatOfTheLastBatch() {
        Sequential net = autoencoder();
        List<Tensor> codes = new ArrayList<>();
        HookHandle[] once = new HookHandle[1];
        once[0] = net.onForward("1", (layer, x, y) -> {
            codes.add(y.retainGrad());
            once[0].remove();
        });
        List<float[]> gradients = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                gradients.add(codes.get(0).grad().clone());
            }
        };

        History history = trainer(net).listener(listener).fit(train, test);

        assertThat(codes).hasSize(1);
        assertThat(gradients.get(7)).isNotEqualTo(gradients.get(8));
        assertThat(gradients.get(8))
                .as("the short batch has a recording of its own")
                .isEqualTo(gradients.get(9));
        assertSameAsUnwatched(history, net);
    }

    @Test
    void observerOfTheTapeForTwoBatches() {
        Sequential net = autoencoder();
        List<Tape> tapes = new ArrayList<>();
        HookHandle once = net.onForward("0", (layer, x, y) -> tapes.add(y.tape().orElseThrow()));
        List<String> heard = new ArrayList<>();
        TapeObserver observer = new TapeObserver() {
            @Override
            public void afterForward(int index, Tape.Step step, long nanos) {
                heard.add(step.layer() + step.op().name());
            }
        };
        TrainingListener listener = new TrainingListener() {
            private final TrainingListener later = during(() -> tapes.get(0).observe(observer));

            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                once.remove();
                later.onBatch(epoch, batch, batches, loss);
            }
        };

        History history = trainer(net).listener(listener).fit(train, test);

        List<String> step = List.of("0affine", "1prelu", "2affine", "3sigmoid", "bce");
        assertThat(heard).hasSize(10);
        assertThat(heard.subList(0, 5)).isEqualTo(step);
        assertThat(heard.subList(5, 10)).isEqualTo(step);
        assertSameAsUnwatched(history, net);
    }

    /** A planned step leaves the recording alone: what stands there shows which steps were planned. */
    @Test
    void stepsArePlannedAgainOnceNobodyWatches() {
        Sequential net = autoencoder();
        List<Tensor> codes = new ArrayList<>();
        HookHandle once = net.onForward("1", (layer, x, y) -> codes.add(y));
        List<Boolean> replayed = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            private final TrainingListener later =
                    during(() -> net.parameters().get(0).onGrad(g -> {}));
            private float[] before = {};

            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                once.remove();
                if (batch < batches) {
                    float[] now = codes.get(0).data().clone();
                    replayed.add(!Arrays.equals(now, before));
                    before = now;
                }
                later.onBatch(epoch, batch, batches, loss);
            }
        };

        trainer(net).listener(listener).fit(train, test);

        if (KernelProvider.kernels().panels().isPresent()) {
            assertThat(replayed)
                    .containsExactly(
                            true, false, false, false, // the first is recorded
                            false, true, true, false, // batches 2 and 3 are watched
                            false, false, false, false);
        } else {
            assertThat(replayed).hasSize(EPOCHS * (BATCHES - 1)).containsOnly(true);
        }
    }

    @Test
    void hookThatChangesGradientsChangesTraining() {
        Sequential net = autoencoder();
        Sequential start = autoencoder();
        net.parameters().forEach(parameter -> parameter.onGrad(g -> Arrays.fill(g, 0f)));

        new Trainer(net, new BCELoss(), new SGD(net.parameters(), 0.5), new NumpyRandom(3))
                .batchSize(BATCH)
                .fit(train, test);

        net.stateDict()
                .forEach((name, value) -> Bits.assertSame(
                        name, value.data(), start.stateDict().get(name).data()));
    }

    @Test
    void evaluationCallsForwardHooksAlsoWhenItWasPlannedBefore() {
        Sequential net = autoencoder();
        FullSetLoss fullSet = new FullSetLoss(net, new BCELoss());
        float unwatched = fullSet.of(test, test);
        List<Integer> rows = new ArrayList<>();
        HookHandle handle =
                net.onForward("0", (layer, x, y) -> rows.add(x.shape().rows()));
        float watched = fullSet.of(test, test);
        handle.remove();
        float again = fullSet.of(test, test);

        assertThat(rows).containsExactly(512, 88);
        Bits.assertSame("losses", new float[] {watched, again}, new float[] {unwatched, unwatched});
    }

    // ---- anomalies ------------------------------------------------------------------------------------------------

    @Test
    void searchForAnomaliesChangesNothing() {
        Sequential net = autoencoder();
        assertSameAsUnwatched(trainer(net).detectAnomalies().fit(train, test), net);
    }

    @Test
    void anomalyInTrainingNamesEpochAndBatch() {
        Sequential net = autoencoder();
        TrainingListener vandal = new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                if (epoch == 2 && batch == 3) {
                    net.stateDict().get("2.weight").data()[4] = Float.POSITIVE_INFINITY;
                }
            }
        };

        AnomalyException thrown = catchThrowableOfType(
                AnomalyException.class,
                () -> trainer(net).detectAnomalies().listener(vandal).fit(train, test));

        assertThat(thrown)
                .hasMessageStartingWith(
                        "epoch 2, batch 4: affine in layer 2, operation 2 of step 1, forward: the result [16,20] has ")
                .hasMessageEndingWith("'weight', a parameter, already had Infinity at [1,1].");
    }

    @Test
    void anomalyInEvaluationNamesTheSet() {
        Sequential net = autoencoder();
        test.data()[3] = Float.NaN;

        AnomalyException thrown = catchThrowableOfType(
                AnomalyException.class, () -> trainer(net).detectAnomalies().fit(train, test));

        assertThat(thrown)
                .hasMessageStartingWith(
                        "epoch 1, evaluation of the test set: affine in layer 0, operation 0 of step 1, forward: ")
                .hasMessageEndingWith("'input', given as data, already had NaN at [0,3].");
    }

    /** A rate of 1e10 multiplies the weight by about -1e11 in each step; the square of the error leaves the range of float first. */
    @Test
    void explodingTrainingIsCaughtWhereItBegins() {
        Sequential net = new Sequential(new Linear(1, 1, new TorchRandom(0)));
        Tensor x = Tensor.matrix(4, 1, 1, 2, 3, 4);
        Trainer trainer = new Trainer(net, new MSELoss(), new SGD(net.parameters(), 1e10), new NumpyRandom(0))
                .batchSize(4)
                .detectAnomalies();

        AnomalyException thrown =
                catchThrowableOfType(AnomalyException.class, () -> trainer.fit(x, Tensor.zeros(4, 1), x, x));

        assertThat(thrown)
                .hasMessageContaining("mse, operation 1 of step 1, forward: the result [] has Infinity at []");
        assertThat(thrown.finding().value()).isInfinite();
    }
}
