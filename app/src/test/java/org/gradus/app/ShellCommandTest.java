package org.gradus.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own, because the shell reads standard input. */
@Tag("once")
class ShellCommandTest {

    static Process gradus(List<String> jvmOptions, String... args) throws IOException {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        line.addAll(jvmOptions);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), GradusCommand.class.getName()));
        line.addAll(List.of(args));
        return new ProcessBuilder(line).start();
    }

    @Test
    void readsAScriptFromStandardInputAfterTheFilesGiven(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("first.jsh"), "Tensor two = Tensor.scalar(2);\n");
        Process process = gradus(
                List.of("--add-modules", "jdk.incubator.vector"), "shell", "--feedback", "concise", file.toString());
        try (OutputStream in = process.getOutputStream()) {
            in.write("""
                    System.out.println(two.item())
                    System.out.println(Engine.shared().kernels().name())
                    var types = List.of(Linear.class, BCELoss.class, Adam.class, TorchRandom.class, Trainer.class)
                    var others = List.of(Mnist.class, Pca.class, Checkpoint.class, Sigmoid.class, GradCheck.class, Plot.class)
                    printf("%d %.1f%n", types.size() + others.size(), 0.5)
                    """.getBytes(UTF_8));
        }

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .isEqualToNormalizingNewlines("2.0\nvector\n11 0.5\n");
        assertThat(process.waitFor()).isZero();
    }

    /** With a heap in which the text of all the numbers has no place beside them. */
    @Test
    void showsLargeArraysByTheirEnds() throws IOException, InterruptedException {
        Process process = gradus(List.of("-Xmx500m"), "shell");
        try (OutputStream in = process.getOutputStream()) {
            in.write("float[] pixels = Mnist.load().train().toFloats()\n/vars\nSystem.out.println(pixels.length)\n"
                    .getBytes(UTF_8));
        }

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .contains("float[] pixels = float[47040000] { 0.0, 0.0, 0.0, ..., 0.0, 0.0, 0.0 }")
                .endsWith(System.lineSeparator() + "47040000" + System.lineSeparator());
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void helpShowsTheExampleAsItIsTyped() {
        CommandRun help = CommandRun.of("shell", "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("echo 'printf(\"%.1f%n\", Tensor.scalar(2).exp().item())' | gradus shell");
    }
}
