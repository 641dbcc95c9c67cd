package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** The mean squared error, as {@link org.gradus.autograd.MseOp}. */
final class PlannedMse extends NumberByNumberLoss {

    private final float factor;

    PlannedMse(Site site) {
        super(site);
        factor = 2f / (samples * outputs);
    }

    @Override
    TargetDomain domain() {
        return TargetDomain.ANYTHING;
    }

    @Override
    void terms(PanelKernels panels, int from, int to, float[] output, float[] target) {
        panels.squaredErrorChunks(from, to, outputs, output, target, partial);
    }

    @Override
    void grad(Kernels kernels, PanelKernels panels, Share share, float[] output, float[] target, float[] g) {
        for (int s = 0; s < share.stretches(); s++) {
            panels.squaredErrorGrad(share.start(s, outputs), share.end(s, outputs), factor, output, target, g);
        }
    }

    @Override
    boolean goesThroughSigmoid() {
        return true;
    }

    @Override
    void gradThroughSigmoid(PanelKernels panels, int start, int end, float[] output, float[] target, float[] g) {
        panels.sigmoidSquaredErrorGrad(start, end, factor, output, target, g);
    }
}
