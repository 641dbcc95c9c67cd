package org.gradus.examples.transform;

import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.random.NumpyRandom;

/** One and the same rearrangement of the pixels of every image. */
public final class PixelShuffle {

    private final int[] source;

    private PixelShuffle(int[] source) {
        this.source = source;
    }

    /**
     * A random rearrangement.
     *
     * @param pixels pixels per image
     * @param random {@code numpy.random.shuffle(arange(pixels))} is drawn
     * @return the rearrangement
     */
    public static PixelShuffle random(int pixels, NumpyRandom random) {
        int[] source = new int[pixels];
        for (int i = 0; i < pixels; i++) {
            source[i] = i;
        }
        random.shuffle(source);
        return new PixelShuffle(source);
    }

    /**
     * The rearrangement that undoes this one.
     *
     * @return {@code inverse().of(of(images))} equals {@code images}
     */
    public PixelShuffle inverse() {
        int[] inverse = new int[source.length];
        for (int i = 0; i < source.length; i++) {
            inverse[source[i]] = i;
        }
        return new PixelShuffle(inverse);
    }

    /**
     * Where pixels come from.
     *
     * @return a copy: pixel i of a shuffled image is pixel {@code sources()[i]} of the original
     */
    public int[] sources() {
        return source.clone();
    }

    /**
     * Rearranges the columns of a matrix, NumPy's {@code images[:, sources]}.
     *
     * @param images [n, pixels]
     * @return [n, pixels], new memory
     * @throws ShapeException if rows have another number of pixels
     */
    public Tensor of(Tensor images) {
        if (images.shape().rank() != 2 || images.shape().columns() != source.length) {
            throw new ShapeException("PixelShuffle.of: images " + images.shape() + " do not fit a shuffle of "
                    + source.length + " pixels: needs [n," + source.length + "]");
        }
        int count = images.shape().length(0);
        int pixels = source.length;
        float[] from = images.data();
        float[] to = new float[from.length];
        for (int i = 0; i < count; i++) {
            for (int p = 0; p < pixels; p++) {
                to[i * pixels + p] = from[i * pixels + source[p]];
            }
        }
        return Tensor.of(images.shape(), to).named(images.name() + " shuffled");
    }
}
