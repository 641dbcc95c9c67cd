package org.gradus.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.io.Checkpoint;
import org.gradus.io.Safetensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train} with {@code --save}, {@code --load} and {@code --resume}. */
class ResumeTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String NET = "784-3:prelu+normalize-784:sigmoid";

    @TempDir
    private static Path data;

    @TempDir
    private Path folder;

    private Path saved = Path.of("");

    @BeforeAll
    static void writeImages() throws IOException {
        IdxFolder.write(data, 200, 50, 28);
    }

    @BeforeEach
    void nameFile() {
        saved = folder.resolve("run.safetensors");
    }

    private static CommandRun train(String... more) {
        List<String> args = new ArrayList<>(List.of("train", "--data", data.toString()));
        args.addAll(List.of(more));
        return CommandRun.of(args.toArray(new String[0]));
    }

    private static CommandRun succeeding(String... more) {
        CommandRun run = train(more);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run;
    }

    /** A run from the start. */
    private static CommandRun fresh(String... more) {
        List<String> args = new ArrayList<>(List.of("--net", NET, "--loss", "bce"));
        args.addAll(List.of(more));
        return succeeding(args.toArray(new String[0]));
    }

    private static void assertRefused(String message, String... args) {
        CommandRun run = train(args);

        assertThat(run.err()).isEqualTo("gradus: " + message + "\n");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    private static JsonNode withoutTimes(Path json) throws IOException {
        ObjectNode record = (ObjectNode) MAPPER.readTree(json.toFile());
        assertThat(record.remove("epoch_seconds"))
                .hasSize(record.get("epochs").asInt())
                .allMatch(row -> row.size() == 2);
        // how steps were taken is told by who takes some
        ((ObjectNode) record.get("environment")).remove(List.of("steps", "stepsWhy"));
        return record;
    }

    /** Everything, times apart, which the state of training holds too. */
    private static void assertSameRun(Path actual, Path expected) throws IOException {
        assertThat(Files.readAllBytes(actual)).isEqualTo(Files.readAllBytes(expected));
        Safetensors ours = Safetensors.load(Checkpoint.stateFile(actual));
        Safetensors theirs = Safetensors.load(Checkpoint.stateFile(expected));
        Map<String, String> metadata = new HashMap<>(theirs.metadata());
        metadata.put("history.seconds", ours.metadata().getOrDefault("history.seconds", ""));
        assertThat(ours.metadata()).isEqualTo(metadata);
        assertThat(ours.tensors().keySet()).isEqualTo(theirs.tensors().keySet());
        theirs.tensors().forEach((name, tensor) -> {
            Tensor other = ours.tensors().get(name);
            assertThat(other).as(name).isNotNull();
            // Equal as doubles means equal bits, zeros and NaN included.
            assertThat(other.data()).as(name).containsExactly(tensor.data());
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--optimizer sgd --momentum 0.9 --lr 0.05 --batch 30 --seed 7",
                "--init kaiming-uniform --init-linears 1 --reseed-before-init --batch 1000"
            })
    void resumedRunIsTheUninterruptedOne(String options) throws IOException {
        String[] more = options.isEmpty() ? new String[0] : options.split(" ");
        Path whole = folder.resolve("whole.safetensors");
        Path wholeJson = folder.resolve("whole.json");
        Path json = folder.resolve("run.json");
        CommandRun expected = fresh(with(more, "--epochs", "4", "--save", whole, "--json", wholeJson));

        fresh(with(more, "--epochs", "1", "--save", saved));
        succeeding("--resume", saved.toString(), "--epochs", "2", "--save", saved.toString());
        // The second time all settings are repeated.
        CommandRun last = fresh(with(more, "--resume", saved, "--epochs", "4", "--save", saved, "--json", json));

        assertThat(withoutTimes(json)).isEqualTo(withoutTimes(wholeJson));
        assertSameRun(saved, whole);
        assertThat(last.out())
                .isEqualTo(expected.out().replace("Epoch\t", "continuing " + saved + " after epoch 2\nEpoch\t"));
    }

    private static String[] with(String[] options, Object... more) {
        List<String> all = new ArrayList<>(List.of(options));
        for (Object word : more) {
            all.add(word.toString());
        }
        return all.toArray(new String[0]);
    }

    @Test
    void nothingLeftToTrain() throws IOException {
        fresh(
                "--epochs",
                "2",
                "--save",
                saved.toString(),
                "--json",
                folder.resolve("a.json").toString());
        Path copy = folder.resolve("copy.safetensors");

        succeeding(
                "--resume",
                saved.toString(),
                "--epochs",
                "2",
                "--save",
                copy.toString(),
                "--json",
                folder.resolve("b.json").toString());

        assertThat(withoutTimes(folder.resolve("b.json"))).isEqualTo(withoutTimes(folder.resolve("a.json")));
        assertSameRun(copy, saved);
    }

    @Test
    void noEpochsSaveTheInitialWeights() throws IOException {
        fresh("--epochs", "0", "--save", saved.toString());
        Path whole = folder.resolve("whole.safetensors");
        fresh("--epochs", "2", "--save", whole.toString());

        succeeding("--resume", saved.toString(), "--epochs", "2", "--save", saved.toString());

        assertSameRun(saved, whole);
    }

    @Test
    void withoutSaveNothingIsWritten() throws IOException {
        fresh("--epochs", "1", "--save", saved.toString());
        byte[] before = Files.readAllBytes(saved);

        succeeding("--resume", saved.toString(), "--epochs", "2");

        assertThat(Files.readAllBytes(saved)).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(saved, Checkpoint.stateFile(saved));
        }
    }

    @Test
    void loadStartsAfreshFromTheWeights() throws IOException {
        fresh("--epochs", "1", "--save", saved.toString());
        Path same = folder.resolve("same.safetensors");
        Path json = folder.resolve("run.json");

        fresh("--epochs", "0", "--load", saved.toString(), "--save", same.toString());
        CommandRun run = fresh("--epochs", "1", "--load", saved.toString(), "--json", json.toString());

        Map<String, Tensor> loaded = Safetensors.read(same);
        Safetensors.read(saved)
                .forEach((name, tensor) -> assertThat(
                                loaded.getOrDefault(name, Tensor.scalar(0)).data())
                        .containsExactly(tensor.data()));
        assertThat(Checkpoint.load(same).optimizer().steps()).isZero();
        assertThat(MAPPER.readTree(json.toFile()).get("table")).hasSize(1);
        assertThat(run.out()).contains("\n1 / 1\t").doesNotContain("continuing");
    }

    // ---- wrong options
    // -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--batch 32|--batch is 32 but FILE was trained with 64; leave --batch out",
                "--lr 0.01|--lr is 0.01 but FILE was trained with 0.001; leave --lr out",
                "--seed 1|--seed is 1 but FILE was trained with 0; leave --seed out",
                "--loss mse|--loss is mse but FILE was trained with bce; leave --loss out",
                "--net 784-3:relu-784:sigmoid|--net is 784-3:relu-784:sigmoid but FILE was trained with " + NET
                        + "; leave --net out",
                "--optimizer sgd|--optimizer is sgd but FILE was trained with adam; leave --optimizer out",
                "--init kaiming-normal|--init is kaiming-normal but FILE was trained with default; leave --init out",
            })
    void otherSettings(String options, String message) {
        fresh("--epochs", "1", "--save", saved.toString());

        assertRefused(
                message.replace("FILE", saved.toString()) + ", or start afresh from its weights with --load",
                with(options.split(" "), "--resume", saved));
    }

    @Test
    void optionsThatContradictEachOther() {
        fresh("--epochs", "3", "--save", saved.toString());

        assertRefused(
                "--epochs is 2 in all but " + saved + " was trained for 3 already; ask for at least as many",
                "--resume",
                saved.toString(),
                "--epochs",
                "2");
        assertRefused(
                "--load starts afresh from weights, --resume continues a run; leave one of them out",
                "--resume",
                saved.toString(),
                "--load",
                saved.toString());
        assertRefused(
                "--init draws weights that --load would replace; leave one of them out",
                "--net",
                NET,
                "--loss",
                "bce",
                "--init",
                "kaiming-normal",
                "--load",
                saved.toString());
    }

    @Test
    void otherImages() throws IOException {
        fresh("--epochs", "1", "--save", saved.toString());
        Path other = Files.createDirectory(folder.resolve("data"));
        IdxFolder.write(other, 200, 50, 28);
        Path pixels = other.resolve("t10k-images-idx3-ubyte");
        byte[] changed = Files.readAllBytes(pixels);
        changed[1000]++;
        Files.write(pixels, changed);

        CommandRun run = CommandRun.of("train", "--resume", saved.toString(), "--data", other.toString());

        assertThat(run.err())
                .matches("gradus: --resume " + saved + ": was trained with other images "
                        + "\\(200\\+50 images of 784 pixels, CRC-32C [0-9a-f]{8}\\) than these "
                        + "\\(200\\+50 images of 784 pixels, CRC-32C [0-9a-f]{8}\\); give the same --data\n");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void placesThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        String[] run = {"--net", NET, "--loss", "bce"};

        assertRefused(
                "--save: cannot write " + folder + ": it is a folder; name a file in it", with(run, "--save", folder));
        assertRefused(
                "--save: cannot write " + folder + "/none/a: folder " + folder
                        + "/none does not exist; create it or name another file",
                with(run, "--save", folder + "/none/a"));
        Files.createDirectory(folder.resolve("a.state.safetensors"));
        assertRefused(
                "--save: cannot write " + folder + "/a.state.safetensors: it is a folder; name a file in it",
                with(run, "--save", folder + "/a.safetensors"));
        assertThat(file).hasContent("old");
    }

    // ---- broken files
    // ------------------------------------------------------------------------------------------------

    @Test
    void missingFiles() throws IOException {
        assertRefused(
                "--load " + saved + ": there is no such file; check the name",
                "--net",
                NET,
                "--loss",
                "bce",
                "--load",
                saved.toString());
        assertRefused("--resume " + saved + ": there is no such file; check the name", "--resume", saved.toString());

        fresh("--epochs", "1", "--save", saved.toString());
        Files.delete(Checkpoint.stateFile(saved));
        assertRefused(
                "--resume " + saved + ": cannot be continued, there is no run.state.safetensors beside it; its weights "
                        + "alone can be loaded for a fresh start",
                "--resume",
                saved.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.safetensors", "run.state.safetensors"})
    void filesCutShort(String name) throws IOException {
        fresh("--epochs", "1", "--save", saved.toString());
        Path file = folder.resolve(name);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 7, 8, 300, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));

            CommandRun resumed = train("--resume", saved.toString());
            assertThat(resumed.err())
                    .startsWith("gradus: --resume " + file + ": ")
                    .contains("cut short?")
                    .hasLineCount(1);
            assertThat(resumed.exitCode()).isEqualTo(2);

            CommandRun loaded = train("--net", NET, "--loss", "bce", "--load", file.toString());
            assertThat(loaded.err())
                    .startsWith("gradus: --load " + file + ": ")
                    .contains("cut short?")
                    .hasLineCount(1);
            assertThat(loaded.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void weightsOfAnotherNetwork() {
        fresh("--epochs", "0", "--save", saved.toString());

        CommandRun run = train("--net", "784-2:relu-784:sigmoid", "--loss", "bce", "--load", saved.toString());

        assertThat(run.err())
                .startsWith("gradus: --load " + saved + ": state dict does not fit Sequential and nothing was loaded; ")
                .contains("'0.weight' [3,784] instead of [2,784]")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    /** Files that are well formed, but whose content was changed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "setting.batch|32|has losses of 4 batches instead of 7; it is damaged, train anew",
                "setting.batch|0|was not saved by 'gradus train' (--batch is 0 but must be 1 or more); start afresh from its weights with --load",
                "setting.batch|many|was not saved by 'gradus train' (For input string: \"many\"); start afresh from its weights with --load",
                "setting.batch||was not saved by 'gradus train' (there is no setting 'batch'); start afresh from its weights with --load",
                "setting.loss|l1|was not saved by 'gradus train' ('l1' must be one of bce, mse); start afresh from its weights with --load",
            })
    void changedSettings(String name, String value, String problem) throws IOException {
        fresh("--epochs", "1", "--save", saved.toString());
        for (Path file : List.of(saved, Checkpoint.stateFile(saved))) {
            Safetensors good = Safetensors.load(file);
            Map<String, String> metadata = new HashMap<>(good.metadata());
            if (value == null) {
                metadata.remove(name);
            } else {
                metadata.put(name, value);
            }
            Safetensors.write(file, good.tensors(), metadata);
        }

        assertRefused("--resume " + saved + ": " + problem, "--resume", saved.toString());
    }

    @Test
    void stateOfAnotherNetwork() throws IOException {
        fresh("--epochs", "1", "--save", saved.toString());
        for (Path file : List.of(saved, Checkpoint.stateFile(saved))) {
            Safetensors good = Safetensors.load(file);
            Map<String, String> metadata = new HashMap<>(good.metadata());
            metadata.put("setting.net", "784-4:prelu-784:sigmoid");
            Safetensors.write(file, good.tensors(), metadata);
        }

        CommandRun run = train("--resume", saved.toString());

        assertThat(run.err())
                .startsWith("gradus: --resume " + saved + ": state dict does not fit Adam")
                .hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    // ---- Ctrl-C
    // ------------------------------------------------------------------------------------------------------

    /** A program told to end at any moment leaves whole files, from which the run continues as if nothing had happened. */
    @Test
    void endOfTheProgramLeavesWholeFiles() throws IOException, InterruptedException {
        for (int rows = 2; rows <= 4; rows++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            GradusCommand.class.getName(),
                            "train",
                            "--net",
                            NET,
                            "--loss",
                            "bce",
                            "--epochs",
                            "100000",
                            "--data",
                            data.toString(),
                            "--save",
                            saved.toString())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                // After the second row is printed the files of the first epoch are written.
                String last = rows + " / 100000\t";
                assertThat(lines.lines().anyMatch(line -> line.startsWith(last)))
                        .isTrue();
                process.destroy();
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.filter(file -> file.toString().contains("run")))
                        .containsExactlyInAnyOrder(saved, Checkpoint.stateFile(saved));
            }

            int epochs = Checkpoint.load(saved).epoch();
            assertThat(epochs).isGreaterThanOrEqualTo(rows - 1);
            Path whole = folder.resolve("whole.safetensors");
            String more = String.valueOf(epochs + 1);
            succeeding("--resume", saved.toString(), "--epochs", more, "--save", saved.toString());
            fresh("--epochs", more, "--save", whole.toString());
            assertSameRun(saved, whole);
        }
    }
}
