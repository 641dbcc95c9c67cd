package org.gradus.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.gradus.io.Checkpoint;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Output that cannot be written is noticed; each command in a JVM of its own, for it is about real files and pipes. */
@Tag("once")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CommandOutputTest {

    private static final String FULL =
            "gradus: cannot write to standard output: No space left on device; what is printed there is incomplete";

    @TempDir
    private Path folder;

    /** What a command leaves. */
    private record Result(int exitCode, List<String> err) {}

    /** The command with its standard output sent somewhere by a shell. */
    private Result gradus(String command, String to) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), GradusCommand.class.getName()));
        line.addAll(List.of(command.isEmpty() ? new String[0] : command.split(" ")));
        Path code = folder.resolve("code");
        Path script = Files.writeString(
                folder.resolve("script.sh"),
                "{ " + line.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" ")) + "; echo $? >'"
                        + code + "'; } " + to + "\n");
        Path err = folder.resolve("err");
        Process shell = new ProcessBuilder("sh", script.toString())
                .redirectError(err.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        shell.getOutputStream().close();
        shell.waitFor();
        return new Result(Integer.parseInt(Files.readString(code).strip()), withoutJvm(Files.readAllLines(err)));
    }

    private static List<String> withoutJvm(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.equals("WARNING: Using incubator modules: jdk.incubator.vector"))
                .filter(line -> !line.startsWith("gradus: scalar kernels: module"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--help",
                "--version",
                "info",
                "train --help",
                "train --net 784-2:prelu-784:sigmoid --loss bce --epochs 100000",
                "explain --net 784-2:prelu-784:sigmoid --out %s",
                "lesson",
                "lesson 1",
                "lesson 1 --output",
                "tutorial 1 --only T1.2 --epochs 0 --no-figures --out %s",
            })
    void fullDisk(String command) throws IOException, InterruptedException {
        Result run = gradus(command.formatted(folder.resolve("out")), ">/dev/full");

        assertThat(run.err()).containsExactly(FULL);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void readerThatHasEnoughEndsATrainingWhichIsKept() throws Exception {
        Path file = folder.resolve("run.safetensors");
        String net = "train --net 784-1-784:sigmoid --loss mse --batch 10000 --save " + file;

        Result run = gradus(net + " --epochs 100000", "| head -n 8");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        int epochs = Checkpoint.load(file).epoch();
        assertThat(epochs).isPositive();
        // and goes on as if it had never stopped
        CommandRun resumed = CommandRun.of("train", "--resume", file.toString(), "--epochs", "" + (epochs + 1));
        assertThat(resumed.err()).isEmpty();
        assertThat(resumed.out()).contains("continuing " + file + " after epoch " + epochs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "--help", "lesson 3", "bench --quick"})
    void readerThatHasEnoughIsNoFault(String command) throws IOException, InterruptedException {
        Result run = gradus(command, "| true");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void readerThatHasEnoughEndsTheShell() throws IOException, InterruptedException {
        Path endless = Files.writeString(folder.resolve("endless.jsh"), "while (true) System.out.println(1);\n");

        Result run = gradus("shell " + endless, "| head -n 2");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();

        Result full = gradus("shell " + endless, ">/dev/full");

        assertThat(full.err()).containsExactly(FULL);
        assertThat(full.exitCode()).isEqualTo(2);
    }

    /** Without the launcher, which looks at the descriptor before the JVM puts a file of its own there. */
    @Test
    void closedOutput() throws IOException, InterruptedException {
        Result run = gradus("info", ">&-");

        assertThat(run.err())
                .containsExactly(
                        "gradus: cannot write to standard output: Bad file descriptor; what is printed there is"
                                + " incomplete");
        assertThat(run.exitCode()).isEqualTo(2);
    }

    /** What computes without the processor's help says so before it begins. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "info",
                "train --net 784-2:prelu-784:sigmoid --loss bce --epochs 1",
                "explain --net 784-2:prelu-784:sigmoid --out %s",
                "lesson 1",
                "shell",
                "bench",
                "tutorial 1 --only T1.3 --no-figures --out %s",
            })
    void withoutFusedMultiplyAddTheFirstLineSaysSo(String command) throws IOException, InterruptedException {
        Process process = ShellCommandTest.gradus(
                List.of("-XX:-UseFMA"), command.formatted(folder.resolve("out")).split(" "));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8))) {
            assertThat(lines.readLine())
                    .startsWith(
                            "gradus: scalar kernels: Math.fma is computed in software here, more than a hundred times"
                                    + " slower, because ");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
