package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** {@code y = max(x, 0)}, as {@link org.gradus.autograd.ReluOp}. */
final class PlannedRelu extends ElementwiseOp {

    PlannedRelu(Site site) {
        super(site);
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, int from, int to) {
        kernels.relu(start(from), start(to), in.numbers, out.numbers);
    }

    @Override
    void gradInPlace(PanelKernels panels, int from, int to, float[] g) {
        panels.reluGrad(start(from), start(to), in.numbers, g);
    }

    @Override
    void addGrad(Kernels kernels, PanelKernels panels, int from, int to, float[] g, float[] gx) {
        kernels.reluGrad(start(from), start(to), in.numbers, g, gx);
    }
}
