package org.gradus.autograd;

/** A tensor was read after its tape went on to a later step and reused the tensor's memory. */
public final class StaleTensorException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /**
     * A read of an overwritten tensor.
     *
     * @param name the tensor's name
     * @param born the step it belongs to
     * @param now the step its tape is at
     */
    public StaleTensorException(String name, long born, long now) {
        super("tensor '" + Printable.text(name) + "' belongs to step " + born + " of its tape, which is now at step "
                + now + " and reuses the memory; keep a value with item() or copy(), or use Tape.fresh()");
    }
}
