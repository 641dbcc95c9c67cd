package org.gradus.examples.transform;

import java.util.Arrays;
import org.gradus.autograd.Tensor;
import org.gradus.random.NumpyRandom;

/** A quarter of every image covered in black. */
public final class Occlusion {

    private static final int QUARTERS = 4;

    private Occlusion() {}

    /**
     * Sets one quarter of each image to 0, chosen at random.
     *
     * @param images [n, side * side], square images of an even side
     * @param random one draw of {@code numpy.random.choice(4)} per image: 0 top left, 1 bottom left, 2 top right, 3 bottom
     *     right
     * @return [n, side * side], new memory
     * @throws IllegalArgumentException if the images are not square or their side is odd
     */
    public static Tensor quarter(Tensor images, NumpyRandom random) {
        int side = SquareImages.side("Occlusion.quarter", images);
        if (side % 2 != 0) {
            throw new IllegalArgumentException(
                    "Occlusion.quarter: images of " + side + "x" + side + " have no quarters; the side must be even");
        }
        int half = side / 2;
        int count = images.shape().length(0);
        int[] quarter = random.choiceWithReplacement(QUARTERS, count);
        float[] occluded = images.data().clone();
        for (int i = 0; i < count; i++) {
            int top = quarter[i] % 2 * half;
            int left = quarter[i] / 2 * half;
            for (int row = top; row < top + half; row++) {
                int from = (i * side + row) * side + left;
                Arrays.fill(occluded, from, from + half, 0f);
            }
        }
        return Tensor.of(images.shape(), occluded).named(images.name() + " occluded");
    }
}
