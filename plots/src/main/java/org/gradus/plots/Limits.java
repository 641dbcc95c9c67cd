package org.gradus.plots;

/**
 * What an axis of an encoder map covers.
 *
 * @param lo lower end
 * @param hi upper end
 */
public record Limits(double lo, double hi) {

    /** NumPy's {@code finfo(float).eps}: keeps the limits of a constant coordinate apart. */
    private static final double EPSILON = Math.ulp(1.0);

    private static final double MARGIN = 0.05;

    /**
     * The notebooks' {@code xy_lim} of one coordinate: {@code lo = min - 0.05 (max - min) - eps},
     * {@code hi = max + 0.05 (max - lo) + eps}. The upper margin is reckoned from the lowered end, so that it is 5.25 %
     * of the range.
     *
     * @param codes [n,width], row-major
     * @param width coordinates per code
     * @param axis which coordinate, 0 to width - 1
     * @return the limits
     * @throws IllegalArgumentException if there is no code, or one is not finite
     */
    public static Limits of(float[] codes, int width, int axis) {
        if (codes.length == 0 || codes.length % width != 0) {
            throw new IllegalArgumentException(
                    "Limits: " + codes.length + " numbers are not n > 0 codes of " + width + " coordinates each");
        }
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = axis; i < codes.length; i += width) {
            if (!Float.isFinite(codes[i])) {
                throw new IllegalArgumentException("Limits: coordinate " + axis + " of code " + i / width + " is "
                        + codes[i] + "; only finite codes can be drawn");
            }
            min = Math.min(min, codes[i]);
            max = Math.max(max, codes[i]);
        }
        double lo = min - MARGIN * (max - min) - EPSILON;
        double hi = max + MARGIN * (max - lo) + EPSILON;
        // Beside a constant from 4 on, epsilon is rounded away.
        return lo < hi ? new Limits(lo, hi) : new Limits(min - Math.ulp(min), max + Math.ulp(max));
    }

    /** From the least to the greatest of values, without margin. */
    static Limits spanning(double[]... values) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double[] some : values) {
            for (double value : some) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        return new Limits(min, max);
    }

    /** How much the axis covers. */
    double range() {
        return hi - lo;
    }

    /** The position of a value along the axis: 0 at the lower end, 1 at the upper. */
    double fraction(double value) {
        return (value - lo) / (hi - lo);
    }
}
