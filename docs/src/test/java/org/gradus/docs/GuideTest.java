package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What pages of the guide say of the source is true of it. */
class GuideTest {

    private static final Pattern FILE_AND_LINES =
            Pattern.compile("\\| \\d+ \\| \\[`\\w+`]\\(([^)]+)\\) \\| (\\d+) \\|");
    private static final Pattern TOTAL = Pattern.compile("is about (\\d+) lines of code");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private static final List<String> PACKAGES =
            List.of("autograd", "data", "nn", "optim", "random", "train", "io", "kernel", "inspect", "mnist");

    /** Lines that are neither blank nor comment, import or package; of an operation those before what only a check needs. */
    private static long linesOfCode(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .takeWhile(line -> !line.matches("public double\\[] textbook\\(.*"))
                    .filter(line -> !line.isEmpty() && !line.matches("(//|/\\*|\\*|import |package ).*"))
                    .count();
        }
    }

    @Test
    void pathOfAGradientIsAsLongAsThePageSays() throws IOException {
        Path page = Pages.guide("reading-order.md");
        String text = Files.readString(page);
        List<MatchResult> rows = FILE_AND_LINES.matcher(text).results().toList();
        assertThat(rows).hasSize(6);
        long sum = 0;
        for (MatchResult row : rows) {
            long lines = linesOfCode(page.resolveSibling(row.group(1)).normalize());
            long said = Long.parseLong(row.group(2));
            assertThat(said)
                    .as("lines of code of %s; correct the table of %s, and its total", row.group(1), page)
                    .isCloseTo(lines, within(Math.max(2, lines / 20)));
            sum += lines;
        }
        MatchResult total = TOTAL.matcher(text).results().findFirst().orElseThrow();
        assertThat(Long.parseLong(total.group(1)))
                .as("lines of code in all; correct %s", page)
                .isCloseTo(sum, within(sum / 40));
    }

    @Test
    void namesOfTheGlossaryExist() throws IOException {
        List<String> names = Files.readAllLines(Pages.guide("pytorch-to-gradus.md")).stream()
                .filter(line -> line.startsWith("| "))
                .map(line -> line.split("\\|", -1)[2])
                .flatMap(cell -> CODE.matcher(cell).results().map(match -> match.group(1)))
                .toList();

        assertThat(names).hasSizeGreaterThan(60);
        assertThat(names).allSatisfy(name -> assertThat(exists(name)).as(name).isTrue());
        assertThat(exists("Tensor.view(...)")).isFalse();
        assertThat(exists("Module")).isFalse();
    }

    /** Whether a class, or a public method of a class, has the name: {@code Adam}, {@code new Adam(..)}, {@code Adam.step()}. */
    private static boolean exists(String code) {
        String[] parts =
                code.replaceFirst("^new ", "").replaceFirst("\\(.*", "").split("\\.", -1);
        Optional<Class<?>> type = PACKAGES.stream()
                .map(name -> "org.gradus." + name + "." + parts[0])
                .flatMap(name -> find(name).stream())
                .findFirst();
        return type.isPresent()
                && (parts.length == 1
                        || Arrays.stream(type.get().getMethods())
                                .anyMatch(method -> method.getName().equals(parts[1])));
    }

    private static Optional<Class<?>> find(String name) {
        try {
            return Optional.of(Class.forName(name));
        } catch (ClassNotFoundException none) {
            return Optional.empty();
        }
    }
}
