package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.nn.Tanh;
import org.gradus.optim.Adam;
import org.gradus.optim.Optimizer;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that compute something else for every batch: training and evaluation call them each time, as a loop by hand does. */
class RecordedAnewTest {

    private static final int WIDTH = 20;
    private static final int SAMPLES = 70;
    private static final int BATCH = 16;
    private static final int BATCHES = 5; // the last one has 6 samples
    private static final int EPOCHS = 3;
    private static final int TEST_SAMPLES = 1100; // three blocks of the evaluation

    private final Tensor train = Tensor.matrix(SAMPLES, WIDTH, new TorchRandom(1).rand(SAMPLES * WIDTH));
    private final Tensor test = Tensor.matrix(TEST_SAMPLES, WIDTH, new TorchRandom(2).rand(TEST_SAMPLES * WIDTH));

    /** A layer in the middle of an autoencoder, made anew from a seed. */
    private record Middle(String name, LongFunction<Layer> made) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The code of a variational autoencoder: mean, and as much noise as the exponential of another map says. */
    private static final class Gaussian implements Layer {
        private final TorchRandom random;
        private final Linear mean;
        private final Linear logDeviation;

        Gaussian(long seed) {
            random = new TorchRandom(seed);
            mean = new Linear(3, 3, random);
            logDeviation = new Linear(3, 3, random);
        }

        @Override
        public Tensor forward(Tensor x) {
            Tensor noise = Tensor.of(x.shape(), random.randn(x.size()));
            return mean.forward(x).add(logDeviation.forward(x).exp().mul(noise));
        }

        @Override
        public Map<String, Tensor> namedParameters() {
            return Map.of(
                    "mean.weight", mean.weight(),
                    "mean.bias", mean.bias(),
                    "deviation.weight", logDeviation.weight(),
                    "deviation.bias", logDeviation.bias());
        }
    }

    private static Layer dropout(long seed) {
        TorchRandom random = new TorchRandom(seed);
        return x -> {
            float[] mask = random.rand(x.size());
            for (int i = 0; i < mask.length; i++) {
                mask[i] = mask[i] < 0.5f ? 0 : 2;
            }
            return x.mul(Tensor.of(x.shape(), mask));
        };
    }

    private static Layer counter() {
        int[] calls = {0};
        return x -> x.scale(1 + 1f / ++calls[0]);
    }

    /** Another path, of another length, for about half of all batches. */
    private static Layer branch() {
        return x -> x.get(0, 0) > x.get(1, 0) ? x.tanh().scale(0.5f) : x;
    }

    static Stream<Middle> middles() {
        return Stream.of(
                new Middle("noise of a variational autoencoder", Gaussian::new),
                new Middle("dropout", RecordedAnewTest::dropout),
                new Middle("a counter of calls", seed -> counter()),
                new Middle("a branch on a value", seed -> branch()));
    }

    private static Sequential around(Layer middle) {
        TorchRandom random = new TorchRandom(7);
        return new Sequential(
                new Linear(WIDTH, 3, random), new PReLU(), middle, new Linear(3, WIDTH, random), new Sigmoid());
    }

    private static Tensor rows(Tensor all, int[] order, int from, int to) {
        float[] rows = new float[(to - from) * WIDTH];
        for (int r = from; r < to; r++) {
            System.arraycopy(all.data(), order[r] * WIDTH, rows, (r - from) * WIDTH, WIDTH);
        }
        return Tensor.matrix(to - from, WIDTH, rows);
    }

    private static int[] inOrder(int n) {
        int[] order = new int[n];
        Arrays.setAll(order, i -> i);
        return order;
    }

    private static float lossByHand(Layer net, Loss loss, Tensor set) {
        int n = set.shape().rows();
        double sum = 0;
        for (int from = 0; from < n; from += FullSetLoss.BLOCK) {
            int to = Math.min(n, from + FullSetLoss.BLOCK);
            Tensor block = rows(set, inOrder(n), from, to);
            sum += (double) loss.of(net.forward(block), block).item() * (to - from);
        }
        return (float) (sum / n);
    }

