package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** What {@code gradus shell} opens, in this JVM: JShell with the library imported. */
final class Shell implements AutoCloseable {

    static final Path START_UP = Pages.ROOT.resolve("docs/lessons/gradus.jsh");

    private final JShell shell = JShell.builder().executionEngine("local").build();

    Shell() throws IOException {
        shell.addToClasspath(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        assertThat(printed(Files.readString(START_UP))).isEmpty();
    }

    /** Runs lines and gives back what they print; fails where a line does. */
    String printed(String script) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream console = System.out;
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            evaluate(script);
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private void evaluate(String script) {
        for (String rest = script; !rest.isBlank(); ) {
            CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            for (SnippetEvent event : shell.eval(next.source())) {
                Snippet snippet = event.snippet();
                if (event.exception() != null) {
                    throw new AssertionError(snippet.source(), event.exception());
                }
                assertThat(event.status())
                        .as(() -> snippet.source()
                                + shell.diagnostics(snippet)
                                        .map(found -> found.getMessage(null))
                                        .toList())
                        .isNotEqualTo(Snippet.Status.REJECTED);
            }
            rest = next.remaining();
        }
    }

    @Override
    public void close() {
        shell.close();
    }
}
