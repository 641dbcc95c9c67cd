package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LimitsTest {

    /** From 0 to 10: 5 % below is -0.5; 5 % of the 10.5 from there is 0.525. */
    @Test
    void upperMarginIsReckonedFromTheLoweredEnd() {
        Limits limits = Limits.of(new float[] {0, 3, 10, 3}, 2, 0);

        assertThat(limits.lo()).isCloseTo(-0.5, within(1e-14));
        assertThat(limits.hi()).isCloseTo(10.525, within(1e-14));
    }

    @Test
    void axesAreSeparate() {
        Limits limits = Limits.of(new float[] {0, 100, 7, 1, 300, 8, 2, 200, 9}, 3, 1);

        assertThat(limits.lo()).isCloseTo(90, within(1e-12));
        assertThat(limits.hi()).isCloseTo(310.5, within(1e-12));
    }

    @Test
    void constantCoordinateKeepsAWidthOfRounding() {
        Limits limits = Limits.of(new float[] {0, 0, 0, 1}, 2, 0);

        assertThat(limits.lo()).isEqualTo(-Math.ulp(1.0));
        assertThat(limits.hi()).isCloseTo(1.05 * Math.ulp(1.0), within(1e-30));
    }

    @Test
    void valuesThatAreNotFiniteAreNamed() {
        assertThatThrownBy(() -> Limits.of(new float[] {0, 1, 2, Float.NaN}, 2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Limits: coordinate 1 of code 1 is NaN; only finite codes can be drawn");
    }

    @Test
    void codesMustBeWhole() {
        assertThatThrownBy(() -> Limits.of(new float[] {0, 1, 2}, 2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Limits: 3 numbers are not n > 0 codes of 2 coordinates each");
    }

    /** Epsilon is rounded away beside it, and a plot without width can show nothing. */
    @Test
    void aLargeConstantHasWidthToo() {
        for (float constant : new float[] {4, -1000, 1e30f}) {
            Limits limits = Limits.of(new float[] {constant, constant}, 1, 0);

            assertThat(limits.lo()).isLessThan(constant);
            assertThat(limits.hi()).isGreaterThan(constant);
            assertThat(limits.fraction(constant)).isBetween(0.25, 0.75);
        }
    }
}
