package org.gradus.plan;

import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** {@code z = x + y} of two values of one shape, as {@link org.gradus.autograd.AddOp}. They may be the same. */
final class PlannedAdd extends PlannedOp {

    private final Value left;
    private final Value right;

    /** What becomes of the gradient for an operand. */
    private enum Way {
        /** Nothing learns there. */
        NOWHERE,
        /** The result's gradient becomes that of the operand, in place. */
        KEPT,
        /** Written to memory of its own. */
        WRITTEN,
        /** Added to what later readers have left. */
        ADDED
    }

    private Way toLeft = Way.NOWHERE;
    private Way toRight = Way.NOWHERE;

    PlannedAdd(Site site) {
        super(site);
        left = site.in().get(0);
        right = site.in().get(1);
    }

    @Override
    void forward(Kernels kernels, PanelKernels panels, Share share) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            kernels.add(share.start(s, n), share.end(s, n), left.numbers, right.numbers, out.numbers);
        }
    }

    @Override
    void connect() {
        boolean twice = left.equals(right);
        toLeft = way(left, !twice);
        toRight = way(right, toLeft != Way.KEPT && !twice);
    }

    private Way way(Value operand, boolean mayKeep) {
        if (!operand.learns) {
            return Way.NOWHERE;
        }
        if (operand.hasGrad()) {
            return Way.ADDED;
        }
        if (mayKeep) {
            operand.grad = out.grad;
            return Way.KEPT;
        }
        operand.ownGrad();
        return Way.WRITTEN;
    }

    /** In place comes last, for there may be two to read the gradient. */
    @Override
    void backward(Kernels kernels, PanelKernels panels, Share share) {
        int n = out.features;
        for (int s = 0; s < share.stretches(); s++) {
            int start = share.start(s, n);
            int end = share.end(s, n);
            pass(toLeft, left, kernels, panels, start, end);
            pass(toRight, right, kernels, panels, start, end);
            if (toLeft == Way.KEPT || toRight == Way.KEPT) {
                panels.ontoZero(start, end, out.grad, out.grad);
            }
        }
    }

    private void pass(Way way, Value operand, Kernels kernels, PanelKernels panels, int start, int end) {
        if (way == Way.WRITTEN) {
            panels.ontoZero(start, end, out.grad, operand.grad);
        } else if (way == Way.ADDED) {
            kernels.addScaled(start, end, 1f, out.grad, operand.grad);
        }
    }
}
