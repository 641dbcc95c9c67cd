package org.gradus.nn;

import org.gradus.autograd.BceOp;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

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
 * org.gradus.autograd.BceOp} for the derivative and the clamps.
 *
 * <p>Outputs and targets outside [0,1] are no probabilities and are refused with a {@link org.gradus.autograd.DomainException}. End
 * the network with {@link Sigmoid}, or use {@link BCEWithLogitsLoss} without one; scale targets, grey values by 1/255.
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
    public void requireTargets(Tensor targets) {
        new BceOp().requireTargets(Engine.plain(), targets); // read once: its code is compiled sooner
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
