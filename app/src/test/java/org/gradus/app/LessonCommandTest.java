package org.gradus.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.gradus.app.lesson.Lesson;
import org.gradus.app.lesson.Lessons;
import org.junit.jupiter.api.Test;

class LessonCommandTest {

    private static final Path FOLDER = Path.of("../docs/lessons");

    @Test
    void listsEveryLessonOfTheFolder() throws IOException {
        CommandRun run = CommandRun.of("lesson");

        assertThat(run.exitCode()).isZero();
        List<Lesson> lessons = Lessons.all();
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.filter(file -> file.toString().endsWith(".out"))).hasSameSizeAs(lessons);
        }
        assertThat(run.out().lines()).hasSize(2 * lessons.size());
        for (Lesson lesson : lessons) {
            assertThat(run.out())
                    .contains(String.format("%2d  %s\n    %s\n", lesson.number(), lesson.title(), lesson.summary()));
            assertThat(lesson.parts().get(0).prose()).isTrue();
            assertThat(lesson.parts()).anyMatch(part -> !part.prose());
        }
    }

    @Test
    void listsInPlainDigitsWhateverTheLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        CommandRun run;
        try {
            run = CommandRun.of("lesson");
        } finally {
            Locale.setDefault(before);
        }

        assertThat(run.out()).startsWith(" 1  One number").contains("\n10  ");
    }

    /** Prose, code, and the kept output with its mark, in this order. */
    @Test
    void showsProseCodeAndOutput() throws IOException {
        CommandRun run = CommandRun.of("lesson", "3");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Lesson 3: Gradients accumulate\n==============================\n\nWhy ");
        assertThat(run.out())
                .containsSubsequence(
                        "\nA tensor that is used twice",
                        "\n    Tensor x = tape.variable(\"x\", 3);\n",
                        "\n  > dy/dx = 7\n",
                        "\nThis is why");
        assertThat(run.out().lines().filter(line -> line.startsWith("  > ")).map(line -> line.substring(4)))
                .isEqualTo(Files.readAllLines(FOLDER.resolve("03-gradients-accumulate.out")));
        assertThat(run.out().lines().filter(line -> !line.startsWith(" "))).allMatch(line -> line.length() <= 80);
    }

    @Test
    void outputAlone() throws IOException {
        CommandRun run = CommandRun.of("lesson", "1", "--output");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo(Files.readString(FOLDER.resolve("01-one-number.out")));
    }

    @Test
    void paragraphsAreFilledAndFormulasKept() {
        String words = "word ".repeat(30).strip();

        assertThat(LessonCommand.wrapped("one\ntwo\n\n  y = a b\n\nthree\n"))
                .isEqualTo("one two\n\n  y = a b\n\nthree\n");
        assertThat(LessonCommand.wrapped(words).lines())
                .containsExactly("word ".repeat(16).strip(), "word ".repeat(14).strip());
    }

    /** A runtime image without JShell, as a JRE is. */
    @Test
    void withoutJShellOneLineTellsWhatToDo() throws IOException, InterruptedException {
        for (String[] command : new String[][] {{"shell"}, {"lesson", "1"}}) {
            Process process = ShellCommandTest.gradus(List.of("--limit-modules", "java.se,jdk.zipfs"), command);
            process.getOutputStream().close();
            String error = new String(process.getErrorStream().readAllBytes(), UTF_8);

            assertThat(error)
                    .isEqualTo("gradus: the Java at " + System.getProperty("java.home") + " has no JShell (module"
                            + " jdk.jshell): point JAVA_HOME at a full JDK, 17 or newer" + System.lineSeparator());
            assertThat(process.waitFor()).isEqualTo(2);
        }
    }
}
