package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** An operation on one value whose result has its shape: the gradient may be computed in place. */
abstract class ElementwiseOp extends PlannedOp {

    final Value in;

    /** Whether the operand's gradient is there already, so that this operation adds to it; else it is that of the result, changed. */
    private boolean adds;

    ElementwiseOp(Site site) {
        super(site);
        in = site.in().get(0);
    }

    @Override
    final void connect() {
        if (in.learns) {
            adds = in.hasGrad();
            if (!adds) {
                in.grad = out.grad;
            }
        }
    }

    @Override
    final void backward(Kernels kernels, PanelKernels panels, Share share) {
        if (in.learns && adds) {
            addGrad(kernels, panels, share, out.grad, in.grad);
        } else if (in.learns) {
            gradInPlace(panels, share, out.grad);
        }
        keep(panels, share, out.grad, !in.learns || adds);
    }

    /** The derivative onto 0, in place of the result's gradient. */
    abstract void gradInPlace(PanelKernels panels, Share share, float[] g);

    /** The same added to the operand's gradient, in the rounding of {@link Kernels}. */
    abstract void addGrad(Kernels kernels, PanelKernels panels, Share share, float[] g, float[] gx);

    /**
     * What the gradient of a parameter needs.
     *
     * @param intact whether {@code g} is still the gradient of the result, and may be overwritten; else that of the operand
     */
    void keep(PanelKernels panels, Share share, float[] g, boolean intact) {
        // most have no parameter
    }
}
