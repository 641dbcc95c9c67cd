package org.gradus.examples.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.random.NumpyRandom;

class TransformProperties {

    private static Tensor images(int count, int side, long seed) {
        NumpyRandom random = new NumpyRandom(seed);
        float[] pixels = new float[count * side * side];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.random();
        }
        return Tensor.matrix(count, side * side, pixels);
    }

    @Property(tries = 50)
    void noiseStaysWithinTheRangeOfTheImages(
            @ForAll @IntRange(min = 1, max = 9) int side, @ForAll @DoubleRange(max = 5) double factor) {
        Tensor clean = images(3, side, side);
        float min = Float.MAX_VALUE;
        float max = 0;
        for (float pixel : clean.data()) {
            min = Math.min(min, pixel);
            max = Math.max(max, pixel);
        }

        float[] noisy = Noise.add(Samples.of(clean), factor, new NumpyRandom(1)).data();

        for (float pixel : noisy) {
            assertThat(pixel).isBetween(min, max);
        }
    }

    /** Every pixel is 0 or as it was, and exactly one quarter of each image is 0. */
    @Property(tries = 30)
    void occlusionCoversExactlyOneQuarter(@ForAll @IntRange(min = 1, max = 8) int half, @ForAll long seed) {
        int side = 2 * half;
        Tensor clean = images(5, side, 7);

        Tensor occluded = Occlusion.quarter(Samples.of(clean), new NumpyRandom(seed & 0xFFFF))
                .toTensor();

        for (int i = 0; i < 5; i++) {
            int covered = 0;
            for (int p = 0; p < side * side; p++) {
                if (occluded.get(i, p) == 0) {
                    covered++;
                } else {
                    assertThat(occluded.get(i, p)).isEqualTo(clean.get(i, p));
                }
            }
            assertThat(covered).isEqualTo(half * half);
        }
    }

    @Property(tries = 30)
    void shuffleIsUndoneByItsInverse(@ForAll @IntRange(min = 1, max = 30) int pixels, @ForAll long seed) {
        NumpyRandom random = new NumpyRandom(seed & 0xFFFF);
        Tensor images = Tensor.matrix(1, pixels, new float[pixels]);
        for (int p = 0; p < pixels; p++) {
            images.data()[p] = p;
        }
        PixelShuffle shuffle = PixelShuffle.random(pixels, random);

        assertThat(shuffle.inverse().of(shuffle.of(images)).data()).isEqualTo(images.data());
        assertThat(shuffle.of(Samples.of(images)).toTensor().data())
                .isEqualTo(shuffle.of(images).data());
        assertThat(shuffle.of(shuffle.inverse().of(images)).data()).isEqualTo(images.data());
    }

    /** Turning by a right angle moves whole pixels, so it is the image as smoothed by turning it by 0, moved. */
    @Property(tries = 30)
    void quarterTurnMovesPixels(@ForAll @IntRange(min = 2, max = 12) int side) {
        Tensor image = images(1, side, side);
        Tensor still = Rotation.by(Samples.of(image), 0);

        Tensor turned = Rotation.by(Samples.of(image), 90);

        for (int r = 0; r < side; r++) {
            for (int c = 0; c < side; c++) {
                // Counter-clockwise: what was right of the centre comes to lie above it.
                float expected = still.get(0, c * side + side - 1 - r);
                assertThat(turned.get(0, r * side + c)).isCloseTo(expected, within(1e-6f));
            }
        }
    }

    /** Weights are not negative and sum to 1, so no value leaves the range of the image and the 0 beyond its edges. */
    @Property(tries = 50)
    void rotationStaysWithinTheRange(
            @ForAll @IntRange(min = 2, max = 12) int side, @ForAll @DoubleRange(min = -180, max = 180) double degrees) {
        for (float pixel :
                Rotation.by(Samples.of(images(1, side, side)), degrees).data()) {
            assertThat(pixel).isBetween(0f, 1f);
        }
    }

    @Property(tries = 30)
    void classesLeftOutAndKeptMakeUpAll(@ForAll @IntRange(max = 200) int count, @ForAll @IntRange(max = 9) int digit) {
        byte[] labels = new byte[count];
        NumpyRandom random = new NumpyRandom(count);
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) random.randint(0, 10);
        }

        int[] without = Classes.without(labels, digit);
        int[] only = Classes.only(labels, digit);

        assertThat(without.length + only.length).isEqualTo(count);
        assertThat(Classes.labels(labels, without)).doesNotContain((byte) digit);
        for (byte label : Classes.labels(labels, only)) {
            assertThat(label).isEqualTo((byte) digit);
        }
        assertThat(without).isSorted();
    }
}
