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
    void forward(Kernels kernels, PanelKernels panels, Share share) {
        int n = out.features;
        if (bias.isPresent()) {
            float[] added = bias.get().data();
            float a = slope.data()[0];
            int row = share.row(n);
            panels.preluOfBiased(share.from(), share.to(), n, row, share.rowEnd(n), added, a, in.numbers, out.numbers);
            return;
        }
        for (int s = 0; s < share.stretches(); s++) {
            kernels.prelu(share.start(s, n), share.end(s, n), panel(), in.numbers, slope.data(), out.numbers);
        }
    }

    /** The slope's gradient is a sum over all features of a sample. */
    @Override
    Reach backwardReach() {
        return Reach.ONE;
    }

    private int panel() {
        return out.features * PanelKernels.WIDTH;
    }

    @Override
    void gradInPlace(PanelKernels panels, Share share, float[] g) {
        panels.preluGrad(share.from(), share.to(), out.features, slope.data()[0], in.numbers, g, partial);
    }

    @Override
    void addGrad(Kernels kernels, PanelKernels panels, Share share, float[] g, float[] gx) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            kernels.preluGrad(share.start(s, n), share.end(s, n), panel(), in.numbers, slope.data(), g, gx);
        }
    }

    @Override
    void keep(PanelKernels panels, Share share, float[] g, boolean intact) {
        if (intact) {
            panels.preluGrad(share.from(), share.to(), out.features, slope.data()[0], in.numbers, g, partial);
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
