package org.gradus.app;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.gradus.app.lesson.Lessons;
import org.gradus.app.shell.ShortEcho;
import org.gradus.examples.run.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code gradus shell}: JShell in this JVM, so that its options, class path and kernels are those of the launcher. */
@Command(
        name = "shell",
        mixinStandardHelpOptions = true,
        customSynopsis = "gradus shell [-hV] [ARGUMENT...]",
        description =
                "Opens JShell with the library imported; /exit leaves it. Reads a script where input is no terminal.",
        footer = {
            "",
            "Further arguments go to jshell, for example files to run first, or --feedback concise.",
            "  gradus shell docs/lessons/01-one-number.jsh",
            "  echo 'printf(\"%%.1f%%n\", Tensor.scalar(2).exp().item())' | gradus shell"
        })
final class ShellCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";

    private final Console console;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    ShellCommand(Console console) {
        this.console = console;
    }

    /**
     * Makes sure that there is a JShell.
     *
     * @throws CommandFailure if this Java has none
     */
    static void requireJShell() {
        if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) { // asked before any class that needs it is loaded
            throw new CommandFailure("the Java at " + System.getProperty("java.home")
                    + " has no JShell (module jdk.jshell): point JAVA_HOME at a full JDK, 17 or newer");
        }
    }

    @Override
    public Integer call() throws Exception {
        requireJShell();
        EngineOptions.start();
        Path startUp = Files.createTempFile("gradus", ".jsh");
        try {
            Files.writeString(startUp, Lessons.startUp());
            int exitCode = JavaShellToolBuilder.builder()
                    .err(new PrintStream(new Complaints(), true, Charset.defaultCharset()))
                    .start(toolArguments(startUp).toArray(new String[0]));
            // From JDK 25 on it is 1 after an exception, such as that output has no reader any more, which is none of
            // its mistakes.
            return console.failure().isPresent() ? 0 : exitCode;
        } finally {
            Files.deleteIfExists(startUp);
        }
    }

    /** Standard error for what JShell itself has to say, until output has no place to go to: that is for us to tell, or not. */
    private final class Complaints extends FilterOutputStream {

        Complaints() {
            super(console.err());
        }

        @Override
        public void write(int b) throws IOException {
            if (console.failure().isEmpty()) {
                out.write(b);
            }
        }
    }

    private List<String> toolArguments(Path startUp) {
        List<String> all = new ArrayList<>(List.of(
                "--execution",
                ShortEcho.NAME,
                "--class-path",
                System.getProperty("java.class.path", ""),
                "--startup",
                "DEFAULT",
                "--startup",
                startUp.toString()));
        all.addAll(arguments);
        if (!console.terminal() && !arguments.contains(STANDARD_INPUT)) {
            all.add(STANDARD_INPUT);
        }
        return all;
    }
}
