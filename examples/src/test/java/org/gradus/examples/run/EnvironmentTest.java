package org.gradus.examples.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnvironmentTest {

    @Test
    void aLineReadsBack() {
        for (Environment environment : new Environment[] {
            new Environment("vector", 256, 2, "17.0.15"),
            new Environment("scalar", 0, 1, "25"),
            new Environment("vector", 512, 64, "26-ea, of a vendor"),
            Environment.current()
        }) {
            assertThat(Environment.parse(environment.toString())).contains(environment);
        }
    }

    @Test
    void otherLinesAreNone() {
        assertThat(Environment.parse("null")).isEmpty();
        assertThat(Environment.parse("JDK 17, vector kernels of many bits, 2 threads"))
                .isEmpty();
        assertThat(Environment.parse("JDK 17, scalar kernels, 99999999999 threads"))
                .isEmpty();
    }
}
