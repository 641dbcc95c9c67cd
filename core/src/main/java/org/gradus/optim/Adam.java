package org.gradus.optim;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Kernels;

/**
 * Adam, {@code torch.optim.Adam}: steps along a running mean of the gradient, divided by the size the gradients have
 * had of late, number by number.
 *
 * <pre>
 *   d = g + weightDecay p
 *   m = beta1 m + (1 - beta1) d               m = v = 0 before the first step
 *   v = beta2 v + (1 - beta2) d^2
 *   p = p - learningRate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)    t = 1, 2, ..
 * </pre>
 *
 * <p>Every parameter has its own m, v and t, which stand still while it is frozen.
 *
 * <p>Source: Kingma and Ba 2015, arXiv:1412.6980, the efficient order of computation at the end of its section 2, with
 * PyTorch's place for epsilon. {@link Kernels#adamStep} gives the roundings.
 *
 * <p>Squares are floats, as in PyTorch. With beta2 = 0.999 a gradient above 5.8e20 makes v infinite, and its number stays where it
 * is from then on. One below 8.4e-22 leaves v at 0, which epsilon hides: with epsilon 0 the number becomes infinite, and NaN in
 * the next step (in PyTorch it stays infinite).
 *
 * <pre>{@code
 * Optimizer optimizer = new Adam(model.parameters(), Adam.defaults().withLearningRate(0.01));
 * }</pre>
 */
public final class Adam extends AdamFamily {

    private static final AdamOptions DEFAULTS = new AdamOptions(1e-3, 0.9, 0.999, 1e-8, 0);

    /**
     * With PyTorch's defaults.
     *
     * @param parameters what to optimise
     * @throws IllegalArgumentException as for {@link #Adam(List, AdamOptions)}
     */
    public Adam(List<Tensor> parameters) {
        this(parameters, DEFAULTS);
    }

    /**
     * With options.
     *
     * @param parameters what to optimise
     * @param options change {@link #defaults()}
     * @throws IllegalArgumentException if there are no parameters, one is not trainable, or two have the same numbers
     */
    public Adam(List<Tensor> parameters, AdamOptions options) {
        super("Adam", parameters, options, false);
    }

    /**
     * PyTorch's defaults: learning rate 0.001, betas 0.9 and 0.999, epsilon 1e-8, no weight decay.
     *
     * @return options to be changed with their {@code with} methods
     */
    public static AdamOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Computes on another engine than {@link Engine#shared()}: the same bits. {@link #stepRange} takes its kernels from who calls it.
     *
     * @param other to be closed by whoever made it, after the last step
     * @return this
     */
    public Adam on(Engine other) {
        computeOn(other);
        return this;
    }
}
