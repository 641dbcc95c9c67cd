package org.gradus.examples.programs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every program runs to its end, with few images, and is as short as it says. */
@Tag("once")
class ProgramsTest {

    private static final Path FOLDER = Path.of("src/main/java/org/gradus/examples/programs");
    private static final int SHORTEST = 30;
    private static final int LONGEST = 60;

    @TempDir
    private static Path folder;

    /**
     * A program on a small budget.
     *
     * @param name of the class
     * @param prints what its output must contain, as a pattern
     * @param args of the command line
     */
    record Program(String name, String prints, List<String> args) {

        Program(String name, String prints, String... args) {
            this(name, prints, List.of(args));
        }
    }

    static Stream<Program> programs() {
        String png = folder.resolve("latent.png").toString();
        String svg = folder.resolve("components.svg").toString();
        return Stream.of(
                new Program("Classifier", "\\d\\d\\.\\d\\d % of the test images are read right\n", "600", "1"),
                new Program("DenoisingAutoencoder", "noisy    \\d\\.\\d{4}\nrepaired 0\\.\\d{4}\n", "300", "1"),
                new Program("GradientCheck", "(?s)loss 0\\..*3\\.bias.*\nall gradients are right\n"),
                new Program("LatentGrid", "\\Q" + png + "\\E: .*Means of digits: 0 at .*\n", "300", "1", png),
                new Program("OwnData", "(?s)before (0\\.\\d+)\nafter  0\\.0\\d+\n0,0,0 -> .*\n", "300"),
                new Program(
                        "OwnLayer",
                        "\\[0\\.weight, 0\\.bias, 1\\.scale, 3\\.weight, 3\\.bias]\n(step \\d  loss \\d+\\.\\d{4}\n){5}"),
                new Program("OwnLoop", "step 1  loss 0\\.\\d{4}\nstep 100  loss 0\\.\\d{4}\n", "100"),
                new Program(
                        "PrincipalComponents", "(component \\d explains .* of the variance\n){2}.*svg\n", "100", svg),
                new Program(
                        "SaveAndLoad",
                        "(?s)network 4-3:prelu-4:sigmoid\n.*0\\.weight \\[3,4].*saved  (\\S+)\nloaded \\1\n",
                        folder.resolve("weights.safetensors").toString()),
                new Program(
                        "TrainAutoencoder", "(?s)Sequential.*(train 0\\.\\d{4}  test 0\\.\\d{4}\n){2}", "300", "2"));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void runs(Program program) throws ReflectiveOperationException {
        Method main =
                Class.forName("org.gradus.examples.programs." + program.name()).getMethod("main", String[].class);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream console = System.out;
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            main.invoke(null, (Object) program.args().toArray(String[]::new));
        } finally {
            System.setOut(console);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"))
                .matches(program.prints());
    }

    /** So that none is left out here or on the page that lists them, and none grows into something that nobody copies. */
    @Test
    void allProgramsAreHereAndShort() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(FOLDER)) {
            files = all.filter(file -> !file.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        }

        assertThat(files)
                .extracting(file -> file.getFileName().toString().replace(".java", ""))
                .containsExactlyElementsOf(programs().map(Program::name).toList());
        String page = Files.readString(Path.of("../docs/guide/programs.md"));
        for (Path file : files) {
            String name = file.getFileName().toString().replace(".java", "");
            // what the program says of its arguments, and does with them, stands in its row
            Matcher usage =
                    Pattern.compile("\\{@code " + name + " (.+)}\\. \\*/").matcher(Files.readString(file));
            boolean takes = usage.find();
            assertThat(Files.readString(file).contains("args.length"))
                    .as(file.toString())
                    .isEqualTo(takes);
            assertThat(page.lines())
                    .filteredOn(line -> line.contains("examples/programs/" + file.getFileName() + ")"))
                    .singleElement()
                    .asString()
                    .endsWith(takes ? "| `" + usage.group(1) + "` |" : "| none |");
            assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeBetween(SHORTEST, LONGEST);
        }
    }

    /** Whoever copies one file has all of it. */
    @ParameterizedTest
    @MethodSource("programs")
    void compilesAlone(Program program) throws IOException {
        String libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Files.exists(Path.of(entry, "org/gradus/examples/programs")))
                .collect(Collectors.joining(File.pathSeparator));
        Path nothing = Files.createDirectories(folder.resolve("nothing"));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-proc:none",
                        "-sourcepath",
                        nothing.toString(),
                        "-cp",
                        libraries,
                        "-d",
                        classes.toString(),
                        FOLDER.resolve(program.name() + ".java").toString());
        assertThat(result).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    }
}
