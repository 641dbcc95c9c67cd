package org.gradus.plan;

import java.util.ArrayList;
import java.util.List;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/** A program with its memory: the operations in their order, from the batch to the loss, and back. */
final class PlannedNet {

    final Value batch;
    final Value output;
    final PlannedLoss loss;
    private final PlannedOp[] ops;

    /**
     * Memory for batches of one size.
     *
     * @param samples of a batch
     * @param trains whether there will be a way back
     */
    PlannedNet(Program program, int samples, boolean trains) {
        List<Value> values = new ArrayList<>();
        batch = new Value(samples, program.inputs(), false);
        values.add(batch);
        for (Program.Operation operation : program.operations()) {
            boolean learns = !operation.parameters().isEmpty()
                    || operation.operands().stream().anyMatch(number -> values.get(number).learns);
            values.add(new Value(samples, operation.features(), learns));
            operation.operands().forEach(number -> values.get(number).isReadBy(1));
        }
        output = values.get(values.size() - 1);
        output.isReadBy(1);
        ops = new PlannedOp[program.operations().size()];
        for (int o = 0; o < ops.length; o++) {
            Program.Operation operation = program.operations().get(o);
            List<Value> in = operation.operands().stream().map(values::get).toList();
            ops[o] = PlannedOps.planned(
                    operation.op(), new PlannedOp.Site(in, values.get(o + 1), operation.parameters(), samples, trains));
        }
        loss = PlannedOps.planned(program.loss(), new PlannedLoss.Site(output, samples));
        if (trains) {
            output.ownGrad();
            for (int o = ops.length - 1; o >= 0; o--) {
                ops[o].connect();
            }
        }
    }

    /** The operations, first to last. */
    List<PlannedOp> operations() {
        return List.of(ops);
    }

    /** From the batch to the terms of the loss, for all features of some panels. */
    void forward(Kernels kernels, PanelKernels panels, Share share, float[] target) {
        for (PlannedOp op : ops) {
            op.forward(kernels, panels, share);
        }
        loss.terms(panels, share.from(), share.to(), output.numbers, target);
    }

    /** And back to the gradients that the parameters need. */
    void backward(Kernels kernels, PanelKernels panels, Share share, float[] target) {
        int o = ops.length - 1;
        if (ops[o].goesWith(loss)) {
            ops[o--].backwardWithLoss(loss, panels, share, target);
        } else {
            loss.grad(kernels, panels, share, output.numbers, target, output.grad);
        }
        for (; o >= 0; o--) {
            ops[o].backward(kernels, panels, share);
        }
    }
}
