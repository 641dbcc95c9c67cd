package org.gradus.benchmarks;

import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.gradus.autograd.Tensor;
import org.gradus.mnist.Mnist;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.EpochLoss;
import org.gradus.train.EpochSeconds;
import org.gradus.train.Trainer;
import org.gradus.train.TrainingListener;

/**
 * The training loop of the library, one epoch at a time: {@link #epoch} lets it train an epoch and {@link #evaluated} waits
 * until it has also evaluated the network, so that a benchmark can time the one without the other.
 */
final class Training implements AutoCloseable {

    private final Semaphore mayTrain = new Semaphore(0);
    private final Semaphore trained = new Semaphore(0);
    private final Semaphore evaluated = new Semaphore(0);
    private final Thread thread;
    private final float[] losses;
    private volatile LongSupplier meter = () -> 0;
    private long begun;
    private volatile long metered;
    private volatile boolean failed;

    /** How steps are taken. */
    enum Form {
        /** As the library chooses. */
        CHOSEN,
        /** From the recording of the first batch. */
        REPLAYED,
        /** With forward called for every batch, as for a network that does not promise to do the same each time. */
        RECORDED
    }

    /**
     * Builds a network and begins to train it, seed 0.
     *
     * @param net which
     * @param images [n, 784] what it is to reproduce
     */
    Training(Net net, Tensor images) {
        this(net, images, Form.CHOSEN);
    }

    /**
     * The same in another form.
     *
     * @param net which
     * @param images [n, 784] what it is to reproduce
     * @param form of the steps
     */
    Training(Net net, Tensor images, Form form) {
        Sequential model = net.build(new TorchRandom(0));
        Loss loss = net.loss();
        losses = new float[(images.shape().length(0) - 1) / net.batch() + 1];
        Layer learner = form == Form.RECORDED ? withoutPromise(model) : model;
        Trainer trainer = new Trainer(learner, loss, new Adam(model.parameters()), new NumpyRandom(0))
                .epochs(Integer.MAX_VALUE / losses.length - 1)
                .batchSize(net.batch())
                .listener(new Gate());
        if (form == Form.REPLAYED) {
            trainer.withoutPlan();
        }
        thread = new Thread(
                () -> {
                    try {
                        mayTrain.acquireUninterruptibly();
                        begun = meter.getAsLong();
                        trainer.fit(images, firstOf(images));
                    } catch (RuntimeException | Error problem) {
                        failed = true;
                        trained.release();
                        evaluated.release();
                        throw problem;
                    }
                },
                "training");
        thread.setDaemon(true);
        thread.start();
    }

    /** The same layer, written as a lambda: that cannot promise to do the same for every batch. */
    private static Layer withoutPromise(Layer layer) {
        return x -> layer.forward(x);
    }

    /** The first images of MNIST, pixels from 0 to 1. */
    static Tensor images(int count) {
        return Mnist.load().train().samples().first(count).toTensor();
    }

    private static Tensor firstOf(Tensor images) {
        int width = images.shape().columns();
        return Tensor.matrix(1, width, Arrays.copyOf(images.data(), width));
    }

    /** Stops the loop at the borders of an epoch. It calls on the thread that trains. */
    private final class Gate implements TrainingListener {

        @Override
        public void onBatch(int epoch, int batch, int batches, float loss) {
            losses[batch - 1] = loss;
            if (batch == batches) {
                metered = meter.getAsLong() - begun;
                trained.release();
            }
        }

        @Override
        public void onEpoch(int epoch, int ofEpochs, EpochLoss loss, EpochSeconds seconds) {
            evaluated.release();
            mayTrain.acquireUninterruptibly();
            begun = meter.getAsLong();
        }
    }

    /**
     * Has something counted, from the next epoch on.
     *
     * @param count read by the thread that trains, right before the first step of an epoch and right after its last
     */
    void meter(LongSupplier count) {
        meter = count;
    }

    /** By how much the count grew in the last epoch. */
    long metered() {
        return metered;
    }

    /** Trains for one epoch. */
    void epoch() {
        mayTrain.release();
        trained.acquireUninterruptibly();
        requireAlive();
    }

    /** Waits for the evaluation that follows an epoch. */
    void evaluated() {
        evaluated.acquireUninterruptibly();
        requireAlive();
    }

    private void requireAlive() {
        if (failed) {
            throw new IllegalStateException("training ended with an exception, see above");
        }
    }

    /** The loss of every batch of the last epoch, before its step. */
    float[] losses() {
        return losses.clone();
    }

    /** The thread that trains. */
    Thread thread() {
        return thread;
    }

    /** Ends the loop, which must have {@link #evaluated}. */
    @Override
    public void close() {
        thread.interrupt();
        mayTrain.release();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
