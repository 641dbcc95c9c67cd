package org.gradus.nn;

import org.gradus.autograd.Tensor;

/** What training makes small: one number that says how far an output is from its target. */
public interface Loss {

    /**
     * The loss of a batch, recorded if the output belongs to a tape.
     *
     * @param output what the network gave
     * @param target what it should have given
     * @return a tensor of shape []
     * @throws org.gradus.autograd.ShapeException if the two do not fit
     */
    Tensor of(Tensor output, Tensor target);

    /**
     * A short name for tables and files.
     *
     * @return lower case, such as {@code mse}
     */
    String name();

    /**
     * The author's promise that one recording of this loss may stand for all batches of a shape; see {@link
     * Layer#isRepeatable()}, which says what is promised.
     *
     * @return false unless the author says otherwise: {@link #of} is then called for every batch
     */
    default boolean isRepeatable() {
        return false;
    }
}
