package org.gradus.plan;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/**
 * One operation of a plan: its memory, and what is done with it. All arrays but parameters and their gradients are panels. Several
 * threads may be in a method at a time, each with a {@link Share} of its own.
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

    /** What a member of a team reads and writes: when it has to meet the others depends on it. */
    enum Reach {
        /** The features of its share, and nothing else. */
        SHARE,
        /** It reads what all members have made, and writes the features of its share. */
        ALL,
        /** It cannot be divided among members: one of them does it. */
        ONE
    }

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

    /** Makes a share of the result. */
    abstract void forward(Kernels kernels, PanelKernels panels, Share share);

    /** What {@link #forward} reads and writes. */
    Reach forwardReach() {
        return Reach.SHARE;
    }

    /** Says where the gradients of the operands are to be. Operations are asked from the last to the first. */
    abstract void connect();

    /** Passes a share of the gradient of the result on to the operands that learn, and keeps what the parameters need. */
    abstract void backward(Kernels kernels, PanelKernels panels, Share share);

    /** What {@link #backward} reads and writes, known when all operations are connected. */
    Reach backwardReach() {
        return Reach.SHARE;
    }

    /** Multiply-adds of products for one panel, there and back, which the members of a team divide. */
    long work() {
        return 0;
    }

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

    /** Whether this operation and the loss have a {@link #backwardWithLoss}. */
    boolean goesWith(PlannedLoss loss) {
        return false;
    }

    /**
     * Instead of {@link #backward}, where the result is the network's output: the gradient for the operand from the loss itself, in one
     * pass. It needs the features of the share and nothing else.
     */
    void backwardWithLoss(PlannedLoss loss, PanelKernels panels, Share share, float[] target) {
        throw new AssertionError("asked only of what goes with the loss");
    }
}
