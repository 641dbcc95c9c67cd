package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** Binary cross-entropy of probabilities, as {@link org.gradus.autograd.BceOp}. */
final class PlannedBce extends NumberByNumberLoss {

    private final float factor;
    private final boolean leavesDomain;

    PlannedBce(Site site) {
        super(site);
        factor = 1f / (samples * outputs);
        leavesDomain = !site.output().isProbability();
    }

    @Override
    TargetDomain domain() {
        return TargetDomain.PROBABILITIES;
    }

    @Override
    boolean mayLeaveDomain() {
        return leavesDomain;
    }

    @Override
    void terms(PanelKernels panels, int from, int to, float[] output, float[] target) {
        panels.bceChunks(from, to, outputs, output, target, partial);
    }

    @Override
    void grad(Kernels kernels, PanelKernels panels, int from, int to, float[] output, float[] target, float[] g) {
        panels.bceGrad(start(from), start(to), factor, output, target, g);
    }

    @Override
    boolean gradThroughSigmoid(PanelKernels panels, int from, int to, float[] output, float[] target, float[] g) {
        panels.sigmoidBceGrad(start(from), start(to), factor, output, target, g);
        return true;
    }
}
