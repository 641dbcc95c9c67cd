package org.gradus.app.lesson;

import java.util.Map;
import java.util.stream.Collectors;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.gradus.app.shell.ShortEcho;

/** JShell within this JVM, on its class path and with its kernels; the code prints to {@link System#out}. */
public final class LessonShell implements AutoCloseable {

    private final JShell shell;

    /** Starts JShell and runs {@link Lessons#startUp()}. */
    public LessonShell() {
        shell = JShell.builder().executionEngine(new ShortEcho(), Map.of()).build();
        shell.addToClasspath(System.getProperty("java.class.path", ""));
        run(Lessons.startUp());
    }

    /**
     * Runs code, snippet by snippet.
     *
     * @param code declarations and statements
     * @throws AssertionError if a snippet does not compile, or throws
     */
    public void run(String code) {
        String rest = code;
        while (!rest.isBlank()) {
            CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            if (!next.completeness().isComplete()) {
                throw new AssertionError("incomplete code: " + rest);
            }
            shell.eval(next.source()).forEach(this::requireDone);
            rest = next.remaining();
        }
    }

    private void requireDone(SnippetEvent event) {
        if (event.exception() != null) {
            throw new AssertionError(event.snippet().source() + " failed", event.exception());
        }
        if (event.status() == Snippet.Status.REJECTED) {
            throw new AssertionError(shell.diagnostics(event.snippet())
                    .map(diagnostic -> diagnostic.getMessage(null))
                    .collect(Collectors.joining("; ", event.snippet().source() + " does not compile: ", "")));
        }
    }

    @Override
    public void close() {
        shell.close();
    }
}
