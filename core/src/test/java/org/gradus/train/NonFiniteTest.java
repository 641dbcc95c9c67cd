package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.AnomalyException;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.nn.BCELoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.optim.Optimizer;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers that are no numbers, or none that a loss is defined for, in every form of the step: no wrong result passes in silence. */
class NonFiniteTest {

    private static final int WIDTH = 20;
    private static final int SAMPLES = 70;
    private static final int BATCH = 16;
    private static final int TEST_SAMPLES = 1100; // three blocks of the evaluation

    private final Tensor train = Tensor.matrix(SAMPLES, WIDTH, new TorchRandom(1).rand(SAMPLES * WIDTH));
    private final Tensor test = Tensor.matrix(TEST_SAMPLES, WIDTH, new TorchRandom(2).rand(TEST_SAMPLES * WIDTH));

    /** How steps are taken. */
    private enum Form {
        RECORDED,
        REPLAYED,
        PLANNED;

        Sequential net(Layer... layers) {
            if (this == RECORDED) {
                List<Layer> all = new ArrayList<>(List.of(layers));
                all.add(x -> x); // makes no promise
                return new Sequential(all);
            }
            return new Sequential(layers);
        }

        Trainer trainer(Sequential net, Loss loss, double rate) {
            Trainer trainer = new Trainer(net, loss, new SGD(net.parameters(), rate), new NumpyRandom(3))
                    .batchSize(BATCH)
                    .epochs(3);
            return this == REPLAYED ? trainer.withoutPlan() : trainer;
        }

        void assertTaken(Trainer trainer) {
            boolean vector = KernelProvider.kernels().name().equals("vector");
            StepKind expected = this == RECORDED
                    ? StepKind.RECORDED
                    : this == PLANNED && vector ? StepKind.PLANNED : StepKind.REPLAYED;
            assertThat(trainer.steps().kind()).isEqualTo(expected);
        }
    }

    private static Layer[] autoencoder() {
        TorchRandom random = new TorchRandom(0);
        return new Layer[] {new Linear(WIDTH, 3, random), new ReLU(), new Linear(3, WIDTH, random), new Sigmoid()};
    }

    private static Map<String, float[]> weights(Sequential net) {
        Map<String, float[]> weights = new LinkedHashMap<>();
        net.stateDict()
                .forEach((name, tensor) -> weights.put(name, tensor.data().clone()));
        return weights;
    }

    private static void assertSame(Sequential net, Map<String, float[]> expected) {
        net.stateDict().forEach((name, tensor) -> Bits.assertSame(name, tensor.data(), expected.get(name)));
    }

    // ---- data -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"NaN, NaN", "Infinity, Infinity", "-Infinity, -Infinity"})
    void dataThatAreNotFiniteAreNamedByTheirPlaceInTheSet(float wrong, String text) {
        String way = "; repair it or leave the sample out, or let such numbers through with keepGoing()";
        Sequential net = new Sequential(autoencoder());
        Map<String, float[]> before = weights(net);
        Trainer trainer = Form.PLANNED.trainer(net, new BCELoss(), 0.1);
        train.data()[41 * WIDTH + 7] = wrong;
        train.data()[42 * WIDTH] = wrong;
        assertThatThrownBy(() -> trainer.fit(train, test))
                .isInstanceOf(DomainException.class)
                .hasMessage("Trainer, training set: input [41,7] is " + text + ", in sample 41" + way);
        assertThatThrownBy(() -> trainer.fit(
                        test,
                        test,
                        test,
                        test.copy().reshape(TEST_SAMPLES, WIDTH).sub(inf(wrong))))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("Trainer, test set: target [0,0] is ");
        assertThatThrownBy(() -> trainer.fit(test, train))
                .hasMessage("Trainer, test set: input [41,7] is " + text + ", in sample 41" + way);
        assertSame(net, before);
    }

    private static Tensor inf(float wrong) {
        float[] row = new float[WIDTH];
        Arrays.fill(row, wrong);
        return Tensor.vector(row);
    }

