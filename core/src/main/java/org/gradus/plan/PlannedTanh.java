package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** {@code y = tanh(x)}, as {@link org.gradus.autograd.TanhOp}. */
final class PlannedTanh extends ElementwiseOp {

    PlannedTanh(Site site) {
        super(site);
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, int from, int to) {
        kernels.tanh(start(from), start(to), in.numbers, out.numbers);
    }

    @Override
    void gradInPlace(PanelKernels panels, int from, int to, float[] g) {
        panels.tanhGrad(start(from), start(to), out.numbers, g);
    }

    @Override
    void addGrad(Kernels kernels, PanelKernels panels, int from, int to, float[] g, float[] gx) {
        kernels.tanhGrad(start(from), start(to), out.numbers, g, gx);
    }
}
