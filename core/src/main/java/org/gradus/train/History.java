package org.gradus.train;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** What a training run recorded. */
public final class History {

    /** Of a run that has not begun. */
    public static final History EMPTY = new History(new float[0], List.of(), List.of(), false);

    private final float[] batchLosses;
    private final List<EpochLoss> table;
    private final List<EpochSeconds> seconds;
    private final boolean interrupted;

    /**
     * A record of a run, as {@link Trainer} makes one and a file may hold one.
     *
     * @param batchLosses the loss of every batch before its step
     * @param table a row per finished epoch
     * @param seconds an entry per row of the table
     * @param interrupted whether the run ended early
     * @throws IllegalArgumentException if table and times are not of the same epochs
     */
    public History(float[] batchLosses, List<EpochLoss> table, List<EpochSeconds> seconds, boolean interrupted) {
        if (table.size() != seconds.size()) {
            throw new IllegalArgumentException("History: " + table.size() + " epochs have losses but " + seconds.size()
                    + " have times; each needs both");
        }
        this.batchLosses = batchLosses.clone();
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
     * The number of finished epochs.
     *
     * @return rows of the table
     */
    public int epochs() {
        return table.size();
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

    /**
     * The loss table, as the command line prints it: the losses over the whole sets after each epoch, with 4 decimals and a tab between
     * columns. A table, one line per epoch, that ends with a line feed. A run that was interrupted says so in a last line.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Epoch\tLoss train\tLoss test\n");
        for (int epoch = 1; epoch <= table.size(); epoch++) {
            EpochLoss loss = table.get(epoch - 1);
            text.append(epoch).append(interrupted ? "" : " / " + table.size());
            text.append('\t').append(decimals(loss.train()));
            text.append('\t').append(decimals(loss.test())).append('\n');
        }
        return text.append(interrupted ? "interrupted\n" : "").toString();
    }

    /** Rounded from the exact value, as Python does. */
    private static String decimals(float loss) {
        if (!Float.isFinite(loss)) {
            return Float.isNaN(loss) ? "nan" : loss > 0 ? "inf" : "-inf";
        }
        return new BigDecimal(loss).setScale(4, RoundingMode.HALF_EVEN).toPlainString();
    }
}
