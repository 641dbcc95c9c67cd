package org.gradus.examples.tutorial;

import org.gradus.autograd.Tensor;

/** The notebooks' decoder grid: codes spread evenly over the area that a set of codes covers. */
final class CodeGrid {

    /** NumPy's {@code finfo(float).eps}. */
    private static final double EPSILON = Math.ulp(1.0);

    private static final double MARGIN = 0.05;

    /**
     * What an axis of the notebooks' maps covers.
     *
     * @param lo lower end
     * @param hi upper end
     */
    record Limits(double lo, double hi) {}

    private CodeGrid() {}

    /**
     * The notebooks' {@code xy_lim}: the range of a coordinate and a margin of 5 % on both sides, above reckoned from the lower
     * end with its margin.
     *
     * @param codes [n,2]
     * @param axis 0 or 1
     */
    static Limits limits(Tensor codes, int axis) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < codes.shape().length(0); i++) {
            min = Math.min(min, codes.get(i, axis));
            max = Math.max(max, codes.get(i, axis));
        }
        double lo = min - MARGIN * (max - min) - EPSILON;
        return new Limits(lo, max + MARGIN * (max - lo) + EPSILON);
    }

    /**
     * The codes of an n x n grid, from the top row (largest second coordinate) to the bottom, each from left to right. As in
     * the notebooks, the outer cells keep half a column's width from the edges on all four sides.
     *
     * @param codes [m,2], whose limits the grid covers
     * @param n cells per side
     * @return [n*n,2]
     */
    static Tensor over(Tensor codes, int n) {
        Limits x = limits(codes, 0);
        Limits y = limits(codes, 1);
        double half = (x.hi - x.lo) / n / 2;
        float[] grid = new float[n * n * 2];
        for (int r = 0; r < n; r++) {
            for (int c = 0; c < n; c++) {
                grid[2 * (r * n + c)] = (float) between(x.lo + half, x.hi - half, c, n);
                grid[2 * (r * n + c) + 1] = (float) between(y.lo + half, y.hi - half, n - 1 - r, n);
            }
        }
        return Tensor.matrix(n * n, 2, grid);
    }

    /** Element i of {@code numpy.linspace(from, to, n)}. */
    private static double between(double from, double to, int i, int n) {
        return from + i * ((to - from) / (n - 1));
    }
}
