package org.gradus.train;

/** Watches a {@link Trainer}. Called on the training thread, which waits. */
public interface TrainingListener {

    /** Watches nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * A batch is done: its gradients were applied.
     *
     * @param epoch from 1
     * @param batch from 1 in each epoch
     * @param batches their number in each epoch
     * @param loss loss of the batch before its step
     */
    default void onBatch(int epoch, int batch, int batches, float loss) {}

    /**
     * An epoch is done, its losses over the whole sets included.
     *
     * @param epoch from 1
     * @param epochs their number
     * @param loss the row for the loss table
     * @param seconds the time it took
     */
    default void onEpoch(int epoch, int epochs, EpochLoss loss, EpochSeconds seconds) {}
}
