package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** Binary cross-entropy of what would go into a sigmoid, as {@link org.gradus.autograd.BceWithLogitsOp}. */
final class PlannedBceWithLogits extends NumberByNumberLoss {

    private final float factor;

    PlannedBceWithLogits(Site site) {
        super(site);
        factor = 1f / (samples * outputs);
    }

    @Override
    TargetDomain domain() {
        return TargetDomain.PROBABILITIES;
    }

    @Override
    void terms(PanelKernels panels, int from, int to, float[] output, float[] target) {
        panels.bceWithLogitsChunks(from, to, outputs, output, target, partial);
    }

    /** {@code s (sigmoid(z) - y)}: the sigmoid goes where the gradient will be. */
    @Override
    void grad(Kernels kernels, PanelKernels panels, Share share, float[] output, float[] target, float[] g) {
        for (int s = 0; s < share.stretches(); s++) {
            int start = share.start(s, outputs);
            int end = share.end(s, outputs);
            kernels.sigmoid(start, end, output, g);
            panels.squaredErrorGrad(start, end, factor, g, target, g);
        }
    }
}
