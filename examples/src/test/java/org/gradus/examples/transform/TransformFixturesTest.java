package org.gradus.examples.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.examples.run.ImageSets;
import org.gradus.mnist.Mnist;
import org.gradus.random.NumpyRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Equal to NumPy and SciPy, whose values {@code make_transforms.py} collected. */
@Tag("once")
class TransformFixturesTest {

    /** SciPy computes in double, too; a result may round to the neighbouring float. */
    private static final double HALF_ULP_OF_ONE = Math.ulp(1f) / 2.0;

    private static final ImageSets IMAGES = ImageSets.of(Mnist.load());

    private static JsonNode read(String resource) throws IOException {
        try (InputStream in = TransformFixturesTest.class.getResourceAsStream(resource)) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static float[] floats(JsonNode numbers) {
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i).floatValue();
        }
        return floats;
    }

    private static void assertDigest(JsonNode digest, Tensor images) {
        float[] pixels = images.data();
        double sum = 0;
        double squares = 0;
        for (float pixel : pixels) {
            sum += pixel;
            squares += (double) pixel * pixel;
        }
        // Each of n pixels may be off by half an ulp of 1, so the sums by n times that at most.
        double bound = pixels.length * HALF_ULP_OF_ONE;
        assertThat(sum).isCloseTo(digest.get("sum").asDouble(), within(bound));
        assertThat(squares).isCloseTo(digest.get("sum_of_squares").asDouble(), within(2 * bound));
        int last = pixels.length - 784;
        for (int i = 0; i < 28; i++) {
            assertPixel(pixels[14 * 28 + i], digest.get("image0_row14").get(i));
            assertPixel(
                    pixels[777 * 784 + 9 * 28 + i], digest.get("image777_row9").get(i));
            assertPixel(
                    pixels[last + 28 * i + 13],
                    digest.get("last_image_column_13").get(i));
        }
    }

    private static void assertPixel(float ours, JsonNode theirs) {
        assertThat(ours).isCloseTo((float) theirs.asDouble(), within((float) (2 * HALF_ULP_OF_ONE)));
    }

    @Test
    void noise() throws IOException {
        NumpyRandom random = new NumpyRandom(0);
        JsonNode reference = read("mnist_transforms_seed0.json").get("noisy");
        assertDigest(reference.get("train"), Noise.add(IMAGES.train(), 0.4, random));
        assertDigest(reference.get("test"), Noise.add(IMAGES.test(), 0.4, random));
    }

    @Test
    void occlusion() throws IOException {
        NumpyRandom random = new NumpyRandom(0);
        JsonNode reference = read("mnist_transforms_seed0.json").get("occluded");
        assertDigest(
                reference.get("train"),
                Occlusion.quarter(IMAGES.train(), random).toTensor());
        assertDigest(
                reference.get("test"), Occlusion.quarter(IMAGES.test(), random).toTensor());
    }

    @Test
    void rotation() throws IOException {
        NumpyRandom random = new NumpyRandom(0);
        JsonNode reference = read("mnist_transforms_seed0.json").get("rotated");
        assertDigest(reference.get("train"), Rotation.random(IMAGES.train(), 90, random));
        assertDigest(reference.get("test"), Rotation.random(IMAGES.test(), 90, random));
    }

    @Test
    void shuffle() throws IOException {
        int[] sources = PixelShuffle.random(784, new NumpyRandom(0)).sources();
        JsonNode reference = read("mnist_transforms_seed0.json").get("shuffle_image_idx");
        for (int i = 0; i < 784; i++) {
            assertThat(sources[i]).isEqualTo(reference.get(i).intValue());
        }
    }

    /** Images of other sides, down to 2 x 2 where every tap is mirrored, and angles that send corners outside. */
    @Test
    void rotationOfSmallImagesEqualsScipy() throws IOException {
        JsonNode rotations = read("transforms.json").get("rotations");
        assertThat(rotations).hasSize(34);
        for (JsonNode rotation : rotations) {
            int side = rotation.get("side").intValue();
            double degrees = rotation.get("degrees").asDouble();
            Tensor image = Tensor.matrix(1, side * side, floats(rotation.get("image")));
            float[] ours = Rotation.by(Samples.of(image), degrees).data();
            float[] theirs = floats(rotation.get("rotated"));
            for (int p = 0; p < ours.length; p++) {
                assertThat(ours[p])
                        .as("side %d, %s degrees, pixel %d", side, degrees, p)
                        .isCloseTo(theirs[p], within(Math.ulp(1f)));
            }
        }
    }
}
