package org.gradus.plots;

import java.util.Arrays;

/**
 * Counts of values in bins of equal width, as {@code numpy.histogram} with the edges {@code numpy.linspace(-half, half,
 * n)}: each bin holds its lower edge, the last one also its upper; what lies outside is left out.
 *
 * @param edges ascending, [n]
 * @param counts of each bin, [n - 1]
 */
@SuppressWarnings("ArrayRecordComponent") // drawn at once, never compared
record Histogram(double[] edges, int[] counts) {

    /** Edges of the notebooks' histograms: 31 bins. */
    static final int EDGES = 32;

    /**
     * Counts every stride-th value.
     *
     * @param values all of them
     * @param first index of the first to count
     * @param stride to the next
     * @param end index behind the last
     * @param half the bins cover -half to half
     */
    static Histogram of(float[] values, int first, int stride, int end, double half) {
        double[] edges = edges(new Limits(-half, half), EDGES - 1);
        int[] counts = new int[EDGES - 1];
        for (int i = first; i < end; i += stride) {
            double value = values[i];
            if (value >= -half && value <= half) {
                counts[bin(edges, value)]++;
            }
        }
        return new Histogram(edges, counts);
    }

    /** Counts values in bins that cover a range. */
    static Histogram of(float[] values, Limits range, int bins) {
        double[] edges = edges(range, bins);
        int[] counts = new int[bins];
        for (double value : values) {
            counts[bin(edges, value)]++;
        }
        return new Histogram(edges, counts);
    }

    private static double[] edges(Limits range, int bins) {
        double[] edges = new double[bins + 1];
        for (int i = 0; i <= bins; i++) {
            edges[i] = i == bins ? range.hi() : range.lo() + i * (range.range() / bins);
        }
        return edges;
    }

    private static int bin(double[] edges, double value) {
        int bin = 0;
        while (bin < edges.length - 2 && value >= edges[bin + 1]) {
            bin++;
        }
        return bin;
    }

    int highest() {
        return Arrays.stream(counts).max().orElse(0);
    }

    /** The outline as a line: from the axis up, over the bins, and back to the axis. */
    Curve outline(String label) {
        double[] x = new double[2 * edges.length];
        double[] y = new double[2 * edges.length];
        for (int i = 0; i < edges.length; i++) {
            x[2 * i] = edges[i];
            x[2 * i + 1] = edges[i];
            y[2 * i] = i == 0 ? 0 : counts[i - 1];
            y[2 * i + 1] = i == counts.length ? 0 : counts[i];
        }
        return new Curve(label, x, y);
    }
}
