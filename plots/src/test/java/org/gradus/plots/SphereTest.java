package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SphereTest {

    private static final float PI = (float) Math.PI;

    /** Half a unit in the last place of pi, and of 1 for the functions of angles. */
    private static final float ROUNDING = 2.5e-7f;

    @Test
    void directionsOfTheAxes() {
        assertThat(Sphere.toS2(new float[] {0, 0, 1})).containsExactly(0, 0);
        assertThat(Sphere.toS2(new float[] {0, 0, -1})).containsExactly(PI, 0);
        assertThat(Sphere.toS2(new float[] {1, 0, 0})).containsExactly(PI / 2, PI / 2);
        assertThat(Sphere.toS2(new float[] {-1, 0, 0})).containsExactly(PI / 2, -PI / 2);
        assertThat(Sphere.toS2(new float[] {0, 1, 0})).containsExactly(PI / 2, 0);
        assertThat(Sphere.toS2(new float[] {0, -1, 0})).containsExactly(PI / 2, PI);
    }

    /** cos theta = 2 / 3, tan phi = 1 / 2: x comes first in phi. */
    @Test
    void lengthDoesNotMatter() {
        float[] angles = Sphere.toS2(new float[] {1, 2, 2, 10, 20, 20});

        assertThat(angles[0]).isCloseTo(0.84106867f, within(ROUNDING));
        assertThat(angles[1]).isCloseTo(0.46364761f, within(ROUNDING));
        assertThat(angles[2]).isEqualTo(angles[0]);
        assertThat(angles[3]).isEqualTo(angles[1]);
    }

    /** theta = 60 degrees, phi = 30 degrees: x = sin 60 sin 30, y = sin 60 cos 30, z = cos 60. */
    @Test
    void pointOfAngles() {
        float[] point = Sphere.toU3(new float[] {PI / 3, PI / 6});

        assertThat(point[0]).isCloseTo(0.4330127f, within(ROUNDING));
        assertThat(point[1]).isCloseTo(0.75f, within(ROUNDING));
        assertThat(point[2]).isCloseTo(0.5f, within(ROUNDING));
    }

    @Test
    void originHasNoDirection() {
        assertThatThrownBy(() -> Sphere.toS2(new float[] {1, 0, 0, 0, 0, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("toS2: point 1 is (0.0, 0.0, 0.0), which has no direction");
    }

    @Test
    void numbersMustFit() {
        assertThatThrownBy(() -> Sphere.toS2(new float[4]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("toS2: 4 numbers are not n points of 3 coordinates each");
        assertThatThrownBy(() -> Sphere.toU3(new float[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("toU3: 3 numbers are not n angles of 2 coordinates each");
    }
}
