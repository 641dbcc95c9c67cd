package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.nn.BCEWithLogitsLoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.ReLU;
import org.gradus.nn.Residual;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.junit.jupiter.api.Test;

/** Targets that a planned loss is not defined for: the same words, at the same batch, after the same steps as from a recording. */
class WrongTargetsTest {

    private static final int SAMPLES = 40;
    private static final int BATCH = 8;
    private static final int CLASSES = 3;

    private final Tensor x = Tensor.matrix(SAMPLES, 4, new TorchRandom(1).rand(SAMPLES * 4));

    private static Sequential net() {
        TorchRandom random = new TorchRandom(2);
        return new Sequential(
                new Linear(4, 5, random),
                new Residual(new Linear(5, 5, random), new ReLU()),
                new Linear(5, CLASSES, random));
    }

    private static Tensor classes() {
        float[] k = new float[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            k[i] = i % CLASSES;
        }
        return Tensor.vector(k);
    }

    /** A loss of a user, which looks at no set before. */
    private record Unchecked(Loss inner) implements Loss {
        @Override
        public Tensor of(Tensor output, Tensor target) {
            return inner.of(output, target);
        }

        @Override
        public String name() {
            return "unchecked";
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }
    }

    private void assertSameWords(Loss loss, Tensor train, Tensor test, String expected) {
        List<Sequential> nets = new ArrayList<>();
        for (boolean plans : new boolean[] {true, false}) {
            Sequential net = net();
            nets.add(net);
            Trainer trainer = new Trainer(net, loss, new Adam(net.parameters()), new NumpyRandom(1))
                    .epochs(2)
                    .batchSize(BATCH);
            if (!plans) {
                trainer.withoutPlan();
            }
            DomainException wrong = catchThrowableOfType(DomainException.class, () -> trainer.fit(x, train, x, test));
            assertThat(wrong).as("with plans: " + plans).hasMessage(expected);
        }
        nets.get(0)
                .stateDict()
                .forEach((name, value) -> Bits.assertSame(
                        name, value.data(), nets.get(1).stateDict().get(name).data()));
    }

    @Test
    void classBeyondTheLast() {
        Tensor wrong = classes();
        wrong.data()[17] = CLASSES;
        int[] order = new NumpyRandom(1).permutation(SAMPLES);
        int place = 0;
        while (order[place] != 17) {
            place++;
        }
        String words = "softmaxCrossEntropy: class[%d] is 3.0, expected a whole number from 0 to 2";
        assertSameWords(
                new CrossEntropyLoss(),
                wrong,
                classes(),
                "epoch 1, batch " + (place / BATCH + 1) + ": row " + place % BATCH
                        + " of the batch is sample 17 of the set: " + String.format(words, place % BATCH));
        assertSameWords(
                new CrossEntropyLoss(),
                classes(),
                wrong,
                "epoch 1, evaluation of the test set: row 17 of the batch is sample 17 of the set: "
                        + String.format(words, 17));
    }

    @Test
    void logitsThatNobodyLookedAt() {
        Tensor targets = Tensor.matrix(SAMPLES, CLASSES, new TorchRandom(3).rand(SAMPLES * CLASSES));
        Tensor wrong = targets.copy();
        wrong.data()[17 * CLASSES] = -2;
        int[] order = new NumpyRandom(1).permutation(SAMPLES);
        int place = 0;
        while (order[place] != 17) {
            place++;
        }
        assertSameWords(
                new Unchecked(new BCEWithLogitsLoss()),
                wrong,
                targets,
                "epoch 1, batch " + (place / BATCH + 1) + ": row " + place % BATCH
                        + " of the batch is sample 17 of the set: bceWithLogits: target [" + place % BATCH
                        + ",0] is -2.0, in sample " + place % BATCH
                        + ", outside [0,1]. Targets are probabilities; scale them, grey values from 0 to 255 for example"
                        + " by 1/255");
    }

    @Test
    void evaluationOfASetNamesTheSample() {
        FullSetLoss fullSet = new FullSetLoss(net(), new CrossEntropyLoss());
        fullSet.of(x, classes());
        fullSet.of(x, classes());
        Tensor wrong = classes();
        wrong.data()[5] = 9;
        DomainException refused = catchThrowableOfType(DomainException.class, () -> fullSet.of(x, wrong));
        assertThat(refused)
                .hasMessage("FullSetLoss: row 5 of the batch is sample 5 of the set: softmaxCrossEntropy: class[5] is"
                        + " 9.0, expected a whole number from 0 to 2");
        assertThat(refused.sample()).isEqualTo(5);
        fullSet.of(x, classes());
        boolean plans = KernelProvider.kernels().name().equals("vector");
        assertThat(fullSet.steps().kind()).isEqualTo(plans ? StepKind.PLANNED : StepKind.REPLAYED);
    }

    @Test
    void tellsWhyNothingWasPlanned() {
        Sequential net = net();
        Trainer trainer = new Trainer(net, new CrossEntropyLoss(), new Adam(net.parameters()), new NumpyRandom(1))
                .epochs(1)
                .batchSize(BATCH);
        assertThat(trainer.steps()).hasToString("recorded; not planned because there was no step yet");
        assertThat(new FullSetLoss(net, new CrossEntropyLoss()).steps().kind()).isEqualTo(StepKind.RECORDED);
        trainer.fit(x, classes(), x, classes());
        boolean plans = KernelProvider.kernels().name().equals("vector");
        assertThat(trainer.steps())
                .hasToString(
                        plans
                                ? "planned"
                                : "replayed; not planned because the plain kernels are in use; plans need the SIMD kernels");
        trainer.withoutPlan().fit(x, classes(), x, classes());
        assertThat(trainer.steps())
                .hasToString("replayed; not planned because no plan was wanted: withoutPlan() or detectAnomalies()");
        Trainer once = new Trainer(net(), new CrossEntropyLoss(), new Adam(net.parameters()), new NumpyRandom(1));
        assertThat(once.steps().why()).contains("there was no step yet");
        Sequential other = net();
        Trainer single = new Trainer(other, new CrossEntropyLoss(), new Adam(other.parameters()), new NumpyRandom(1))
                .epochs(1)
                .batchSize(SAMPLES);
        single.fit(x, classes(), x, classes());
        assertThat(single.steps().kind()).isEqualTo(StepKind.RECORDED);
        assertThat(single.steps().why())
                .contains(
                        plans
                                ? "the first step of a size is recorded, and no other has followed"
                                : "the plain kernels are in use; plans need the SIMD kernels");
    }

    /**
     * Planned or replayed, a warm loop creates no arrays and no vectors: one batch is looked for that creates less than the smallest
     * array, for cold code allocates.
     */
    @Test
    void residualClassifierCreatesNoArraysOnceWarm() {
        int patience = 20_000;
        int batch = 1024;
        int batches = 4;
        long smallest = (long) batch * CLASSES * Float.BYTES;
        Tensor inputs = Tensor.matrix(batches * batch, 4, new TorchRandom(1).rand(batches * batch * 4));
        Tensor targets = Tensor.zeros(batches * batch);
        Sequential net = net();
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
        new Trainer(net, new CrossEntropyLoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .epochs(patience / batches)
                .batchSize(batch)
                .listener(meter)
                .fit(inputs, targets, x, classes());
        Thread.interrupted();
        assertThat(least[0]).isLessThan(smallest);
    }
}
