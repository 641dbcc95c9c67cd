package org.gradus.app;

import java.util.Arrays;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.gradus.nn.Sequential;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.Trainer;
import org.gradus.train.TrainingListener;

/**
 * Has the JIT compiler begin while images are still being read: a network of the same description is trained beside it on made-up
 * images, until {@link #close}. Nothing of it is kept, and it shares no weights, no random stream and no engine with anybody, so no
 * number that is printed depends on it. The same description, because then the same loops run with the same shapes, and C2 finds in its
 * profiles what it would have found later.
 *
 * <p>Nothing is done where there is no second processor, where the plain kernels are in use, which are compiled soon, or where the
 * network is so large that its copy would be a burden; a large network's first epoch is long enough to hide the compiler.
 */
final class WarmUp implements AutoCloseable {

    /** Most images in a batch, and two batches in all. */
    private static final int MOST_IN_BATCH = 128;

    /** Most weights: 16 MB, four times as much with gradients and what Adam keeps. */
    private static final long MOST_WEIGHTS = 1 << 22;

    /** More than there is time for. */
    private static final int EPOCHS = 10_000;

    private final TrainSettings settings;
    private final Thread thread;
    private volatile boolean ended;

    private WarmUp(TrainSettings settings) {
        this.settings = settings;
        thread = new Thread(this::train, "gradus-warm-up");
        thread.setDaemon(true);
    }

    /**
     * Begins on a thread of its own. The properties of the library must have been set.
     *
     * @param settings of the training that is to come
     */
    static WarmUp begin(TrainSettings settings) {
        WarmUp warmUp = new WarmUp(settings);
        if (Runtime.getRuntime().availableProcessors() > 1 && weights(settings) <= MOST_WEIGHTS) {
            warmUp.thread.start();
        }
        return warmUp;
    }

    private static long weights(TrainSettings settings) {
        long weights = 0;
        long width = settings.net().inputs();
        for (var stage : settings.net().stages()) {
            weights += (width + 1) * stage.width();
            width = stage.width();
        }
        return weights;
    }

    /** What fails here, for want of kernels, memory, or sense in the settings, fails again where it is reported. */
    private void train() {
        try {
            if (KernelProvider.kernels().vectorBits() > Float.SIZE) {
                try (Engine engine = new Engine(KernelProvider.kernels(), 1)) {
                    train(engine);
                }
            }
        } catch (RuntimeException | Error reportedByTheTraining) {
            ended = true;
        }
    }

    private void train(Engine engine) {
        Sequential model = settings.build(new TorchRandom(settings.seed()));
        int batch = Math.min(settings.batch(), MOST_IN_BATCH);
        Tensor images = images(2 * batch, settings.net().inputs());
        new Trainer(model, settings.loss().loss(), settings.optimizer(model), new NumpyRandom(settings.seed()))
                .on(engine)
                .keepGoing()
                .batchSize(batch)
                .epochs(EPOCHS)
                .listener(new TrainingListener() {
                    @Override
                    public void onBatch(int epoch, int number, int batches, float loss) {
                        if (ended) {
                            Thread.currentThread().interrupt(); // ends the training, see Trainer
                        }
                    }
                })
                .fit(images, images);
    }

    /** Four of five pixels are black, in rows, as on handwritten digits. */
    private static Tensor images(int number, int pixels) {
        float[] values = new float[number * pixels];
        NumpyRandom random = new NumpyRandom(0);
        int stroke = 5;
        for (int from = 0; from < values.length; from += 5 * stroke) {
            Arrays.fill(values, from, Math.min(from + stroke, values.length), (float) random.random());
        }
        return Tensor.matrix(number, pixels, values);
    }

    /** Ends it, and returns when the batch that it is at is done. */
    @Override
    public void close() {
        ended = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException asked) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
