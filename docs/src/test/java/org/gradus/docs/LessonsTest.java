package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.gradus.kernel.Engine;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every lesson is run by JShell, and what it prints is compared with the file beside it. */
class LessonsTest {

    private static final Path FOLDER = Path.of("lessons");

    private static List<Path> lessons() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d\\d-.*\\.jsh"))
                    .sorted()
                    .toList();
        }
    }

    private static Path output(Path lesson) {
        return lesson.resolveSibling(lesson.getFileName().toString().replace(".jsh", ".out"));
    }

    @TestFactory
    Stream<DynamicTest> printsWhatIsKept() throws IOException {
        assertThat(Engine.shared().kernels().name()).isEqualTo(System.getProperty("gradus.kernels.required"));
        return lessons().stream()
                .map(lesson -> DynamicTest.dynamicTest(
                        lesson.getFileName().toString(),
                        () -> assertThat(run(lesson)).isEqualTo(Files.readString(output(lesson)))));
    }

    /** Numbers without gaps, a title, a line that sums it up, the directives of JBang, enough prose, and an output. */
    @Test
    void everyLessonIsComplete() throws IOException {
        List<Path> lessons = lessons();
        assertThat(lessons).hasSizeGreaterThanOrEqualTo(13);
        for (int i = 0; i < lessons.size(); i++) {
            Path file = lessons.get(i);
            List<String> lines = Files.readAllLines(file);
            int title = lines.indexOf(lines.stream()
                    .filter(line -> line.startsWith("// "))
                    .findFirst()
                    .orElseThrow());
            assertThat(file.getFileName().toString()).startsWith(String.format("%02d-", i + 1));
            assertThat(lines.get(title)).startsWith("// Lesson " + (i + 1) + ": ");
            assertThat(lines.get(title + 1)).as("summary of %s", file).matches("// .+[.?]");
            assertThat(lines.get(title + 2))
                    .as("line after the summary of %s", file)
                    .isEqualTo("//");
            assertThat(lines.subList(0, title))
                    .contains(
                            "//DEPS org.gradus:gradus-core:0.1.0-SNAPSHOT",
                            "//RUNTIME_OPTIONS --add-modules=jdk.incubator.vector",
                            "//SOURCES gradus.jsh");
            long prose = lines.stream().filter(line -> line.startsWith("// ")).count();
            assertThat(prose).as("lines of prose in %s", file).isGreaterThan(12);
            assertThat(lines).as("longest line of %s", file).allMatch(line -> line.length() <= 120);
            assertThat(output(file)).isNotEmptyFile();
        }
    }

    /** What a lesson needs besides core is named for JBang. */
    @Test
    void jbangIsGivenWhatALessonUses() throws IOException {
        for (Path lesson : lessons()) {
            String text = Files.readString(lesson);
            assertThat(text.contains("//DEPS org.gradus:gradus-mnist:0.1.0-SNAPSHOT"))
                    .as("gradus-mnist in %s", lesson)
                    .isEqualTo(text.contains("Mnist.load()"));
            assertThat(text.contains("//DEPS org.gradus:gradus-inspect:0.1.0-SNAPSHOT"))
                    .as("gradus-inspect in %s", lesson)
                    .isEqualTo(text.contains("GradCheck.of("));
            assertThat(text.contains("//DEPS org.gradus:gradus-linalg:0.1.0-SNAPSHOT"))
                    .as("gradus-linalg in %s", lesson)
                    .isEqualTo(text.contains("Pca.fit("));
        }
    }

    @Test
    void theIndexListsEveryLessonInOrder() throws IOException {
        List<String> rows = Files.readAllLines(FOLDER.resolve("README.md")).stream()
                .filter(line -> line.matches("\\| \\d+ \\|.*"))
                .toList();
        List<Path> lessons = lessons();

        assertThat(rows).hasSameSizeAs(lessons);
        assertThat(rows)
                .isEqualTo(IntStream.range(0, lessons.size())
                        .mapToObj(i -> row(i + 1, lessons.get(i)))
                        .toList());
    }

    private static String row(int number, Path lesson) {
        try {
            List<String> prose = Files.readAllLines(lesson).stream()
                    .filter(line -> line.startsWith("// "))
                    .toList();
            String title = prose.get(0).replaceFirst("// Lesson \\d+: ", "");
            return "| " + number + " | [" + title + "](" + lesson.getFileName() + ") | "
                    + prose.get(1).substring(3) + " |";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noOutputWithoutALesson() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.filter(file -> file.toString().endsWith(".out")))
                    .containsExactlyInAnyOrderElementsOf(
                            lessons().stream().map(LessonsTest::output).toList());
        }
    }

    private static String run(Path lesson) throws IOException {
        try (Shell shell = new Shell()) {
            return shell.printed(Files.readString(lesson));
        }
    }
}
