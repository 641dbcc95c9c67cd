package org.gradus.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.junit.jupiter.api.Test;

class InfoCommandTest {

    @Test
    void tellsWhatIsComputedWith() {
        CommandRun run = CommandRun.of("info");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("kernels      " + Engine.shared().kernels().name() + ", " + KernelProvider.reason() + "\n")
                .contains("threads      " + Engine.shared().threads() + " on ")
                .contains("jdk          " + System.getProperty("java.version"))
                .containsPattern("cpu fma      (yes|no|this JVM)")
                .containsPattern("picocli      4\\.");
    }
}
