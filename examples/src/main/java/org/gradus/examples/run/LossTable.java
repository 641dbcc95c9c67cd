package org.gradus.examples.run;

import org.gradus.pages.Decimals;
import org.gradus.train.EpochLoss;
import org.gradus.train.EpochSeconds;
import org.gradus.train.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * Prints the notebooks' loss table while a network trains: a line per epoch, and on a terminal a progress bar with
 * batches per second and time left beneath it.
 *
 * <p>When a line cannot be printed, training ends: at the next epoch's first batch, so that what is kept after each epoch is kept of
 * this one, too.
 */
public final class LossTable implements TrainingListener, AutoCloseable {

    /** Between an epoch and their number, as {@code gradus train} and the first tutorial's notebook print it. */
    public static final String WIDE_SLASH = " / ";

    /** As the notebooks of the second and third tutorial print it. */
    public static final String SLASH = "/";

    private final int epochs;
    private final String slash;
    private final Bar bar;
    private int firstEpoch;
    private @Nullable OutputFailure failure;

    /**
     * Prints the heading.
     *
     * @param console where
     * @param epochs how many lines there will be
     * @param slash between an epoch and their number
     */
    public LossTable(Console console, int epochs, String slash) {
        this.epochs = epochs;
        this.slash = slash;
        bar = new Bar(console, "training", "batches");
        console.out().println("Epoch\tLoss train\tLoss test");
    }

    @Override
    public void onBatch(int epoch, int batch, int batches, float loss) {
        OutputFailure failed = failure;
        if (failed != null) {
            throw failed;
        }
        // A continued run begins later.
        firstEpoch = firstEpoch == 0 ? epoch : firstEpoch;
        bar.step((long) (epochs - firstEpoch + 1) * batches);
    }

    @Override
    public void onEpoch(int epoch, int ofEpochs, EpochLoss loss, EpochSeconds seconds) {
        try {
            if (epoch == ofEpochs) {
                close();
            }
            print(epoch, loss);
        } catch (OutputFailure failed) {
            failure = failed;
        }
    }

    /**
     * Prints the line of an epoch that was trained earlier.
     *
     * @param epoch its number, from 1
     * @param loss its losses
     */
    public void earlier(int epoch, EpochLoss loss) {
        print(epoch, loss);
    }

    private void print(int epoch, EpochLoss loss) {
        bar.printAbove(epoch + slash + epochs + "\t" + Decimals.four(loss.train()) + "\t" + Decimals.four(loss.test()));
    }

    /** Takes the progress bar away. */
    @Override
    public void close() {
        bar.close();
    }
}
