package org.gradus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.NormalizeLayer;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.nn.Tanh;
import org.gradus.optim.Adam;
import org.gradus.optim.AdamW;
import org.gradus.optim.Optimizer;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.gradus.train.History;
import org.gradus.train.StepKind;
import org.gradus.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Planned steps against recorded ones, bit for bit: losses, tables, parameters, gradients, the optimiser's memory. */
class PlanTest {

    private interface Net {
        Sequential with(TorchRandom random);
    }

    private interface Stepping {
        Optimizer of(List<Tensor> parameters);
    }

    /** A training: network, loss, optimiser, numbers of samples and batch size, width of the targets. */
    private record Case(String name, int in, int out, int samples, int batch, Net net, Loss loss, Stepping optimizer) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final Stepping ADAM = Adam::new;
    private static final Stepping ADAMW = p -> new AdamW(p, AdamW.defaults().withWeightDecay(0.1));
    private static final Stepping MOMENTUM =
            p -> new SGD(p, SGD.defaults().withLearningRate(0.5).withMomentum(0.9));
    private static final Stepping PLAIN = p -> new SGD(p, SGD.defaults().withLearningRate(0.5));

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "784-2-784 as in the tutorials",
                        784,
                        784,
                        200,
                        64,
                        r -> new Sequential(new Linear(784, 2, r), new PReLU(), new Linear(2, 784, r), new Sigmoid()),
                        new BCELoss(),
                        ADAM),
                new Case(
                        "784-32-784 with squared errors",
                        784,
                        784,
                        200,
                        64,
                        r -> new Sequential(new Linear(784, 32, r), new ReLU(), new Linear(32, 784, r), new Sigmoid()),
                        new MSELoss(),
                        ADAMW),
                new Case(
                        "a sphere, widths off the panels, batches that are no multiple of 16",
                        50,
                        50,
                        300,
                        40,
                        r -> new Sequential(
                                new Linear(50, 39, r),
                                new PReLU(),
                                new Linear(39, 3, r),
                                new PReLU(),
                                new NormalizeLayer(),
                                new Linear(3, 41, r),
                                new Tanh(),
                                new Linear(41, 50, r),
                                new Sigmoid()),
                        new BCELoss(),
                        MOMENTUM),
                new Case(
                        "batches below the lane rule, one output",
                        33,
                        1,
                        70,
                        7,
                        r -> new Sequential(new Linear(33, 2, r), new Tanh(), new Linear(2, 1, r), new Sigmoid()),
                        new BCELoss(),
                        PLAIN),
                new Case(
                        "single samples, no activation at the end, nested",
                        20,
                        5,
                        9,
                        1,
                        r -> new Sequential(new Sequential(new Linear(20, 8, r), new ReLU()), new Linear(8, 5, r)),
                        new MSELoss(),
                        ADAM),
                new Case(
                        "sigmoids behind other activations and in the middle",
                        20,
                        5,
                        40,
                        20,
                        r -> new Sequential(
                                new Linear(20, 30, r), new Sigmoid(), new Linear(30, 5, r), new Tanh(), new Sigmoid()),
                        new MSELoss(),
                        ADAM),
                new Case(
                        "rows longer than a chunk of a reduction",
                        1100,
                        1100,
                        66,
                        33,
                        r -> new Sequential(new Linear(1100, 4, r), new PReLU(), new Linear(4, 1100, r), new Sigmoid()),
                        new BCELoss(),
                        ADAM));
    }

    private static Tensor data(long seed, int rows, int columns) {
        return Tensor.of(Shape.of(rows, columns), Samples.uniform(seed, rows * columns, 0, 1));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void plannedTrainingHasTheBitsOfTheRecordedOne(Case c) {
        Tensor x = data(1, c.samples, c.in);
        Tensor y = c.in == c.out ? x : data(2, c.samples, c.out);
        Tensor testX = data(3, 531, c.in);
        Tensor testY = c.in == c.out ? testX : data(4, 531, c.out);
        Sequential planned = c.net.with(new TorchRandom(7));
        Sequential recorded = c.net.with(new TorchRandom(7));
        Optimizer plannedOptimizer = c.optimizer.of(planned.parameters());
        Optimizer recordedOptimizer = c.optimizer.of(recorded.parameters());
        History a = new Trainer(planned, c.loss, plannedOptimizer, new NumpyRandom(5))
                .epochs(3)
                .batchSize(c.batch)
                .fit(x, y, testX, testY);
        History b = new Trainer(recorded, c.loss, recordedOptimizer, new NumpyRandom(5))
                .epochs(3)
                .batchSize(c.batch)
                .withoutPlan()
                .fit(x, y, testX, testY);
        Bits.assertSame("losses", a.batchLosses(), b.batchLosses());
        assertThat(a.table()).isEqualTo(b.table());
        for (int p = 0; p < planned.parameters().size(); p++) {
            Tensor one = planned.parameters().get(p);
            Tensor other = recorded.parameters().get(p);
            Bits.assertSame("parameter " + p, one.data(), other.data());
            Bits.assertSame("gradient " + p, one.grad(), other.grad());
        }
        plannedOptimizer
                .state()
                .values()
                .forEach((name, value) -> Bits.assertSame(
                        name,
                        value.data(),
                        recordedOptimizer.state().values().get(name).data()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void oneEpochOnSeveralThreadsWithGradients(Case c) {
        Tensor x = data(1, c.samples, c.in);
        Tensor y = c.in == c.out ? x : data(2, c.samples, c.out);
        Sequential recorded = c.net.with(new TorchRandom(7));
        Optimizer recordedOptimizer = c.optimizer.of(recorded.parameters());
        History expected = new Trainer(recorded, c.loss, recordedOptimizer, new NumpyRandom(3))
                .epochs(1)
                .batchSize(c.batch)
                .withoutPlan()
                .fit(x, y, x, y);
        for (int threads = 1; threads <= 3; threads++) {
            Sequential net = c.net.with(new TorchRandom(7));
            History history;
            try (Engine engine = new Engine(KernelProvider.kernels(), threads)) {
                history = new Trainer(net, c.loss, c.optimizer.of(net.parameters()), new NumpyRandom(3))
                        .epochs(1)
                        .batchSize(c.batch)
                        .on(engine)
                        .fit(x, y, x, y);
            }
            Bits.assertSame("losses", history.batchLosses(), expected.batchLosses());
            assertThat(history.table()).isEqualTo(expected.table());
            for (int p = 0; p < net.parameters().size(); p++) {
                String what = " " + p + " on " + threads + " threads";
                Bits.assertSame(
                        "gradient" + what,
                        net.parameters().get(p).grad(),
                        recorded.parameters().get(p).grad());
                Bits.assertSame(
                        "parameter" + what,
                        net.parameters().get(p).data(),
                        recorded.parameters().get(p).data());
            }
        }
    }

    @Test
    void networksWithoutAPlanTrainAllTheSameAndSayWhy() {
        Layer scaled = new Layer() {
            @Override
            public Tensor forward(Tensor x) {
                return x.scale(2);
            }

            @Override
            public boolean isRepeatable() {
                return true;
            }
        };
        Sequential net =
                new Sequential(new Linear(6, 4, new TorchRandom(1)), scaled, new Linear(4, 6, new TorchRandom(2)));
        Tensor x = data(1, 20, 6);
        Trainer trainer = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(1))
                .epochs(20)
                .batchSize(5);
        History history = trainer.fit(x, x);
        assertThat(history.table().get(19).train())
                .isLessThan(history.table().get(0).train());
        assertThat(trainer.steps().kind()).isEqualTo(StepKind.REPLAYED);
        assertThat(trainer.steps().why().orElseThrow())
                .isEqualTo(
                        PanelKernels.of(KernelProvider.kernels()).isPresent()
                                ? "the operation scale in layer 1 has no planned form"
                                : "the plain kernels are in use; plans need the SIMD kernels");
    }

    /** The optimiser has the decoder alone, and the encoder is frozen on purpose. */
    @Test
    void frozenParametersStayAsTheyAre() {
        Sequential net =
                new Sequential(new Linear(6, 4, new TorchRandom(1)), new Tanh(), new Linear(4, 6, new TorchRandom(2)));
        net.slice(0, 1).freeze();
        Tensor frozen = net.parameters().get(0).copy();
        Tensor learning = net.parameters().get(2).copy();
        Tensor x = data(1, 20, 6);
        new Trainer(net, new MSELoss(), new Adam(net.parameters().subList(2, 4)), new NumpyRandom(1))
                .epochs(2)
                .batchSize(5)
                .fit(x, x);
        Bits.assertSame("frozen", net.parameters().get(0).data(), frozen.data());
        assertThat(net.parameters().get(2).data()).isNotEqualTo(learning.data());
    }
}
