package org.gradus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.nn.BCELoss;
import org.gradus.nn.BCEWithLogitsLoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.NormalizeLayer;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Residual;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.nn.Tanh;
import org.gradus.optim.Adam;
import org.gradus.optim.AdamW;
import org.gradus.optim.ElementwiseOptimizer;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.gradus.train.History;
import org.gradus.train.StepKind;
import org.gradus.train.Trainer;

/** Random networks of everything that is planned, trained by plan and by recording: every bit is the same, whatever the threads. */
class PlannedProgramsProperties {

    private static final int EPOCHS = 2;
    private static final int[] WIDTHS = {1, 2, 3, 4, 7, 16, 17, 33, 40};

    /** A network drawn from a seed; the same twice. */
    private static final class Draw {
        private final Random random;
        private final TorchRandom weights;
        private final List<Layer> shared = new ArrayList<>();
        private int width;

        Draw(long seed, int width) {
            random = new Random(seed); // the test's own choices, no number of the library
            weights = new TorchRandom(seed);
            this.width = width;
        }

        Sequential net(int out) {
            List<Layer> layers = new ArrayList<>();
            int blocks = 1 + random.nextInt(4);
            for (int b = 0; b < blocks; b++) {
                layers.add(block(2));
            }
            layers.add(new Linear(width, out, weights));
            width = out;
            return new Sequential(layers);
        }

        /** A layer, or several as one. */
        private Layer block(int depth) {
            return switch (random.nextInt(depth == 0 ? 6 : 10)) {
                case 0 -> linear(WIDTHS[random.nextInt(WIDTHS.length)]);
                case 1 -> new ReLU();
                case 2 -> new Sigmoid();
                case 3 -> new Tanh();
                case 4 -> new PReLU();
                case 5 -> new NormalizeLayer();
                case 6 -> new Sequential(block(depth - 1), block(depth - 1));
                case 7 -> again();
                case 8 -> fork(depth);
                default -> residual(depth);
            };
        }

        private Layer linear(int out) {
            Layer layer = new Linear(width, out, weights);
            width = out;
            return layer;
        }

        /** A layer that may have been there before; square ones fit wherever the width is theirs. */
        private Layer again() {
            for (Layer layer : shared) {
                if (!(layer instanceof Linear linear) || linear.inFeatures() == width) {
                    return layer;
                }
            }
            Layer layer = random.nextBoolean() ? linear(width) : new PReLU();
            shared.add(layer);
            return layer;
        }

        private Layer residual(int depth) {
            int outer = width;
            Layer body = block(depth - 1);
            Layer more = block(depth - 1);
            return width == outer ? new Residual(body, more) : new Residual(body, more, linear(outer));
        }

        /** Sums of the kind that a user writes: two paths of one input, or twice the same. */
        private Layer fork(int depth) {
            int outer = width;
            Layer left = block(depth - 1);
            int middle = width;
            width = outer;
            Layer right = new Sequential(block(depth - 1), linear(middle));
            boolean same = random.nextInt(3) == 0;
            return new Fork(left, same ? left : right);
        }
    }

    private record Fork(Layer left, Layer right) implements Layer {
        @Override
        public Tensor forward(Tensor x) {
            Tensor y = left.forward(x);
            return y.add(left.equals(right) ? y : right.forward(x));
        }

        @Override
        public Map<String, Tensor> namedParameters() {
            return new Sequential(left, right).namedParameters();
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }
    }

    private record Task(Loss loss, Sequential net, Tensor x, Tensor y) {

        static Task of(long seed, int loss, int in, int samples) {
            int out = loss == 3 ? 2 + (int) (seed % 9) : loss == 0 ? in : 1 + (int) (seed % 20);
            Sequential body = new Draw(seed, in).net(out);
            Sequential net = loss == 1 ? new Sequential(body, new Sigmoid()) : body;
            Tensor x = Tensor.of(Shape.of(samples, in), Samples.uniform(seed, samples * in, -1, 1));
            return switch (loss) {
                case 0 -> new Task(new MSELoss(), net, x, x);
                case 1 -> new Task(new BCELoss(), net, x, probabilities(seed, samples, out));
                case 2 -> new Task(new BCEWithLogitsLoss(), net, x, probabilities(seed, samples, out));
                default -> new Task(new CrossEntropyLoss(), net, x, classes(samples, out));
            };
        }

        Recording recording(Engine engine, int batch) {
            Shape of = y.shape().rank() == 1
                    ? Shape.of(batch)
                    : Shape.of(batch, y.shape().columns());
            return new Recording(engine, net, loss, Shape.of(batch, x.shape().columns()), of, x.equals(y));
        }

        private static Tensor probabilities(long seed, int samples, int out) {
            return Tensor.of(Shape.of(samples, out), Samples.uniform(seed + 1, samples * out, 0, 1));
        }

        private static Tensor classes(int samples, int out) {
            float[] k = new float[samples];
            for (int i = 0; i < samples; i++) {
                k[i] = (i * 5 + 2) % out;
            }
            return Tensor.vector(k);
        }
    }

    private static ElementwiseOptimizer optimizer(int kind, List<Tensor> parameters) {
        return switch (kind) {
            case 0 -> new Adam(parameters);
            case 1 -> new AdamW(parameters, AdamW.defaults().withWeightDecay(0.1));
            case 2 -> new SGD(parameters, SGD.defaults().withLearningRate(0.05).withMomentum(0.9));
            default -> new SGD(parameters, 0.05);
        };
    }

