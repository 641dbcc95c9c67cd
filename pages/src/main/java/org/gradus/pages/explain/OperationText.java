package org.gradus.pages.explain;

import java.util.List;
import org.gradus.autograd.AffineOp;
import org.gradus.autograd.BceOp;
import org.gradus.autograd.MseOp;
import org.gradus.autograd.NormalizeRowsOp;

/** What a page says of one operation, with its rules in letters and in the numbers of the step. */
interface OperationText {

    /** What it does, in plain words. */
    String forwardLead();

    /** The formula, and its numbers for the followed element. */
    String forward();

    /** What its chain rule means, in plain words. */
    String backwardLead();

    /** The chain rule, and its numbers for the followed element. */
    String backward();

    /** A row of weights that belongs to the pictures, or none. */
    default List<WeightRow> weightRows() {
        return List.of();
    }

    /**
     * The weights of one output.
     *
     * @param weight [out,in]
     * @param row which output
     */
    record WeightRow(Parameter weight, int row) {

        float[] of(float[] matrix) {
            int columns = weight.shape().columns();
            return java.util.Arrays.copyOfRange(matrix, row * columns, (row + 1) * columns);
        }
    }

    static OperationText of(Place place) {
        if (place.operation().op() instanceof AffineOp) {
            return new AffineText(place);
        }
        if (place.operation().op() instanceof NormalizeRowsOp) {
            return new NormalizeText(place);
        }
        if (place.operation().op() instanceof BceOp || place.operation().op() instanceof MseOp) {
            return LossText.of(place);
        }
        return ActivationText.of(place);
    }
}
