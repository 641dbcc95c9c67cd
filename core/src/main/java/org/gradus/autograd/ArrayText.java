package org.gradus.autograd;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The numbers of a tensor as NumPy 1.24 prints an array of float32, with its default options: the fewest digits that tell a float from its
 * neighbours, at most 8 behind the point; columns aligned, exponents where numbers are above 1e8, below 1e-4 or more than a thousandfold
 * apart; lines of 75 characters; of more than 1000 numbers the first and last three along each axis. The text depends on the
 * numbers alone, on every JDK.
 *
 * <p>Source: {@code numpy.core.arrayprint} of that version.
 */
final class ArrayText {

    private static final int THRESHOLD = 1000;
    private static final int EDGE = 3;
    private static final int LINE = 75;
    private static final int DECIMALS = 8;

    private final Shape shape;
    private final float[] data;
    private final boolean summarised;

    /** What the numbers that are shown have in common. */
    private boolean exponents;

    private int left;
    private int right;

    private ArrayText(Shape shape, float[] data) {
        this.shape = shape;
        this.data = data;
        summarised = data.length > THRESHOLD;
    }

    static String of(Shape shape, float[] data) {
        if (shape.rank() == 0) {
            return single(data[0]);
        }
        ArrayText text = new ArrayText(shape, data);
        text.measure();
        return text.axis(0, 0, " ", LINE);
    }

    // ---- layout
    // ------------------------------------------------------------------------------------------------------

    private boolean isShortened(int axis) {
        return summarised && shape.length(axis) > 2 * EDGE;
    }

    /** Calls for each index along an axis that is shown. */
    private interface Place {
        void at(int index);
    }

    private void forShown(int axis, Place place) {
        int length = shape.length(axis);
        for (int i = 0; i < length; i++) {
            if (!isShortened(axis) || i < EDGE || i >= length - EDGE) {
                place.at(i);
            }
        }
    }

    private String axis(int axis, int offset, String indent, int width) {
        boolean innermost = axis == shape.rank() - 1;
        int[] stride = {1};
        for (int a = axis + 1; a < shape.rank(); a++) {
            stride[0] *= shape.length(a);
        }
        StringBuilder text = new StringBuilder();
        StringBuilder line = new StringBuilder(indent);
        forShown(axis, i -> {
            boolean first = i == 0;
            String part = innermost
                    ? number(data[offset + i])
                    : axis(axis + 1, offset + i * stride[0], indent + " ", width - 1);
            boolean gap = isShortened(axis) && i == shape.length(axis) - EDGE;
            if (innermost) {
                if (gap) {
                    extend(text, line, "...", indent, width - 1).append(' ');
                }
                extend(text, line, part, indent, width - 1).append(i < shape.length(axis) - 1 ? " " : "");
            } else {
                String between = "\n".repeat(shape.rank() - 1 - axis);
                text.append(first ? "" : between);
                text.append(gap ? indent + "..." + between : "").append(indent).append(part);
            }
        });
        text.append(innermost ? line : "");
        return "[" + text.substring(indent.length()) + "]";
    }

    /** Adds a word to a line, or to a new one where it is full. */
    private static StringBuilder extend(StringBuilder text, StringBuilder line, String word, String indent, int width) {
        if (line.length() + word.length() > width && line.length() > indent.length()) {
            text.append(line.toString().stripTrailing()).append('\n');
            line.setLength(0);
            line.append(indent);
        }
        return line.append(word);
    }

    // ---- numbers
    // -----------------------------------------------------------------------------------------------------

    /** Sees what is to be shown, and sets the form and the widths that all numbers have. */
    private void measure() {
        float[] range = {Float.POSITIVE_INFINITY, 0};
        forAll(0, 0, x -> {
            float size = Math.abs(x);
            if (Float.isFinite(x) && size > 0) {
                range[0] = Math.min(range[0], size);
                range[1] = Math.max(range[1], size);
            }
        });
        exponents = range[1] > 0 && (range[1] >= 1e8 || range[0] < 0.0001 || range[1] / range[0] > 1000f);
        int[] special = {0};
        forAll(0, 0, x -> {
            if (Float.isFinite(x)) {
                String text = exponents ? scientific(x, 1) : positional(x);
                int point = text.indexOf('.');
                int end = exponents ? text.indexOf('e') : text.length();
                left = Math.max(left, point);
                right = Math.max(right, end - point - 1);
            } else {
                special[0] = Math.max(special[0], notFinite(x).length());
            }
        });
        left = Math.max(left, special[0] - (exponents ? right + 4 : right) - 1);
    }

