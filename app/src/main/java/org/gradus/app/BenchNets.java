package org.gradus.app;

import java.util.List;
import java.util.function.Consumer;
import org.gradus.autograd.Tensor;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.EpochLoss;
import org.gradus.train.EpochSeconds;
import org.gradus.train.Trainer;
import org.gradus.train.TrainingListener;

/** How fast the networks of the tutorials train and are evaluated. */
final class BenchNets {

    /**
     * A network and how it is trained.
     *
     * @param name for the table
     * @param spec for {@code gradus train}
     * @param loss what is minimised
     * @param batch samples per step
     */
    record Net(String name, String spec, LossName loss, int batch) {}

    private static final String S2 = "784-392:prelu-96:prelu-3:prelu+normalize-96:prelu-392:prelu-784:sigmoid";

    static final List<Net> ALL = List.of(
            new Net("ae32", "784-32:relu-784:sigmoid", LossName.MSE, 64),
            new Net("ae2", "784-2:prelu-784:sigmoid", LossName.BCE, 64),
            new Net("deep2", "784-392:prelu-64:prelu-2:prelu-64:prelu-392:prelu-784:sigmoid", LossName.BCE, 128),
            new Net("s2", S2, LossName.BCE, 128),
            new Net("s2b32", S2, LossName.BCE, 32),
            new Net(
                    "thick",
                    "784-1568:prelu-392:prelu-96:prelu-3:prelu+normalize-96:prelu-392:prelu-1568:prelu-784:sigmoid",
                    LossName.BCE,
                    128));

    /** The first epoch is the warm-up, so there must be another. */
    private static final int LEAST_EPOCHS = 2;

    private final Tensor train;
    private final Tensor test;
    private final double seconds;

    /**
     * @param train [n,784] images of an epoch
     * @param test [m,784] images that are evaluated besides
     * @param seconds how long each network trains, if it had {@value #LEAST_EPOCHS} epochs by then
     */
    BenchNets(Tensor train, Tensor test, double seconds) {
        this.train = train;
        this.test = test;
        this.seconds = seconds;
    }

    /** Trains a network from seed 0; gives the times of each epoch to {@code watcher} as well. */
    List<EpochSeconds> train(Net net, Consumer<EpochSeconds> watcher) {
        Sequential model = NetSpec.parse(net.spec()).build(new TorchRandom(0));
        long start = System.nanoTime();
        TrainingListener clock = new TrainingListener() {
            @Override
            public void onEpoch(int epoch, int epochs, EpochLoss loss, EpochSeconds time) {
                watcher.accept(time);
                if (epoch >= LEAST_EPOCHS && (System.nanoTime() - start) * 1e-9 > seconds) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        List<EpochSeconds> times = new Trainer(
                        model, net.loss().loss(), new Adam(model.parameters()), new NumpyRandom(0))
                .epochs(10_000)
                .batchSize(net.batch())
                .listener(clock)
                .fit(train, test)
                .epochSeconds();
        Thread.interrupted();
        return times;
    }

    /** Images per second of training. */
    double trained(EpochSeconds epoch) {
        return train.shape().length(0) / epoch.training();
    }

    /** Images per second of evaluation. */
    double evaluated(EpochSeconds epoch) {
        return (train.shape().length(0) + test.shape().length(0)) / epoch.evaluation();
    }
}
