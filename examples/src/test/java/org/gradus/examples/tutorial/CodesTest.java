package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.gradus.autograd.Tensor;
import org.junit.jupiter.api.Test;

class CodesTest {

    @Test
    void classMeans() {
        double[][] means = Codes.classMeans(Tensor.matrix(3, 2, 1, 2, 10, 20, 3, 6), new byte[] {4, 7, 4});

        assertThat(means[4]).containsExactly(2, 4);
        assertThat(means[7]).containsExactly(10, 20);
        assertThat(means[0]).as("no sample").containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void distanceOfAKnownTriangle() {
        assertThat(Codes.distance(new double[] {1, 1}, new double[] {4, 5})).isEqualTo(5);
    }

    /** 2, 4, 4, 4, 5, 5, 7, 9 have mean 5 and standard deviation 2. */
    @Test
    void deviation() {
        Tensor codes = Tensor.matrix(8, 2, 2, 0, 4, 0, 4, 0, 4, 0, 5, 0, 5, 0, 7, 0, 9, 0);

        assertThat(Codes.deviation(codes, 0)).isCloseTo(2, within(1e-15));
        assertThat(Codes.deviation(codes, 1)).isZero();
    }

    @Test
    void distanceFromTheSphere() {
        assertThat(Codes.largestDistanceFromUnitSphere(Tensor.matrix(2, 3, 0, 0, 1, 0, 3, 4)))
                .isEqualTo(4);
        assertThat(Codes.largestDistanceFromUnitSphere(Tensor.matrix(1, 3, 0, 0.5f, 0)))
                .isEqualTo(0.5);
    }

    /** The same point, a quarter of the way round, and the opposite point: (0 + pi/2 + pi) / 3. */
    @Test
    void greatCircles() {
        Tensor a = Tensor.matrix(3, 3, 1, 0, 0, 1, 0, 0, 0, 0, 1);
        Tensor b = Tensor.matrix(3, 3, 1, 0, 0, 0, 1, 0, 0, 0, -1);

        assertThat(Codes.meanGreatCircleDistance(a, b)).isCloseTo(Math.PI / 2, within(1e-15));
    }

    /** A product a little above 1 is an angle of 0, not NaN. */
    @Test
    void roundingBeyondTheSphereIsNoDistance() {
        Tensor a = Tensor.matrix(1, 3, Math.nextUp(1f), 0, 0);

        assertThat(Codes.meanGreatCircleDistance(a, a)).isZero();
    }
}
