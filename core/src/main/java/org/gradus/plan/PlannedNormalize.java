package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** Each sample divided by its length, as {@link org.gradus.autograd.NormalizeRowsOp}. */
final class PlannedNormalize extends ElementwiseOp {

    PlannedNormalize(Site site) {
        super(site);
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, Share share) {
        panels.normalize(share.from(), share.to(), out.features, in.numbers, out.numbers);
    }

    /** A length is a sum over all features. */
    @Override
    Reach forwardReach() {
        return Reach.ONE;
    }

    @Override
    Reach backwardReach() {
        return Reach.ONE;
    }

    @Override
    void gradInPlace(PanelKernels panels, Share share, float[] g) {
        panels.normalizeGrad(share.from(), share.to(), out.features, in.numbers, out.numbers, g);
    }

    @Override
    void addGrad(Kernels kernels, PanelKernels panels, Share share, float[] g, float[] gx) {
        panels.addNormalizeGrad(share.from(), share.to(), out.features, in.numbers, out.numbers, g, gx);
    }
}
