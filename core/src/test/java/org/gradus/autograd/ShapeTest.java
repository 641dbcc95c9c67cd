package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void countsElementsRowsAndColumns() {
        Shape cube = Shape.of(2, 3, 4);
        assertThat(cube.rank()).isEqualTo(3);
        assertThat(cube.size()).isEqualTo(24);
        assertThat(cube.rows()).isEqualTo(6);
        assertThat(cube.columns()).isEqualTo(4);
        assertThat(cube.length(1)).isEqualTo(3);
        assertThat(cube.isMatrix()).isFalse();
        assertThat(Shape.of(6, 4).isMatrix()).isTrue();
        assertThat(Shape.of(5).rows()).isEqualTo(1);
        assertThat(Shape.of(5).columns()).isEqualTo(5);
    }

    @Test
    void singleNumberHasNoAxes() {
        assertThat(Shape.SCALAR).isEqualTo(Shape.of()).hasToString("[]");
        assertThat(Shape.SCALAR.rank()).isZero();
        assertThat(Shape.SCALAR.size()).isEqualTo(1);
        assertThat(Shape.SCALAR.rows()).isEqualTo(1);
        assertThat(Shape.SCALAR.columns()).isEqualTo(1);
    }

    @Test
    void refusesAnAxisThatIsNotThere() {
        for (int axis : new int[] {-1, 2}) {
            assertThatThrownBy(() -> Shape.of(2, 3).length(axis))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("length: no axis " + axis + " in shape [2,3]");
        }
        assertThatThrownBy(() -> Shape.SCALAR.length(0))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("length: no axis 0 in shape []");
    }

    @Test
    void equalityIsThatOfTheLengths() {
        assertThat(Shape.of(2, 3))
                .isEqualTo(Shape.of(2, 3))
                .hasSameHashCodeAs(Shape.of(2, 3))
                .hasToString("[2,3]");
        assertThat(Shape.of(2, 3)).isNotEqualTo(Shape.of(3, 2)).isNotEqualTo(Shape.of(6));
        assertThat(Shape.of(1)).isNotEqualTo(Shape.SCALAR);
    }

    @Test
    void isNotChangedThroughTheArrayItWasMadeFrom() {
        int[] lengths = {2, 3};
        Shape shape = Shape.of(lengths);
        lengths[0] = 9;
        assertThat(shape).hasToString("[2,3]");
    }

    @Test
    void refusesWhatIsNoShape() {
        assertRefused("shape [1,2,3,4,5] has 5 axes: at most 4", 1, 2, 3, 4, 5);
        assertRefused("shape [2,0]: every axis must have a length of at least 1", 2, 0);
        assertRefused("shape [-1]: every axis must have a length of at least 1", -1);
        assertRefused("shape [65536,65536] has more elements than an array can hold", 65536, 65536);
        assertRefused(
                "shape [65536,65536,65536,65536] has more elements than an array can hold", 65536, 65536, 65536, 65536);
    }

    private static void assertRefused(String message, int... lengths) {
        assertThatThrownBy(() -> Shape.of(lengths))
                .isInstanceOf(ShapeException.class)
                .hasMessage(message);
    }
}
