package org.gradus.pages.report;

/** Labels that are digits. */
final class Labels {

    private Labels() {}

    static void requireDigits(String where, int[] labels) {
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] > 9) {
                throw new IllegalArgumentException(
                        where + ": label " + labels[i] + " of point " + i + " is no digit from 0 to 9");
            }
        }
    }
}
