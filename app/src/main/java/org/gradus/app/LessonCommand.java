package org.gradus.app;

import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.gradus.app.lesson.Lesson;
import org.gradus.app.lesson.LessonShell;
import org.gradus.app.lesson.Lessons;
import org.gradus.examples.run.Console;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gradus lesson}: lists the lessons, or runs one while it is read. */
@Command(
        name = "lesson",
        mixinStandardHelpOptions = true,
        description = "Lists the lessons on backpropagation, or runs one: prose, code, and what the code prints.",
        footer = {
            "",
            "The lessons are files for jshell: docs/lessons. 'gradus shell docs/lessons/01-*.jsh' runs one and goes on."
        })
final class LessonCommand implements Callable<Integer> {

    /** Columns that are readable from the last row. */
    private static final int WIDTH = 80;

    private static final String CODE_INDENT = "    ";
    private static final String OUTPUT_MARK = "  > ";

    private final Console console;

    @Parameters(index = "0", arity = "0..1", paramLabel = "N", description = "Number of a lesson; none lists them.")
    private @Nullable Integer number;

    @Option(names = "--pause", description = "Waits for Enter after each piece of code.")
    private boolean pause;

    @Option(names = "--output", description = "Prints only what the code prints.")
    private boolean outputOnly;

    @Mixin
    private EngineOptions options = new EngineOptions();

    LessonCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        List<Lesson> lessons = Lessons.all();
        if (number == null) {
            if (pause || outputOnly) {
                throw new CommandFailure(
                        "--pause and --output need the number of a lesson; 'gradus lesson' lists them");
            }
            lessons.forEach(this::list);
            return 0;
        }
        int wanted = number;
        Lesson lesson = lessons.stream()
                .filter(candidate -> candidate.number() == wanted)
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        "no lesson " + wanted + "; there are 1 to " + lessons.size() + ", 'gradus lesson' lists them"));
        ShellCommand.requireJShell();
        options.setProperties();
        EngineOptions.start();
        show(lesson);
        return 0;
    }

    private void list(Lesson lesson) {
        console.out().printf(Locale.ROOT, "%2d  %s%n    %s%n", lesson.number(), lesson.title(), lesson.summary());
    }

    private void show(Lesson lesson) throws IOException {
        if (!outputOnly) {
            String heading = "Lesson " + lesson.number() + ": " + lesson.title();
            print(heading + "\n" + "=".repeat(heading.length()) + "\n\n" + lesson.summary() + "\n");
        }
        PrintStream before = System.out;
        try (LessonShell shell = new LessonShell()) {
            System.setOut(outputOnly ? console.out() : new PrintStream(new Marked(), true, Charset.defaultCharset()));
            for (Lesson.Part part : lesson.parts()) {
                if (part.prose()) {
                    print(outputOnly ? "" : "\n" + wrapped(part.text()));
                } else {
                    run(shell, part.text().strip());
                }
            }
        } finally {
            System.setOut(before);
        }
    }

    private void run(LessonShell shell, String code) throws IOException {
        print(outputOnly ? "" : "\n" + code.indent(CODE_INDENT.length()));
        shell.run(code);
        if (pause) {
            console.err().print("[Enter]");
            console.err().flush();
            new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
        }
    }

    private void print(String text) {
        console.out().print(text.replace("\n", System.lineSeparator()));
        console.out().flush();
    }

    /** Fills the lines of each paragraph anew; indented lines are formulas and stay as they are. */
    static String wrapped(String prose) {
        StringBuilder text = new StringBuilder();
        int column = 0;
        for (String line : prose.lines().toList()) {
            if (line.isBlank() || line.startsWith(" ")) {
                text.append(column > 0 ? "\n" : "").append(line).append('\n');
                column = 0;
                continue;
            }
            for (String word : line.split(" ", -1)) {
                if (column > 0 && column + 1 + word.length() > WIDTH) {
                    text.append('\n');
                    column = 0;
                }
                text.append(column > 0 ? " " : "").append(word);
                column += (column > 0 ? 1 : 0) + word.length();
            }
        }
        return text.append(column > 0 ? "\n" : "").toString();
    }

    /** Sets what the code prints apart from the code. */
    private final class Marked extends FilterOutputStream {

        private boolean atLineStart = true;

        Marked() {
            super(console.out());
        }

        @Override
        public void write(int b) throws IOException {
            if (atLineStart) {
                out.write(OUTPUT_MARK.getBytes(Charset.defaultCharset()));
            }
            out.write(b);
            atLineStart = b == '\n';
        }
    }
}