    /** Nor is a sum beyond the largest float a number that is not finite. */
    @Test
    void largeDataAreFinite() {
        Arrays.fill(train.data(), Float.MAX_VALUE);
        assertThatThrownBy(() -> Form.PLANNED
                        .trainer(new Sequential(linear()), new MSELoss(), 0.1)
                        .fit(train, test))
                .isInstanceOf(NonFiniteException.class)
                .hasMessageStartingWith("epoch 1, batch 1 of 5: the loss is ");
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void keptGoingItTrainsOnWhateverComes(Form form) {
        Sequential net = form.net(autoencoder());
        train.data()[41 * WIDTH + 7] = Float.NaN;
        Trainer trainer = form.trainer(net, new MSELoss(), 0.1).keepGoing();
        History history = trainer.fit(train, test);
        form.assertTaken(trainer);
        assertThat(history.epochs()).isEqualTo(3);
        assertThat(history.table().get(0).train()).isNaN();
        // relu passes the gradient on, and so no weight is left as it was
        assertThat(net.stateDict()).allSatisfy((name, parameter) -> {
            for (float value : parameter.data()) {
                assertThat(value).as(name).isNaN();
            }
        });
    }

    // ---- losses -----------------------------------------------------------------------------------------------------

    /** A run by hand: the weights before the first batch whose loss is not finite. */
    private Map<String, float[]> byHand(Loss loss, double rate, int batches) {
        Sequential net = new Sequential(linear());
        Optimizer optimizer = new SGD(net.parameters(), rate);
        int[] order = new int[SAMPLES];
        new NumpyRandom(3).permutation(order);
        for (int b = 0; b < batches; b++) {
            int rows = Math.min(BATCH, SAMPLES - b * BATCH);
            float[] batch = new float[rows * WIDTH];
            for (int r = 0; r < rows; r++) {
                System.arraycopy(train.data(), order[b * BATCH + r] * WIDTH, batch, r * WIDTH, WIDTH);
            }
            Tape tape = Tape.fresh();
            Tensor x = tape.input(Tensor.matrix(rows, WIDTH, batch));
            optimizer.zeroGrad();
            loss.of(net.forward(x), x).backward();
            optimizer.step();
        }
        return weights(net);
    }

    private static Layer[] linear() {
        TorchRandom random = new TorchRandom(0);
        return new Layer[] {new Linear(WIDTH, 3, random), new ReLU(), new Linear(3, WIDTH, random)};
    }

    @ParameterizedTest
    @CsvSource({
        "RECORDED, 1e30, 2",
        "REPLAYED, 1e30, 2",
        "PLANNED, 1e30, 2",
        "RECORDED, 1e9, 3",
        "REPLAYED, 1e9, 3",
        "PLANNED, 1e9, 3"
    })
    void trainingEndsBeforeTheOptimiserMovesByALossThatIsNotFinite(Form form, double rate, int batch) {
        Sequential net = form.net(linear());
        Trainer trainer = form.trainer(net, new MSELoss(), rate);
        List<Integer> told = new ArrayList<>();
        trainer.listener(new TrainingListener() {
            @Override
            public void onBatch(int epoch, int number, int batches, float loss) {
                told.add(number);
                assertThat(loss).isFinite();
            }
        });
        NonFiniteException end = catchThrowableOfType(NonFiniteException.class, () -> trainer.fit(train, test));
        assertThat(end.epoch()).isEqualTo(1);
        assertThat(end.batch()).isEqualTo(batch);
        assertThat(end.what()).isEqualTo("loss of the batch");
        assertThat(end.value()).isNotFinite();
        assertThat(end)
                .hasMessage("epoch 1, batch " + batch + " of 5: the loss is " + end.value()
                        + "; the optimiser did not move by it. Likely a learning rate that is too large (it is "
                        + (rate == 1e30 ? "1.00e+30" : "1.00e+09")
                        + "), weights that started too large, or a layer or loss that divides by 0 or takes a logarithm of it;"
                        + " Trainer.detectAnomalies() finds the operation, keepGoing() trains on");
        float[] losses = end.history().batchLosses();
        assertThat(losses).hasSize(batch);
        assertThat(losses[batch - 1]).isEqualTo(end.value());
        assertThat(end.history().table()).isEmpty();
        assertThat(told).hasSize(batch - 1);
        assertSame(net, byHand(new MSELoss(), rate, batch - 1));
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void aRateOf1000EndsTooAndKeptGoingDoesNot(Form form) {
        Sequential net = form.net(linear());
        NonFiniteException end = catchThrowableOfType(
                NonFiniteException.class,
                () -> form.trainer(net, new MSELoss(), 1000).epochs(50).fit(train, test));
        assertThat(end.value()).isNotFinite();
        assertFinite(net);
        Sequential other = form.net(linear());
        Trainer trainer = form.trainer(other, new MSELoss(), 1000).epochs(50).keepGoing();
        History history = trainer.fit(train, test);
        form.assertTaken(trainer);
        assertThat(history.epochs()).isEqualTo(50);
        float[] losses = history.batchLosses();
        float[] until = end.history().batchLosses();
        Bits.assertSame("losses", Arrays.copyOf(losses, until.length), until);
        assertThat(losses[losses.length - 1]).isNaN();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void infinityInTheEvaluationAloneEndsTrainingToo(Form form) {
        test.data()[600 * WIDTH] = 1e30f;
        Sequential net = form.net(linear());
        NonFiniteException end = catchThrowableOfType(
                NonFiniteException.class,
                () -> form.trainer(net, new MSELoss(), 0.1).fit(train, test));
        assertThat(end)
                .hasMessageStartingWith(
                        "epoch 1, evaluation of the test set: the loss is Infinity. Likely a learning rate");
        assertThat(end.batch()).isZero();
        assertThat(end.what()).isEqualTo("loss over the test set");
        assertThat(end.history().epochs()).isZero();
        assertThat(end.history().batchLosses()).hasSize(5);
        History history = form.trainer(net, new MSELoss(), 0.1).keepGoing().fit(train, test);
        assertThat(history.table().get(0).test()).isInfinite();
        assertThat(history.table().get(2).train()).isFinite();
    }

    /** A hidden unit that is dead has any bias, and no loss sees it. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void weightsThatNoLossSeesAreLookedAtAfterEveryEpoch(Form form) {
        Sequential net = form.net(linear());
        List<Integer> kept = new ArrayList<>();
        Trainer trainer = form.trainer(net, new MSELoss(), 0.01).afterEpoch(history -> kept.add(history.epochs()));
        trainer.listener(new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                if (epoch == 2 && batch == batches) {
                    net.stateDict().get("0.bias").data()[1] = Float.NEGATIVE_INFINITY;
                }
            }
        });
        NonFiniteException end = catchThrowableOfType(NonFiniteException.class, () -> trainer.fit(train, test));
        assertThat(end)
                .hasMessageStartingWith(
                        "end of epoch 2: parameter 0.bias [3] has -Infinity at [1], though the losses are finite. Likely ");
        assertThat(end.what()).isEqualTo("parameter 0.bias");
        assertThat(kept).containsExactly(1);
    }

    /** Data that change while training runs, as a listener that augments them does. */
    @Test
    void dataThatWereSpoiltMeanwhileAreNamedWithTheLoss() {
        Trainer trainer = Form.PLANNED.trainer(new Sequential(autoencoder()), new BCELoss(), 0.1);
        trainer.listener(new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                Arrays.fill(train.data(), 13 * WIDTH + 4, train.size(), Float.NaN);
            }
        });
        assertThatThrownBy(() -> trainer.fit(train, test))
                .isInstanceOf(NonFiniteException.class)
                .hasMessageContaining(
                        "the optimiser did not move by it; in the training set input [13,4] is NaN, in sample 13. Likely ");
    }

    @Test
    void weightsThatWereSpoiltMeanwhileAreNamedWithTheLoss() {
        Sequential net = new Sequential(linear());
        net.stateDict().get("2.weight").data()[7] = Float.NEGATIVE_INFINITY;
        assertThatThrownBy(() -> Form.PLANNED.trainer(net, new MSELoss(), 0.1).fit(train, test))
                .isInstanceOf(NonFiniteException.class)
                .hasMessageContaining(
                        "the optimiser did not move by it; parameter 2.weight [20,3] has -Infinity at [2,1]. Likely ");
    }

    @Test
    void theSearchForAnomaliesFindsTheOperation() {
        Sequential net = new Sequential(linear());
        assertThatThrownBy(() -> Form.PLANNED
                        .trainer(net, new MSELoss(), 1e30)
                        .detectAnomalies()
                        .fit(train, test))
                .isInstanceOf(AnomalyException.class)
                .hasMessageStartingWith("epoch 1, batch 2: ");
    }

    // ---- numbers that a loss is not defined for
    // -----------------------------------------------------------------------

    private static final Loss PROMISED = new Loss() {
        @Override
        public Tensor of(Tensor output, Tensor target) {
            return output.bce(target);
        }

        @Override
        public String name() {
            return "mine";
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }
    };

    @ParameterizedTest
    @EnumSource(Form.class)
    void targetsOutsideZeroToOneAreNamedByTheirPlaceInTheSet(Form form) {
        train.data()[69 * WIDTH + 3] = 16;
        assertThatThrownBy(() -> form.trainer(form.net(autoencoder()), new BCELoss(), 0.1)
                        .fit(train, test))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith(
                        "Trainer, training set: bce: target [69,3] is 16.0, in sample 69, outside [0,1]. ");
        assertThatThrownBy(() -> form.trainer(form.net(autoencoder()), new BCELoss(), 0.1)
                        .keepGoing()
                        .fit(test, train))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("Trainer, test set: bce: target [69,3] is 16.0");
    }

    /** Nothing tells that such a loss has a domain but its operation, which a plan does without. */
    @ParameterizedTest
    @EnumSource(Form.class)
    void aLossOfOnesOwnIsCheckedToo(Form form) {
        int[] order = new int[SAMPLES];
        new NumpyRandom(3).permutation(order);
        int late = order[3 * BATCH + 5];
        train.data()[late * WIDTH + 3] = 16;
        String bce = "bce: target [" + late + ",3] is 16.0, in sample " + late;
        String batch =
                "epoch 1, batch 4: row 5 of the batch is sample " + late + " of the set: bce: target [5,3] is 16.0";
        Trainer trainer = form.trainer(form.net(autoencoder()), PROMISED, 0.1);
        assertThatThrownBy(() -> trainer.fit(train, test))
                .isInstanceOf(DomainException.class)
                .satisfiesAnyOf(
                        wrong -> assertThat(wrong).hasMessageStartingWith(batch),
                        wrong -> assertThat(wrong).hasMessageContaining(bce));
        test.data()[700 * WIDTH + 1] = -1;
        assertThatThrownBy(() ->
                        form.trainer(form.net(autoencoder()), PROMISED, 0.1).fit(test.copy(), test))
                .isInstanceOf(DomainException.class);
    }

    /** Outputs leave [0,1] after some steps: nothing but the computation itself can know. All forms say the same. */
    @Test
    void outputsThatAreNoProbabilitiesAreRefused() {
        List<String> messages = new ArrayList<>();
        for (Form form : Form.values()) {
            TorchRandom random = new TorchRandom(0);
            Linear last = new Linear(3, WIDTH, random);
            Arrays.fill(last.bias().data(), 0.5f);
            for (int i = 0; i < last.weight().size(); i++) {
                last.weight().data()[i] *= 0.05f;
            }
            Sequential net = form.net(new Linear(WIDTH, 3, random), new ReLU(), last);
            Trainer trainer = form.trainer(net, new BCELoss(), 20).keepGoing();
            DomainException wrong = catchThrowableOfType(DomainException.class, () -> trainer.fit(train, test));
            form.assertTaken(trainer);
            messages.add(String.valueOf(wrong.getMessage()));
            assertFinite(net);
        }
        assertThat(messages.get(0))
                .matches(
                        "epoch 1, batch \\d: row \\d+ of the batch is sample \\d+ of the set: bce: output \\[\\d+,\\d+] is "
                                + "\\S+, in sample \\d+, outside \\[0,1]\\. Outputs must be probabilities; end the network with a"
                                + " Sigmoid, or use BCEWithLogitsLoss without one");
        assertThat(messages).containsOnly(messages.get(0));
    }

    private static void assertFinite(Sequential net) {
        assertThat(net.stateDict()).allSatisfy((name, parameter) -> {
            for (float value : parameter.data()) {
                assertThat(value).as(name).isFinite();
            }
        });
    }

    @Test
    void anEvaluationNamesTheSample() {
        Sequential net = new Sequential(new Linear(WIDTH, 1, new TorchRandom(0)));
        net.stateDict().get("0.bias").data()[0] = 0.5f;
        Arrays.fill(net.stateDict().get("0.weight").data(), 0.001f);
        Tensor target = Tensor.zeros(TEST_SAMPLES, 1);
        for (Sequential each : List.of(net, new Sequential(net, x -> x))) {
            FullSetLoss loss = new FullSetLoss(each, new BCELoss());
            assertThat(loss.of(test, target)).isPositive();
            target.data()[900] = 2;
            assertThatThrownBy(() -> loss.of(test, target))
                    .isInstanceOf(DomainException.class)
                    .hasMessageStartingWith("FullSetLoss: bce: target [900,0] is 2.0, in sample 900, outside [0,1].");
            target.data()[900] = 1;
            float before = test.data()[901 * WIDTH];
            test.data()[901 * WIDTH] = -1e4f;
            assertThatThrownBy(() -> loss.of(test, target))
                    .isInstanceOf(DomainException.class)
                    .hasMessageStartingWith(
                            "FullSetLoss: row 389 of the batch is sample 901 of the set: bce: output [389,0] is -9.4");
            test.data()[901 * WIDTH] = Float.NaN;
            assertThat(loss.of(test, target)).isNaN();
            test.data()[901 * WIDTH] = before;
            assertThat(loss.of(test, target)).isPositive();
        }
    }

    @Test
    void classesAreNamedByTheirPlaceInTheSet() {
        Sequential net = new Sequential(new Linear(WIDTH, 3, new TorchRandom(0)));
        Tensor classes = Tensor.zeros(SAMPLES);
        classes.data()[50] = 0.5f;
        Trainer trainer = Form.PLANNED.trainer(net, new CrossEntropyLoss(), 0.1);
        assertThatThrownBy(() -> trainer.fit(train, classes, train, classes))
                .isInstanceOf(DomainException.class)
                .hasMessage(
                        "Trainer, training set: softmaxCrossEntropy: class[50] is 0.5, expected a whole number from 0 on");
        classes.data()[50] = 3;
        assertThatThrownBy(() -> trainer.fit(train, classes, train, classes))
                .isInstanceOf(DomainException.class)
                .hasMessageMatching(
                        "epoch 1, batch \\d: row \\d+ of the batch is sample 50 of the set: softmaxCrossEntropy:"
                                + " class\\[\\d+] is 3.0, expected a whole number from 0 to 2");
    }

    /** Its rows are pixels: none of them is a sample of the set, and there are more of them than samples. */
    @Test
    void aLossThatFlattensItsTensorsNamesNoSampleOfTheSet() {
        Loss flat = new Loss() {
            @Override
            public Tensor of(Tensor output, Tensor target) {
                return output.reshape(output.size()).bce(target.reshape(target.size()));
            }

            @Override
            public String name() {
                return "flat";
            }
        };
        train.data()[69 * WIDTH + 19] = 7;
        Sequential net = new Sequential(autoencoder());
        Trainer trainer = new Trainer(net, flat, new SGD(net.parameters(), 0.1), new NumpyRandom(3)).batchSize(SAMPLES);
        String wrong = " is 7.0, in sample ";
        assertThatThrownBy(() -> trainer.fit(train, test))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("epoch 1, batch 1: bce: target [")
                .hasMessageContaining(wrong);
        assertThatThrownBy(() -> new FullSetLoss(net, flat).of(train, train))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("FullSetLoss: bce: target [1399]" + wrong + "1399, outside [0,1]");
    }

    @Test
    void frozenWeightsThatAreNotFiniteAreNamedToo() {
        Sequential net = new Sequential(autoencoder());
        net.slice(0, 2).freeze();
        net.parameters().get(0).data()[2] = Float.NaN;
        Optimizer decoder = new SGD(net.slice(2, 4).parameters(), 0.1);
        assertThatThrownBy(() -> new Trainer(net, new MSELoss(), decoder, new NumpyRandom(3))
                        .batchSize(BATCH)
                        .fit(train, test))
                .isInstanceOf(NonFiniteException.class)
                .hasMessageStartingWith("epoch 1, batch 1 of 5: the loss is NaN; the optimiser did not move by it;"
                        + " parameter 0.weight [3,20] has NaN at [0,2]. Likely weights that started too large, or ");
    }

    @Test
    void namesOfParametersAreShownOnOneLine() {
        Tensor shift = Tensor.vector(new float[WIDTH]).trainable().named("a\nb\u001b[2J");
        shift.data()[3] = Float.NaN;
        Layer layer = x -> x.add(shift);
        assertThatThrownBy(() -> new Trainer(layer, new MSELoss(), new SGD(List.of(shift), 0.1), new NumpyRandom(3))
                        .fit(train, test))
                .isInstanceOf(NonFiniteException.class)
                .hasMessageContaining("; parameter a\\nb\\u001b[2J [20] has NaN at [3]. ");
    }
}
