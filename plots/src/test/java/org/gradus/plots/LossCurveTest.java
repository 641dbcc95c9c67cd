package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossCurveTest {

    /** Every run shape of the tutorials. */
    @ParameterizedTest
    @CsvSource({
        "9380, 19, 494", "1876, 4, 469", "4690, 10, 469", "2345, 5, 469", "5625, 12, 469", "9375, 19, 494",
        "46875, 94, 499", "5073, 11, 462", "4440, 9, 494", "500, 1, 500", "501, 2, 251", "1, 1, 1"
    })
    void strideAndPoints(int losses, int stride, int points) {
        Curve curve = Charts.thinned(new float[losses]);

        assertThat(Charts.stride(losses)).isEqualTo(stride);
        assertThat(curve.x()).hasSize(points);
        assertThat(curve.x()[points - 1]).isEqualTo((points - 1) * stride);
    }

    @Test
    void pointsAreTheLossesAtTheirIterations() {
        float[] losses = new float[1001];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = 2 * i;
        }

        Curve curve = Charts.thinned(losses);

        assertThat(curve.x()).startsWith(0, 3, 6).endsWith(996, 999);
        assertThat(curve.y()).startsWith(0, 6, 12).endsWith(1992, 1998);
    }
}
