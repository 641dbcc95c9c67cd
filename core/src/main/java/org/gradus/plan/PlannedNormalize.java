package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** Each sample divided by its length, as {@link org.gradus.autograd.NormalizeRowsOp}. */
final class PlannedNormalize extends ElementwiseOp {

    PlannedNormalize(Site site) {
        super(site);
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, int from, int to) {
        panels.normalize(from, to, out.features, in.numbers, out.numbers);
    }

    @Override
    void gradInPlace(PanelKernels panels, int from, int to, float[] g) {
        panels.normalizeGrad(from, to, out.features, in.numbers, out.numbers, g);
    }

    @Override
    void addGrad(Kernels kernels, PanelKernels panels, int from, int to, float[] g, float[] gx) {
        panels.addNormalizeGrad(from, to, out.features, in.numbers, out.numbers, g, gx);
    }
}
