package org.gradus.examples.tutorial;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.gradus.autograd.Tensor;
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

    @Test
    void samplesThatAreTheirOwnTargetAreToldFromEqualOnes() {
        Tensor x = Tensor.matrix(1, 2, 1, 2);
        Tensor y = Tensor.matrix(1, 2, 3, 4);

        assertThat(Samples.reproducing(x, y).fingerprint())
                .isNotEqualTo(new Samples(x, y, x, y).fingerprint())
                .isNotEqualTo(Samples.reproducing(y, x).fingerprint());
    }
}
