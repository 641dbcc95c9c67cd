package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GridTest {

    /**
     * x covers -0.5 .. 10.525 in two columns of 5.5125, whose middles are 2.25625 and 7.76875; y covers -0.05 .. 1.0525
     * in two rows of 0.55125, whose middles are 0.225625 and 0.776875.
     */
    @Test
    void marginsAreHalfAColumnAndHalfARow() {
        Grid grid = new Grid(new Limits(-0.5, 10.525), new Limits(-0.05, 1.0525), 2);

        assertThat(grid.columns()).containsExactly(new double[] {2.25625, 7.76875}, within(1e-14));
        assertThat(grid.rows()).containsExactly(new double[] {0.776875, 0.225625}, within(1e-14));
    }

    @Test
    void codesRunFromTheTopLeft() {
        Grid grid = new Grid(new Limits(0, 2), new Limits(0, 20), 2);

        assertThat(grid.codes()).containsExactly(0.5f, 15, 1.5f, 15, 0.5f, 5, 1.5f, 5);
    }

    /** {@code numpy.linspace(0.5, 15.5, 16)}. */
    @Test
    void sixteenCellsCoverTheLimits() {
        Grid grid = new Grid(new Limits(0, 16), new Limits(-16, 0), Grid.SIDE);

        assertThat(grid.columns()).hasSize(16).startsWith(0.5, 1.5).endsWith(14.5, 15.5);
        assertThat(grid.rows()).hasSize(16).startsWith(-0.5, -1.5).endsWith(-14.5, -15.5);
    }

    @Test
    void gridCoversTheLimitsOfItsCodes() {
        float[] codes = {0, 0, 10, 1};

        Grid grid = Grid.over(codes);

        assertThat(grid.x()).isEqualTo(Limits.of(codes, 2, 0));
        assertThat(grid.y()).isEqualTo(Limits.of(codes, 2, 1));
        assertThat(grid.codes()).hasSize(2 * 256);
    }

    @Test
    void oneCellIsNoGrid() {
        Limits limits = new Limits(0, 1);
        assertThatThrownBy(() -> new Grid(limits, limits, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Grid: 1 cells per side; it needs 2 or more");
    }
}
