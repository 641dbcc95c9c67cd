package org.gradus.nn;

import org.gradus.autograd.Tensor;

/**
 * The hyperbolic tangent, {@code torch.nn.Tanh}; see {@link org.gradus.autograd.TanhOp} for the derivative.
 *
 * <pre>
 *   formula     y = tanh(x), between -1 and 1
 *   shapes      x any    y as x
 *   parameters  none
 * </pre>
 *
 * <pre>{@code
 * new Tanh().forward(Tensor.vector(0));   // [0]
 * }</pre>
 */
public record Tanh() implements Layer {

    @Override
    public Tensor forward(Tensor x) {
        return x.tanh();
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** PyTorch's text. */
    @Override
    public String toString() {
        return "Tanh()";
    }
}
