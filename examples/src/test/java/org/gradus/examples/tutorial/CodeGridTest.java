package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.gradus.autograd.Tensor;
import org.junit.jupiter.api.Test;

class CodeGridTest {

    /** From 0 to 10: 5 % below is -0.5, 5 % of the range from there is 0.525. */
    @Test
    void upperMarginIsReckonedFromTheLoweredEnd() {
        CodeGrid.Limits limits = CodeGrid.limits(Tensor.matrix(2, 2, 0, 3, 10, 3), 0);

        assertThat(limits.lo()).isCloseTo(-0.5, within(1e-14));
        assertThat(limits.hi()).isCloseTo(10.525, within(1e-14));
    }

    @Test
    void constantCoordinateKeepsAWidthOfRounding() {
        CodeGrid.Limits limits = CodeGrid.limits(Tensor.matrix(2, 2, 0, 0, 0, 1), 0);

        assertThat(limits.lo()).isEqualTo(-Math.ulp(1.0));
        assertThat(limits.hi()).isCloseTo(1.05 * Math.ulp(1.0), within(1e-30));
    }

    /** x covers -0.5 .. 10.525 in two columns of 5.5125, y covers -0.05 .. 1.0525; both keep 2.75625 off the edges. */
    @Test
    void gridRunsFromTheTopLeft() {
        Tensor grid = CodeGrid.over(Tensor.matrix(2, 2, 0, 0, 10, 1), 2);

        float left = -0.5f + 2.75625f;
        float right = 10.525f - 2.75625f;
        float top = 1.0525f - 2.75625f;
        float bottom = -0.05f + 2.75625f;
        float[] expected = {left, top, right, top, left, bottom, right, bottom};
        for (int i = 0; i < expected.length; i++) {
            assertThat(grid.data()[i]).isCloseTo(expected[i], within(1e-6f));
        }
    }
}
