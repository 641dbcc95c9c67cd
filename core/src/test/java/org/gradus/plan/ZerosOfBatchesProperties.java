package org.gradus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.PReLU;
import org.gradus.nn.ReLU;
import org.gradus.nn.Residual;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.gradus.train.History;
import org.gradus.train.Trainer;

/** Planned steps leave out the zeros of a batch: the bits are those of recorded steps, whatever the zeros, the threads and the weights. */
class ZerosOfBatchesProperties {

    private static final int SAMPLES = 150;
    private static final int EPOCHS = 2;
    private static final int OUT = 64;

    @Property(tries = 24, edgeCases = EdgeCasesMode.NONE)
    void plannedAndRecordedAreTheSame(
            @ForAll int seed,
            @ForAll @IntRange(max = 10) int tenths,
            @ForAll @IntRange(min = 16, max = 90) int batch,
            @ForAll @IntRange(min = 48, max = 120) int in,
            @ForAll @IntRange(min = 1, max = 4) int threads,
            @ForAll @IntRange(max = 4) int strange) {
        Tensor x = Tensor.of(Shape.of(SAMPLES, in), sparse(seed, tenths, in));
        Sequential planned = net(seed, in, strange);
        Sequential recorded = net(seed, in, strange);
        History expected = new Trainer(recorded, new MSELoss(), new Adam(recorded.parameters()), new NumpyRandom(1))
                .epochs(EPOCHS)
                .batchSize(batch)
                .withoutPlan()
                .keepGoing()
                .fit(x, x);
        try (Engine engine = new Engine(KernelProvider.kernels(), threads)) {
            History actual = new Trainer(planned, new MSELoss(), new Adam(planned.parameters()), new NumpyRandom(1))
                    .epochs(EPOCHS)
                    .batchSize(batch)
                    .keepGoing()
                    .on(engine)
                    .fit(x, x);
            Bits.assertSame("losses", actual.batchLosses(), expected.batchLosses());
            assertThat(actual.table()).isEqualTo(expected.table());
        }
        for (int p = 0; p < planned.parameters().size(); p++) {
            Tensor a = planned.parameters().get(p);
            Tensor b = recorded.parameters().get(p);
            Bits.assertSame("gradient " + p, a.grad(), b.grad());
            Bits.assertSame("parameter " + p, a.data(), b.data());
        }
    }

    /** A first layer of 64 features, and one that reads the batch as well; a weight may be infinite, NaN or too small to matter. */
    private static Sequential net(int seed, int in, int strange) {
        TorchRandom random = new TorchRandom(seed & Integer.MAX_VALUE);
        Linear first = new Linear(in, OUT, random);
        float[] weights = first.namedParameters().get("weight").data();
        int at = 20 * in + in / 2;
        switch (strange) {
            case 1 -> weights[at] = Float.POSITIVE_INFINITY;
            case 2 -> weights[at] = Float.NaN;
            case 3 -> weights[at] = -1e-40f;
            default -> {}
        }
        Sequential body = new Sequential(first, new PReLU(), new Linear(OUT, in, random));
        return new Sequential(new Residual(body, new ReLU(), new Linear(in, in, random)));
    }

    /** Images with a border, and runs and single numbers of 0 and -0; some in all of them. */
    private static float[] sparse(int seed, int tenths, int in) {
        Random random = new Random(seed);
        float[] x = Samples.uniform(seed, SAMPLES * in, -1, 1);
        for (int i = 0; i < SAMPLES; i++) {
            for (int j = 0; j < in; j++) {
                boolean border = j % 30 < 3 * tenths;
                if ((border && i % 7 != 3) || random.nextInt(20) < tenths) {
                    x[i * in + j] = random.nextInt(3) == 0 ? -0f : 0f;
                }
            }
        }
        return x;
    }
}
