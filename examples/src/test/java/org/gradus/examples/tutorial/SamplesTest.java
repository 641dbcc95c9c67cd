package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import org.gradus.autograd.Tensor;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void samplesThatAreTheirOwnTargetAreToldFromEqualOnes() {
        Tensor x = Tensor.matrix(1, 2, 1, 2);
        Tensor y = Tensor.matrix(1, 2, 3, 4);

        assertThat(Samples.reproducing(x, y).fingerprint())
                .isNotEqualTo(new Samples(x, y, x, y).fingerprint())
                .isNotEqualTo(Samples.reproducing(y, x).fingerprint());
    }
}
