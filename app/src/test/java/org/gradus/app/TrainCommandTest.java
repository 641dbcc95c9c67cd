package org.gradus.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.examples.tutorial.Tutorial;
import org.gradus.kernel.KernelProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeImages() throws IOException {
        IdxFolder.write(folder, 200, 50, 28);
    }

    private static JsonNode train(Path json, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of("train", "--json", json.toString()));
        args.addAll(List.of(more));
        CommandRun run = CommandRun.of(args.toArray(new String[0]));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return MAPPER.readTree(json.toFile());
    }

    private static JsonNode small(Path json, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "--net",
                "784-3:prelu+normalize-784:sigmoid",
                "--loss",
                "bce",
                "--epochs",
                "2",
                "--data",
                folder.toString()));
        args.addAll(List.of(more));
        return train(json, args.toArray(new String[0]));
    }

    @Test
    void recordHasTheAgreedForm(@TempDir Path out) throws IOException {
        JsonNode record = small(out.resolve("run.json"), "--batch", "96");

        assertThat(record.fieldNames())
                .toIterable()
                .containsExactly(
                        "loss", "epochs", "batch", "first_batch_losses", "table", "epoch_seconds", "environment");
        assertThat(record.get("loss").asText()).isEqualTo("bce");
        assertThat(record.get("epochs").asInt()).isEqualTo(2);
        assertThat(record.get("batch").asInt()).isEqualTo(96);
        assertThat(record.get("first_batch_losses")).hasSize(6);
        assertThat(record.get("table")).hasSize(2).allMatch(row -> row.size() == 2);
        assertThat(record.get("epoch_seconds")).hasSize(2).allMatch(row -> row.size() == 2);
        assertThat(record.get("environment").fieldNames())
                .toIterable()
                .containsExactly("kernels", "vector_bits", "threads", "jdk", "steps", "stepsWhy");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files).hasSize(1);
        }
    }

    /** The same words in the record and, if asked for, on standard error; nothing of it between the results. */
    @Test
    void tellsHowStepsWereTaken(@TempDir Path out) throws IOException {
        List<String> args = List.of(
                "train",
                "--net",
                "784-2:relu-784:sigmoid",
                "--loss",
                "mse",
                "--epochs",
                "2",
                "--data",
                folder.toString(),
                "--json",
                out.resolve("run.json").toString());
        CommandRun silent = CommandRun.of(args.toArray(new String[0]));
        List<String> more = new ArrayList<>(args);
        more.add("--verbose");
        CommandRun verbose = CommandRun.of(more.toArray(new String[0]));

        boolean plans = KernelProvider.kernels().name().equals("vector");
        String why = "the plain kernels are in use; plans need the SIMD kernels";
        assertThat(silent.err()).doesNotContain("steps:");
        assertThat(verbose.err())
                .isEqualTo(plans ? "steps: planned\n" : "steps: replayed; not planned because " + why + "\n");
        assertThat(verbose.out()).isEqualTo(silent.out());
        JsonNode environment = MAPPER.readTree(out.resolve("run.json").toFile()).get("environment");
        assertThat(environment.get("steps").asText()).isEqualTo(plans ? "planned" : "replayed");
        assertThat(environment.get("stepsWhy").isNull()).isEqualTo(plans);
    }

    @Test
    void firstBatchLossesEndAtOneHundred(@TempDir Path out) throws IOException {
        assertThat(small(out.resolve("run.json"), "--batch", "1").get("first_batch_losses"))
                .hasSize(100);
    }

    @Test
    void repeatedRunsDifferInTimesOnly(@TempDir Path out) throws IOException {
        JsonNode first = small(out.resolve("first.json"));
        JsonNode second = small(out.resolve("second.json"));
        JsonNode otherSeed = small(out.resolve("third.json"), "--seed", "1");

        assertThat(first).isNotEqualTo(otherSeed);
        ((ObjectNode) first).remove("epoch_seconds");
        ((ObjectNode) second).remove("epoch_seconds");
        assertThat(second).isEqualTo(first);
    }

    @Test
    void printsNetworkAndTable() {
        CommandRun run = CommandRun.of(
                "train",
                "--net",
                "784-2:relu-784:sigmoid",
                "--loss",
                "mse",
                "--epochs",
                "1",
                "--data",
                folder.toString());

        assertThat(run.out())
                .startsWith("Sequential(\n  (0): Linear(in_features=784, out_features=2, bias=True)\n")
                .contains("3,922 parameters; 200 training and 50 test images, batches of 64, mse\n")
                .containsPattern("Epoch\tLoss train\tLoss test\n1 / 1\t0\\.\\d{4}\t0\\.\\d{4}\n$");
    }

    @Test
    void optionsReachTheTraining(@TempDir Path out) throws IOException {
        List<JsonNode> tables = new ArrayList<>();
        for (String options : List.of(
                "",
                "--lr 0.01",
                "--optimizer sgd",
                "--optimizer sgd --momentum 0.9",
                "--init kaiming-uniform",
                "--init kaiming-normal",
                "--init kaiming-uniform --init-linears 1",
                "--init kaiming-uniform --reseed-before-init")) {
            String[] words = options.isEmpty() ? new String[0] : options.split(" ");
            tables.add(small(out.resolve("run.json"), words).get("table"));
        }
        assertThat(tables).doesNotHaveDuplicates();

        JsonNode noLinears = small(out.resolve("run.json"), "--init", "kaiming-uniform", "--init-linears", "0");
        assertThat(noLinears.get("table")).isEqualTo(tables.get(0));
    }

    @Test
    void divergedLossIsNull(@TempDir Path out) throws IOException {
        JsonNode record = train(
                out.resolve("run.json"),
                "--net",
                "784-2-784",
                "--loss",
                "mse",
                "--optimizer",
                "sgd",
                "--lr",
                "1e38",
                "--epochs",
                "1",
                "--keep-going",
                "--data",
                folder.toString());

        assertThat(record.get("table").get(0).get(0).isNull()).isTrue();
    }

    /**
     * Real MNIST, one epoch, against the same run in PyTorch: with default weights, and with the encoder's weights drawn anew
     * from a stream that was seeded again. Rounding moves the losses of these networks by the bounds below.
     */
    @ParameterizedTest
    @CsvSource({
        "T1.B3, 784-2:prelu-784:sigmoid, ''",
        "T1.B2, 784-2:relu-784:sigmoid, --init kaiming-uniform --init-linears 1 --reseed-before-init",
        "T1.B2n, 784-2:relu-784:sigmoid, --init kaiming-normal --init-linears 1 --reseed-before-init",
    })
    void firstEpochOnMnistIsThatOfPyTorch(String id, String net, String init, @TempDir Path out) throws IOException {
        List<String> args = new ArrayList<>(List.of("--net", net, "--loss", "bce", "--epochs", "1"));
        if (!init.isEmpty()) {
            args.addAll(List.of(init.split(" ")));
        }

        JsonNode ours = train(out.resolve("run.json"), args.toArray(new String[0]));

        JsonNode pytorch = pytorch(id);
        for (int b = 0; b < 100; b++) {
            double expected = pytorch.get("first_batch_losses").get(b).asDouble();
            assertThat(ours.get("first_batch_losses").get(b).asDouble())
                    .as("batch %d", b)
                    .isCloseTo(expected, within(expected * (b < 10 ? 1e-6 : 2e-6)));
        }
        for (int set = 0; set < 2; set++) {
            assertThat(ours.get("table").get(0).get(set).asDouble())
                    .isCloseTo(pytorch.get("table").get(0).get(set).asDouble(), within(2e-5));
        }
    }

    private static JsonNode pytorch(String id) throws IOException {
        try (InputStream in = Tutorial.class.getResourceAsStream("tutorial_runs_seed0.json")) {
            return MAPPER.readTree(in).get("runs").get(id);
        }
    }
}
