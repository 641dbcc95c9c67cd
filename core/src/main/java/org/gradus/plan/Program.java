package org.gradus.plan;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.gradus.autograd.Op;
import org.gradus.autograd.Tensor;

/**
 * What a recording does: operations in the order of the tape, whose operands are values by number. Value 0 is the batch, value i + 1
 * the result of operation i; the last one is the network's output, which the loss compares with the target. Every value is read.
 *
 * @param inputs features of the batch
 * @param operations at least one
 * @param loss what is done with the output
 */
record Program(int inputs, List<Operation> operations, Op loss) {

    /**
     * One step.
     *
     * @param op what is done
     * @param operands with which values
     * @param parameters and with which tensors that are learned: those of the layer, never a double on a tape
     * @param features of the result
     */
    record Operation(Op op, List<Integer> operands, List<Tensor> parameters, int features) {}

    /** All that is learned, each tensor once, in the order of use. */
    List<Tensor> parameters() {
        Set<Tensor> distinct = new LinkedHashSet<>(); // a tensor equals itself alone
        operations.forEach(operation -> distinct.addAll(operation.parameters));
        return new ArrayList<>(distinct);
    }
}
