package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** {@code y = tanh(x)}, as {@link org.gradus.autograd.TanhOp}. */
final class PlannedTanh extends ElementwiseOp {

    PlannedTanh(Site site) {
        super(site);
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, Share share) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            kernels.tanh(share.start(s, n), share.end(s, n), in.numbers, out.numbers);
        }
    }

    @Override
    void gradInPlace(PanelKernels panels, Share share, float[] g) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            panels.tanhGrad(share.start(s, n), share.end(s, n), out.numbers, g);
        }
    }

    @Override
    void addGrad(Kernels kernels, PanelKernels panels, Share share, float[] g, float[] gx) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            kernels.tanhGrad(share.start(s, n), share.end(s, n), out.numbers, g, gx);
        }
    }
}
