package org.gradus.app.lesson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LessonTest {

    @Test
    void proseAndCodeInTurn() {
        Lesson lesson = Lesson.parse("07-x.jsh", """
                //DEPS a:b:1

                // Lesson 7: On x
                // One line.
                //
                // Prose.
                //   y = x

                int x = 1;

                int y = x; // the same
                // More prose.
                """);

        assertThat(lesson.number()).isEqualTo(7);
        assertThat(lesson.title()).isEqualTo("On x");
        assertThat(lesson.summary()).isEqualTo("One line.");
        assertThat(lesson.parts())
                .containsExactly(
                        new Lesson.Part(true, "Prose.\n  y = x\n"),
                        new Lesson.Part(false, "\nint x = 1;\n\nint y = x; // the same\n"),
                        new Lesson.Part(true, "More prose.\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "int x = 1;\n", "// Lesson 7: On x\n", "// On x\n// One line.\n", "// Lesson 7: x\n//\n"})
    void aFileWithoutTitleOrSummaryIsRefused(String source) {
        assertThatThrownBy(() -> Lesson.parse("07-x.jsh", source))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("07-x.jsh: must open with '// Lesson N: title' and a line that sums it up");
    }

    @Test
    void codeThatFailsIsReported() {
        try (LessonShell shell = new LessonShell()) {
            assertThatThrownBy(() -> shell.run("int x = \"text\";"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("does not compile");
            assertThatThrownBy(() -> shell.run("Tensor.vector(1, 2).item();"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("failed");
            assertThatThrownBy(() -> shell.run("int f() {"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("incomplete");
        }
    }
}
