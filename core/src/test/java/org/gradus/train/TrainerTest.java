package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

class TrainerTest {

    private static final int WIDTH = 20;

    private static Sequential autoencoder(long seed) {
        TorchRandom random = new TorchRandom(seed);
        return new Sequential(new Linear(WIDTH, 3, random), new PReLU(), new Linear(3, WIDTH, random), new Sigmoid());
    }

    private static Tensor samples(int rows, long seed) {
        return Tensor.matrix(rows, WIDTH, new TorchRandom(seed).rand(rows * WIDTH));
    }

    private static Tensor rows(Tensor all, int[] order, int from, int to) {
        int width = all.size() / all.shape().length(0);
        float[] rows = new float[(to - from) * width];
        for (int r = from; r < to; r++) {
            System.arraycopy(all.data(), order[r] * width, rows, (r - from) * width, width);
        }
        return Tensor.matrix(to - from, width, rows);
    }

    /** The loop as a beginner would write it: everything is made anew for each batch. */
    private static List<Float> plainLoop(
            Sequential net,
            Loss loss,
            Optimizer optimizer,
            NumpyRandom random,
            Tensor x,
            Tensor y,
            int epochs,
            int batch) {
        List<Float> losses = new ArrayList<>();
        int n = x.shape().length(0);
        for (int e = 0; e < epochs; e++) {
            int[] order = random.permutation(n);
            for (int from = 0; from < n; from += batch) {
                int to = Math.min(n, from + batch);
                Tape tape = Tape.fresh();
                Tensor value = loss.of(
                        net.forward(tape.input(rows(x, order, from, to))), tape.input(rows(y, order, from, to)));
                losses.add(value.item());
                optimizer.zeroGrad();
                value.backward();
                optimizer.step();
            }
        }
        return losses;
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    private static int[] bits(List<Float> values) {
        return values.stream().mapToInt(Float::floatToRawIntBits).toArray();
    }

    private static void assertSameBits(Sequential actual, Sequential expected) {
        Map<String, Tensor> values = expected.stateDict();
        actual.stateDict()
                .forEach((name, tensor) -> assertThat(bits(tensor.data()))
                        .as(name)
                        .isEqualTo(bits(values.get(name).data())));
    }

    @Test
    void trainsAsThePlainLoopDoesBitForBit() {
        Tensor train = samples(101, 1);
        Sequential expected = autoencoder(7);
        Sequential actual = autoencoder(7);
        List<Float> losses = plainLoop(
                expected, new BCELoss(), new Adam(expected.parameters()), new NumpyRandom(3), train, train, 3, 16);

        History history = new Trainer(actual, new BCELoss(), new Adam(actual.parameters()), new NumpyRandom(3))
                .epochs(3)
                .batchSize(16)
                .fit(train, samples(5, 2));

        assertThat(bits(history.batchLosses())).isEqualTo(bits(losses));
        assertThat(history.batchLosses()).hasSize(3 * 7);
        assertThat(history.table()).hasSize(3);
        assertThat(history.epochSeconds()).hasSize(3);
        assertThat(history.interrupted()).isFalse();
        assertSameBits(actual, expected);
    }

    @Test
    void targetsAreShuffledWithTheirInputs() {
        Tensor input = samples(50, 1);
        Tensor target = samples(50, 2);
        Sequential expected = autoencoder(7);
        Sequential actual = autoencoder(7);
        List<Float> losses = plainLoop(
                expected, new MSELoss(), new SGD(expected.parameters(), 0.5), new NumpyRandom(3), input, target, 2, 16);

        History history = new Trainer(actual, new MSELoss(), new SGD(actual.parameters(), 0.5), new NumpyRandom(3))
                .epochs(2)
                .batchSize(16)
                .fit(input, target, input, target);

        assertThat(bits(history.batchLosses())).isEqualTo(bits(losses));
        assertSameBits(actual, expected);
    }

    @Test
    void targetsMayHaveAnotherWidth() {
        TorchRandom random = new TorchRandom(0);
        Sequential net = new Sequential(new Linear(WIDTH, 2, random));
        Tensor target = Tensor.zeros(30, 2);

        History history = new Trainer(net, new MSELoss(), new SGD(net.parameters(), 0.1), new NumpyRandom(0))
                .epochs(20)
                .batchSize(8)
                .fit(samples(30, 1), target, samples(30, 1), target);

        assertThat(history.table().get(19).train())
                .isLessThan(history.table().get(0).train() / 4);
        assertThat(history.table().get(19).test())
                .isEqualTo(history.table().get(19).train());
    }

    @Test
    void tableHoldsTheLossOverTheWholeSets() {
        Tensor train = samples(1500, 1);
        Tensor test = samples(700, 2);
        Sequential net = autoencoder(7);

        History history = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(3))
                .epochs(1)
                .batchSize(100)
                .fit(train, test);

        // A float block mean and the float result: each off by at most half an ulp, 2^-24 relative, besides the sums
        // themselves.
        EpochLoss row = history.table().get(0);
        assertThat((double) row.train()).isCloseTo(meanSquaredError(net, train), relative(row.train()));
        assertThat((double) row.test()).isCloseTo(meanSquaredError(net, test), relative(row.test()));
    }

