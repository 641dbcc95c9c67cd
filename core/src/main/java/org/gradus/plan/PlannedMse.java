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
    void grad(Kernels kernels, PanelKernels panels, int from, int to, float[] output, float[] target, float[] g) {
        panels.squaredErrorGrad(start(from), start(to), factor, output, target, g);
    }

    @Override
    boolean gradThroughSigmoid(PanelKernels panels, int from, int to, float[] output, float[] target, float[] g) {
        panels.sigmoidSquaredErrorGrad(start(from), start(to), factor, output, target, g);
        return true;
    }
}
