package org.gradus.plan;

import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/**
 * {@code y = 1 / (1 + exp(-x))}, as {@link org.gradus.autograd.SigmoidOp}; behind an affine map with its bias, before the loss with its
 * gradient, in one pass each.
 */
final class PlannedSigmoid extends ElementwiseOp {

    private final Optional<Tensor> bias;

    PlannedSigmoid(Site site) {
        super(site);
        bias = in.takeBias();
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, int from, int to) {
        if (bias.isPresent()) {
            panels.sigmoidOfBiased(from, to, out.features, bias.get().data(), in.numbers, out.numbers);
        } else {
            kernels.sigmoid(start(from), start(to), in.numbers, out.numbers);
        }
    }

    @Override
    void gradInPlace(PanelKernels panels, int from, int to, float[] g) {
        panels.sigmoidGrad(start(from), start(to), out.numbers, g);
    }

    @Override
    void addGrad(Kernels kernels, PanelKernels panels, int from, int to, float[] g, float[] gx) {
        kernels.sigmoidGrad(start(from), start(to), out.numbers, g, gx);
    }

    @Override
    boolean makesProbabilities() {
        return true;
    }

    /** The output is the last value, so this operation is the first that reaches its operand, and works in place. */
    @Override
    boolean backwardWithLoss(PlannedLoss loss, PanelKernels panels, int from, int to, float[] target) {
        return loss.gradThroughSigmoid(panels, from, to, out.numbers, target, out.grad);
    }
}
