package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.AnomalyException;
import org.gradus.autograd.HookHandle;
import org.gradus.autograd.StaleTensorException;
import org.gradus.autograd.Tape;
import org.gradus.autograd.TapeObserver;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.simd.PanelKernels;
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

    /** The recipe of PyTorch: a forward hook that attaches a gradient hook to the output it is given, new for every batch. */
    @Test
    void gradientHooksOfAHiddenLayerDoNotPileUp() {
        Sequential net = autoencoder();
        List<float[]> gradients = new ArrayList<>();
        net.onForward("1", (layer, x, y) -> y.onGrad(g -> gradients.add(g.clone())));
        Trainer trainer = trainer(net);

        History history = trainer.fit(train, test);

        assertThat(gradients).as("one per batch").hasSize(EPOCHS * BATCHES);
        assertThat(gradients.get(1)).hasSize(BATCH * 3).isNotEqualTo(gradients.get(2));
        assertThat(trainer.steps().kind()).isEqualTo(StepKind.RECORDED);
        assertSameAsUnwatched(history, net);
    }

    /** What one batch made is gone with the next: a hook on it is called no more, and it cannot be read any more. */
    @Test
    void outputOfABatchIsStaleInTheNext() {
        Sequential net = autoencoder();
        List<Tensor> codes = new ArrayList<>();
        List<float[]> gradients = new ArrayList<>();
        HookHandle once = net.onForward("1", (layer, x, y) -> {
            codes.add(y);
            y.onGrad(gradients::add);
        });
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                once.remove();
                if (epoch == 1 && batch == 2) {
                    assertThatThrownBy(() -> codes.get(0).data()).isInstanceOf(StaleTensorException.class);
                }
            }
        };

        History history = trainer(net).listener(listener).fit(train, test);

        assertThat(codes).hasSize(1);
        assertThat(gradients).hasSize(1);
        assertSameAsUnwatched(history, net);
    }

    @Test
    void retainedGradientIsThatOfItsBatch() {
        Sequential net = autoencoder();
        List<Tensor> codes = new ArrayList<>();
        List<float[]> gradients = new ArrayList<>();
        HookHandle handle = net.onForward("1", (layer, x, y) -> {
            if (y.requiresGrad() && x.shape().rows() <= BATCH) {
                codes.add(y.retainGrad());
                y.onGrad(g -> gradients.add(g.clone()));
            }
        });

        History history = trainer(net).fit(train, test);
        handle.remove();

        assertThat(codes).hasSize(EPOCHS * BATCHES);
        for (int b = 0; b < codes.size(); b++) {
            Bits.assertSame("batch " + b, codes.get(b).grad(), gradients.get(b));
        }
        assertThat(gradients.get(7)).isNotEqualTo(gradients.get(8));
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

    /** How each step but the last of an epoch was taken, which is of another size. */
    private List<StepKind> kinds(Trainer trainer, TrainingListener also) {
        List<StepKind> kinds = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                if (batch < batches) {
                    kinds.add(trainer.steps().kind());
                }
                also.onBatch(epoch, batch, batches, loss);
            }
        };
        trainer.listener(listener).fit(train, test);
        return kinds;
    }

    @Test
    void stepsArePlannedAgainOnceNobodyWatches() {
        Sequential net = autoencoder();

        List<StepKind> kinds =
                kinds(trainer(net), during(() -> net.parameters().get(0).onGrad(g -> {})));

        boolean plans = PanelKernels.of(KernelProvider.kernels()).isPresent();
        StepKind after = plans ? StepKind.PLANNED : StepKind.REPLAYED;
        assertThat(kinds)
                .containsExactly(
                        StepKind.RECORDED,
                        after,
                        after,
                        after, // the first is recorded
                        after,
                        StepKind.RECORDED,
                        StepKind.RECORDED,
                        after, // batches 2 and 3 are watched
                        after,
                        after,
                        after,
                        after);
    }

    /** A hook may keep what it was given, and attach to it later: what it has seen is not replayed. */
    @Test
    void recordingThatSomebodyHasSeenIsNotReplayed() {
        Sequential net = autoencoder();
        HookHandle once = net.onForward("1", (layer, x, y) -> {});
        TrainingListener remover = new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                once.remove();
            }
        };

        List<StepKind> kinds = kinds(trainer(net).withoutPlan(), remover);

        assertThat(kinds.subList(0, 4))
                .containsExactly(StepKind.RECORDED, StepKind.RECORDED, StepKind.REPLAYED, StepKind.REPLAYED);
    }

    /** The search for anomalies is the library's own and only reads. */
    @Test
    void searchForAnomaliesReplays() {
        List<StepKind> kinds = kinds(trainer(autoencoder()).detectAnomalies(), TrainingListener.NONE);
        assertThat(kinds.subList(0, 3)).containsExactly(StepKind.RECORDED, StepKind.REPLAYED, StepKind.REPLAYED);
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
                AnomalyException.class,
                () -> trainer(net).keepGoing().detectAnomalies().fit(train, test));

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
