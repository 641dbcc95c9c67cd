package org.gradus.nn;

import org.gradus.autograd.Tensor;

/**
 * The logistic function, {@code torch.nn.Sigmoid}; see {@link org.gradus.autograd.SigmoidOp} for the derivative.
 *
 * <pre>
 *   formula     y = 1 / (1 + exp(-x)), between 0 and 1
 *   shapes      x any    y as x
 *   parameters  none
 * </pre>
 *
 * <pre>{@code
 * new Sigmoid().forward(Tensor.vector(0));   // [0.5]
 * }</pre>
 */
public record Sigmoid() implements Layer {

    @Override
    public Tensor forward(Tensor x) {
        return x.sigmoid();
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** PyTorch's text. */
    @Override
    public String toString() {
        return "Sigmoid()";
    }
}
