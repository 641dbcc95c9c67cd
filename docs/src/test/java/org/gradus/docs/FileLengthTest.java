package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A room one can stand in: a file of the libraries has at most {@value #MOST_LINES} lines, or says at its head why it has more. */
@Tag("once")
class FileLengthTest {

    private static final int MOST_LINES = 600;

    private static final List<String> LIBRARIES = List.of("core", "inspect", "linalg", "mnist", "plots", "pages");

    private static final String REASON = "The file is long because";

    @Test
    void longFilesSayWhy() throws IOException {
        assertThat(longFiles())
                .isNotEmpty()
                .allSatisfy(file -> assertThat(head(file))
                        .as("head of %s", file.getFileName())
                        .contains(REASON));
    }

    private static List<Path> longFiles() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : LIBRARIES) {
            try (Stream<Path> files = Files.walk(Pages.ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file ->
                                file.toString().endsWith(".java") && lines(file).size() > MOST_LINES)
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All before the type begins. */
    private static String head(Path file) {
        String text = String.join("\n", lines(file)).replace("\n * ", " ");
        return text.substring(0, text.indexOf("class "));
    }
}
