package org.gradus.autograd;

import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * A row as second operand of an elementwise operation. It is written out to the size of the first operand, so that the loops
 * know nothing of it; its gradient is collected the same way and then summed over the rows.
 */
final class Rows {

    private Rows() {}

    static float[] repeated(Engine engine, Tensor y, Tensor out) {
        if (y.size() == out.size()) {
            return y.data();
        }
        float[] all = engine.scratch(out.size());
        int rows = out.shape().rows();
        int columns = out.shape().columns();
        float[] row = y.data();
        engine.rows(rows, columns, Cost.COPY, (k, from, to) -> k.repeatRow(from, to, columns, row, all));
        return all;
    }

    /** Where the gradient of y goes: its own array, or zeroed memory for {@link #collect}. */
    static float[] gradFor(Engine engine, Tensor y, Tensor out) {
        return y.size() == out.size() ? y.grad() : engine.zeroedSecondScratch(out.size());
    }

    static void collect(Engine engine, float[] gradient, Tensor y, Tensor out) {
        if (y.size() != out.size()) {
            int rows = out.shape().rows();
            int columns = out.shape().columns();
            float[] gy = y.grad();
            engine.columns(
                    rows, columns, Cost.COPY, (k, from, to) -> k.addColumnSums(rows, columns, gradient, gy, from, to));
        }
    }
}
