package org.gradus.examples.transform;

import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.data.Samples;

/** Rows that are images as wide as high. */
final class SquareImages {

    private SquareImages() {}

    /**
     * The side of the images.
     *
     * @param who the caller, for the message
     * @param images samples [side * side]
     */
    static int side(String who, Samples images) {
        Shape shape = images.sampleShape().batch(images.count());
        if (shape.rank() != 2) {
            throw new ShapeException(
                    who + ": images " + shape + " must be a matrix [n, side * side], one image per row");
        }
        int pixels = shape.columns();
        int side = (int) Math.round(Math.sqrt(pixels));
        if (side * side != pixels) {
            throw new ShapeException(who + ": images " + shape + " are not square: " + pixels
                    + " pixels per row must be the square of a side, such as 784 = 28 * 28");
        }
        return side;
    }
}
