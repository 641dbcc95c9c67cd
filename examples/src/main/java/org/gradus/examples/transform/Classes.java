package org.gradus.examples.transform;

import java.util.Arrays;

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
