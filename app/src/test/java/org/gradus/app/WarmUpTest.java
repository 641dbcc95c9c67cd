package org.gradus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.gradus.autograd.Tensor;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Sequential;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training beside reading. */
class WarmUpTest {

    private static TrainSettings settings(String net) {
        return settings(net, 8);
    }

    private static TrainSettings settings(String net, int batch) {
        return new TrainSettings(
                NetSpec.parse(net),
                LossName.MSE,
                batch,
                3,
                InitName.DEFAULT,
                OptionalInt.empty(),
                false,
                1e-3,
                OptimizerName.ADAM,
                0);
    }

    private static boolean isAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("gradus-warm-up"));
    }

    /** The second fails at the loss. */
    @ParameterizedTest
    @ValueSource(strings = {"20-3:relu-20:sigmoid", "20-3-7", "3000-3000-3000"})
    void nothingIsLeftOfIt(String net) {
        WarmUp.begin(settings(net)).close();
        assertThat(isAlive()).isFalse();
    }

    /** Pairs of panels, a panel, and half of one are left over as they were; what is small stays. */
    @Test
    void trainsSmallNetworkOfTheSameKind() {
        TrainSettings small =
                WarmUp.small(settings("784-392:prelu-96:prelu+normalize-3-63:tanh-1568:relu-784:sigmoid"));
        assertThat(small.net().toString()).isEqualTo("112-40:prelu-32:prelu+normalize-3-63:tanh-96:relu-112:sigmoid");
        assertThat(small.batch()).isEqualTo(8);
        assertThat(WarmUp.small(settings("2-2", 100)).batch()).isEqualTo(36);
    }

    @Test
    void interruptedCloseStillEndsItAndKeepsTheInterrupt() {
        WarmUp warmUp = WarmUp.begin(settings("20-3:relu-20:sigmoid"));
        Thread.currentThread().interrupt();
        warmUp.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(isAlive()).isFalse();
    }

    /** Three trainings: alone, beside it, and after it. */
    @Test
    void changesNoBitOfATrainingBesideIt() {
        TrainSettings settings = settings("20-5:prelu-20:sigmoid");
        float[] alone = losses(settings);
        float[] beside;
        WarmUp warmUp = WarmUp.begin(settings);
        try {
            beside = losses(settings);
        } finally {
            warmUp.close();
        }
        assertThat(beside).isEqualTo(alone);
        assertThat(losses(settings)).isEqualTo(alone);
    }

    private static float[] losses(TrainSettings settings) {
        Sequential model = settings.build(new TorchRandom(settings.seed()));
        float[] values = new float[40 * 20];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 37 % 101 / 101f;
        }
        Tensor images = Tensor.matrix(40, 20, values);
        return new Trainer(model, settings.loss().loss(), settings.optimizer(model), new NumpyRandom(settings.seed()))
                .batchSize(settings.batch())
                .epochs(5)
                .fit(images, images)
                .batchLosses();
    }
}
