package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every Java program in the README and the guide is compiled and run, every line for the shell typed into one, and what they print
 * is compared with the block that follows.
 */
class MarkdownProgramsTest {

    private static final Pattern PROGRAM =
            Pattern.compile("```java\\n(.*?)```(?:(?!```).)*```text\\n(.*?)```", Pattern.DOTALL);

    private static final Pattern SHELL_LINES =
            Pattern.compile("```jshell\\n(.*?)```(?:(?!```).)*```(?:text|mermaid)\\n(.*?)```", Pattern.DOTALL);

    private static final Pattern CLASS_NAME = Pattern.compile("public class (\\w+)");

    @TempDir
    Path folder;

    private record Program(String page, String source, String output) {}

    @TestFactory
    Stream<DynamicTest> printsWhatThePageSays() throws IOException {
        List<Program> programs = new ArrayList<>();
        for (Path page : Pages.all()) {
            String text = Files.readString(page);
            Matcher blocks = PROGRAM.matcher(text);
            while (blocks.find()) {
                programs.add(new Program(Pages.ROOT.relativize(page).toString(), blocks.group(1), blocks.group(2)));
            }
        }
        assertThat(programs).extracting(Program::page).contains("README.md");
        return programs.stream()
                .map(program -> DynamicTest.dynamicTest(
                        program.page, () -> assertThat(run(program.source)).isEqualTo(program.output)));
    }

    /** The blocks of a page are one session, as a reader would paste them. */
    @TestFactory
    Stream<DynamicTest> aShellPrintsWhatThePageSays() throws IOException {
        List<DynamicTest> sessions = new ArrayList<>();
        for (Path page : Pages.all()) {
            String text = Files.readString(page);
            if (SHELL_LINES.matcher(text).find()) {
                sessions.add(DynamicTest.dynamicTest(Pages.ROOT.relativize(page).toString(), () -> {
                    try (Shell shell = new Shell()) {
                        SHELL_LINES
                                .matcher(text)
                                .results()
                                .forEach(block -> assertThat(shell.printed(block.group(1)))
                                        .as(block.group(1))
                                        .isEqualTo(block.group(2)));
                    }
                }));
            }
        }
        assertThat(sessions).extracting(DynamicTest::getDisplayName).contains("docs/guide/in-a-shell.md");
        return sessions.stream();
    }

    @Test
    void noBlockIsLeftOut() throws IOException {
        for (Path page : Pages.all()) {
            String text = Files.readString(page);
            requireOutput("java", PROGRAM, page, text);
            requireOutput("jshell", SHELL_LINES, page, text);
        }
    }

    private static void requireOutput(String language, Pattern withOutput, Path page, String text) {
        long blocks = Pattern.compile("^```" + language + "$", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .count();
        assertThat(withOutput.matcher(text).results().count())
                .as("%s blocks of %s that have their output behind them", language, page)
                .isEqualTo(blocks);
    }

    private String run(String source) throws IOException, ReflectiveOperationException {
        Matcher name = CLASS_NAME.matcher(source);
        assertThat(name.find()).as("a public class in the program").isTrue();
        Path file = folder.resolve(name.group(1) + ".java");
        Files.writeString(file, source);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-Xlint:all,-path",
                        "-Werror",
                        "-classpath",
                        classPath,
                        "-d",
                        folder.toString(),
                        file.toString());
        assertThat(result).as(messages.toString(StandardCharsets.UTF_8)).isZero();
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass(name.group(1)).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException thrown) {
            throw new AssertionError("the program failed", thrown.getCause());
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
