package org.gradus.autograd;

import java.io.Serializable;

/** A number became NaN or infinite; see {@link Tape#detectAnomalies()}. The message tells where, and what went in there. */
public final class AnomalyException extends ArithmeticException {

    private static final long serialVersionUID = 1L;

    /** The direction in which a computation goes wrong. */
    public enum Pass {
        /** From inputs to results. */
        FORWARD,
        /** From the gradient of a result to those of the inputs. */
        BACKWARD
    }

    /**
     * What was found.
     *
     * @param op name of the operation
     * @param layer its layer's path in the state dict, empty outside of all layers
     * @param index its place in {@link Tape#steps()}
     * @param step the step of its tape
     * @param pass the direction
     * @param tensor the result in the forward pass, the input whose gradient it is in the backward pass
     * @param element place of the first such number in that tensor or gradient, row-major from 0
     * @param value NaN or infinite
     */
    public record Finding(
            String op, String layer, int index, long step, Pass pass, String tensor, int element, float value)
            implements Serializable {}

    /** The parts of the message. */
    private final Finding finding;

    AnomalyException(Finding finding, String message) {
        super(message);
        this.finding = finding;
    }

    /** {@return what was found: the parts of the message} */
    public Finding finding() {
        return finding;
    }

    /**
     * The same exception with its place in a training run before the message.
     *
     * @param when such as "epoch 2, batch 17"
     * @return a new exception with this one's stack trace
     */
    public AnomalyException during(String when) {
        AnomalyException placed = new AnomalyException(finding, when + ": " + getMessage());
        placed.setStackTrace(getStackTrace());
        return placed;
    }
}
