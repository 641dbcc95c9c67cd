package org.gradus.nn;

import org.gradus.autograd.BceWithLogitsOp;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * Binary cross-entropy of what would go into a sigmoid, {@code torch.nn.BCEWithLogitsLoss}: the loss of {@link BCELoss}
 * behind a {@link Sigmoid}, without its clamps.
 *
 * <pre>
 *   formula     L = (1/N) sum_i max(z_i, 0) - z_i y_i + ln(1 + exp(-|z_i|))
 *   shapes      output z any, N elements    target y as z, in [0,1]    L []
 *   parameters  none
 * </pre>
 *
 * <p>Targets outside [0,1] are refused with a {@link org.gradus.autograd.DomainException}.
 *
 * <p>See {@link org.gradus.autograd.BceWithLogitsOp} for the derivative.
 *
 * <pre>{@code
 * new BCEWithLogitsLoss().of(Tensor.vector(0), Tensor.vector(1));   // ln 2 = 0.6931
 * }</pre>
 */
public record BCEWithLogitsLoss() implements Loss {

    @Override
    public Tensor of(Tensor output, Tensor target) {
        return output.bceWithLogits(target);
    }

    @Override
    public void requireTargets(Tensor targets) {
        new BceWithLogitsOp().requireTargets(Engine.plain(), targets); // read once: its code is compiled sooner
    }

    @Override
    public String name() {
        return "bceWithLogits";
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** PyTorch's text. */
    @Override
    public String toString() {
        return "BCEWithLogitsLoss()";
    }
}
