package org.gradus.mnist;

import org.gradus.autograd.Shape;
import org.gradus.data.Samples;

/**
 * Grey images of one size, each with the digit it shows.
 *
 * <p>Pixels are unsigned bytes, 0 (background) to 255 (ink), one image after the other and each row-major: pixel (row
 * r, column c) of image i is {@code pixels()[(i * rows + r) * columns + c] & 0xFF}.
 */
public final class LabelledImages {

    /** Number of classes: the digits 0 to 9. */
    public static final int CLASSES = 10;

    private static final float WHITE = 255;

    private final int rows;
    private final int columns;
    private final byte[] pixels;
    private final byte[] labels;

    /**
     * Wraps the arrays, which are not copied.
     *
     * @param rows height of each image in pixels, at least 1
     * @param columns width of each image in pixels, at least 1
     * @param pixels [count * rows * columns], unsigned
     * @param labels [count], 0 to 9
     * @throws IllegalArgumentException if the sizes do not fit together or a label is not a digit
     */
    public LabelledImages(int rows, int columns, byte[] pixels, byte[] labels) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("LabelledImages: an image of " + rows + "x" + columns
                    + " has no pixels; both sizes must be at least 1");
        }
        if (pixels.length != (long) labels.length * rows * columns) {
            throw new IllegalArgumentException("LabelledImages: pixels [" + pixels.length + "] does not fit "
                    + labels.length + " labels: needs length " + labels.length + " x " + rows + " x " + columns);
        }
        int bad = indexOfNonDigit(labels);
        if (bad >= 0) {
            throw new IllegalArgumentException(
                    "LabelledImages: labels[" + bad + "] is " + (labels[bad] & 0xFF) + ", expected 0..9");
        }
        this.rows = rows;
        this.columns = columns;
        this.pixels = pixels;
        this.labels = labels;
    }

    /** Index of the first label above 9, or -1. */
    static int indexOfNonDigit(byte[] labels) {
        for (int i = 0; i < labels.length; i++) {
            if ((labels[i] & 0xFF) >= CLASSES) {
                return i;
            }
        }
        return -1;
    }

    /** {@return the number of images} */
    public int count() {
        return labels.length;
    }

    /** {@return the height of each image in pixels} */
    public int rows() {
        return rows;
    }

    /** {@return the width of each image in pixels} */
    public int columns() {
        return columns;
    }

    /** {@return the pixels of one image: rows * columns, the width of a network's input} */
    public int pixelsPerImage() {
        return rows * columns;
    }

    /** {@return all pixels, [count * rows * columns], unsigned} The array itself, not a copy. */
    public byte[] pixels() {
        return pixels;
    }

    /** {@return all labels, [count], 0 to 9} The array itself, not a copy. */
    public byte[] labels() {
        return labels;
    }

    /**
     * The digit that an image shows.
     *
     * @param index 0 to count - 1
     * @return 0 to 9
     * @throws IndexOutOfBoundsException if there is no such image
     */
    public int label(int index) {
        return labels[index];
    }

    /**
     * The pixels as numbers between 0 and 1, [count * rows * columns], row-major: pixel / 255 in float division, bit
     * for bit NumPy's {@code pixels.astype(numpy.float32) / 255}.
     *
     * @return a new array on every call
     */
    public float[] toFloats() {
        // A product with the rounded 1/255 would differ in the last bit for many values; a table costs nothing.
        float[] quotients = new float[256];
        for (int v = 0; v < quotients.length; v++) {
            quotients[v] = v / WHITE;
        }
        float[] floats = new float[pixels.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = quotients[pixels[i] & 0xFF];
        }
        return floats;
    }

    /**
     * The images as samples of {@link #pixelsPerImage()} numbers between 0 and 1, those of {@link #toFloats}, bit for bit. They are
     * read from the bytes, which are not copied: to train on, this takes a quarter of the memory.
     *
     * @return a source of {@link #count()} samples
     * @throws org.gradus.autograd.ShapeException if there is no image
     */
    public Samples samples() {
        return Samples.ofBytes(pixels, Shape.of(pixelsPerImage()), WHITE);
    }

    /** {@return how many images show each digit, [10]} */
    public int[] countPerClass() {
        int[] counts = new int[CLASSES];
        for (byte label : labels) {
            counts[label]++;
        }
        return counts;
    }

    @Override
    public String toString() {
        return count() + " images of " + rows + "x" + columns;
    }
}
