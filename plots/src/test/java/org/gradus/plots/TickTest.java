package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TickTest {

    @Test
    void roundNumbers() {
        assertThat(Tick.round(new Limits(-17.7, 10.5), 6))
                .containsExactly(
                        new Tick(-15, "\u221215"),
                        new Tick(-10, "\u221210"),
                        new Tick(-5, "\u22125"),
                        new Tick(0, "0"),
                        new Tick(5, "5"),
                        new Tick(10, "10"));
    }

    @Test
    void asManyDecimalsAsTheStepNeeds() {
        assertThat(Tick.round(new Limits(0, 0.74), 8))
                .extracting(Tick::label)
                .containsExactly("0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7");
        assertThat(Tick.round(new Limits(0, 1), 4)).extracting(Tick::label).containsExactly("0", "0.5", "1.0");
    }

    /** A dead unit: its code is 0 for every sample, and the axis as wide as rounding. */
    @Test
    void axisOfADeadUnit() {
        assertThat(Tick.round(Limits.of(new float[] {0, 0}, 1, 0), 9))
                .extracting(Tick::label)
                .containsExactly("\u22122e\u221216", "\u22121e\u221216", "0", "1e\u221216", "2e\u221216");
    }

    /** Codes of sigmoids that are all but 1. */
    @Test
    void axisOfASaturatedUnit() {
        assertThat(Tick.round(new Limits(1 - 1.2e-7, 1 + 1.2e-7), 5))
                .extracting(Tick::label)
                .containsExactly("0.99999990", "0.99999995", "1.00000000", "1.00000005", "1.00000010");
    }

    @Test
    void axesFarFromZero() {
        assertThat(Tick.round(new Limits(1_000_000.2, 1_000_000.9), 3))
                .extracting(Tick::label)
                .containsExactly("1000000.5");
        assertThat(Tick.round(new Limits(-1.2e7, -0.9e7), 3))
                .extracting(Tick::label)
                .containsExactly("\u22121.2e+07", "\u22121.1e+07", "\u22121.0e+07", "\u22129e+06");
        assertThat(Tick.round(new Limits(0.000115, 0.000185), 4))
                .extracting(Tick::label)
                .containsExactly("0.00012", "0.00014", "0.00016", "0.00018");
        assertThat(Tick.round(new Limits(1.15e-5, 1.7e-5), 3))
                .extracting(Tick::label)
                .containsExactly("1.2e\u221205", "1.4e\u221205", "1.6e\u221205");
    }

    @Test
    void partsOfPi() {
        Limits wide = new Limits(-3.5, 3.5);
        assertThat(Tick.ofPi(wide, 0, 6, 6))
                .extracting(Tick::label)
                .containsExactly("0", "\u03c0/6", "\u03c0/3", "\u03c0/2", "2\u03c0/3", "5\u03c0/6", "\u03c0");
        assertThat(Tick.ofPi(wide, -3, 3, 3))
                .extracting(Tick::label)
                .containsExactly(
                        "\u2212\u03c0", "\u22122\u03c0/3", "\u2212\u03c0/3", "0", "\u03c0/3", "2\u03c0/3", "\u03c0");
        assertThat(Tick.ofPi(wide, -3, 3, 3))
                .extracting(Tick::value)
                .startsWith(-Math.PI)
                .endsWith(Math.PI);
    }

    @Test
    void partsOfPiOutsideTheLimitsAreLeftOut() {
        assertThat(Tick.ofPi(new Limits(0.6, 2.2), 0, 6, 6))
                .extracting(Tick::label)
                .containsExactly("\u03c0/3", "\u03c0/2", "2\u03c0/3");
    }
}
