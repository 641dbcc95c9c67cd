package org.gradus.examples.figures;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

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
}
