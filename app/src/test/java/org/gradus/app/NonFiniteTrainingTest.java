package org.gradus.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.gradus.autograd.Tensor;
import org.gradus.io.Checkpoint;
import org.gradus.io.Safetensors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train} that loses its numbers: where it ends, what it says, and what it leaves behind. */
class NonFiniteTrainingTest {

    @TempDir
    private static Path data;

    @TempDir
    private Path folder;

    private Path saved = Path.of("");
    private Path json = Path.of("");

    @BeforeAll
    static void writeImages() throws IOException {
        IdxFolder.write(data, 200, 50, 28); // batches of 64 make 4
    }

    @BeforeEach
    void nameFiles() {
        saved = folder.resolve("run.safetensors");
        json = folder.resolve("run.json");
    }

    private CommandRun train(String options) {
        List<String> args = new ArrayList<>(List.of("train", "--data", data.toString()));
        args.addAll(List.of(options.split(" ")));
        args.addAll(List.of("--json", json.toString()));
        return CommandRun.of(args.toArray(new String[0]));
    }

    private JsonNode record() throws IOException {
        return new ObjectMapper().readTree(json.toFile());
    }

    private static void assertFinite(Map<String, Tensor> weights) {
        assertThat(weights).isNotEmpty().allSatisfy((name, tensor) -> {
            for (float value : tensor.data()) {
                assertThat(value).as(name).isFinite();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"1e30, 1.0E30", "1e12, 1.0E12"})
    void endsWithOneLineAndExitCode2AndARecord(String rate, String text) throws IOException {
        CommandRun run = train("--net 784-2-784 --loss mse --optimizer sgd --epochs 2 --lr " + rate);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().replaceAll("NaN|Infinity", "X"))
                .matches("gradus: epoch 1, batch \\d of 4: the loss is X; the optimiser did not move by it(; parameter"
                        + " [\\w.]+ \\[[\\d,]+] has -?X at \\[[\\d,]+])?\\. Likely --lr " + text.replace(".", "\\.")
                        + " is too large; take a smaller one, or train on with --keep-going\n");
        assertThat(run.out()).endsWith("Epoch\tLoss train\tLoss test\n");
        JsonNode end = record().get("non_finite");
        assertThat(end.get("epoch").intValue()).isEqualTo(1);
        int batch = end.get("batch").intValue();
        assertThat(batch).isBetween(2, 4);
        assertThat(end.get("what").textValue()).isEqualTo("loss of the batch");
        assertThat(end.get("value").textValue()).matches("NaN|Infinity");
        assertThat(record().get("first_batch_losses")).hasSize(batch);
        assertThat(record().get("first_batch_losses").get(batch - 1).isNull()).isTrue();
        assertThat(record().get("first_batch_losses").get(0).isNumber()).isTrue();
        assertThat(record().get("table")).isEmpty();
    }

    @Test
    void nothingIsSaidInTheRecordOfARunThatEndsWell() throws IOException {
        assertThat(train("--net 784-2-784 --loss mse --epochs 1").exitCode()).isZero();
        assertThat(record().has("non_finite")).isFalse();
    }

    @Test
    void withKeepGoingItGoesOn() throws IOException {
        CommandRun run =
                train("--net 784-2-784 --loss mse --optimizer sgd --epochs 2 --lr 1e30 --keep-going --save " + saved);
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).endsWith("1 / 2\tnan\tnan\n2 / 2\tnan\tnan\n");
        assertThat(run.err())
                .isEqualTo("gradus: --save: weights or losses are not finite any more; nothing was written\n");
        assertThat(saved).doesNotExist();
        assertThat(record().get("table").get(1).get(0).isNull()).isTrue();
        assertThat(record().has("non_finite")).isFalse();
    }

    /** One map from images to images multiplies its error by about the same number in every step. */
    @Test
    void saveKeepsTheLastFiniteState() throws IOException {
        CommandRun run = train("--net 784-784 --loss mse --optimizer sgd --epochs 5 --lr 3000 --save " + saved);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .matches(
                        "gradus: epoch 2, batch \\d of 4: the loss is \\w+; the optimiser did not move by it\\. Likely .*"
                                + " with --keep-going\\. --save: .*run\\.safetensors holds the state after epoch 1\n");
        assertThat(record().get("table")).hasSize(1);
        assertThat(record().get("non_finite").get("epoch").intValue()).isEqualTo(2);
        assertThat(Checkpoint.load(saved).epoch()).isEqualTo(1);
        assertFinite(Safetensors.read(saved));
        byte[] kept = Files.readAllBytes(saved);

        CommandRun goingOn = train("--resume " + saved + " --epochs 5 --keep-going --save " + saved);
        assertThat(goingOn.exitCode()).isZero();
        assertThat(goingOn.out()).endsWith("5 / 5\tnan\tnan\n");
        assertThat(goingOn.err())
                .isEqualTo("gradus: --save: weights or losses are not finite any more; nothing was written\n");
        assertThat(Files.readAllBytes(saved)).isEqualTo(kept);

        CommandRun again = train("--resume " + saved + " --epochs 5 --save " + saved);
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).startsWith("gradus: epoch 2, batch ").endsWith(". --save: nothing was written\n");
        assertThat(record().get("table")).hasSize(1);
        assertThat(Files.readAllBytes(saved)).isEqualTo(kept);
    }

    /** Weights that come from a file may be the cause, and are named then. */
    @Test
    void weightsOfAFileAreNamed() throws IOException {
        String net = "--net 784-2-784 --loss mse --optimizer sgd ";
        assertThat(train(net + "--epochs 1 --save " + saved).exitCode()).isZero();
        Map<String, Tensor> weights = new LinkedHashMap<>(Safetensors.read(saved));
        Objects.requireNonNull(weights.get("1.weight")).data()[5] = Float.NaN;
        Path spoilt = folder.resolve("spoilt.safetensors");
        Safetensors.write(spoilt, weights, Map.of());
        CommandRun run = train(net + "--epochs 1 --load " + spoilt);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("gradus: epoch 1, batch 1 of 4: the loss is NaN; the optimiser did not move by it;"
                        + " parameter 1.weight [784,2] has NaN at [2,1]. No step was taken yet, so likely the weights are too"
                        + " large from the start; take others, or train on with --keep-going\n");
    }
}
