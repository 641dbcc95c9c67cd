package org.gradus.examples.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.gradus.examples.lesson.Lessons;
import org.gradus.examples.run.Console;
import org.gradus.examples.shell.ShortEcho;
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
            return JavaShellToolBuilder.builder().start(toolArguments(startUp).toArray(new String[0]));
        } finally {
            Files.deleteIfExists(startUp);
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