    /** The loop as one writes it in PyTorch: all is made anew for each batch. Evaluates after each epoch. */
    private History byHand(Layer net, Loss loss, Optimizer optimizer) {
        NumpyRandom random = new NumpyRandom(3);
        float[] losses = new float[EPOCHS * BATCHES];
        List<EpochLoss> table = new ArrayList<>();
        int step = 0;
        for (int e = 0; e < EPOCHS; e++) {
            int[] order = random.permutation(SAMPLES);
            for (int from = 0; from < SAMPLES; from += BATCH) {
                Tensor x = Tape.fresh().input(rows(train, order, from, Math.min(SAMPLES, from + BATCH)));
                Tensor value = loss.of(net.forward(x), x);
                losses[step++] = value.item();
                optimizer.zeroGrad();
                value.backward();
                optimizer.step();
            }
            float trained = lossByHand(net, loss, train);
            table.add(new EpochLoss(trained, lossByHand(net, loss, test)));
        }
        return new History(losses, table, Collections.nCopies(EPOCHS, new EpochSeconds(0, 0)), true);
    }

    @ParameterizedTest
    @MethodSource("middles")
    void trainingAndEvaluationCallForwardForEveryBatch(Middle middle) {
        Sequential actual = around(middle.made.apply(5));
        Sequential expected = around(middle.made.apply(5));
        Trainer trainer = new Trainer(actual, new BCELoss(), new Adam(actual.parameters()), new NumpyRandom(3))
                .epochs(EPOCHS)
                .batchSize(BATCH);

        History history = trainer.fit(train, test);
        History byHand = byHand(expected, new BCELoss(), new Adam(expected.parameters()));

        Bits.assertSame("losses", history.batchLosses(), byHand.batchLosses());
        assertThat(history.table()).isEqualTo(byHand.table());
        expected.stateDict()
                .forEach((name, value) ->
                        Bits.assertSame(name, actual.stateDict().get(name).data(), value.data()));
        StepReport steps = trainer.steps();
        assertThat(steps.kind()).isEqualTo(StepKind.RECORDED);
        assertThat(steps.why()).contains("layer 2 does not promise isRepeatable()");
    }

    @Test
    void branchIsTakenBothWays() {
        List<Integer> lengths = new ArrayList<>();
        Layer branch = branch();
        Sequential net = around(x -> {
            Tensor y = branch.forward(x);
            lengths.add(x.tape().orElseThrow().steps().size());
            return y;
        });

        new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(3))
                .epochs(EPOCHS)
                .batchSize(BATCH)
                .fit(train, train);

