package org.gradus.nn;

import org.gradus.autograd.Tensor;

/**
 * Mean squared error, {@code torch.nn.MSELoss}.
 *
 * <pre>
 *   formula     L = (1/N) sum_i (x_i - y_i)^2
 *   shapes      output x any, N elements    target y as x    L []
 *   parameters  none
 * </pre>
 *
 * <p>See {@link org.gradus.autograd.MseOp} for the derivative.
 *
 * <pre>{@code
 * new MSELoss().of(Tensor.vector(1, 2), Tensor.vector(1, 4));   // 2
 * }</pre>
 */
public record MSELoss() implements Loss {

    @Override
    public Tensor of(Tensor output, Tensor target) {
        return output.mse(target);
    }

    @Override
    public String name() {
        return "mse";
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** PyTorch's text. */
    @Override
    public String toString() {
        return "MSELoss()";
    }
}
