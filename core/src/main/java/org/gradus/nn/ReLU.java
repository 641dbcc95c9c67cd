package org.gradus.nn;

import org.gradus.autograd.Tensor;

/**
 * The rectifier, {@code torch.nn.ReLU}; see {@link org.gradus.autograd.ReluOp} for the derivative.
 *
 * <pre>
 *   formula     y = max(x, 0)
 *   shapes      x any    y as x
 *   parameters  none
 * </pre>
 *
 * <pre>{@code
 * new ReLU().forward(Tensor.vector(-2, 3));   // [0, 3]
 * }</pre>
 */
public record ReLU() implements Layer {

    @Override
    public Tensor forward(Tensor x) {
        return x.relu();
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** PyTorch's text. */
    @Override
    public String toString() {
        return "ReLU()";
    }
}
