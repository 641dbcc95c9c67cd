package org.gradus.train;

import java.util.List;

/** What a training run recorded. */
public final class History {

    private final float[] batchLosses;
    private final List<EpochLoss> table;
    private final List<EpochSeconds> seconds;
    private final boolean interrupted;

    History(float[] batchLosses, List<EpochLoss> table, List<EpochSeconds> seconds, boolean interrupted) {
        this.batchLosses = batchLosses;
        this.table = List.copyOf(table);
        this.seconds = List.copyOf(seconds);
        this.interrupted = interrupted;
    }

    /**
     * The loss of every batch before its step, in order, over all epochs; those of an unfinished last epoch included.
     *
     * @return a copy
     */
    public float[] batchLosses() {
        return batchLosses.clone();
    }

    /**
     * The losses over the whole sets after each finished epoch.
     *
     * @return a row per epoch, unmodifiable
     */
    public List<EpochLoss> table() {
        return table;
    }

    /**
     * The time of each finished epoch.
     *
     * @return an entry per row of the table, unmodifiable
     */
    public List<EpochSeconds> epochSeconds() {
        return seconds;
    }

    /**
     * Whether an interrupt of the thread ended training early. What is recorded up to there is valid, and so are the
     * weights: they are those after the last recorded batch.
     *
     * @return false if all epochs were run
     */
    public boolean interrupted() {
        return interrupted;
    }
}
