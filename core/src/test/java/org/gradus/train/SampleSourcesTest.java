package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.nn.BCELoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training and evaluation read bytes, rows of other sets and formulas as they read tensors of the same numbers: bit for bit. */
class SampleSourcesTest {

    private static final int WIDTH = 40;
    private static final int COUNT = 150; // the last batch has 22 samples
    private static final int BATCH = 32;
    private static final int TEST_COUNT = 1100; // three blocks of the evaluation

    /** How steps are taken. */
    enum Way {
        PLANNED,
        REPLAYED,
        RECORDED
    }

    /** Promises nothing, so that each batch is recorded. */
    private record Unpromised() implements Layer {
        @Override
        public Tensor forward(Tensor x) {
            return x;
        }

        @Override
        public List<Tensor> parameters() {
            return List.of();
        }
    }

    /** What is left of a training. */
    private record Outcome(History history, List<Tensor> parameters, StepReport steps) {}

    private static byte[] bytes(int count, int seed) {
        byte[] bytes = new byte[count];
        NumpyRandom random = new NumpyRandom(seed);
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (random.random() < 0.5 ? 0 : random.randint(0, 256));
        }
        return bytes;
    }

    private static Samples images(int count, int seed) {
        return Samples.ofBytes(bytes(count * WIDTH, seed), Shape.of(WIDTH), 255);
    }

    private static Sequential net(Way way) {
        TorchRandom random = new TorchRandom(3);
        Layer last = new Sigmoid();
        return way == Way.RECORDED
                ? new Sequential(
                        new Linear(WIDTH, 9, random), new PReLU(), new Linear(9, WIDTH, random), last, new Unpromised())
                : new Sequential(new Linear(WIDTH, 9, random), new PReLU(), new Linear(9, WIDTH, random), last);
    }

    private static Outcome train(
            Way way, Engine engine, Loss loss, Samples input, Samples target, Samples testInput, Samples testTarget) {
        Sequential net = net(way);
        Adam adam = new Adam(net.parameters()).on(engine);
        Trainer trainer = new Trainer(net, loss, adam, new NumpyRandom(4))
                .on(engine)
                .epochs(3)
                .batchSize(BATCH);
        if (way == Way.REPLAYED) {
            trainer.withoutPlan();
        }
        History history = trainer.fit(input, target, testInput, testTarget);
        return new Outcome(history, net.parameters(), trainer.steps());
    }

    private static Samples floats(Samples samples) {
        return Samples.of(samples.toTensor());
    }

    private static void assertSame(Outcome actual, Outcome expected) {
        Bits.assertSame("batch losses", actual.history.batchLosses(), expected.history.batchLosses());
        assertThat(actual.history.table()).isEqualTo(expected.history.table());
        for (int p = 0; p < expected.parameters.size(); p++) {
            Bits.assertSame(
                    "parameter " + p,
                    actual.parameters.get(p).data(),
                    expected.parameters.get(p).data());
        }
        assertThat(actual.steps).isEqualTo(expected.steps);
    }

    private static void assertWay(Way way, Outcome outcome) {
        boolean simd = PanelKernels.of(KernelProvider.kernels()).isPresent();
        assertThat(outcome.steps.kind())
                .isEqualTo(
                        way == Way.RECORDED
                                ? StepKind.RECORDED
                                : way == Way.PLANNED && simd ? StepKind.PLANNED : StepKind.REPLAYED);
    }

    @ParameterizedTest
    @EnumSource
    void bytesAreAsFloats(Way way) {
        Samples train = images(COUNT, 1);
        Samples test = images(TEST_COUNT, 2);
        for (int threads = 1; threads <= 2; threads++) {
            try (Engine engine = new Engine(KernelProvider.kernels(), threads)) {
                Outcome expected =
                        train(way, engine, new BCELoss(), floats(train), floats(train), floats(test), floats(test));
                Outcome reproducing = train(way, engine, new BCELoss(), train, train, test, test);
                assertWay(way, reproducing);
                assertSame(reproducing, train(way, engine, new BCELoss(), train, train, test, test));
                Outcome apart = train(way, engine, new BCELoss(), train, images(COUNT, 1), test, images(TEST_COUNT, 2));
                assertSame(apart, reproducing);
                assertSame(apart, expected);
            }
        }
    }

    /** Tensors are read as ever; the two doors lead to one room. */
    @Test
    void tensorsGoInByEitherDoor() {
        Tensor train = images(COUNT, 1).toTensor();
        Tensor test = images(TEST_COUNT, 2).toTensor();
        Sequential net = net(Way.PLANNED);
        History byTensors = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(4))
                .epochs(2)
                .batchSize(BATCH)
                .fit(train, test);
        Sequential other = net(Way.PLANNED);
        History bySamples = new Trainer(other, new MSELoss(), new Adam(other.parameters()), new NumpyRandom(4))
                .epochs(2)
                .batchSize(BATCH)
                .fit(Samples.of(train), Samples.of(test));

        Bits.assertSame("batch losses", bySamples.batchLosses(), byTensors.batchLosses());
        assertThat(bySamples.table()).isEqualTo(byTensors.table());
        assertThat(new FullSetLoss(net, new BCELoss()).of(Samples.of(test), Samples.of(test)))
                .isEqualTo(new FullSetLoss(other, new BCELoss()).of(test, test));
    }

    @ParameterizedTest
    @EnumSource
    void chosenRowsAreAsCopiesOfThem(Way way) {
        int[] rows = IntStream.range(0, COUNT).map(i -> i * 7 % 400).toArray();
        Samples input = images(400, 1).rows(rows);
        Samples target = images(400, 5).rows(rows);
        Samples test = images(TEST_COUNT, 2);
        try (Engine engine = new Engine(KernelProvider.kernels(), 2)) {
            Outcome outcome = train(way, engine, new BCELoss(), input, target, test, test);
            assertWay(way, outcome);
            assertSame(
                    outcome,
                    train(way, engine, new BCELoss(), floats(input), floats(target), floats(test), floats(test)));
        }
    }

    /** A formula, with memory of its own that two threads must not use at once. */
    private static final class Formula implements Samples {

        private final int count;
        private final float[] own = new float[WIDTH];
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger together = new AtomicInteger();

        Formula(int count) {
            this.count = count;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public Shape sampleShape() {
            return Shape.of(WIDTH);
        }

        @Override
        public void read(int sample, float[] to, int at) {
            if (inside.incrementAndGet() > 1) {
                together.incrementAndGet();
            }
            for (int j = 0; j < WIDTH; j++) {
                own[j] = (sample * 31 + j * 17) % 101 / 100f;
            }
            System.arraycopy(own, 0, to, at, WIDTH);
            inside.decrementAndGet();
        }
    }

    @ParameterizedTest
    @EnumSource
    void formulasOfAnAuthorAreReadByOneThreadAtATime(Way way) {
        Formula train = new Formula(COUNT);
        Formula test = new Formula(TEST_COUNT);
        try (Engine engine = new Engine(KernelProvider.kernels(), 2)) {
            Outcome outcome = train(way, engine, new BCELoss(), train, train, test, test);
            assertWay(way, outcome);
            Outcome expected =
                    train(way, engine, new BCELoss(), floats(train), floats(train), floats(test), floats(test));
            assertSame(outcome, expected);
            assertThat(train.together.get() + test.together.get()).isZero();
        }
    }

    @Test
    void evaluationReadsAllSources() {
        Sequential net = net(Way.PLANNED);
        Samples input = images(TEST_COUNT, 1);
        Samples target = new Formula(TEST_COUNT);
        float expected = new FullSetLoss(net, new BCELoss()).of(input.toTensor(), target.toTensor());
        FullSetLoss loss = new FullSetLoss(net, new BCELoss());

        assertThat(loss.of(input, target)).isEqualTo(expected);
        assertThat(loss.of(input, target)).as("planned, where it can be").isEqualTo(expected);
        assertThat(loss.of(input, input))
                .isEqualTo(new FullSetLoss(net, new BCELoss()).of(input.toTensor(), input.toTensor()));
    }

    /** Labels are bytes, too, and the numbers of classes. */
    @Test
    void labelsMayBeBytes() {
        byte[] digits = new byte[COUNT];
        for (int i = 0; i < COUNT; i++) {
            digits[i] = (byte) (i * 7 % 10);
        }
        Samples labels = Samples.ofBytes(digits, Shape.SCALAR, 1);
        Samples input = images(COUNT, 1);
        List<History> histories = new ArrayList<>();
        for (boolean copied : new boolean[] {false, true}) {
            TorchRandom random = new TorchRandom(3);
            Sequential net = new Sequential(new Linear(WIDTH, 9, random), new PReLU(), new Linear(9, 10, random));
            Samples x = copied ? floats(input) : input;
            Samples y = copied ? floats(labels) : labels;
            Trainer trainer = new Trainer(net, new CrossEntropyLoss(), new Adam(net.parameters()), new NumpyRandom(4))
                    .epochs(2)
                    .batchSize(BATCH);
            histories.add(trainer.fit(x, y, x, y));
            assertThat(trainer.steps().kind())
                    .isEqualTo(
                            PanelKernels.of(KernelProvider.kernels()).isPresent()
                                    ? StepKind.PLANNED
                                    : StepKind.REPLAYED);
        }
        Bits.assertSame(
                "batch losses", histories.get(0).batchLosses(), histories.get(1).batchLosses());
        assertThat(histories.get(0).table()).isEqualTo(histories.get(1).table());
    }

    /** Another set in place of one of its samples. */
    private record Spoilt(Samples all, int at, float number) implements Samples {
        @Override
        public int count() {
            return all.count();
        }

        @Override
        public Shape sampleShape() {
            return all.sampleShape();
        }

        @Override
        public void read(int sample, float[] to, int start) {
            all.read(sample, to, start);
            if (sample == at) {
                to[start + 3] = number;
            }
        }
    }

    private static Trainer trainer(Loss loss) {
        Sequential net = net(Way.PLANNED);
        return new Trainer(net, loss, new Adam(net.parameters()), new NumpyRandom(4))
                .epochs(2)
                .batchSize(BATCH);
    }

    /** By the sample's place in the set, wherever it is read from, before a step is taken. */
    @Test
    void targetsOutsideTheDomainAreNamed() {
        Samples good = images(1000, 1);
        Samples bad = new Spoilt(good, 700, 1.5f);

        assertThatThrownBy(() -> trainer(new BCELoss()).fit(good, bad, good, good))
                .isInstanceOfSatisfying(DomainException.class, wrong -> {
                    assertThat(wrong.sample()).isEqualTo(700);
                    assertThat(wrong.samples()).isEqualTo(1000);
                })
                .hasMessage(
                        "Trainer, training set: sample 700 of the set, alone: bce: target [0,3] is 1.5, in sample 0,"
                                + " outside [0,1]. Targets are probabilities; scale them, grey values from 0 to 255 for example"
                                + " by 1/255");
        assertThatThrownBy(() -> trainer(new BCELoss()).fit(good, good, good, bad))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("Trainer, test set: sample 700 of the set, alone: bce: target [0,3] is 1.5");
        FullSetLoss loss = new FullSetLoss(net(Way.PLANNED), new BCELoss());
        loss.of(good, good);
        assertThatThrownBy(() -> loss.of(good, bad))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("FullSetLoss: sample 700 of the set, alone: bce: target [0,3] is 1.5");
        assertThatThrownBy(() -> trainer(new BCELoss())
                        .fit(good, Samples.ofBytes(bytes(1000 * WIDTH, 1), Shape.of(WIDTH), 1), good, good))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("Trainer, training set: sample 0 of the set, alone: bce: target [0,");
        assertThat(trainer(new MSELoss()).fit(good, bad, good, bad).epochs()).isEqualTo(2);
    }

    /** A loss of an author, who looks at sets: at blocks of them, where they are no tensor. */
    private record Choosy() implements Loss {
        @Override
        public Tensor of(Tensor output, Tensor target) {
            return output.mse(target);
        }

        @Override
        public void requireTargets(Tensor targets) {
            if (targets.shape().length(0) > 1) {
                for (int i = 0; i < targets.size(); i++) {
                    if (targets.data()[i] == 9) {
                        int sample = targets.shape().sampleOf(i);
                        throw new DomainException(
                                "no nines", sample, targets.shape().length(0));
                    }
                }
            }
        }
    }

    @Test
    void lossesOfAnAuthorLookAtAllBlocks() {
        Samples good = images(1000, 1);

        assertThatThrownBy(() -> trainer(new Choosy()).fit(good, new Spoilt(good, 700, 9), good, good))
                .isInstanceOfSatisfying(
                        DomainException.class,
                        wrong -> assertThat(wrong.sample()).isEqualTo(700))
                .hasMessage("Trainer, training set: samples 512 to 999 of the set: no nines");
    }

    @Test
    void numbersThatAreNotFiniteAreNamed() {
        Samples good = images(COUNT, 1);
        Samples bad = new Spoilt(good, 70, Float.NaN);

        assertThatThrownBy(() -> trainer(new MSELoss()).fit(bad, good))
                .isInstanceOf(DomainException.class)
                .hasMessage(
                        "Trainer, training set: input [70,3] is NaN, in sample 70; repair it or leave the sample out,"
                                + " or let such numbers through with keepGoing()");
        assertThatThrownBy(() -> trainer(new MSELoss()).fit(good, bad, good, good))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("Trainer, training set: target [70,3] is NaN");
        Samples class9 = Samples.ofBytes(new byte[4], Shape.SCALAR, 1);
        assertThatThrownBy(() -> trainer(new MSELoss())
                        .fit(good.rows(0, 1, 2, 3), new Single(class9), good.rows(0, 1, 2, 3), class9))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("Trainer, training set: target [2] is Infinity, in sample 2; ");
    }

    /** One number each, the third of them none. */
    private record Single(Samples all) implements Samples {
        @Override
        public int count() {
            return all.count();
        }

        @Override
        public Shape sampleShape() {
            return Shape.SCALAR;
        }

        @Override
        public void read(int sample, float[] to, int at) {
            to[at] = sample == 2 ? Float.POSITIVE_INFINITY : 0;
        }
    }

    /** A source that says one thing and does another. */
    private static class Odd implements Samples {
        @Override
        public int count() {
            return COUNT;
        }

        @Override
        public Shape sampleShape() {
            return Shape.of(WIDTH);
        }

        @Override
        public void read(int sample, float[] to, int at) {
            for (int j = 0; j < WIDTH; j++) {
                to[at + j] = 0.5f;
            }
        }
    }

    /** What is not written would be what another sample left there. */
    @Test
    void numbersThatASourceForgetsAreFound() {
        Samples forgetful = new Odd() {
            @Override
            public void read(int sample, float[] to, int at) {
                for (int j = 0; j < WIDTH - 1; j++) {
                    to[at + j] = 0.5f;
                }
            }
        };
        assertThatThrownBy(() -> trainer(new MSELoss()).fit(forgetful, forgetful))
                .isInstanceOf(DomainException.class)
                .hasMessageStartingWith("Trainer, training set: input [0,39] is NaN, in sample 0; ");
    }

    @Test
    void sourcesThatDoNotFitAreRefused() {
        Samples good = images(COUNT, 1);
        assertThatThrownBy(() -> trainer(new MSELoss()).fit(good, images(COUNT - 1, 1), good, good))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "Trainer, training set: input has 150 samples [40] but target has 149 samples [40]; give one"
                                + " target per sample");
        assertThatThrownBy(() -> new FullSetLoss(net(Way.PLANNED), new MSELoss()).of(images(3, 1), good))
                .isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("FullSetLoss: input has 3 samples [40] but target has 150 samples [40]");
        Samples none = new Odd() {
            @Override
            public int count() {
                return 0;
            }
        };
        assertThatThrownBy(() -> trainer(new MSELoss()).fit(good, none))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Trainer, test set: input has a count of 0; give a source of at least one sample");
        Samples wide = new Odd() {
            @Override
            public int width() {
                return WIDTH + 1;
            }
        };
        assertThatThrownBy(() -> trainer(new MSELoss()).fit(wide, wide))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Trainer, training set: input says that a sample has 41 numbers, but samples [40] have 40;"
                        + " leave width() to the interface");
        Samples narrow = Samples.ofBytes(new byte[COUNT * 5], Shape.of(5), 1);
        assertThatThrownBy(() -> trainer(new MSELoss()).fit(narrow, narrow)).isInstanceOf(ShapeException.class);
    }

    /** Whatever a source throws reaches the caller, from a worker thread, too. */
    @Test
    void whatASourceThrowsComesThrough() {
        AtomicInteger reads = new AtomicInteger();
        Samples breaking = new Odd() {
            @Override
            public void read(int sample, float[] to, int at) {
                if (reads.incrementAndGet() > COUNT + 70) {
                    throw new IllegalStateException("the disk is gone");
                }
                super.read(sample, to, at);
            }
        };
        Samples good = images(COUNT, 1);
        try (Engine engine = new Engine(KernelProvider.kernels(), 2)) {
            assertThatThrownBy(() -> trainer(new MSELoss()).on(engine).fit(breaking, good, good, good))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the disk is gone");
        }
    }

    /** As with tensors, see {@code TrainerTest}: one batch must come that creates nothing, or on plain kernels no array. */
    @Test
    void createsNoArraysOnceWarm() {
        int batch = 64;
        long allowed =
                PanelKernels.of(KernelProvider.kernels()).isPresent() ? 0 : batch * WIDTH * (long) Float.BYTES - 1;
        int patience = 2_000_000;
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
        Samples input = images(100 * batch, 1);
        Samples target = new Formula(100 * batch);

        trainer(new BCELoss())
                .epochs(patience / 100)
                .batchSize(batch)
                .listener(meter)
                .fit(input, target, images(1, 2), images(1, 2));

        Thread.interrupted();
        assertThat(least[0]).isLessThanOrEqualTo(allowed);
    }
}
