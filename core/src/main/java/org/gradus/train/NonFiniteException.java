package org.gradus.train;

/**
 * A loss, or a parameter at the end of an epoch, is NaN or infinite: see {@link Trainer#keepGoing()}. The message says where, the
 * likely causes, and how to find the operation. The optimiser did not move by a loss that is not finite.
 */
public final class NonFiniteException extends ArithmeticException {

    private static final long serialVersionUID = 1L;

    /** The message without causes and ways out. */
    private final String place;

    /** From 1. */
    private final int epoch;

    /** From 1; 0 for what is not of a batch. */
    private final int batch;

    /** What is not finite. */
    private final String what;

    /** NaN or infinite. */
    private final float value;

    private final transient History history;

    NonFiniteException(String place, String causes, int epoch, int batch, String what, float value, History history) {
        super(place + ". " + causes);
        this.place = place;
        this.epoch = epoch;
        this.batch = batch;
        this.what = what;
        this.value = value;
        this.history = history;
    }

    /**
     * The message without causes and ways out.
     *
     * @return such as {@code epoch 1, batch 2 of 5: the loss is NaN; the optimiser did not move by it}
     */
    public String place() {
        return place;
    }

    /**
     * The epoch it happened in.
     *
     * @return counted from 1
     */
    public int epoch() {
        return epoch;
    }

    /**
     * The batch whose loss it is.
     *
     * @return counted from 1; 0 after the last batch of the epoch
     */
    public int batch() {
        return batch;
    }

    /**
     * What is not finite.
     *
     * @return {@code loss of the batch}, {@code loss over the training set}, {@code loss over the test set}, or a parameter such as
     *     {@code parameter 0.weight}
     */
    public String what() {
        return what;
    }

    /**
     * The number.
     *
     * @return NaN or infinite
     */
    public float value() {
        return value;
    }

    /**
     * What was recorded up to here: the table of the epochs before, and all losses of batches, that of {@link #batch()} included.
     *
     * @return the run's history; empty if this exception was serialised
     */
    public History history() {
        return history == null ? History.EMPTY : history;
    }
}
