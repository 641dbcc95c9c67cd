package org.gradus.examples.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.mnist.Mnist;
import org.gradus.random.NumpyRandom;
import org.junit.jupiter.api.Test;

class TransformTest {

    /** The spline's weights at whole positions are 1/6, 4/6, 1/6 in either direction: 16/36, 4/36, 1/36. */
    @Test
    void lonePixelIsSmoothedEvenWithoutRotation() {
        float[] pixels = new float[25];
        pixels[12] = 1;

        float[] smoothed =
                Rotation.by(Samples.of(Tensor.matrix(1, 25, pixels)), 0).data();

        assertThat(smoothed[12]).isCloseTo(16 / 36f, within(1e-7f));
        for (int side : new int[] {7, 11, 13, 17}) {
            assertThat(smoothed[side]).isCloseTo(4 / 36f, within(1e-7f));
        }
        for (int corner : new int[] {6, 8, 16, 18}) {
            assertThat(smoothed[corner]).isCloseTo(1 / 36f, within(1e-7f));
        }
    }

    @Test
    void positiveAnglesTurnCounterClockwise() {
        float[] pixels = new float[49];
        pixels[3 * 7 + 5] = 1; // right of the centre

        float[] turned =
                Rotation.by(Samples.of(Tensor.matrix(1, 49, pixels)), 90).data();

        int brightest = 0;
        for (int p = 0; p < turned.length; p++) {
            brightest = turned[p] > turned[brightest] ? p : brightest;
        }
        assertThat(brightest).as("above the centre").isEqualTo(7 + 3);
    }

    /** The order of quarters in the notebooks: top left, bottom left, top right, bottom right; NumPy draws 0 3 1 0 3. */
    @Test
    void quarters() {
        float[] ones = new float[5 * 16];
        Arrays.fill(ones, 1);

        Tensor occluded = Occlusion.quarter(Samples.of(Tensor.matrix(5, 16, ones)), new NumpyRandom(0))
                .toTensor();

        int[] corner = {0, 10, 8, 0, 10};
        for (int i = 0; i < corner.length; i++) {
            for (int offset : new int[] {0, 1, 4, 5}) {
                assertThat(occluded.get(i, corner[i] + offset)).isZero();
            }
        }
    }

    @Test
    void shuffleTakesEachPixelFromItsSource() {
        PixelShuffle shuffle = PixelShuffle.random(4, new NumpyRandom(0));
        int[] sources = shuffle.sources();

        float[] shuffled =
                shuffle.of(Tensor.matrix(2, 4, 10, 11, 12, 13, 20, 21, 22, 23)).data();

        for (int p = 0; p < 4; p++) {
            assertThat(shuffled[p]).isEqualTo(10 + sources[p]);
            assertThat(shuffled[4 + p]).isEqualTo(20 + sources[p]);
        }
    }

    @Test
    void shuffledInPlaceIsTheSame() {
        PixelShuffle shuffle = PixelShuffle.random(4, new NumpyRandom(0));
        Tensor images = Tensor.matrix(2, 4, 10, 11, 12, 13, 20, 21, 22, 23);
        float[] expected = shuffle.of(images).data();

        assertThat(images.data()).containsExactly(10, 11, 12, 13, 20, 21, 22, 23);
        assertThat(shuffle.inPlace(images)).isSameAs(images);
        assertThat(images.data()).isEqualTo(expected);
    }

    /** The counts of experiments without 6, and without 0 and 1. */
    @Test
    void classesOfMnist() {
        Mnist mnist = Mnist.load();

        assertThat(Classes.without(mnist.train().labels(), 6)).hasSize(54_082);
        assertThat(Classes.without(mnist.test().labels(), 6)).hasSize(9_042);
        assertThat(Classes.without(mnist.train().labels(), 0, 1)).hasSize(47_335);
        assertThat(Classes.without(mnist.test().labels(), 0, 1)).hasSize(7_885);
        assertThat(Classes.only(mnist.test().labels(), 6)).hasSize(958);
    }

    @Test
    void labelsOfChosenIndices() {
        assertThat(Classes.labels(new byte[] {5, 6, 7}, new int[] {2, 0})).containsExactly(7, 5);
    }

    @Test
    void wrongShapes() {
        NumpyRandom random = new NumpyRandom(0);
        assertThatThrownBy(() -> Rotation.random(Samples.of(Tensor.zeros(2, 12)), 90, random))
                .isInstanceOf(ShapeException.class)
                .hasMessage(
                        "Rotation.random: images [2,12] are not square: 12 pixels per row must be the square of a side,"
                                + " such as 784 = 28 * 28");
        assertThatThrownBy(() -> Rotation.by(Samples.of(Tensor.zeros(4)), 90))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Rotation.by: images [4] must be a matrix [n, side * side], one image per row");
        assertThatThrownBy(() -> Rotation.by(Samples.of(Tensor.zeros(2, 1)), 90))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Rotation.by: images of 1x1 have no edge to mirror at; the side must be 2 or more");
        assertThatThrownBy(() -> Occlusion.quarter(Samples.of(Tensor.zeros(2, 9)), random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Occlusion.quarter: images of 3x3 have no quarters; the side must be even");
        assertThatThrownBy(() -> PixelShuffle.random(4, random).of(Tensor.zeros(2, 5)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("PixelShuffle.of: images [2,5] do not fit a shuffle of 4 pixels: needs [n,4]");
        assertThatThrownBy(() -> PixelShuffle.random(4, random).inPlace(Tensor.zeros(2, 5)))
                .isInstanceOf(ShapeException.class)
                .hasMessageStartingWith("PixelShuffle.inPlace: images [2,5] do not fit");
        assertThatThrownBy(() -> PixelShuffle.random(4, random).of(Samples.of(Tensor.zeros(2, 5))))
                .isInstanceOf(ShapeException.class)
                .hasMessage("PixelShuffle.of: images [2,5] do not fit a shuffle of 4 pixels: needs [n,4]");
    }
}
