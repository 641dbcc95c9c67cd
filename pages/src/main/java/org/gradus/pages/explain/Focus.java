package org.gradus.pages.explain;

import java.util.List;
import org.gradus.autograd.AffineOp;

/**
 * The one number per tensor that a page follows from the loss back to a weight, so that what one step hands on is what the next
 * takes. Within a layer it is the element whose gradient is largest after the layer's affine map; of the image it is the
 * brightest pixel, whose weight has the largest gradient.
 */
final class Focus {

    private final int[] index;

    private Focus(int... index) {
        this.index = index;
    }

    static Focus of(List<Operation> operations) {
        int layers = operations.size() - 1;
        int[] index = new int[layers + 1];
        int followed = 0;
        int end = layers;
        for (int k = layers; k >= 0; k--) {
            boolean first = k == 0;
            if (first || operations.get(k - 1).op() instanceof AffineOp) {
                followed = first
                        ? largest(operations.get(0).x())
                        : largest(operations.get(k - 1).gy());
                for (int t = k; t <= end; t++) {
                    index[t] = followed;
                }
                end = k - 1;
            }
        }
        return new Focus(index);
    }

    /** The followed element of what operation {@code k} takes. */
    int before(int k) {
        return index[k];
    }

    /** The followed element of what operation {@code k} gives. */
    int after(int k) {
        return index[k + 1];
    }

    /** The index of the greatest absolute value, the first of several. */
    static int largest(float... values) {
        int found = 0;
        for (int i = 1; i < values.length; i++) {
            if (Math.abs(values[i]) > Math.abs(values[found])) {
                found = i;
            }
        }
        return found;
    }
}
