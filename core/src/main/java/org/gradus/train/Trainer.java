package org.gradus.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;
import org.gradus.optim.Optimizer;
import org.gradus.random.NumpyRandom;

/**
 * The training loop: stochastic gradient descent over shuffled batches, and the losses over both whole sets after each epoch.
 *
 * <pre>
 *   for each epoch
 *     order = permutation of all training samples            numpy.random.permutation
 *     for each batch of consecutive samples in that order    the last one may be shorter
 *       loss = L(net(x), y)                                  kept
 *       gradients to zero; backward; optimizer step
 *     row of the table = loss over the whole training set, loss over the whole test set    {@link FullSetLoss}
 * </pre>
 *
 * <p>The operations of a batch are recorded once and then replayed on the numbers of the next batches, so a network must do the
 * same operations for every batch. The numbers are those of recording anew each time. After the first epoch the loop creates
 * no arrays.
 *
 * <p>Interrupting the thread ends training between two batches. The interrupt status stays set, and the {@link History}
 * says so.
 *
 * <pre>{@code
 * History history = new Trainer(net, new BCELoss(), new Adam(net.parameters()), random)
 *         .epochs(10)
 *         .batchSize(64)
 *         .fit(train, test);
 * }</pre>
 */
public final class Trainer {

    private static final int DEFAULT_EPOCHS = 10;
    private static final int DEFAULT_BATCH_SIZE = 32;

    private final Layer net;
    private final Loss loss;
    private final Optimizer optimizer;
    private final NumpyRandom random;
    private int epochs = DEFAULT_EPOCHS;
    private int batchSize = DEFAULT_BATCH_SIZE;
    private TrainingListener listener = TrainingListener.NONE;

    /**
     * A loop of 10 epochs in batches of 32.
     *
     * @param net what is trained
     * @param loss what is minimised, a mean over samples
     * @param optimizer how, holding the parameters of {@code net}
     * @param random the order of the samples: one permutation per epoch, nothing else is drawn
     */
    public Trainer(Layer net, Loss loss, Optimizer optimizer, NumpyRandom random) {
        this.net = net;
        this.loss = loss;
        this.optimizer = optimizer;
        this.random = random;
    }

    /**
     * Sets the number of passes over the training set.
     *
     * @param number 0 or more
     * @return this
     * @throws IllegalArgumentException if negative
     */
    public Trainer epochs(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("Trainer: epochs is " + number + " but must be 0 or more");
        }
        epochs = number;
        return this;
    }

    /**
     * Sets the number of samples per step.
     *
     * @param samples 1 or more; more than there are makes one batch of all
     * @return this
     * @throws IllegalArgumentException if below 1
     */
    public Trainer batchSize(int samples) {
        if (samples < 1) {
            throw new IllegalArgumentException("Trainer: batch size is " + samples + " but must be 1 or more");
        }
        batchSize = samples;
        return this;
    }

    /**
     * Sets who is told about progress.
     *
     * @param watcher called on this thread
     * @return this
     */
    public Trainer listener(TrainingListener watcher) {
        listener = watcher;
        return this;
    }

    /**
     * Trains a network to reproduce its input.
     *
     * @param train [n, ...] samples to learn from
     * @param test [m, ...] samples to judge by
     * @return losses and times
     * @throws ShapeException if the shapes do not fit the network or the loss
     */
    public History fit(Tensor train, Tensor test) {
        return fit(train, train, test, test);
    }

    /**
     * Trains a network to make targets of inputs. A call continues where the last one ended: with the present weights, the
     * optimiser's state and the random stream as they are.
     *
     * @param inputTrain [n, ...] samples to learn from
     * @param targetTrain [n, ...] what the network should make of them
     * @param inputTest [m, ...] samples to judge by
     * @param targetTest [m, ...] what the network should make of them
     * @return losses and times
     * @throws ShapeException if inputs and targets differ in number, or the shapes do not fit the network or the loss
     */
    public History fit(Tensor inputTrain, Tensor targetTrain, Tensor inputTest, Tensor targetTest) {
        FullSetLoss.requirePairs("Trainer, training set", inputTrain, targetTrain);
        FullSetLoss.requirePairs("Trainer, test set", inputTest, targetTest);
        return new Run(inputTrain, targetTrain, inputTest, targetTest).toEnd();
    }

    /** One call of {@code fit}. */
    private final class Run {

        private final Tensor inputTrain;
        private final Tensor targetTrain;
        private final Tensor inputTest;
        private final Tensor targetTest;

        private final int samples;
        private final int full;
        private final int batches;
        private final int[] order;
        private final Recording fullBatch;
        private final Recording lastBatch;
        private final FullSetLoss fullSet = new FullSetLoss(net, loss);

        private float[] batchLosses;
        private int steps;
        private final List<EpochLoss> table = new ArrayList<>();
        private final List<EpochSeconds> seconds = new ArrayList<>();

        Run(Tensor inputTrain, Tensor targetTrain, Tensor inputTest, Tensor targetTest) {
            this.inputTrain = inputTrain;
            this.targetTrain = targetTrain;
            this.inputTest = inputTest;
            this.targetTest = targetTest;
            samples = inputTrain.shape().length(0);
            full = Math.min(batchSize, samples);
            batches = (samples - 1) / full + 1;
            order = new int[samples];
            fullBatch = recording(full);
            int rest = samples - (batches - 1) * full;
            lastBatch = rest == full ? fullBatch : recording(rest);
            batchLosses = new float[batches];
        }

        private Recording recording(int rows) {
            return new Recording(
                    net,
                    loss,
                    FullSetLoss.samples(rows, inputTrain),
                    FullSetLoss.samples(rows, targetTrain),
                    inputTrain == targetTrain);
        }

        History toEnd() {
            for (int epoch = 1; epoch <= epochs; epoch++) {
                if (!epoch(epoch)) {
                    return history(true);
                }
            }
            return history(false);
        }

        /** False if interrupted. */
        private boolean epoch(int epoch) {
            long start = System.nanoTime();
            random.permutation(order);
            for (int b = 0; b < batches; b++) {
                if (Thread.currentThread().isInterrupted()) {
                    return false;
                }
                float value = step(b);
                keep(value);
                listener.onBatch(epoch, b + 1, batches, value);
            }
            long trained = System.nanoTime();
            OptionalDouble train = fullSet.unlessInterrupted(inputTrain, targetTrain);
            OptionalDouble test = fullSet.unlessInterrupted(inputTest, targetTest);
            if (train.isEmpty() || test.isEmpty()) {
                return false;
            }
            EpochLoss row = new EpochLoss((float) train.getAsDouble(), (float) test.getAsDouble());
            EpochSeconds time = new EpochSeconds((trained - start) * 1e-9, (System.nanoTime() - trained) * 1e-9);
            table.add(row);
            seconds.add(time);
            listener.onEpoch(epoch, epochs, row, time);
            return true;
        }

        /** One step of the optimiser; gives the loss before it. */
        private float step(int batch) {
            Recording recording = batch == batches - 1 ? lastBatch : fullBatch;
            float value = recording.lossOfRows(inputTrain, targetTrain, order, batch * full);
            optimizer.zeroGrad();
            recording.backward();
            optimizer.step();
            return value;
        }

        private void keep(float value) {
            if (steps == batchLosses.length) {
                batchLosses = Arrays.copyOf(batchLosses, 2 * steps);
            }
            batchLosses[steps++] = value;
        }

        private History history(boolean interrupted) {
            return new History(Arrays.copyOf(batchLosses, steps), table, seconds, interrupted);
        }
    }
}
