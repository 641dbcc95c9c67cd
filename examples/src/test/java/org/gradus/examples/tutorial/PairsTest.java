package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.junit.jupiter.api.Test;

class PairsTest {

    @Test
    void samplesThatAreTheirOwnTargetAreToldFromEqualOnes() {
        Samples x = Samples.of(Tensor.matrix(1, 2, 1, 2));
        Samples y = Samples.of(Tensor.matrix(1, 2, 3, 4));

        assertThat(Pairs.reproducing(x, y).fingerprint())
                .isNotEqualTo(new Pairs(x, y, x, y).fingerprint())
                .isNotEqualTo(Pairs.reproducing(y, x).fingerprint());
    }
}
