package org.gradus.optim;

import java.util.List;
import org.gradus.autograd.Tensor;

/**
 * Changes parameters so that a loss becomes smaller, using their gradients.
 *
 * <pre>{@code
 * Optimizer optimizer = new Adam(model.parameters());
 * optimizer.zeroGrad();
 * loss.backward();
 * optimizer.step();
 * }</pre>
 *
 * <p>Every step moves every parameter that is not {@linkplain Tensor#freeze() frozen}; those are left alone, with all that is
 * remembered of them. A parameter that the loss does not depend on has a gradient of zero.
 */
public interface Optimizer {

    /** Sets the gradients of all parameters to zero: they collect over walks back until this is called. */
    void zeroGrad();

    /** Moves all parameters that are not frozen once, by their present gradients. */
    void step();

    /** {@return what is optimised: the live tensors, an unmodifiable list} */
    List<Tensor> parameters();

    /**
     * Checks that this optimiser moves what a loss depends on: call it once in a loop of your own, where the loss is recorded.
     * {@link org.gradus.train.Trainer} does so by itself. Looks at the recording alone, not at gradients, which may also come
     * from elsewhere; changes nothing.
     *
     * @param loss recorded in the present step of its tape
     * @throws IllegalStateException if the loss depends on a trainable tensor that is not among {@link #parameters()}, or on none
     *     of these; naming tensor, operation and layer. Also if it was not recorded
     */
    default void check(Tensor loss) {
        Coverage.check(this, loss);
    }

    /** {@return the learning rate of the next step, 0 or more} */
    double learningRate();

    /**
     * Sets the learning rate from the next step on: the hook for a schedule.
     *
     * @param learningRate 0 or more
     * @throws IllegalArgumentException if it is negative or no finite float
     */
    void learningRate(double learningRate);

    /** {@return a copy of what this optimiser remembers from step to step, for a checkpoint} */
    OptimizerState state();

    /**
     * Continues bit for bit where the optimiser whose {@link #state()} this is stood. The other options must be the
     * same.
     *
     * @param state of an optimiser of the same kind for parameters of the same shapes
     * @throws IllegalArgumentException if it does not fit; then nothing has changed
     */
    void restore(OptimizerState state);
}
