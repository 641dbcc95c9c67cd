package org.gradus.examples.transform;

import java.util.Arrays;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;

/** Choosing images by the digit they show. */
public final class Classes {

    private Classes() {}

    /**
     * Which images show none of some digits.
     *
     * @param labels the digit of each image
     * @param digits those to leave out
     * @return ascending indices into {@code labels}
     */
    public static int[] without(byte[] labels, int... digits) {
        return indices(labels, false, digits);
    }

    /**
     * Which images show one of some digits.
     *
     * @param labels the digit of each image
     * @param digits those to keep
     * @return ascending indices into {@code labels}
     */
    public static int[] only(byte[] labels, int... digits) {
        return indices(labels, true, digits);
    }

    private static int[] indices(byte[] labels, boolean among, int... digits) {
        int[] kept = new int[labels.length];
        int count = 0;
        for (int i = 0; i < labels.length; i++) {
            if (contains(digits, labels[i]) == among) {
                kept[count++] = i;
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private static boolean contains(int[] digits, int label) {
        for (int digit : digits) {
            if (digit == label) {
                return true;
            }
        }
        return false;
    }

    /**
     * Some rows of a matrix, NumPy's {@code images[indices]}.
     *
     * @param images [n, width]
     * @param indices k numbers from 0 to n - 1
     * @return [k, width], new memory
     * @throws ShapeException if {@code images} is not a matrix
     */
    public static Tensor rows(Tensor images, int[] indices) {
        if (images.shape().rank() != 2) {
            throw new ShapeException("Classes.rows: images " + images.shape() + " must be a matrix [n, pixels]");
        }
        int width = images.shape().columns();
        float[] chosen = new float[indices.length * width];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(images.data(), indices[i] * width, chosen, i * width, width);
        }
        return Tensor.matrix(indices.length, width, chosen).named(images.name());
    }

    /**
     * Some labels, NumPy's {@code labels[indices]}.
     *
     * @param labels the digit of each image
     * @param indices which
     * @return one label per index
     */
    public static byte[] labels(byte[] labels, int[] indices) {
        byte[] chosen = new byte[indices.length];
        for (int i = 0; i < indices.length; i++) {
            chosen[i] = labels[indices[i]];
        }
        return chosen;
    }
}
