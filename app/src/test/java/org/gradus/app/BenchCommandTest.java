package org.gradus.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.kernel.Engine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

    @Test
    void measuresProductsAndNetworks(@TempDir Path folder) throws IOException {
        Path json = folder.resolve("bench.json");
        Engine.shared();
        Set<Thread> before = workers();
        CommandRun run = CommandRun.of("bench", "--quick", "--json", json.toString());

        assertThat(workers()).as("its engines are closed").allMatch(before::contains);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .containsPattern("(?m)^JDK .* kernels.* threads? on \\d+ processors?$")
                .containsPattern("(?m)^NT 128x392x784 +\\d+\\.\\d +\\d+ %")
                .containsPattern("(?m)^peak +\\d+\\.\\d")
                .containsPattern("(?m)^thick +[\\d,]+ +[\\d,]+ +[\\d,]+$");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(json);
        }
        JsonNode record = new ObjectMapper().readTree(json.toFile());
        assertThat(record.fieldNames())
                .toIterable()
                .containsExactly("environment", "processors", "peak_gflops_of_a_thread", "threads", "products", "nets");
        int settings = Engine.shared().threads() == 1 ? 1 : 2;
        double peak = record.get("peak_gflops_of_a_thread").asDouble();
        assertThat(record.get("threads")).hasSize(settings);
        assertThat(record.get("products")).hasSize(19).allSatisfy(product -> {
            assertThat(product.fieldNames()).toIterable().containsExactly("op", "m", "n", "k", "gflops");
            assertThat(product.get("gflops")).hasSize(settings).allMatch(speed -> speed.asDouble() > 0);
            assertThat(product.get("gflops").get(0).asDouble()).isLessThanOrEqualTo(peak);
        });
        assertThat(record.get("nets")).hasSize(6).allSatisfy(net -> {
            assertThat(net.fieldNames())
                    .toIterable()
                    .containsExactly("net", "spec", "loss", "batch", "trained_per_second", "evaluated_per_second");
            assertThat(net.get("trained_per_second").size()).isGreaterThanOrEqualTo(2);
            assertThat(net.get("evaluated_per_second")).hasSameSizeAs(net.get("trained_per_second"));
            assertThat(net.get("trained_per_second")).allMatch(speed -> speed.asDouble() > 0);
        });
    }

    private static Set<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("gradus-worker"))
                .collect(Collectors.toSet());
    }

    /** Before anything is measured. */
    @Test
    void unwritableFileIsRefused(@TempDir Path folder) {
        Path missing = folder.resolve("missing").resolve("bench.json");
        CommandRun run = CommandRun.of("bench", "--json", missing.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("gradus: --json: ").hasLineCount(1);
    }

    @Test
    void wrongThreadsAreRefused() {
        CommandRun run = CommandRun.of("bench", "--threads", "0");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("gradus: --threads is 0 but must be 1 to 1024\n");
    }
}
