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
    void forward(Kernels kernels, PanelKernels panels, Share share) {
        int n = out.features;
        if (bias.isPresent()) {
            float[] added = bias.get().data();
            int row = share.row(n);
            panels.sigmoidOfBiased(share.from(), share.to(), n, row, share.rowEnd(n), added, in.numbers, out.numbers);
            return;
        }
        for (int s = 0; s < share.stretches(); s++) {
            kernels.sigmoid(share.start(s, n), share.end(s, n), in.numbers, out.numbers);
        }
    }

    @Override
    void gradInPlace(PanelKernels panels, Share share, float[] g) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            panels.sigmoidGrad(share.start(s, n), share.end(s, n), out.numbers, g);
        }
    }

    @Override
    void addGrad(Kernels kernels, PanelKernels panels, Share share, float[] g, float[] gx) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            kernels.sigmoidGrad(share.start(s, n), share.end(s, n), out.numbers, g, gx);
        }
    }

    @Override
    boolean makesProbabilities() {
        return true;
    }

    @Override
    boolean goesWith(PlannedLoss loss) {
        return loss.goesThroughSigmoid();
    }

    /** The output is the last value, so this operation is the first that reaches its operand, and works in place. */
    @Override
    void backwardWithLoss(PlannedLoss loss, PanelKernels panels, Share share, float[] target) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            loss.gradThroughSigmoid(panels, share.start(s, n), share.end(s, n), out.numbers, target, out.grad);
        }
    }
}