    private interface Taker {
        void take(float x);
    }

    private void forAll(int axis, int offset, Taker taker) {
        if (axis == shape.rank()) {
            taker.take(data[offset]);
            return;
        }
        int stride = 1;
        for (int a = axis + 1; a < shape.rank(); a++) {
            stride *= shape.length(a);
        }
        int step = stride;
        forShown(axis, i -> forAll(axis + 1, offset + i * step, taker));
    }

    private String number(float x) {
        if (!Float.isFinite(x)) {
            return padded(notFinite(x), left + 1 + right + (exponents ? 4 : 0));
        }
        String text = exponents ? scientific(x, right + 1) : positional(x);
        int point = text.indexOf('.');
        String aligned = padded(text, text.length() + left - point);
        return exponents ? aligned : aligned + " ".repeat(right - (text.length() - point - 1));
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private static String notFinite(float x) {
        return Float.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
    }

    /** A number alone has no column to fit: as NumPy prints a float32. */
    private static String single(float x) {
        float size = Math.abs(x);
        if (!Float.isFinite(x)) {
            return notFinite(x);
        }
        if (size != 0 && (size < 1e-4 || size >= 1e16)) {
            return scientific(x, 1).replace(".e", "e");
        }
        String text = sign(x) + (x == 0 ? "0" : shortest(x).toPlainString());
        return text.contains(".") ? text : text + ".0";
    }

    /** {@code 12.5}, {@code 3.}: at most 8 digits behind the point, which always stands. */
    private static String positional(float x) {
        BigDecimal digits = x == 0 ? BigDecimal.ZERO : shortest(x);
        if (digits.scale() > DECIMALS) {
            digits = exact(x).setScale(DECIMALS, RoundingMode.HALF_EVEN);
        }
        String text = sign(x) + plain(digits);
        return text.contains(".") ? text : text + ".";
    }

    /** {@code 1.25e-07}, {@code 3.e+08}: with the fewest digits, or more of them, which are then those of the exact value. */
    private static String scientific(float x, int digits) {
        BigDecimal number = x == 0 ? BigDecimal.ZERO : shortest(x);
        if (number.precision() < digits) {
            number = exact(x).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        }
        String all = number.unscaledValue().toString();
        int exponent = x == 0 ? 0 : all.length() - 1 - number.scale();
        String size = Integer.toString(Math.abs(exponent));
        return sign(x) + all.charAt(0) + "." + all.substring(1) + "0".repeat(Math.max(0, digits - all.length())) + "e"
                + (exponent < 0 ? "-" : "+") + (size.length() < 2 ? "0" : "") + size;
    }

    private static String sign(float x) {
        return Float.floatToRawIntBits(x) < 0 ? "-" : "";
    }

    private static String plain(BigDecimal x) {
        return x.signum() == 0 ? "0" : x.stripTrailingZeros().toPlainString();
    }

    private static BigDecimal exact(float x) {
        return new BigDecimal(Math.abs(x));
    }

    /** The fewest digits that are read as this float and no other; of two such numbers the nearer one. */
    private static BigDecimal shortest(float x) {
        BigDecimal exact = exact(x);
        float size = Math.abs(x);
        for (int digits = 1; ; digits++) {
            BigDecimal below = exact.round(new MathContext(digits, RoundingMode.DOWN));
            BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
            boolean isBelow = below.floatValue() == size;
            boolean isAbove = above.floatValue() == size;
            if (isBelow || isAbove) {
                BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
                return (isBelow && isAbove ? nearest : isBelow ? below : above).stripTrailingZeros();
            }
        }
    }
}
