package org.gradus.nn;

import org.gradus.autograd.Tensor;

/**
 * What training makes small: one number that says how far an output is from its target. A loss made of operations that exist may be
 * written as a lambda, {@code (output, target) -> output.sub(target).exp().mean()}.
 */
@FunctionalInterface
public interface Loss {

    /**
     * The loss of a batch, recorded if the output belongs to a tape.
     *
     * @param output what the network gave
     * @param target what it should have given
     * @return a tensor of shape [], computed from {@code output}; training and evaluation refuse others by the loss's name
     * @throws org.gradus.autograd.ShapeException if the two do not fit
     */
    Tensor of(Tensor output, Tensor target);

    /**
     * Looks at the targets of a whole data set before training or evaluation uses them, so that a mistake is named by its place in the
     * set. {@link org.gradus.train.Trainer} and {@link org.gradus.train.FullSetLoss} call it once per set. A loss that takes any
     * numbers has nothing to refuse.
     *
     * @param targets all samples, along the first axis
     * @throws org.gradus.autograd.DomainException if the loss is not defined for one of the numbers
     */
    default void requireTargets(Tensor targets) {}

    /**
     * {@return a short name for tables, files and messages: lower case, such as {@code mse}; {@code custom} unless the
     * author says otherwise}
     */
    default String name() {
        return "custom";
    }

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
