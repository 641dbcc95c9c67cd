package org.gradus.plots;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/** What figures show, in words, for readers who cannot see them. */
final class AltText {

    private static final int DIGITS = 3;
    private static final BigDecimal LEAST_PLAIN = BigDecimal.valueOf(1, 4);

    private AltText() {}

    static String rows(List<Row> rows) {
        List<String> each = new ArrayList<>();
        for (Row row : rows) {
            each.add(row.label() + " (" + counted(row.images().length, "image") + ")");
        }
        return counted(rows.size(), "row") + " of grey images of 28 by 28 pixels: " + String.join("; ", each) + ".";
    }

    static String loss(float[] losses) {
        if (losses.length == 0) {
            return "An empty chart: no batch was trained.";
        }
        Curve shown = Charts.thinned(losses);
        double[] y = shown.y();
        double least = y[0];
        for (double loss : y) {
            least = Math.min(least, loss);
        }
        double range = Limits.spanning(y).range();
        return "Line chart of the loss over " + counted(losses.length, "iteration") + ", one point every "
                + Charts.stride(losses.length) + ": from " + number(y[0], range) + " at the start to "
                + number(y[y.length - 1], range) + " at the end, at least " + number(least, range) + ".";
    }

    static String latent(EncoderMap map, Grid grid) {
        return "Left: encoder map of " + counted(map.count(), "sample") + ", each drawn as its digit, " + map.describe()
                + " Right: decoder grid of " + grid.side() + " by " + grid.side()
                + " images decoded from evenly spread codes, " + range("horizontally", grid.x()) + ", "
                + range("vertically", grid.y()) + ".";
    }

    static String maps(String leftTitle, EncoderMap left, String rightTitle, EncoderMap right, boolean sharedLimits) {
        return "Two encoder maps of the same " + counted(left.count(), "sample") + ", each drawn as its digit"
                + (sharedLimits ? ", both over the same area" : "") + ". " + leftTitle + ": " + left.describe() + " "
                + rightTitle
                + ": " + right.describe();
    }

    static String components(List<String> titles) {
        return counted(titles.size(), "grey image") + " of 28 by 28 pixels: " + String.join("; ", titles) + ".";
    }

    static String weights(
            float[] encoderInitial, float[] encoderTrained, float[] decoderInitial, float[] decoderTrained) {
        return "Four histograms, each of initial and trained weights over each other: encoder weights to units 0 and 1"
                + " (spread initially " + number(spread(encoderInitial, 0, 1)) + " and "
                + number(spread(encoderInitial, 1, 1)) + ", trained " + number(spread(encoderTrained, 0, 1)) + " and "
                + number(spread(encoderTrained, 1, 1)) + "), decoder weights from units 0 and 1 (spread initially "
                + number(spread(decoderInitial, 0, 2)) + " and " + number(spread(decoderInitial, 1, 2)) + ", trained "
                + number(spread(decoderTrained, 0, 2)) + " and " + number(spread(decoderTrained, 1, 2))
                + "; standard deviations).";
    }

    static String cloud(float[] codes, int[] digits) {
        return "Three-dimensional scatter of " + counted(digits.length, "code") + ", each drawn as its digit, "
                + range("z1", Limits.of(codes, 3, 0)) + ", " + range("z2", Limits.of(codes, 3, 1)) + ", "
                + range("z3", Limits.of(codes, 3, 2)) + ". " + means(codes, 3, digits);
    }

