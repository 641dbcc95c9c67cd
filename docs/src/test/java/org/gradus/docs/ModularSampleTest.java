package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.mnist.Mnist;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample that lives on the module path, compiled and run as a user would, with the kernels of this test run. */
class ModularSampleTest {

    private static final Path SOURCES = Path.of("samples/modular/src/main/java");
    private static final String VECTOR = "jdk.incubator.vector";
    private static final String LOSSES = """
            epoch 1  train 0.2770  test 0.2762
            epoch 2  train 0.2516  test 0.2490
            """;

    @TempDir
    static Path folder;

    private static String modulePath = "";

    @BeforeAll
    static void compile() throws IOException, URISyntaxException {
        Path classes = folder.resolve("classes");
        modulePath = locationOf(Tensor.class) + File.pathSeparator + locationOf(Mnist.class);
        List<String> arguments =
                new ArrayList<>(List.of("--release", "17", "-p", modulePath, "-d", classes.toString()));
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        tool("javac", arguments);
        modulePath += File.pathSeparator + classes;
    }

    private static Path locationOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static void tool(String name, List<String> arguments) {
        ToolProvider tool = ToolProvider.findFirst(name).orElseThrow();
        assertThat(tool.run(System.out, System.err, arguments.toArray(String[]::new)))
                .as(name)
                .isZero();
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        process.getInputStream().transferTo(printed);
        assertThat(process.waitFor()).as("exit code of %s", command).isZero();
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void trainsWithTheKernelsItIsStartedWith() throws IOException, InterruptedException {
        String kernels = KernelProvider.kernels().name();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        if (kernels.equals("vector")) {
            command.addAll(List.of("--add-modules", VECTOR));
        }
        // Where a comma stands before decimals, to print the same all the same.
        command.addAll(List.of("-Duser.language=de", "-Duser.country=DE"));
        command.addAll(List.of("-p", modulePath, "-m", "sample/sample.TrainDigits"));

        assertThat(run(command)).isEqualTo("kernels " + kernels + "\n" + LOSSES);
    }

    @Test
    @Tag("once")
    void trainsInARuntimeImage() throws IOException, InterruptedException {
        Path image = folder.resolve("image");
        tool(
                "jlink",
                List.of(
                        "-p",
                        modulePath,
                        "--add-modules",
                        "sample," + VECTOR,
                        "--add-options",
                        " --add-modules=" + VECTOR, // without the blank, jlink of JDK 17 takes it for its own option
                        "--launcher",
                        "train=sample/sample.TrainDigits",
                        "--output",
                        image.toString()));

        assertThat(run(List.of(image.resolve("bin/train").toString()))).isEqualTo("kernels vector\n" + LOSSES);
    }
}
