package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** {@code y = max(x, 0)}, as {@link org.gradus.autograd.ReluOp}. */
final class PlannedRelu extends ElementwiseOp {

    PlannedRelu(Site site) {
        super(site);
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, Share share) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            kernels.relu(share.start(s, n), share.end(s, n), in.numbers, out.numbers);
        }
    }

    @Override
    void gradInPlace(PanelKernels panels, Share share, float[] g) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            panels.reluGrad(share.start(s, n), share.end(s, n), in.numbers, g);
        }
    }

    @Override
    void addGrad(Kernels kernels, PanelKernels panels, Share share, float[] g, float[] gx) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            kernels.reluGrad(share.start(s, n), share.end(s, n), in.numbers, g, gx);
        }
    }
}
