package org.gradus.examples.transform;

import java.util.Arrays;
import org.gradus.autograd.Shape;
import org.gradus.data.Samples;
import org.gradus.random.NumpyRandom;

/** A quarter of every image covered in black. Pixels are covered as they are read: there are no copies of the images. */
public final class Occlusion implements Samples {

    private static final int QUARTERS = 4;

    private final Samples images;
    private final int side;
    private final int[] quarter;

    private Occlusion(Samples images, int side, int[] quarter) {
        this.images = images;
        this.side = side;
        this.quarter = quarter;
    }

    /**
     * Sets one quarter of each image to 0, chosen at random.
     *
     * @param images samples [side * side], square images of an even side
     * @param random one draw of {@code numpy.random.choice(4)} per image: 0 top left, 1 bottom left, 2 top right, 3 bottom
     *     right
     * @return as many samples
     * @throws IllegalArgumentException if the images are not square or their side is odd
     */
    public static Samples quarter(Samples images, NumpyRandom random) {
        int side = SquareImages.side("Occlusion.quarter", images);
        if (side % 2 != 0) {
            throw new IllegalArgumentException(
                    "Occlusion.quarter: images of " + side + "x" + side + " have no quarters; the side must be even");
        }
        return new Occlusion(images, side, random.choiceWithReplacement(QUARTERS, images.count()));
    }

    @Override
    public int count() {
        return images.count();
    }

    @Override
    public Shape sampleShape() {
        return images.sampleShape();
    }

    @Override
    public void read(int sample, float[] to, int at) {
        images.read(sample, to, at);
        int half = side / 2;
        int top = quarter[sample] % 2 * half;
        int left = quarter[sample] / 2 * half;
        for (int row = top; row < top + half; row++) {
            int from = at + row * side + left;
            Arrays.fill(to, from, from + half, 0f);
        }
    }

    @Override
    public boolean isThreadSafe() {
        return images.isThreadSafe();
    }

    /** Black is 0. */
    @Override
    public boolean isWithin(float low, float high) {
        return low <= 0 && high >= 0 && images.isWithin(low, high);
    }
}
