package org.gradus.plan;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/**
 * One operation of a plan: its memory, and what is done with it. All arrays but parameters and their gradients are panels. Several
 * threads may be in a method at a time, each with panels of its own.
 */
abstract class PlannedOp {

    /**
     * What an operation is made of.
     *
     * @param in the values it reads
     * @param out the value it makes
     * @param parameters its tensors that are learned
     * @param samples of a batch
     * @param trains whether there will be a way back
     */
    record Site(List<Value> in, Value out, List<Tensor> parameters, int samples, boolean trains) {}

    /** One use of a parameter: where its gradient, or a part of it, comes from. */
    interface Use {

        /** Says before the first step that other uses come first: this one adds to the gradient that they leave. */
        void comesAfterOthers();

        /**
         * Some rows of the gradient of the parameter, onto 0 or onto what other uses have left, in the recording's rounding. A vector
         * has rows of one number.
         *
         * @param rowFrom first row
         * @param rowTo row after the last
         */
        void gradient(Kernels kernels, PanelKernels panels, int rowFrom, int rowTo);
    }

    final Value out;

    PlannedOp(Site site) {
        out = site.out;
        out.isMadeBy(this);
    }

    /** Makes the result for some panels. */
    abstract void forward(Kernels kernels, PanelKernels panels, int from, int to);

    /** Says where the gradients of the operands are to be. Operations are asked from the last to the first. */
    abstract void connect();

    /** Passes the gradient of the result on to the operands that learn, for some panels, and keeps what the parameters need. */
    abstract void backward(Kernels kernels, PanelKernels panels, int from, int to);

    /** Where the gradients of the parameters come from, in their order. */
    List<Use> uses() {
        return List.of();
    }

    /**
     * A bias that is to be added to the result and that this operation leaves to its only reader, which does it in the same pass as its
     * own work.
     */
    Optional<Tensor> handOverBias() {
        return Optional.empty();
    }

    /** Whether the result is 0 to 1, or NaN, whatever the operands. */
    boolean makesProbabilities() {
        return false;
    }

    /**
     * Instead of {@link #backward}, where the result is the network's output: the gradient for the operand from the loss itself, in one
     * pass.
     *
     * @return false if this operation and the loss have no such pass; nothing is done then
     */
    boolean backwardWithLoss(PlannedLoss loss, PanelKernels panels, int from, int to, float[] target) {
        return false;
    }

    /** Index of the first number of a panel of the result. */
    final int start(int panel) {
        return panel * out.features * PanelKernels.WIDTH;
    }
}
