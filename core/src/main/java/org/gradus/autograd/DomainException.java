package org.gradus.autograd;

/**
 * A number outside of what it is given to is defined for, or in a data set that is not finite. The message names the number, its place
 * and the way out.
 */
public final class DomainException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Along the first axis. */
    private final int sample;

    /** Length of that axis. */
    private final int samples;

    /**
     * A number that does not belong where it is.
     *
     * @param message which number, where, and what to do
     * @param sample its place along the first axis of its tensor, from 0
     * @param samples length of that axis
     */
    public DomainException(String message, int sample, int samples) {
        super(message);
        this.sample = sample;
        this.samples = samples;
    }

    /**
     * {@return the place of the first sample with such a number along the first axis of the tensor that was looked at, from
     * 0: of a batch, the row in the batch}
     */
    public int sample() {
        return sample;
    }

    /**
     * How many samples were looked at: not those of the batch where a loss has given its tensors another shape.
     *
     * @return length of the first axis of the tensor that was looked at, 1 of a single number
     */
    public int samples() {
        return samples;
    }

    /**
     * The same exception with its place in a computation before the message.
     *
     * @param when such as "epoch 2, batch 17"
     * @return a new exception with this one's stack trace
     */
    public DomainException during(String when) {
        DomainException placed = new DomainException(when + ": " + getMessage(), sample, samples);
        placed.setStackTrace(getStackTrace());
        return placed;
    }
}
