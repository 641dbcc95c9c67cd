package org.gradus.plan;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/**
 * {@code y = x > 0 ? x : slope * x} with one slope, as {@link org.gradus.autograd.PReluOp}; behind an affine map with its bias, in one
 * pass.
 */
final class PlannedPRelu extends ElementwiseOp {

    private final int samples;
    private final Tensor slope;
    private final float[] partial;
    private final Optional<Tensor> bias;

    PlannedPRelu(Site site) {
        super(site);
        samples = site.samples();
        slope = site.parameters().get(0);
        bias = in.takeBias();
        partial = new float[site.trains() ? Kernels.chunks(PanelKernels.size(samples, 1), out.features) : 0];
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, int from, int to) {
        if (bias.isPresent()) {
            panels.preluOfBiased(from, to, out.features, bias.get().data(), slope.data()[0], in.numbers, out.numbers);
        } else {
            int panel = start(1);
            kernels.prelu(from * panel, to * panel, panel, in.numbers, slope.data(), out.numbers);
        }
    }

    @Override
    void gradInPlace(PanelKernels panels, int from, int to, float[] g) {
        panels.preluGrad(from, to, out.features, slope.data()[0], in.numbers, g, partial);
    }

    @Override
    void addGrad(Kernels kernels, PanelKernels panels, int from, int to, float[] g, float[] gx) {
        kernels.preluGrad(start(from), start(to), start(1), in.numbers, slope.data(), g, gx);
    }

    @Override
    void keep(PanelKernels panels, int from, int to, float[] g, boolean intact) {
        if (intact) {
            panels.preluGrad(from, to, out.features, slope.data()[0], in.numbers, g, partial);
        }
    }

    @Override
    List<Use> uses() {
        return List.of(new SlopeUse());
    }

    private final class SlopeUse implements Use {
        private boolean onto;

        @Override
        public void comesAfterOthers() {
            onto = true;
        }

        @Override
        public void gradient(Kernels kernels, PanelKernels panels, int rowFrom, int rowTo) {
            float[] gradient = slope.grad();
            float before = onto ? gradient[0] : 0f;
            gradient[0] = before + (float) Kernels.total(Kernels.chunks(samples, out.features), partial);
        }
    }
}
