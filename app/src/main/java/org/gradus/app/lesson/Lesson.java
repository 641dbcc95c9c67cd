package org.gradus.app.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A lesson, read from a file that {@code jshell} runs as it is.
 *
 * <p>Such a file begins with directives for JBang ({@code //DEPS ...}). Blocks of lines that begin with {@code //} are prose,
 * all others code. The first block opens with the title, {@code // Lesson 6: A unit dies}, and a line that sums the lesson up.
 *
 * @param number its place among the lessons, from 1
 * @param title without the number
 * @param summary one line
 * @param parts prose and code in turn
 */
public record Lesson(int number, String title, String summary, List<Part> parts) {

    private static final String COMMENT = "//";

    private static final Pattern DIRECTIVE = Pattern.compile("//[A-Z_]+ .*");

    private static final Pattern TITLE = Pattern.compile("Lesson (\\d+): (.+)");

    /**
     * A piece of a lesson.
     *
     * @param prose text to read, without the comment marks; otherwise code to run
     * @param text lines that end with a line feed
     */
    public record Part(boolean prose, String text) {}

    /**
     * Reads a lesson.
     *
     * @param file its name, for messages
     * @param source its text
     * @return the lesson
     * @throws IllegalArgumentException if the file does not begin with title and summary
     */
    static Lesson parse(String file, String source) {
        List<Part> parts = new ArrayList<>();
        List<String> lines = source.lines()
                .dropWhile(line -> line.isBlank() || DIRECTIVE.matcher(line).matches())
                .toList();
        int from = 0;
        while (from < lines.size()) {
            boolean prose = lines.get(from).startsWith(COMMENT);
            StringBuilder text = new StringBuilder();
            int to = from;
            while (to < lines.size() && lines.get(to).startsWith(COMMENT) == prose) {
                text.append(prose ? withoutMark(lines.get(to)) : lines.get(to)).append('\n');
                to++;
            }
            if (!text.toString().isBlank()) {
                parts.add(new Part(prose, text.toString()));
            }
            from = to;
        }
        return titled(file, parts);
    }

    private static String withoutMark(String line) {
        return line.startsWith("// ") ? line.substring(3) : line.substring(2);
    }

    private static Lesson titled(String file, List<Part> parts) {
        List<String> opening =
                parts.isEmpty() ? List.of() : parts.get(0).text.lines().toList();
        Matcher title = TITLE.matcher(opening.isEmpty() ? "" : opening.get(0));
        if (!title.matches() || opening.size() < 2 || opening.get(1).isBlank()) {
            throw new IllegalArgumentException(
                    file + ": must open with '// Lesson N: title' and a line that sums it up");
        }
        String rest = String.join("\n", opening.subList(2, opening.size())).strip() + "\n";
        parts.set(0, new Part(true, rest));
        return new Lesson(Integer.parseInt(title.group(1)), title.group(2), opening.get(1), List.copyOf(parts));
    }
}
