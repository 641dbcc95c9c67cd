package org.gradus.inspect;

import org.gradus.autograd.Shape;

/** Positions in a tensor, as text. */
final class Index {

    private Index() {}

    /** The indices of the element at a place in the array, {@code [1,300]}. */
    static String of(Shape shape, int place) {
        StringBuilder text = new StringBuilder("]");
        int rest = place;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            text.insert(0, (axis > 0 ? "," : "") + rest % shape.length(axis));
            rest /= shape.length(axis);
        }
        return text.insert(0, '[').toString();
    }
}