    /** Each square is rounded a few times, all sums after the first 16 lanes are in double: 8 roundings of 2^-24 are generous. */
    private static Offset<Double> relative(float value) {
        return within(value * 8 * 0x1p-24);
    }

    private static double meanSquaredError(Sequential net, Tensor samples) {
        float[] output = net.forward(samples).data();
        double sum = 0;
        for (int i = 0; i < output.length; i++) {
            double error = (double) output[i] - samples.data()[i];
            sum += error * error;
        }
        return sum / output.length;
    }

    @Test
    void orderIsOnePermutationPerEpoch() {
        int n = 10;
        // With a learning rate of 0 the batch loss of one sample tells which sample it was.
        float[] numbers = new float[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = i;
        }
        Tensor input = Tensor.matrix(n, 1, numbers);
        Sequential net = new Sequential(new Linear(1, 1, new TorchRandom(0)));
        net.stateDict().get("0.weight").data()[0] = 1;
        net.stateDict().get("0.bias").data()[0] = 0;

        NumpyRandom random = new NumpyRandom(5);
        History history = new Trainer(net, new MSELoss(), new SGD(net.parameters(), 0), random)
                .epochs(2)
                .batchSize(1)
                .fit(input, Tensor.zeros(n, 1), input, input);

        NumpyRandom again = new NumpyRandom(5);
        List<Float> squares = new ArrayList<>();
        for (int e = 0; e < 2; e++) {
            for (int i : again.permutation(n)) {
                squares.add((float) (i * i));
            }
        }
        assertThat(history.batchLosses()).containsExactly(squares.toArray(new Float[0]));
        assertThat(random.state()).isEqualTo(again.state());
    }

    @Test
    void batchLargerThanTheSetIsTheSet() {
        Sequential net = autoencoder(0);

        History history = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .epochs(4)
                .batchSize(Integer.MAX_VALUE)
                .fit(samples(3, 1), samples(1, 2));

        assertThat(history.batchLosses()).hasSize(4);
    }

    @Test
    void secondCallContinues() {
        Tensor train = samples(40, 1);
        Sequential once = autoencoder(0);
        Sequential twice = autoencoder(0);
        Trainer whole = new Trainer(once, new MSELoss(), new Adam(once.parameters()), new NumpyRandom(0)).batchSize(7);
        Trainer halves =
                new Trainer(twice, new MSELoss(), new Adam(twice.parameters()), new NumpyRandom(0)).batchSize(7);

        History all = whole.epochs(4).fit(train, train);
        halves.epochs(2).fit(train, train);
        History second = halves.fit(train, train);

        assertThat(second.table()).isEqualTo(all.table().subList(2, 4));
        assertSameBits(twice, once);
    }

