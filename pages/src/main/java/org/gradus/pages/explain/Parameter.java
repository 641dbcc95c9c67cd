package org.gradus.pages.explain;

import org.gradus.autograd.Shape;

/**
 * A parameter's numbers around one step of Adam; every array is row-major.
 *
 * @param name as in the state dict
 * @param shape of each array
 * @param before values that the step starts from
 * @param grad gradient of the loss for them
 * @param meanBefore Adam's m before the step
 * @param squareBefore Adam's v before the step
 * @param mean Adam's m
 * @param square Adam's v
 * @param after values that the step leaves
 */
@SuppressWarnings("ArrayRecordComponent") // of this package, never compared
record Parameter(
        String name,
        Shape shape,
        float[] before,
        float[] grad,
        float[] meanBefore,
        float[] squareBefore,
        float[] mean,
        float[] square,
        float[] after) {

    /** The name of one element, such as {@code 0.weight[1,433]}. */
    String element(int index) {
        return name + subscript(index);
    }

    /** The place of one element, such as {@code [1,433]}. */
    String subscript(int index) {
        return shape.rank() == 2
                ? "[" + index / shape.columns() + "," + index % shape.columns() + "]"
                : "[" + index + "]";
    }
}
