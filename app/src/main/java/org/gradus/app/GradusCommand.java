package org.gradus.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Printable;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.OutputFailure;
import org.gradus.mnist.IdxException;
import org.gradus.train.NonFiniteException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code gradus} command line.
 *
 * <p>Exit code 0: done, or whoever read the output has had enough. 2: a wrong argument, a missing or broken file, or output that could
 * not be written; then standard error holds one line that says what, where and what to do. 1: a defect of the program, with its
 * stack trace.
 */
@Command(
        name = "gradus",
        mixinStandardHelpOptions = true,
        versionProvider = GradusCommand.Version.class,
        description = "Neural networks in pure Java: trains autoencoders on MNIST. The published tables that had a seed"
                + " (T1.B1, T1.B2, T1.B3) come out digit for digit.")
public final class GradusCommand implements Runnable {

    private static final int FAILED = 2;

    private static final String INFO = "info";

    private static final List<String> COMMANDS =
            List.of("train", "tutorial", "explain", "lesson", "shell", "bench", INFO);

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private GradusCommand(Console console) {
        this.console = console;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = GradusCommand.class.getPackage().getImplementationVersion();
            return new String[] {"gradus " + (version == null ? "(unpacked)" : version)};
        }
    }

    /**
     * Runs the command line and ends the JVM with its exit code.
     *
     * @param args a command and its options; {@code --help} lists them
     */
    public static void main(String[] args) {
        LibraryLog.inOneLineEach();
        System.exit(run(Console.system(), args));
    }

    /**
     * Runs the command line.
     *
     * @param console where to print
     * @param args a command and its options
     * @return the exit code
     */
    static int run(Console console, String... args) {
        int exitCode = 0;
        try {
            exitCode = execute(console, args);
            console.out().flush();
        } catch (RuntimeException | Error thrown) {
            if (console.failure().isEmpty()) {
                throw thrown;
            }
        }
        Optional<OutputFailure> failure = console.failure();
        if (exitCode == 0 && failure.isPresent() && !failure.get().readerGone()) {
            return fail(console, String.valueOf(failure.get().getMessage()));
        }
        return exitCode;
    }

    private static int execute(Console console, String... args) {
        // What needs no parsing does without picocli, which takes a cold JVM a third of a second.
        if (args.length == 1 && args[0].equals(INFO)) {
            try {
                return new InfoCommand(console).call();
            } catch (CommandFailure failure) {
                return fail(console, String.valueOf(failure.getMessage()));
            }
        }
        CommandLine line = new CommandLine(new GradusCommand(console));
        wanted(args).forEach(name -> line.addSubcommand(command(name, console)));
        // Printed at the end: picocli would take it for a defect of the program if its own printing failed.
        StringWriter help = new StringWriter();
        line.setExpandAtFiles(false)
                .setOut(new PrintWriter(help))
                .setErr(new PrintWriter(console.err(), true, Charset.defaultCharset()))
                .setParameterExceptionHandler((wrong, arguments) -> fail(console, message(wrong)))
                .setExecutionExceptionHandler((thrown, command, parsed) -> {
                    if (console.failure().isPresent()) {
                        return 0; // which is looked at above
                    }
                    if (thrown instanceof CommandFailure
                            || thrown instanceof IdxException
                            || thrown instanceof DomainException
                            || thrown instanceof NonFiniteException) {
                        return fail(console, String.valueOf(thrown.getMessage()));
                    }
                    throw thrown;
                });
        try {
            int exitCode = line.execute(args);
            console.out().print(help);
            return exitCode;
        } catch (OutOfMemoryError tooLarge) {
            return fail(
                    console,
                    "out of memory, " + Runtime.getRuntime().maxMemory() / (1 << 20)
                            + " MB are not enough; choose smaller widths or batches, or give the JVM more, as with"
                            + " GRADUS_JAVA_OPTS=-Xmx4g");
        }
    }

    /** All commands, or the called one alone: picocli reads all options of every command that it is given. */
    private static List<String> wanted(String... args) {
        return args.length > 0 && COMMANDS.contains(args[0]) ? List.of(args[0]) : COMMANDS;
    }

    private static Object command(String name, Console console) {
        return switch (name) {
            case "train" -> new TrainCommand(console);
            case "tutorial" -> new TutorialCommand(console);
            case "lesson" -> new LessonCommand(console);
            case "shell" -> new ShellCommand(console);
            case "explain" -> new ExplainCommand(console);
            case "bench" -> new BenchCommand(console);
            case INFO -> new InfoCommand(console);
            default -> throw new AssertionError(name);
        };
    }

    /** Without a command. */
    @Override
    public void run() {
        spec.commandLine().usage(console.out());
        throw new ParameterException(spec.commandLine(), "no command given; try 'gradus info'");
    }

    private static int fail(Console console, String message) {
        if (console.failure().isEmpty()) {
            console.out().flush();
        }
        console.err().println("gradus: " + Printable.text(message.strip().replaceAll("\\s*\\R\\s*", "; ")));
        return FAILED;
    }

    private static String message(ParameterException wrong) {
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        String help = "; see '" + command.qualifiedName() + " --help'";
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched, command) + help;
        }
        return wrong.getMessage() + (command.parent() == null ? "" : help);
    }

    private static String unmatched(UnmatchedArgumentException wrong, CommandSpec command) {
        String word = Printable.text(wrong.getUnmatched().get(0));
        if (command.parent() == null && !wrong.isUnknownOption()) {
            return "unknown command '" + word + "'; there are "
                    + String.join(", ", command.subcommands().keySet());
        }
        List<String> similar = wrong.getSuggestions();
        return (wrong.isUnknownOption() ? "unknown option '" : "unexpected argument '") + word + "'"
                + (similar.isEmpty() ? "" : "; did you mean " + similar.get(0) + "?");
    }
}