        assertThat(lengths).contains(2, 4).hasSize(EPOCHS * (BATCHES + 2));
    }

    /** A loss is called for every batch, too, unless its author promises that this makes no difference. */
    @Test
    void lossOfAUserIsCalledForEveryBatch() {
        int[] calls = {0};
        Loss weighted = new Loss() {
            @Override
            public Tensor of(Tensor output, Tensor target) {
                return output.mse(target).scale(1f / ++calls[0]);
            }

            @Override
            public String name() {
                return "weighted";
            }
        };
        Sequential net = around(new Tanh());
        Trainer trainer = new Trainer(net, weighted, new Adam(net.parameters()), new NumpyRandom(3))
                .epochs(EPOCHS)
                .batchSize(BATCH);
        History history = trainer.fit(train, test);
        assertThat(calls[0]).isEqualTo(EPOCHS * (BATCHES + 1 + 3));

        calls[0] = 0;
        Sequential expected = around(new Tanh());
        History byHand = byHand(expected, weighted, new Adam(expected.parameters()));
        Bits.assertSame("losses", history.batchLosses(), byHand.batchLosses());
        assertThat(history.table()).isEqualTo(byHand.table());
        assertThat(trainer.steps().why()).contains("the loss 'weighted' does not promise isRepeatable()");
    }

    @Test
    void fullSetLossCallsForwardForEveryBlock() {
        int[] calls = {0};
        Layer counting = x -> x.scale(++calls[0]);
        FullSetLoss fullSet = new FullSetLoss(counting, new MSELoss());
        Tensor ones = Tensor.zeros(3 * FullSetLoss.BLOCK, 1);
        Arrays.fill(ones.data(), 1f);

        // Blocks times 1, 2 and 3, then 4, 5 and 6: the mean of (k - 1)^2.
        assertThat(fullSet.of(ones, ones)).isEqualTo((0 + 1 + 4) / 3f);
        assertThat(fullSet.of(ones, ones)).isEqualTo((float) ((9 + 16 + 25) / 3.0));
        assertThat(fullSet.steps().kind()).isEqualTo(StepKind.RECORDED);
    }

    /** A composite whose author promises that it does the same for every batch. */
    private record Promised(Layer body) implements Layer {
        @Override
        public Tensor forward(Tensor x) {
            return body.forward(x);
        }

        @Override
        public Map<String, Tensor> namedParameters() {
            return body.namedParameters();
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }
    }

    @Test
    void promisedCompositeIsPlannedWithTheBitsOfTheLoop() {
        Sequential net = around(new Tanh());
        Sequential expected = around(new Tanh());
        Trainer trainer = new Trainer(new Promised(net), new BCELoss(), new Adam(net.parameters()), new NumpyRandom(3))
                .epochs(EPOCHS)
                .batchSize(BATCH);

        History history = trainer.fit(train, test);
        History byHand = byHand(expected, new BCELoss(), new Adam(expected.parameters()));

        Bits.assertSame("losses", history.batchLosses(), byHand.batchLosses());
        assertThat(history.table()).isEqualTo(byHand.table());
        boolean plans = PanelKernels.of(KernelProvider.kernels()).isPresent();
        StepReport steps = trainer.steps();
        assertThat(steps.kind()).isEqualTo(plans ? StepKind.PLANNED : StepKind.REPLAYED);
        assertThat(steps.why().isEmpty()).isEqualTo(plans);
    }

    /** What was recorded without a promise is not replayed when the layer begins to promise. */
    @Test
    void promiseMayBeGivenAndWithdrawn() {
        boolean[] promises = {false};
        int[] calls = {0};
        Layer moody = new Layer() {
            @Override
            public Tensor forward(Tensor x) {
                calls[0]++;
                return x.scale(promises[0] ? 1 : 2);
            }

            @Override
            public boolean isRepeatable() {
                return promises[0];
            }
        };
        Sequential net = around(moody);
        List<Integer> called = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, float loss) {
                called.add(calls[0]);
                promises[0] = batch >= 2 && batch < 6;
            }
        };

        new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(3))
                .epochs(1)
                .batchSize(10)
                .listener(listener)
                .fit(train, train);

        assertThat(called).containsExactly(1, 2, 3, 3, 3, 3, 4);
    }

    /**
     * Recording anew makes records of the steps, no arrays of numbers: less than the smallest array of a batch. Cold SIMD code
     * allocates its vectors, hence one such batch must come.
     */
    @Test
    void recordingAnewCreatesNoArraysOnceWarm() {
        int batch = 1024;
        long smallest = batch * 3 * (long) Float.BYTES;
        int patience = 20_000;
        Tensor samples = Tensor.of(Shape.of(20 * batch, WIDTH), new TorchRandom(1).rand(20 * batch * WIDTH));
        Sequential net = around(x -> x.tanh());
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
                if (least[0] < smallest) {
                    Thread.currentThread().interrupt();
                }
                before = threads.getCurrentThreadAllocatedBytes();
            }
        };

        new Trainer(net, new BCELoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .epochs(patience / 20)
                .batchSize(batch)
                .listener(meter)
                .fit(samples, Tensor.zeros(1, WIDTH));

        Thread.interrupted();
        assertThat(least[0]).isLessThan(smallest);
    }
}
