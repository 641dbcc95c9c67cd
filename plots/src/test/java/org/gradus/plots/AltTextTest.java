package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class AltTextTest {

    /** Weights of 3000 units that alternate around a mean of any size; with the mean of squares nothing would be left of it. */
    @Test
    void spreadOfWeightsFarFromZero() {
        for (float mean : new float[] {0, 16777100, 1e30f}) {
            float step = 8 * Math.ulp(mean + 1);
            float[] row = new float[6000];
            for (int i = 0; i < row.length; i++) {
                row[i] = mean + (i % 4 < 2 ? step : -step);
            }
            assertThat(AltText.spread(row, 0, 1)).isCloseTo(step, Percentage.withPercentage(1e-6));
            assertThat(AltText.spread(row, 1, 1)).isCloseTo(step, Percentage.withPercentage(1e-6));
            assertThat(AltText.spread(row, 0, 2)).isCloseTo(step, Percentage.withPercentage(1e-6));
        }
    }

    @Test
    void threeDigitsDoUsually() {
        assertThat(AltText.number(-0.0123456)).isEqualTo("\u22120.0123");
        assertThat(AltText.range("z1", new Limits(-17.72, 10.549))).isEqualTo("z1 from \u221217.7 to 10.5");
        assertThat(AltText.range("z1", new Limits(100.04, 110.21))).isEqualTo("z1 from 100 to 110");
    }

    /** Codes of sigmoids that are all but 1. */
    @Test
    void moreWhereTheyWouldTellNothingApart() {
        assertThat(AltText.range("z1", new Limits(0.99999988, 1.00000012)))
                .isEqualTo("z1 from 0.99999988 to 1.00000012");
        float below = 1 - 0x1p-23f;
        assertThat(AltText.means(new float[] {1, 0, below, 5}, 2, new int[] {3, 4}))
                .isEqualTo("Means of digits: 3 at (1, 0), 4 at (0.99999988, 5).");
        assertThat(AltText.loss(new float[] {2.00003f, 2.00001f}))
                .endsWith("from 2.00003 at the start to 2.00001 at the end, at least 2.00001.");
    }

    @Test
    void aConstantHasThree() {
        assertThat(AltText.number(1.23456, 0)).isEqualTo("1.23");
    }
}
