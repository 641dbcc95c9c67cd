package org.gradus.examples.transform;

import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
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
        requireFit("of", images.shape());
        float[] to = new float[images.size()];
        rearrange(images.data(), to);
        return Tensor.of(images.shape(), to).named(images.name() + " shuffled");
    }

    /**
     * Rearranges the pixels of images as they are read; they are not copied.
     *
     * @param images samples [pixels]
     * @return as many samples
     * @throws ShapeException if they have another number of pixels
     */
    public Samples of(Samples images) {
        requireFit("of", images.sampleShape().batch(images.count()));
        return new Shuffled(images, source);
    }

    /** An image is read to one side first, each thread's to its own. */
    private static final class Shuffled implements Samples {

        private final Samples images;
        private final int[] source;
        private final ThreadLocal<float[]> asTheyAre;

        Shuffled(Samples images, int[] source) {
            this.images = images;
            this.source = source;
            asTheyAre = ThreadLocal.withInitial(() -> new float[source.length]);
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
            float[] image = asTheyAre.get();
            images.read(sample, image, 0);
            for (int p = 0; p < source.length; p++) {
                to[at + p] = image[source[p]];
            }
        }

        @Override
        public boolean isThreadSafe() {
            return images.isThreadSafe();
        }

        @Override
        public boolean isWithin(float low, float high) {
            return images.isWithin(low, high);
        }
    }

    /**
     * Rearranges the columns of a matrix where they are, so that a large set is not in memory twice.
     *
     * @param images [n, pixels], changed
     * @return {@code images}
     * @throws ShapeException if rows have another number of pixels
     */
    public Tensor inPlace(Tensor images) {
        requireFit("inPlace", images.shape());
        rearrange(images.data(), images.data());
        return images.named(images.name() + " shuffled");
    }

    private void requireFit(String method, Shape images) {
        if (images.rank() != 2 || images.columns() != source.length) {
            throw new ShapeException("PixelShuffle." + method + ": images " + images + " do not fit a shuffle of "
                    + source.length + " pixels: needs [n," + source.length + "]");
        }
    }

    /** Row by row; {@code to} may be {@code from}. */
    private void rearrange(float[] from, float[] to) {
        float[] row = new float[source.length];
        for (int start = 0; start < from.length; start += row.length) {
            System.arraycopy(from, start, row, 0, row.length);
            for (int p = 0; p < row.length; p++) {
                to[start + p] = row[source[p]];
            }
        }
    }
}
