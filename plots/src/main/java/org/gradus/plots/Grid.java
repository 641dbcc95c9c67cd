package org.gradus.plots;

/**
 * The codes of a decoder grid: spread evenly over the area that a set of codes covers. The notebooks' {@code
 * plot_generative}, except that the margin above and below is half a row's height (dy / 2) where theirs is half a
 * column's width:
 *
 * <pre>
 * dx = (x.hi - x.lo) / n      columns = linspace(x.lo + dx / 2, x.hi - dx / 2, n)     from left to right
 * dy = (y.hi - y.lo) / n      rows    = linspace(y.lo + dy / 2, y.hi - dy / 2, n)     from the largest, at the top
 * </pre>
 *
 * @param x what the grid covers from left to right
 * @param y what it covers from bottom to top
 * @param side cells per side, n; 2 or more
 */
public record Grid(Limits x, Limits y, int side) {

    /** Cells per side of the notebooks' grids. */
    public static final int SIDE = 16;

    /**
     * Checks the number of cells.
     *
     * @throws IllegalArgumentException if there are fewer than 2 per side
     */
    public Grid {
        if (side < 2) {
            throw new IllegalArgumentException("Grid: " + side + " cells per side; it needs 2 or more");
        }
    }

    /**
     * The grid of 16 x 16 cells over the limits of codes.
     *
     * @param codes [n,2], row-major
     * @return the grid
     * @throws IllegalArgumentException if there is no code, or one is not finite
     */
    public static Grid over(float[] codes) {
        return new Grid(Limits.of(codes, 2, 0), Limits.of(codes, 2, 1), SIDE);
    }

    /**
     * First coordinates.
     *
     * @return [side], ascending
     */
    public double[] columns() {
        return centres(x);
    }

    /**
     * Second coordinates.
     *
     * @return [side], descending
     */
    public double[] rows() {
        double[] ascending = centres(y);
        double[] rows = new double[side];
        for (int i = 0; i < side; i++) {
            rows[i] = ascending[side - 1 - i];
        }
        return rows;
    }

    /**
     * The code of each cell, row by row from the top left.
     *
     * @return [side*side,2], rounded to float
     */
    public float[] codes() {
        double[] columns = columns();
        double[] rows = rows();
        float[] codes = new float[2 * side * side];
        for (int r = 0; r < side; r++) {
            for (int c = 0; c < side; c++) {
                codes[2 * (r * side + c)] = (float) columns[c];
                codes[2 * (r * side + c) + 1] = (float) rows[r];
            }
        }
        return codes;
    }

    /**
     * {@code numpy.linspace(lo + d / 2, hi - d / 2, side)} with {@code d = (hi - lo) / side}; its last element is
     * exact.
     */
    private double[] centres(Limits axis) {
        double half = axis.range() / side / 2;
        double first = axis.lo() + half;
        double last = axis.hi() - half;
        double[] centres = new double[side];
        for (int i = 0; i < side; i++) {
            centres[i] = i == side - 1 ? last : first + i * ((last - first) / (side - 1));
        }
        return centres;
    }
}