    static String functions(List<Chart> charts) {
        List<String> each = new ArrayList<>();
        for (Chart chart : charts) {
            List<String> curves = new ArrayList<>();
            for (Curve curve : chart.curves()) {
                int[] finite = IntStream.range(0, curve.x().length)
                        .filter(curve::isFinite)
                        .toArray();
                Chart alone = new Chart("", "", "", List.of(curve));
                double across = alone.across().range();
                double upwards = alone.upwards().range();
                int first = finite[0];
                int last = finite[finite.length - 1];
                int gaps = curve.x().length - finite.length;
                curves.add(curve.label() + " from (" + number(curve.x()[first], across) + ", "
                        + number(curve.y()[first], upwards) + ") to (" + number(curve.x()[last], across) + ", "
                        + number(curve.y()[last], upwards) + ")"
                        + (gaps == 0
                                ? ""
                                : " with gaps where it is not finite, at " + gaps + " of "
                                        + counted(curve.x().length, "point")));
            }
            each.add((chart.title().isEmpty() ? "" : chart.title() + ": ") + chart.yLabel() + " over " + chart.xLabel()
                    + ", " + String.join("; ", curves));
        }
        return (charts.size() == 1 ? "Line chart. " : charts.size() + " line charts. ") + String.join(". ", each) + ".";
    }

    static String range(String what, Limits limits) {
        return what + " from " + number(limits.lo(), limits.range()) + " to " + number(limits.hi(), limits.range());
    }

    /** Where digits lie on average. */
    static String means(float[] codes, int width, int[] digits) {
        double[][] sums = new double[10][width];
        int[] counts = new int[10];
        for (int i = 0; i < digits.length; i++) {
            counts[digits[i]]++;
            for (int axis = 0; axis < width; axis++) {
                sums[digits[i]][axis] += codes[i * width + axis];
            }
        }
        double[] ranges = new double[width];
        for (int axis = 0; axis < width; axis++) {
            ranges[axis] = Limits.of(codes, width, axis).range();
        }
        StringJoiner means = new StringJoiner(", ", "Means of digits: ", ".");
        for (int digit = 0; digit < counts.length; digit++) {
            if (counts[digit] > 0) {
                StringJoiner mean = new StringJoiner(", ", digit + " at (", ")");
                for (int axis = 0; axis < width; axis++) {
                    mean.add(number(sums[digit][axis] / counts[digit], ranges[axis]));
                }
                means.add(mean.toString());
            }
        }
        return means.toString();
    }

    /** A number on its own. */
    static String number(double value) {
        return number(value, 0);
    }

    /**
     * Three significant digits, with a minus sign that screen readers speak; more where all there is lies within a range far
     * narrower than it is from 0, so that a tenth of the range is seen.
     */
    static String number(double value, double range) {
        BigDecimal exact = new BigDecimal(value);
        int digits = range > 0 ? Math.max(DIGITS, exponent(exact) - exponent(new BigDecimal(range)) + 2) : DIGITS;
        BigDecimal rounded = exact.round(new MathContext(digits)).stripTrailingZeros();
        if (rounded.signum() == 0) {
            return "0";
        }
        String text = rounded.abs().compareTo(LEAST_PLAIN) < 0 ? rounded.toString() : rounded.toPlainString();
        return text.replace("E", "e").replace("-", Tick.MINUS);
    }

    private static int exponent(BigDecimal value) {
        return value.precision() - value.scale() - 1;
    }

    /**
     * Standard deviation of the weights of one of two units: {@code stride} 1 if they lie in a row, 2 if in a column.
     */
    static double spread(float[] weights, int unit, int stride) {
        int n = weights.length / 2;
        int first = stride == 1 ? unit * n : unit;
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += weights[first + i * stride] / (double) n;
        }
        double variance = 0;
        for (int i = 0; i < n; i++) {
            double difference = weights[first + i * stride] - mean;
            variance += difference * difference / n;
        }
        return Math.sqrt(variance);
    }

    /** What histograms show. */
    static String histograms(List<Distribution> distributions, String xLabel, Limits range, int bins) {
        StringJoiner words =
                new StringJoiner("; ", "Histograms of " + bins + " bins, " + range(xLabel, range) + ": ", ".");
        for (Distribution distribution : distributions) {
            double mean = 0;
            for (float value : distribution.values()) {
                mean += value / (double) distribution.values().length;
            }
            words.add(distribution.label() + ", " + counted(distribution.values().length, "value") + " of mean "
                    + number(mean, range.range()));
        }
        return words.toString();
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
