package org.gradus.optim;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Kernels;

/**
 * Adam with decoupled weight decay, {@code torch.optim.AdamW}: the decay shrinks the parameter itself and leaves the
 * running means alone.
 *
 * <pre>
 *   p = (1 - learningRate weightDecay) p
 *   d = g
 *   m = beta1 m + (1 - beta1) d               m = v = 0 before the first step
 *   v = beta2 v + (1 - beta2) d^2
 *   p = p - learningRate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)    t = 1, 2, ..
 * </pre>
 *
 * <p>Every parameter has its own m, v and t, which stand still while it is frozen.
 *
 * <p>Source: Loshchilov and Hutter 2019, arXiv:1711.05101. {@link Kernels#adamStep} gives the roundings.
 *
 * <p>For gradients whose squares no float holds see {@link Adam}.
 *
 * <pre>{@code
 * Optimizer optimizer = new AdamW(model.parameters(), AdamW.defaults().withWeightDecay(0.1));
 * }</pre>
 */
public final class AdamW extends AdamFamily {

    private static final AdamOptions DEFAULTS = new AdamOptions(1e-3, 0.9, 0.999, 1e-8, 0.01);

    /**
     * With PyTorch's defaults.
     *
     * @param parameters what to optimise
     * @throws IllegalArgumentException as for {@link #AdamW(List, AdamOptions)}
     */
    public AdamW(List<Tensor> parameters) {
        this(parameters, DEFAULTS);
    }

    /**
     * With options.
     *
     * @param parameters what to optimise
     * @param options change {@link #defaults()}
     * @throws IllegalArgumentException if there are no parameters, one is not trainable, or two have the same numbers
     */
    public AdamW(List<Tensor> parameters, AdamOptions options) {
        super("AdamW", parameters, options, true);
    }

    /**
     * PyTorch's defaults: learning rate 0.001, betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.01.
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
    public AdamW on(Engine other) {
        computeOn(other);
        return this;
    }
}
