package org.gradus.examples.run;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.random.NumpyRandom;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    /** The check value that the catalogue of CRC algorithms gives for CRC-32C. */
    @Test
    void checkValue() {
        assertThat(new Fingerprint().add("123456789".getBytes(US_ASCII))).hasToString("e3069283");
    }

    /** Tensors longer than a block count to the last number, and 0 differs from -0. */
    @Test
    void everyBitOfEveryNumberCounts() {
        Tensor tensor = Tensor.zeros(40_000);
        String zeros = new Fingerprint().add(List.of(tensor)).toString();
        tensor.data()[39_999] = -0f;

        assertThat(new Fingerprint().add(List.of(tensor)).toString()).isNotEqualTo(zeros);
    }

    @Test
    void randomStreamsDifferByPlaceAndByKeptNormal() {
        NumpyRandom random = new NumpyRandom(0);
        String start = new Fingerprint().add(random.state()).toString();
        random.normal();
        String afterOne = new Fingerprint().add(random.state()).toString();
        random.normal();
        String afterTwo = new Fingerprint().add(random.state()).toString();
        random.seed(0);

        assertThat(List.of(start, afterOne, afterTwo)).doesNotHaveDuplicates();
        assertThat(new Fingerprint().add(random.state())).hasToString(start);
    }

    /** The bitwise CRC-32C of {@code struct.pack('<4f', 0, 0.5, 1, 0)}, computed in Python. */
    @Test
    void imageSetsAreToldApartByAllPixels() {
        Tensor test = Tensor.matrix(1, 2, 1, 0);
        ImageSets sets = new ImageSets(Samples.of(Tensor.matrix(1, 2, 0, 0.5f)), Samples.of(test));

        assertThat(sets.fingerprint()).isEqualTo("1+1 images of 2 pixels, CRC-32C 47ec7481");
        test.data()[1] = 1;
        assertThat(sets.fingerprint()).doesNotContain("47ec7481");
    }
}
