package org.gradus.examples.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PeakMemoryTest {

    @Test
    void readsTheLineOfLinux() {
        assertThat(PeakMemory.of(List.of("VmPeak:\t  999999 kB", "VmHWM:\t  524288 kB", "VmRSS:\t  1024 kB")))
                .hasValue(512);
    }

    @Test
    void otherTextIsNoAnswer() {
        assertThat(PeakMemory.of(List.of())).isEmpty();
        assertThat(PeakMemory.of(List.of("VmHWM:\tmuch kB"))).isEmpty();
        assertThat(PeakMemory.of(List.of("VmHWM:\t12 MB"))).isEmpty();
    }

    /** More than the heap in use, and less than a machine has. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void thisProcess() {
        Runtime runtime = Runtime.getRuntime();
        double heap = (runtime.totalMemory() - runtime.freeMemory()) / (double) (1 << 20);

        assertThat(PeakMemory.megabytes().orElseThrow()).isGreaterThan(heap / 2).isLessThan(1e6);
    }
}
