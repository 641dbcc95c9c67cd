package org.gradus.pages.explain;

import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.Locale;
import java.util.StringJoiner;
import org.gradus.plots.Png;

/**
 * The numbers of a tensor as something to look at: an image if there are as many as pixels, bars if there are few, else a mosaic,
 * row by row. Numbers between 0 and 1 are grey, others blue below zero, white at zero, red above, both to the largest size among them.
 */
final class Picture {

    /** As many bars as can be told apart in a thumbnail. */
    private static final int MOST_BARS = 16;

    private static final int MOST_LISTED = 3;

    private static final int BAR_WIDTH = 10;
    private static final int BAR_GAP = 4;
    private static final int BAR_HEIGHT = 60;
    private static final int FULL = 255;

    /** Red, green and blue of the far ends: ColorBrewer's RdBu, which colour-blind readers can tell apart. */
    private static final int[] NEGATIVE = {33, 102, 172};

    private static final int[] POSITIVE = {178, 24, 43};

    private final float[] values;
    private final int rows;
    private final int columns;
    private final boolean grey;
    private final float most;
    private final String uri;

    private Picture(float[] values, int rows, int columns, boolean grey) {
        this.values = values;
        this.rows = rows;
        this.columns = columns;
        this.grey = grey;
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        most = largest;
        uri = isBars() ? "" : png();
    }

    /**
     * Values of a layer or of the image; grey if all lie between 0 and 1.
     *
     * @param values the numbers
     * @param subject tells the size of an image
     */
    static Picture ofValues(float[] values, Subject subject) {
        boolean unit = true;
        for (float value : values) {
            unit &= value >= 0 && value <= 1;
        }
        return of(values, subject, unit);
    }

    /**
     * Gradients or weights, whose sign matters.
     *
     * @param values the numbers
     * @param subject tells the size of an image
     */
    static Picture ofSigned(float[] values, Subject subject) {
        return of(values, subject, false);
    }

    private static Picture of(float[] values, Subject subject, boolean grey) {
        if (values.length == subject.pixels() && values.length > MOST_BARS) {
            return new Picture(values, subject.rows(), subject.columns(), grey);
        }
        int columns = (int) Math.ceil(Math.sqrt(values.length));
        return new Picture(values, (values.length + columns - 1) / columns, columns, grey);
    }

    boolean isBars() {
        return values.length <= MOST_BARS;
    }

    int rows() {
        return rows;
    }

    int columns() {
        return columns;
    }

    /** Where an element lies, in words. */
    String place(int index) {
        return isBars() ? "element " + index : "row " + index / columns + ", column " + index % columns;
    }

    /** What the picture shows, for those who do not see it. */
    String alt() {
        String what = isBars()
                ? values.length + (values.length == 1 ? " number" : " numbers") + " as bars"
                : "a mosaic of " + rows + " by " + columns + " numbers";
        return what + ", " + range();
    }

    /** All numbers if they are few, else the least and the greatest. */
    String range() {
        if (values.length <= MOST_LISTED) {
            StringJoiner listed = new StringJoiner(", ");
            for (float value : values) {
                listed.add(Numbers.text(value));
            }
            return listed.toString();
        }
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        return Numbers.text(least) + " to " + Numbers.text(greatest);
    }

    /**
     * As an element of a page.
     *
     * @param followed index of the bar to be outlined; an image is outlined from outside
     */
    String html(String alt, int followed) {
        return isBars()
                ? "<svg class=\"bars\" viewBox=\"0 0 " + barsWidth() + " " + BAR_HEIGHT + "\" style=\"--count:"
                        + values.length + "\" role=\"img\" aria-label=\"" + alt + "\">" + bars(followed) + "</svg>"
                : "<img src=\"" + uri + "\" width=\"" + columns + "\" height=\"" + rows + "\" alt=\"" + alt + "\">";
    }

    /** As a part of a drawing, within a square. */
    String svg(int x, int y, int side) {
        String box = "x=\"" + x + "\" y=\"" + y + "\" width=\"" + side + "\" height=\"" + side + "\"";
        return isBars()
                ? "<svg " + box + " viewBox=\"0 0 " + barsWidth() + " " + BAR_HEIGHT + "\">" + bars(-1) + "</svg>"
                : "<image " + box + " href=\"" + uri + "\" preserveAspectRatio=\"xMidYMid\"/>";
    }

    private int barsWidth() {
        return values.length * (BAR_WIDTH + BAR_GAP) + BAR_GAP;
    }

    private String bars(int followed) {
        int middle = BAR_HEIGHT / 2;
        StringBuilder svg = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            double height = most == 0 ? 0 : Math.abs(values[i]) / most * (middle - 2);
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"%s\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>",
                    (values[i] < 0 ? "negative" : "positive") + (i == followed ? " followed" : ""),
                    BAR_GAP + i * (BAR_WIDTH + BAR_GAP),
                    values[i] < 0 ? (double) middle : middle - height,
                    BAR_WIDTH,
                    height));
        }
        return svg.append("<line class=\"zero\" x1=\"0\" y1=\"" + middle + "\" x2=\"" + barsWidth() + "\" y2=\""
                        + middle + "\"/>")
                .toString();
    }

    private String png() {
        BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < values.length; i++) {
            image.setRGB(i % columns, i / columns, colour(values[i]));
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(Png.encode(image));
    }

    private int colour(float value) {
        if (grey) {
            int level = Math.round(FULL * value);
            return argb(level, level, level);
        }
        int[] end = value < 0 ? NEGATIVE : POSITIVE;
        float share = most == 0 ? 0 : Math.abs(value) / most;
        return argb(mix(end[0], share), mix(end[1], share), mix(end[2], share));
    }

    private static int mix(int end, float share) {
        return Math.round(FULL + (end - FULL) * share);
    }

    private static int argb(int red, int green, int blue) {
        return FULL << 24 | red << 16 | green << 8 | blue;
    }
}