    @Test
    void continuedRunHasTheWholeHistory() {
        Tensor train = samples(40, 1);
        Sequential net = autoencoder(0);
        Sequential once = autoencoder(0);
        Trainer trainer = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(0)).batchSize(7);
        History whole = new Trainer(once, new MSELoss(), new Adam(once.parameters()), new NumpyRandom(0))
                .batchSize(7)
                .epochs(4)
                .fit(train, train);
        List<String> heard = new ArrayList<>();
        List<Integer> kept = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onEpoch(int epoch, int epochs, EpochLoss loss, EpochSeconds seconds) {
                heard.add(epoch + "/" + epochs);
            }
        };

        History first = trainer.epochs(1).fit(train, train);
        History second = trainer.epochs(4)
                .continuing(first)
                .listener(listener)
                .afterEpoch(history -> kept.add(history.batchLosses().length))
                .fit(train, train);

        assertThat(second.table()).isEqualTo(whole.table());
        assertThat(bits(second.batchLosses())).isEqualTo(bits(whole.batchLosses()));
        assertThat(second.epochSeconds())
                .hasSize(4)
                .startsWith(first.epochSeconds().get(0));
        assertThat(second.epochs()).isEqualTo(4);
        assertSameBits(net, once);
        assertThat(heard).containsExactly("2/4", "3/4", "4/4");
        assertThat(kept).containsExactly(2 * 6, 3 * 6, 4 * 6);
        assertThat(trainer.continuing(second).fit(train, train).table()).isEqualTo(whole.table());
        assertSameBits(net, once);
    }

    @Test
    void whatHappensAfterAnEpochMayEndTraining() {
        Sequential net = autoencoder(0);
        Trainer trainer = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .afterEpoch(history -> {
                    throw new IllegalStateException("disk full after epoch " + history.epochs());
                });

        assertThatThrownBy(() -> trainer.fit(samples(3, 1), samples(1, 2))).hasMessage("disk full after epoch 1");
    }

    @Test
    void runsThatCannotBeContinued() {
        Sequential net = autoencoder(0);
        Trainer trainer = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(0)).batchSize(7);
        History three = trainer.epochs(3).fit(samples(40, 1), samples(1, 2));

        assertThatThrownBy(() -> trainer.continuing(three).fit(samples(50, 1), samples(1, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Trainer: the run to be continued has 18 batch losses of 3 epochs, but here 50 samples in "
                        + "batches of 7 make 8 in each; continue with the same samples and batch size, from the end of an "
                        + "epoch");
        assertThatThrownBy(() -> trainer.epochs(2).fit(samples(40, 1), samples(1, 2)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Trainer: the run to be continued has 3 epochs, more than the 2 in all; ask for more epochs");
        assertThatThrownBy(() -> new History(new float[0], three.table(), List.of(), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("History: 3 epochs have losses but 0 have times; each needs both");
    }

    @Test
    void noEpochsDoNothing() {
        Sequential net = autoencoder(0);
        NumpyRandom random = new NumpyRandom(0);

        History history = new Trainer(net, new MSELoss(), new Adam(net.parameters()), random)
                .epochs(0)
                .fit(samples(3, 1), samples(1, 2));

        assertThat(history.batchLosses()).isEmpty();
        assertThat(history.table()).isEmpty();
        assertThat(random.state()).isEqualTo(new NumpyRandom(0).state());
        assertSameBits(net, autoencoder(0));
    }

    @Test
    void listenerHearsOfEveryBatchAndEpoch() {
        Sequential net = autoencoder(0);
        List<String> heard = new ArrayList<>();
        List<Float> losses = new ArrayList<>();
        List<EpochLoss> rows = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                heard.add("batch " + epoch + ":" + batch + "/" + batches);
                losses.add(loss);
            }

            @Override
            public void onEpoch(int epoch, int epochs, EpochLoss loss, EpochSeconds seconds) {
                heard.add("epoch " + epoch + "/" + epochs);
                rows.add(loss);
                assertThat(seconds.training()).isPositive();
                assertThat(seconds.evaluation()).isPositive();
            }
        };

        History history = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .epochs(2)
                .batchSize(2)
                .listener(listener)
                .fit(samples(5, 1), samples(4, 2));

        assertThat(heard)
                .containsExactly(
                        "batch 1:1/3",
                        "batch 1:2/3",
                        "batch 1:3/3",
                        "epoch 1/2",
                        "batch 2:1/3",
                        "batch 2:2/3",
                        "batch 2:3/3",
                        "epoch 2/2");
        assertThat(history.batchLosses()).containsExactly(losses.toArray(new Float[0]));
        assertThat(history.table()).isEqualTo(rows);
    }

    @Test
    void interruptEndsTrainingBetweenBatches() {
        Tensor train = samples(50, 1);
        Sequential net = autoencoder(0);
        TrainingListener stop = new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                if (epoch == 2 && batch == 3) {
                    Thread.currentThread().interrupt();
                }
            }
        };

        History history = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .epochs(4)
                .batchSize(10)
                .listener(stop)
                .fit(train, train);

        assertThat(Thread.interrupted()).as("status is left set").isTrue();
        assertThat(history.interrupted()).isTrue();
        assertThat(history.batchLosses()).hasSize(5 + 3);
        assertThat(history.table()).hasSize(1);

        Sequential expected = autoencoder(0);
        Optimizer optimizer = new Adam(expected.parameters());
        NumpyRandom random = new NumpyRandom(0);
        plainLoop(expected, new MSELoss(), optimizer, random, train, train, 1, 10);
        int[] order = random.permutation(50);
        for (int b = 0; b < 3; b++) {
            Tape tape = Tape.fresh();
            Tensor x = tape.input(rows(train, order, 10 * b, 10 * b + 10));
            optimizer.zeroGrad();
            expected.forward(x).mse(x).backward();
            optimizer.step();
        }
        assertSameBits(net, expected);
    }

    /** Interrupted after an epoch, nothing of the next has begun: not even its permutation is drawn. */
    @Test
    void runInterruptedAtTheEndOfAnEpochCanBeContinued() {
        Tensor train = samples(40, 1);
        Sequential net = autoencoder(0);
        Sequential once = autoencoder(0);
        TrainingListener stop = new TrainingListener() {
            @Override
            public void onEpoch(int epoch, int epochs, EpochLoss loss, EpochSeconds seconds) {
                if (epoch == 2) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        Trainer trainer = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(0)).batchSize(7);
        History whole = new Trainer(once, new MSELoss(), new Adam(once.parameters()), new NumpyRandom(0))
                .batchSize(7)
                .epochs(4)
                .fit(train, train);

        History half = trainer.epochs(4).listener(stop).fit(train, train);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(half.interrupted()).isTrue();
        assertThat(half.epochs()).isEqualTo(2);
        History all = trainer.continuing(half).listener(TrainingListener.NONE).fit(train, train);

        assertThat(all.table()).isEqualTo(whole.table());
        assertThat(bits(all.batchLosses())).isEqualTo(bits(whole.batchLosses()));
        assertSameBits(net, once);
    }

    @Test
    void interruptDuringEvaluationDropsTheUnfinishedRow() {
        Sequential net = autoencoder(0);
        TrainingListener stop = new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                if (batch == batches) {
                    Thread.currentThread().interrupt();
                }
            }
        };

        History history = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .listener(stop)
                .fit(samples(50, 1), samples(50, 1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(history.interrupted()).isTrue();
        assertThat(history.table()).isEmpty();
        assertThat(history.batchLosses()).hasSize(2);
    }

    /**
     * A planned step allocates nothing. On plain kernels a batch is one array and every step of the tape has two, so a batch that
     * allocates less than one array made none. Cold SIMD code allocates its vectors until the JIT compiler has been there, however
     * long that takes on a busy machine; hence one such batch must come, not all be such.
     */
    @Test
    void createsNoArraysOnceWarm() {
        int batch = 64;
        long array = batch * WIDTH * (long) Float.BYTES;
        long allowed = PanelKernels.of(KernelProvider.kernels()).isPresent() ? 0 : array - 1;
        int patience = 2_000_000;
        Sequential net = autoencoder(0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] least = {Long.MAX_VALUE};
        TrainingListener meter = new TrainingListener() {
            private long before;

            @Override
            public void onBatch(int epoch, int number, int batches, float loss) {
                long now = threads.getCurrentThreadAllocatedBytes();
                if (number > 1) {
                    least[0] = Math.min(least[0], now - before);
                }
                if (least[0] <= allowed) {
                    Thread.currentThread().interrupt();
                }
                before = threads.getCurrentThreadAllocatedBytes();
            }
        };

        new Trainer(net, new BCELoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .epochs(patience / 100)
                .batchSize(batch)
                .listener(meter)
                .fit(samples(100 * batch, 1), samples(1, 2));

        Thread.interrupted();
        assertThat(least[0]).isLessThanOrEqualTo(allowed);
    }

    @Test
    void badSettingsAreRefused() {
        Sequential net = autoencoder(0);
        Trainer trainer = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(0));

        assertThatThrownBy(() -> trainer.epochs(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Trainer: epochs is -1 but must be 0 or more");
        assertThatThrownBy(() -> trainer.batchSize(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Trainer: batch size is 0 but must be 1 or more");
        assertThatThrownBy(() -> trainer.fit(samples(4, 1), samples(5, 1), samples(4, 1), samples(4, 1)))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "Trainer, training set: input [4,20] has 4 samples but target [5,20] has 5; give one target per sample");
        assertThatThrownBy(() -> trainer.fit(Tensor.scalar(1), samples(5, 1)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("must both have samples along their first axis");
        assertThatThrownBy(() -> trainer.fit(Tensor.zeros(4, 3), samples(5, 1))).isInstanceOf(ShapeException.class);
    }
}
