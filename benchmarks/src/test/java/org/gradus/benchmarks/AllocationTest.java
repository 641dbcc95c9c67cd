package org.gradus.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllocationTest {

    /** A batch alone would be 200,000 bytes; a step may leave no more than a few small objects. */
    @Test
    void warmStepCreatesNoArrays() {
        long few = 4096;

        assertThat(Allocation.bytesPerStep(Net.AE2, 2048, few, 30)).isLessThanOrEqualTo(few);
    }

    /** The first epoch makes the buffers of a step: at least the batch itself and what the network makes of it. */
    @Test
    void measureSeesTheBuffersOfTheFirstEpoch() {
        try (Training training = new Training(Net.AE2, Training.images(128))) {
            Allocation.watch(training);
            training.epoch();
            assertThat(training.metered()).isGreaterThan(2 * 64 * 784 * (long) Float.BYTES);
            training.evaluated();
        }
    }
}
