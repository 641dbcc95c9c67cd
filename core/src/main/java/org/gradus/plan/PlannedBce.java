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
    void grad(Kernels kernels, PanelKernels panels, Share share, float[] output, float[] target, float[] g) {
        for (int s = 0; s < share.stretches(); s++) {
            panels.bceGrad(share.start(s, outputs), share.end(s, outputs), factor, output, target, g);
        }
    }

    @Override
    boolean goesThroughSigmoid() {
        return true;
    }

    @Override
    void gradThroughSigmoid(PanelKernels panels, int start, int end, float[] output, float[] target, float[] g) {
        panels.sigmoidBceGrad(start, end, factor, output, target, g);
    }
}
