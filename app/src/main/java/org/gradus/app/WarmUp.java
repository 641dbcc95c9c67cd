package org.gradus.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.autograd.Shape;
import org.gradus.data.Samples;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Sequential;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.Trainer;
import org.gradus.train.TrainingListener;

/**
 * Has the JIT compiler begin before the training does: a small network of the same kind is trained on made-up images while the real
 * ones are being read, and some hundred steps longer. Nothing of it is kept, and it shares no weights, no random stream and no engine
 * with anybody, so no number that is printed depends on it.
 *
 * <p>Until SIMD code is compiled its vectors are objects, and it takes hundreds of times as long. The compiler takes up a method
 * after so many calls and rounds of its loops, however short they are: a step of the real network is an expensive way to get
 * there, and its long loops are compiled twice, once while they run and once for the next call. So widths and batch are as small as
 * the shapes of the products allow: {@link #small} keeps what they leave over when divided by the tiles.
 *
 * <p>Nothing is done where there is no second processor, nor where the plain kernels are in use, which are compiled soon.
 */
final class WarmUp implements AutoCloseable {

    /** Steps after which a compiler that had time has what it needs, of networks with few layers, too. */
    private static final int ENOUGH_STEPS = 500;

    /** For the steps that are left when the images have been read; a compiler that is not done by then goes on beside the training. */
    private static final long MOST_NANOS = 3_000_000_000L;

    /** Two panels of samples, or of features: what a tile takes. */
    private static final int PAIR = 32;

    /** Layers from here on keep many panels. */
    private static final int WIDE = 512;

    private static final int BATCHES = 16;
    private static final int EPOCHS = 100_000;

    private final TrainSettings settings;
    private final Thread thread;
    private volatile boolean asked;
    private volatile long deadline;

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
        WarmUp warmUp = new WarmUp(small(settings));
        if (Runtime.getRuntime().availableProcessors() > 1) {
            warmUp.thread.start();
        }
        return warmUp;
    }

    /** The same layers with small widths, in small batches. */
    static TrainSettings small(TrainSettings s) {
        List<NetSpec.Stage> stages = new ArrayList<>();
        for (NetSpec.Stage stage : s.net().stages()) {
            stages.add(new NetSpec.Stage(small(stage.width()), stage.activations()));
        }
        return new TrainSettings(
                new NetSpec(small(s.net().inputs()), stages),
                s.loss(),
                small(s.batch()),
                s.seed(),
                s.init(),
                s.initLinears(),
                s.reseedBeforeInit(),
                s.learningRate(),
                s.optimizer(),
                s.momentum());
    }

    /**
     * A pair or three and what is left of pairs: 784 has an odd panel, 392 half of one, and so have 112 and 40. Three, because products
     * with six panels or more may take other tiles.
     */
    private static int small(int width) {
        if (width < 2 * PAIR) {
            return width;
        }
        return (width < WIDE ? PAIR : 3 * PAIR) + width % PAIR;
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
            asked = true;
        }
    }

    private void train(Engine engine) {
        Sequential model = settings.build(new TorchRandom(settings.seed()));
        Samples images = images(BATCHES * settings.batch(), settings.net().inputs());
        new Trainer(model, settings.loss().loss(), settings.optimizer(model), new NumpyRandom(settings.seed()))
                .on(engine)
                .keepGoing()
                .batchSize(settings.batch())
                .epochs(EPOCHS)
                .listener(new Until())
                .fit(images, images.rows(0));
    }

    /** Interrupts the training, which ends it, when the images are there and the steps are enough. */
    private final class Until implements TrainingListener {
        private int steps;

        @Override
        public void onBatch(int epoch, int number, int batches, float loss) {
            steps++;
            if (asked && (steps >= ENOUGH_STEPS || System.nanoTime() - deadline >= 0)) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Four of five pixels are black, in rows, as on handwritten digits. */
    private static Samples images(int number, int pixels) {
        byte[] values = new byte[number * pixels];
        NumpyRandom random = new NumpyRandom(0);
        int stroke = 5;
        for (int from = 0; from < values.length; from += 5 * stroke) {
            Arrays.fill(values, from, Math.min(from + stroke, values.length), (byte) (255 * random.random()));
        }
        return Samples.ofBytes(values, Shape.of(pixels), 255);
    }

    /** Has it end when it is done, and waits for that; who is interrupted waits for the end of a step. */
    @Override
    public void close() {
        deadline = System.nanoTime() + MOST_NANOS;
        asked = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException early) {
                deadline = System.nanoTime();
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