    @Property(tries = 60)
    void plannedAndRecordedAreTheSame(
            @ForAll @LongRange(min = 1, max = 1_000_000) long seed,
            @ForAll @IntRange(max = 3) int loss,
            @ForAll @IntRange(max = 3) int optimizer,
            @ForAll @IntRange(min = 1, max = 50) int batch,
            @ForAll @IntRange(min = 1, max = 3) int threads) {
        int in = WIDTHS[(int) (seed % WIDTHS.length)];
        compare(seed, loss, optimizer, batch, 2 * batch + (int) (seed % (batch + 1)), in, threads);
    }

    /** Samples beyond a chunk of a reduction, in a batch, and in an evaluation of several blocks. */
    @Example
    void classifierOnManySamples() {
        compare(12, 3, 0, 1100, 2300, 7, 2);
    }

    /** Teams of threads, whose members divide the features: meetings cost nothing here, so that small networks have them, too. */
    @Property(tries = 60)
    void teamsComputeTheSame(
            @ForAll @LongRange(min = 1, max = 1_000_000) long seed,
            @ForAll @IntRange(max = 3) int loss,
            @ForAll @IntRange(max = 3) int optimizer,
            @ForAll @IntRange(min = 0, max = 3) int size,
            @ForAll @IntRange(min = 0, max = 3) int team) {
        int batch = new int[] {16, 32, 64, 43}[size];
        int threads = new int[] {2, 3, 5, 16}[team];
        int in = WIDTHS[(int) (seed % WIDTHS.length)];
        Task byTeams = Task.of(seed, loss, in, 3 * batch);
        Task recorded = Task.of(seed, loss, in, 3 * batch);
        float[] losses = new float[9];
        float[] expected = new float[9];
        int[] order =
                IntStream.range(0, 3 * batch).map(i -> i * 7 % (3 * batch)).toArray();
        ElementwiseOptimizer one = optimizer(optimizer, byTeams.net.parameters());
        ElementwiseOptimizer other = optimizer(optimizer, recorded.net.parameters());
        Recording steps = recorded.recording(Engine.plain(), batch);
        for (int s = 0; s < losses.length; s++) {
            expected[s] = steps.lossOfRows(
                    org.gradus.data.Samples.of(recorded.x),
                    org.gradus.data.Samples.of(recorded.y),
                    order,
                    s % 3 * batch);
            other.zeroGrad();
            steps.backward();
            other.step();
        }
        try (Engine engine = new Engine(KernelProvider.kernels(), threads)) {
            Recording recording = byTeams.recording(engine, batch);
            recording.lossOfRows(
                    org.gradus.data.Samples.of(byTeams.x), org.gradus.data.Samples.of(byTeams.y), order, 0);
            Optional<TrainingPlan> plan = TrainingPlan.of(engine, recording, one, 0);
            assertThat(plan.isPresent())
                    .isEqualTo(PanelKernels.of(KernelProvider.kernels()).isPresent());
            for (int s = 0; s < losses.length && plan.isPresent(); s++) {
                losses[s] = plan.get()
                        .loss(
                                org.gradus.data.Samples.of(byTeams.x),
                                org.gradus.data.Samples.of(byTeams.y),
                                order,
                                s % 3 * batch);
                plan.get().update();
            }
            if (plan.isEmpty()) {
                return;
            }
        }
        String what = " of " + byTeams.net + " with " + byTeams.loss + " on " + threads + " threads";
        Bits.assertSame("losses" + what, losses, expected);
        for (int p = 0; p < recorded.net.parameters().size(); p++) {
            Tensor a = byTeams.net.parameters().get(p);
            Tensor b = recorded.net.parameters().get(p);
            Bits.assertSame("gradient " + p + what, a.grad(), b.grad());
            Bits.assertSame("parameter " + p + what, a.data(), b.data());
        }
    }

    private static void compare(long seed, int loss, int optimizer, int batch, int samples, int in, int threads) {
        Task planned = Task.of(seed, loss, in, samples);
        Task recorded = Task.of(seed, loss, in, samples);
        ElementwiseOptimizer one = optimizer(optimizer, planned.net.parameters());
        ElementwiseOptimizer other = optimizer(optimizer, recorded.net.parameters());
        History expected = new Trainer(recorded.net, recorded.loss, other, new NumpyRandom(5))
                .epochs(EPOCHS)
                .batchSize(batch)
                .withoutPlan()
                .keepGoing()
                .fit(recorded.x, recorded.y, recorded.x, recorded.y);
        History actual;
        try (Engine engine = new Engine(KernelProvider.kernels(), threads)) {
            Trainer trainer = new Trainer(planned.net, planned.loss, one, new NumpyRandom(5))
                    .epochs(EPOCHS)
                    .batchSize(batch)
                    .keepGoing()
                    .on(engine);
            actual = trainer.fit(planned.x, planned.y, planned.x, planned.y);
            boolean plans = PanelKernels.of(KernelProvider.kernels()).isPresent();
            assertThat(trainer.steps().kind())
                    .as(planned.net + ", " + trainer.steps())
                    .isEqualTo(plans ? StepKind.PLANNED : StepKind.REPLAYED);
        }
        String what = " of " + planned.net + " with " + planned.loss;
        Bits.assertSame("losses" + what, actual.batchLosses(), expected.batchLosses());
        assertThat(actual.table()).as("table" + what).isEqualTo(expected.table());
        for (int p = 0; p < planned.net.parameters().size(); p++) {
            Tensor a = planned.net.parameters().get(p);
            Tensor b = recorded.net.parameters().get(p);
            Bits.assertSame("gradient " + p + what, a.grad(), b.grad());
            Bits.assertSame("parameter " + p + what, a.data(), b.data());
        }
        one.state()
                .values()
                .forEach((name, value) -> Bits.assertSame(
                        name + what,
                        value.data(),
                        other.state().values().get(name).data()));
    }
}
