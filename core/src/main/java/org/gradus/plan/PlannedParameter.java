package org.gradus.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.optim.ElementwiseOptimizer;

/** A parameter, all its uses, and the optimiser's pass over it: each strip of the gradient is used while it is in the cache. */
final class PlannedParameter {

    private final PlannedOp.Use[] uses;
    private final int index;
    private final int rows;
    private final int row;
    private final boolean vector;

    private PlannedParameter(Tensor parameter, int index, List<PlannedOp.Use> uses) {
        this.uses = uses.toArray(PlannedOp.Use[]::new);
        this.index = index;
        vector = parameter.shape().rank() == 1;
        row = vector ? 1 : parameter.shape().columns();
        rows = parameter.size() / row;
        for (int u = 1; u < this.uses.length; u++) {
            this.uses[u].comesAfterOthers();
        }
    }

    /**
     * The parameters of a program, in the order of their first use.
     *
     * @param program what is planned
     * @param ops its operations
     * @param indices where the optimiser has the parameters of the program, in the program's order
     */
    static PlannedParameter[] of(Program program, List<PlannedOp> ops, int[] indices) {
        Map<Tensor, List<PlannedOp.Use>> uses = new HashMap<>(); // a tensor equals itself alone
        for (int o = ops.size() - 1; o >= 0; o--) { // the order in which the recording adds
            List<Tensor> parameters = program.operations().get(o).parameters();
            List<PlannedOp.Use> ofOp = ops.get(o).uses();
            for (int p = 0; p < parameters.size(); p++) {
                uses.computeIfAbsent(parameters.get(p), unused -> new ArrayList<>())
                        .add(ofOp.get(p));
            }
        }
        List<Tensor> distinct = program.parameters();
        PlannedParameter[] planned = new PlannedParameter[distinct.size()];
        for (int p = 0; p < planned.length; p++) {
            Tensor parameter = distinct.get(p);
            planned[p] = new PlannedParameter(parameter, indices[p], uses.getOrDefault(parameter, List.of()));
        }
        return planned;
    }

    /** The gradient, and the optimiser's step with it: a part of the rows. */
    void update(Kernels kernels, PanelKernels panels, ElementwiseOptimizer optimizer, int part, int parts) {
        int strip = vector ? rows : panels.stripOfRows();
        int unit = panels.stripOfRows() / 2; // whole tiles, and evener parts than by strips
        int from = Engine.border(rows, unit, part, parts);
        int to = Engine.border(rows, unit, part + 1, parts);
        for (int r = from; r < to; r += strip) {
            int end = Math.min(to, r + strip);
            for (PlannedOp.Use use : uses) {
                use.gradient(kernels, panels, r, end);
            }
            optimizer.stepRange(kernels, index, r * row, end * row);
        }
    }
}
