package org.gradus.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TutorialCommandTest {

    @Test
    void runsTheSelectedExperiments(@TempDir Path out) throws IOException {
        Path json = out.resolve("tutorial.json");

        CommandRun run =
                CommandRun.of("tutorial", "1", "--only", "T1.B3,T1.6", "--epochs", "1", "--json", json.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("3,923 parameters")
                .contains("1 / 1\t0.2622\t0.2619\n")
                .contains("deck: 2 of 2 cells equal at 4 decimals")
                .contains("PyTorch: 2 of 2 cells equal at 4 decimals");
        JsonNode record = new ObjectMapper().readTree(json.toFile());
        assertThat(record.fieldNames()).toIterable().containsExactly("seed", "runs", "checks");
        JsonNode runs = record.get("runs");
        assertThat(runs.fieldNames()).toIterable().containsExactly("T1.6", "T1.B3");
        for (String field : new String[] {"first_batch_losses", "table"}) {
            assertThat(runs.get("T1.6").get(field))
                    .as("one seed, one network: %s", field)
                    .isEqualTo(runs.get("T1.B3").get(field));
        }
        assertThat(record.get("checks"))
                .as("conclusions are about the published number of epochs")
                .isEmpty();
    }

    /** Two epochs are all that T1.5 has, so its conclusion is checked as published. */
    @Test
    void checksConclusions(@TempDir Path out) throws IOException {
        Path json = out.resolve("tutorial.json");

        CommandRun run = CommandRun.of("tutorial", "1", "--only", "T1.5a,T1.5b", "--json", json.toString());

        assertThat(run.out()).contains("holds  T1.5b\t").contains("MSE\t0.0183\t0.0180\nBCE\t0.1345\t0.1326\n");
        JsonNode checks = new ObjectMapper().readTree(json.toFile()).get("checks");
        assertThat(checks).hasSize(1);
        assertThat(checks.get(0).fieldNames()).toIterable().containsExactly("id", "text", "value", "holds");
        assertThat(checks.get(0).get("holds").asBoolean()).isTrue();
        assertThat(checks.get(0).get("value").asDouble()).isGreaterThan(0.005);
    }

    @Test
    void otherSeedsAreNotCompared() {
        CommandRun run = CommandRun.of("tutorial", "1", "--only", "T1.B1", "--seed", "11", "--epochs", "0");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("seed 11").doesNotContain("deck").doesNotContain("PyTorch");
    }
}
