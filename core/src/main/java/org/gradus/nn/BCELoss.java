package org.gradus.nn;

import org.gradus.autograd.Tensor;

/**
 * Binary cross-entropy of probabilities, {@code torch.nn.BCELoss}.
 *
 * <pre>
 *   formula     L = (1/N) sum_i -(y_i ln p_i + (1 - y_i) ln(1 - p_i))    each logarithm at least -100
 *   shapes      output p any, N elements in [0,1]    target y as p, in [0,1]    L []
 *   parameters  none
 * </pre>
 *
 * <p>Targets between 0 and 1, such as grey values, leave a loss above 0 even where p equals y. See {@link
 * org.gradus.op.Bce} for the derivative and the clamps.
 *
 * <p>An output outside [0,1] is no probability. PyTorch raises an error; here the loss is NaN and the gradient of that output
 * {@code 1e12 (p_i - y_i) / N}. End the network with {@link Sigmoid}, or use {@link BCEWithLogitsLoss} without one; {@link
 * org.gradus.train.Trainer#detectAnomalies()} finds the batch.
 *
 * <pre>{@code
 * new BCELoss().of(Tensor.vector(0.5f), Tensor.vector(1));   // ln 2 = 0.6931
 * }</pre>
 */
public record BCELoss() implements Loss {

    @Override
    public Tensor of(Tensor output, Tensor target) {
        return output.bce(target);
    }

    @Override
    public String name() {
        return "bce";
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** PyTorch's text. */
    @Override
    public String toString() {
        return "BCELoss()";
    }
}
