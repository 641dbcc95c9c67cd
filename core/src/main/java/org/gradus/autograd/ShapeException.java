package org.gradus.autograd;

/** Shapes that do not fit together. The message names the operation, the roles, the shapes, the clash and the way out. */
public final class ShapeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * A clash of shapes.
     *
     * @param message what does not fit, and what to do
     */
    public ShapeException(String message) {
        super(message);
    }
}
