package org.gradus.plots;

/** A square in which each code is drawn as its digit. */
final class EncoderMap {

    /** Side of the square: 16 images of 28 pixels, so that a decoder grid beside it is as large. */
    static final int SIDE = Grid.SIDE * Grey.SIDE;

    private static final double OPACITY = 0.8;

    private final float[] codes;
    private final int[] digits;
    private final Axes axes;
    private final boolean angles;

    private EncoderMap(float[] codes, int[] digits, Axes axes, boolean angles) {
        this.codes = codes;
        this.digits = digits;
        this.axes = axes;
        this.angles = angles;
    }

    /**
     * A map.
     *
     * @param codes [n,2]
     * @param digits [n]
     * @param covered [m,2], whose limits it covers
     * @param labels of the axes, unless they are angles
     * @param angles whether coordinates are angles, to be marked in parts of pi
     */
    static EncoderMap of(float[] codes, int[] digits, float[] covered, AxisLabels labels, boolean angles) {
        Limits horizontal = Limits.of(covered, 2, 0);
        Limits vertical = Limits.of(covered, 2, 1);
        Axes axes = angles
                ? Axes.angles(horizontal, vertical, SIDE, SIDE)
                : Axes.round(horizontal, vertical, labels, SIDE, SIDE);
        return new EncoderMap(codes, digits, axes, angles);
    }

    /** Draws the square with its upper left corner at (left, top), labels outside it. */
    void paint(Pen pen, int left, int top) {
        axes.paintGrid(pen, left, top);
        axes.paintFrame(pen, left, top);
        for (int i = 0; i < digits.length; i++) {
            pen.digit(
                    digits[i],
                    Look.DIGIT,
                    Look.translucent(Look.digit(digits[i]), OPACITY),
                    left + axes.x(codes[2 * i]),
                    top + axes.y(codes[2 * i + 1]));
        }
    }

    int count() {
        return digits.length;
    }

    /** What the map shows, in words. Angles have no mean worth naming: phi jumps from pi to -pi. */
    String describe() {
        return axes.covers() + "." + (angles ? "" : " " + AltText.means(codes, 2, digits));
    }
}
