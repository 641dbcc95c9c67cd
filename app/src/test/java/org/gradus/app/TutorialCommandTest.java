package org.gradus.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.io.Safetensors;
import org.gradus.nn.NetSpec;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class TutorialCommandTest {

    private static CommandRun tutorial(Path out, String line) {
        List<String> words = new ArrayList<>(List.of(("tutorial " + line).split(" ")));
        words.add("--out");
        words.add(out.resolve("report").toString());
        return CommandRun.of(words.toArray(new String[0]));
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void runsTheSelectedExperiments(@TempDir Path out) throws IOException {
        Path json = out.resolve("tutorial.json");

        CommandRun run = tutorial(out, "1 --only T1.B3,T1.6 --epochs 1 --no-figures --json " + json);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("3,923 parameters")
                .contains("1 / 1\t0.2622\t0.2619\n")
                .contains(
                        "deck: 2 of 2 cells equal at 4 decimals; before rounding ours differ from these cells by at most ")
                .contains("PyTorch: 2 of 2 cells equal at 4 decimals")
                .contains("total time ");
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
        assertThat(filesIn(out.resolve("report/figures"))).isEmpty();
        assertThat(out.resolve("report/index.html")).exists();
        assertThat(out.resolve("report/tutorial1.html")).content().contains("T1.6", "T1.B3");
    }

    @Test
    void helpSaysWhichTablesEqualThePublishedOnes() {
        assertThat(CommandRun.of("tutorial", "--help").out())
                .containsIgnoringWhitespaces(
                        "With seed 0 the tables of T1.B1, T1.B2 and T1.B3 equal the published ones at 4 decimals.");
        assertThat(CommandRun.of("--help").out())
                .containsIgnoringWhitespaces(
                        "The published tables that had a seed (T1.B1, T1.B2, T1.B3) come out digit for digit.");
    }

    /** Two epochs are all that T1.5 has, so its conclusion is checked as published. */
    @Test
    void checksConclusions(@TempDir Path out) throws IOException {
        Path json = out.resolve("tutorial.json");

        CommandRun run = tutorial(out, "1 --only T1.5a,T1.5b --json " + json);

        assertThat(run.out())
                .contains("holds  T1.5b\t")
                .contains("MSE\t0.0183\t0.0180\nBCE\t0.1345\t0.1326\n")
                .contains("9 of 9 conclusions hold");
        JsonNode checks = new ObjectMapper().readTree(json.toFile()).get("checks");
        assertThat(checks).hasSize(9);
        for (JsonNode check : checks) {
            assertThat(check.fieldNames()).toIterable().containsExactly("id", "text", "value", "holds");
            assertThat(check.get("holds").asBoolean()).isTrue();
        }
        assertThat(checks.get(8).get("text").asText())
                .isEqualTo("test BCE after 2 epochs is at least 0.005 lower with BCE than with MSE");
        assertThat(checks.get(8).get("value").asDouble()).isGreaterThan(0.005);
        assertThat(filesIn(out.resolve("report/figures")))
                .contains("T1.5a-loss.png", "T1.5a-loss.svg", "T1.5b-reconstructions.png", "T1.5b-reconstructions.svg");

        // The ninth conclusion needs both experiments. It stays when only one of them is run again.
        Path again = out.resolve("again.json");
        tutorial(out, "1 --only T1.5b --json " + again);
        assertThat(again).hasSameTextualContentAs(json);
    }

    // ---- what the folder holds already
    // ------------------------------------------------------------------------------------

    @Test
    void onlyRenewsItsExperimentsAndKeepsTheOthers(@TempDir Path out) throws IOException {
        Path first = out.resolve("first.json");
        tutorial(out, "1 --only T1.0,T1.6,T1.B1 --epochs 0 --json " + first);
        tutorial(out, "2 --only T2.1 --epochs 0");
        String page = Files.readString(out.resolve("report/tutorial1.html"));
        assertThat(page).contains("<section class=\"experiment\" id=\"T1.6\"", "assets/T1.6-explorer.js");

        for (String options : List.of("", " --no-figures", " --fresh")) {
            Path second = out.resolve("second.json");
            CommandRun run = tutorial(out, "1 --only T1.B1 --epochs 0 --json " + second + options);

            assertThat(run.out())
                    .contains("(tutorial1.html also shows 2 experiments of earlier runs with the same settings)");
            assertThat(out.resolve("report/tutorial1.html")).hasContent(page);
            assertThat(second).hasSameTextualContentAs(first);
            assertThat(out.resolve("report/index.html"))
                    .content()
                    .contains(
                            "tutorial1.html#T1.6",
                            "tutorial2.html#T2.1",
                            "<dd>1 of 26: T1.B1; others are of earlier runs");
        }
    }

    @Test
    void experimentsOfOtherSettingsAreLeftOut(@TempDir Path out) throws IOException {
        Path page = out.resolve("report/tutorial1.html");
        tutorial(out, "1 --only T1.0,T1.2,T1.4 --epochs 0 --no-figures");

        tutorial(out, "1 --only T1.4 --epochs 0 --seed 5 --no-figures");
        assertThat(page).content().contains("id=\"T1.4\"").doesNotContain("id=\"T1.0\"", "id=\"T1.2\"");

        tutorial(out, "1 --only T1.0 --epochs 0 --no-figures");
        assertThat(page)
                .content()
                .as("T1.2 still is of seed 0, T1.4 is not")
                .contains("id=\"T1.0\"", "id=\"T1.2\"")
                .doesNotContain("id=\"T1.4\"");
    }

    /** Whatever is missing or cut short is as good as not there. */
    @Test
    void damagedSectionsAreLeftOut(@TempDir Path out) throws IOException {
        Path report = out.resolve("report");
        tutorial(out, "1 --only T1.0,T1.2,T1.4 --epochs 0");
        Path section = report.resolve("sections/T1.2.json");
        byte[] whole = Files.readAllBytes(section);
        Path figure = report.resolve("figures/T1.4-losses.svg");
        Files.delete(figure);

        for (int length : new int[] {0, 1, whole.length / 3, whole.length / 2, whole.length - 3}) {
            Files.write(section, Arrays.copyOf(whole, length));
            CommandRun run = tutorial(out, "1 --only T1.0 --epochs 0");

            assertThat(run.exitCode()).isZero();
            assertThat(run.err()).isEmpty();
            assertThat(report.resolve("tutorial1.html"))
                    .content()
                    .contains("id=\"T1.0\"")
                    .doesNotContain("id=\"T1.2\"", "id=\"T1.4\"");
        }
        Files.write(section, whole);
        Files.createFile(figure);
        tutorial(out, "1 --only T1.0 --epochs 0");
        assertThat(report.resolve("tutorial1.html")).content().contains("id=\"T1.2\"", "id=\"T1.4\"");
    }

    // ---- Ctrl-C
    // -----------------------------------------------------------------------------------------------------------

    /**
     * Told to end in the middle of a training, the program leaves whole files. The next call trains neither what was finished nor
     * the epochs that were. T1.3 and T1.5a are the same training under one seed, so what was interrupted must give the bits of
     * what was not.
     */
    @Test
    void continuesWithWhatIsDone(@TempDir Path out) throws IOException, InterruptedException {
        String line = "tutorial 1 --only T1.3,T1.5a --epochs 4 --no-figures --out " + out.resolve("report");
        List<String> words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), GradusCommand.class.getName()));
        words.addAll(List.of(line.split(" ")));
        // None of this changes a bit, so it is continued with other kernels and all threads.
        words.addAll(List.of("--kernels", "scalar", "--threads", "1"));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        List<String> seen = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            // The second row of T1.5a: by then the checkpoint of its first epoch is written.
            for (int rows = 0; rows < 2; rows += seen.get(seen.size() - 1).startsWith("2 / 4\t") ? 1 : 0) {
                seen.add(Objects.requireNonNull(lines.readLine(), () -> "ended early: " + seen));
            }
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(seen).anyMatch(row -> row.startsWith("T1.5a")).noneMatch(row -> row.startsWith("total time"));
        try (Stream<Path> files = Files.walk(out)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
        }
        assertThat(out.resolve("report/tutorial1.html")).doesNotExist();

        Path json = out.resolve("continued.json");
        CommandRun run = CommandRun.of((line + " --json " + json).split(" "));

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("(4 of 4 epochs kept from an earlier run, computed and timed with JDK "
                        + System.getProperty("java.version") + ", scalar kernels of 32 bits, 1 thread; ")
                .containsPattern("\\([123] of 4 epochs kept from an earlier run, computed and timed with JDK ");
        JsonNode runs = new ObjectMapper().readTree(json.toFile()).get("runs");
        assertThat(runs.at("/T1.3/environment/kernels").asText()).isEqualTo("scalar");
        assertThat(runs.at("/T1.3/environment/threads").asInt()).isEqualTo(1);
        assertThat(runs.at("/T1.5a/environment/kernels").asText()).isEqualTo("vector");
        for (String field : new String[] {"first_batch_losses", "table"}) {
            assertThat(runs.at("/T1.5a/" + field)).isEqualTo(runs.at("/T1.3/" + field));
        }
        assertThat(run.out().split("PyTorch: 8 of 8 cells equal at 4 decimals", -1))
                .hasSize(3);
    }

    @Test
    void otherSeedsAreNotCompared(@TempDir Path out) {
        CommandRun run = tutorial(out, "1 --only T1.B1 --seed 11 --epochs 0 --no-figures");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("seed 11").doesNotContain("deck").doesNotContain("PyTorch");
    }

    /** The second call repeats what the first one computed, times included; --fresh computes anew, and gets the same losses. */
    @Test
    void takesUpWhatIsDone(@TempDir Path out) throws IOException {
        Path first = out.resolve("first.json");
        Path second = out.resolve("second.json");
        Path third = out.resolve("third.json");
        String line = "1 --only T1.B1 --epochs 1 --no-figures --json ";

        String computed = tutorial(out, line + first).out();
        String kept = tutorial(out, line + second).out();
        String fresh = tutorial(out, line + "%s --fresh".formatted(third)).out();

        assertThat(computed).doesNotContain("kept from an earlier run");
        assertThat(kept).contains("1 / 1\t0.2654\t0.2651\n").contains("(1 of 1 epochs kept from an earlier run; ");
        assertThat(second).hasSameTextualContentAs(first);
        assertThat(fresh).doesNotContain("kept from an earlier run");
        ObjectMapper mapper = new ObjectMapper();
        for (String field : new String[] {"first_batch_losses", "table"}) {
            assertThat(mapper.readTree(third.toFile()).at("/runs/T1.B1/" + field))
                    .isEqualTo(mapper.readTree(first.toFile()).at("/runs/T1.B1/" + field));
        }
    }

    @Test
    void otherSettingsAreNotTakenUp(@TempDir Path out) {
        tutorial(out, "1 --only T1.B1 --epochs 1 --no-figures");

        for (String changed : List.of("--epochs 1 --seed 5", "--epochs 2", "--epochs 1")) {
            assertThat(tutorial(out, "1 --only T1.B1 --no-figures " + changed).out())
                    .as("kept is only the last one; now %s", changed)
                    .doesNotContain("kept from an earlier run");
        }
    }

    /** A file cut short is no checkpoint: the training is done again and the file replaced. */
    @Test
    void damagedCheckpointsAreReplaced(@TempDir Path out) throws IOException {
        String line = "1 --only T1.B1 --epochs 1 --no-figures";
        String table = "1 / 1\t0.2654\t0.2651\n";
        tutorial(out, line);
        List<Path> files = new ArrayList<>();
        for (String name : filesIn(out.resolve("report/runs"))) {
            Path file = out.resolve("report/runs").resolve(name);
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            files.add(file);
        }
        assertThat(files).hasSize(2);

        CommandRun again = tutorial(out, line);

        assertThat(again.err()).isEmpty();
        assertThat(again.out()).contains(table).doesNotContain("kept from an earlier run");
        assertThat(tutorial(out, line).out()).contains("kept from an earlier run");
    }

    /** Given weights stand in for T3.0's training, which then is no run. */
    @Test
    void referenceWeightsAreTaken(@TempDir Path out) throws IOException {
        Path weights = out.resolve("reference.safetensors");
        NetSpec layers = NetSpec.parse("784-392:prelu-96:prelu-3:prelu+normalize-96:prelu-392:prelu-784:sigmoid");
        Safetensors.write(weights, layers.build(new TorchRandom(1)).stateDict(), Map.of());
        Path json = out.resolve("tutorial.json");

        CommandRun run = tutorial(
                out.resolve("other"),
                "3 --only T3.2 --epochs 0 --no-figures --reference " + weights + " --json " + json);

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("Network with given weights")
                .contains("great-circle distance before fine-tuning: ")
                .doesNotContain("T3.1");
        assertThat(new ObjectMapper().readTree(json.toFile()).get("runs").fieldNames())
                .toIterable()
                .containsExactly("T3.2");
    }

    @Test
    void referenceOfAnotherNetwork(@TempDir Path out) throws IOException {
        Path file = out.resolve("small.safetensors");
        Safetensors.write(file, Map.of("0.weight", Tensor.zeros(2, 784)), Map.of());

        CommandRun run = tutorial(out, "3 --only T3.1 --reference " + file);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith(
                        "gradus: --reference " + file + ": state dict does not fit Sequential and nothing was loaded; ")
                .hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void missingReference(@TempDir Path out) {
        CommandRun run = tutorial(out, "3 --reference " + out.resolve("none.safetensors"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("gradus: --reference: ")
                .contains("none.safetensors")
                .hasLineCount(1);
    }

    @Test
    void reportWhereAFileIs(@TempDir Path out) throws IOException {
        Files.writeString(out.resolve("report"), "a file");

        CommandRun run = tutorial(out, "1 --only T1.2");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("gradus: --out " + out.resolve("report") + ": cannot write there")
                .hasLineCount(1);
    }

    /** All experiments without training: every figure that does not show a training's losses. */
    @Test
    void everyFigureIsDrawn(@TempDir Path out) throws IOException {
        CommandRun run = tutorial(out, "all --epochs 0");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        List<String> expected = new ArrayList<>();
        for (String name : FIGURES) {
            expected.add(name + ".png");
            expected.add(name + ".svg");
        }
        assertThat(filesIn(out.resolve("report/figures"))).containsExactlyInAnyOrderElementsOf(expected);
        for (int number = 1; number <= 3; number++) {
            assertThat(out.resolve("report/tutorial" + number + ".html")).exists();
        }
        assertThat(run.out()).contains("[26 of 26, about ").contains("total time ");
    }

    /** The list of the specification, its loss curves left out. */
    private static final List<String> FIGURES = List.of(
            "T1.0-samples",
            "T1.1-latent",
            "T1.1-components",
            "T1.1-reconstructions",
            "T1.2-untrained",
            "T1.3-reconstructions",
            "T1.4-losses",
            "T1.4-derivatives",
            "T1.4-activations",
            "T1.5a-reconstructions",
            "T1.5b-reconstructions",
            "T1.6-latent",
            "T1.7-pca-vs-autoencoder",
            "T1.B1-latent",
            "T1.B1-reconstructions",
            "T1.B1-weights",
            "T1.B1c-latent",
            "T1.B1c-reconstructions",
            "T1.B1c-weights",
            "T1.B2-latent",
            "T1.B2-reconstructions",
            "T1.B2-weights",
            "T1.B2n-latent",
            "T1.B2n-reconstructions",
            "T1.B2n-weights",
            "T1.B3-latent",
            "T1.B3-weights",
            "T1.B4-latent",
            "T1.B4-components",
            "T1.B4-reconstructions",
            "T2.1-reconstructions",
            "T2.1-latent",
            "T2.2-latent3d",
            "T2.3-latent3d",
            "T2.3-reconstructions",
            "T2.3-latent",
            "T2.B1-reconstructions",
            "T2.B1-latent",
            "T3.0-reconstructions",
            "T3.0-latent",
            "T3.1-before",
            "T3.1-before-codes",
            "T3.1-after",
            "T3.1-after-codes",
            "T3.1-shift",
            "T3.2-before",
            "T3.2-before-codes",
            "T3.2-after",
            "T3.2-after-codes",
            "T3.2-shift",
            "T3.3-before",
            "T3.3-before-codes",
            "T3.3-after",
            "T3.3-after-codes",
            "T3.3-shift",
            "T3.4-reconstructions",
            "T3.4-latent",
            "T3.5-reconstructions-1",
            "T3.5-reconstructions-0",
            "T3.5-latent",
            "T3.6-shuffled",
            "T3.6-noisy",
            "T3.6-denoised",
            "T3.6-latent");
}
