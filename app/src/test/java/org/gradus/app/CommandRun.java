package org.gradus.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.gradus.examples.run.Console;

/**
 * A call of the command line within this JVM.
 *
 * @param exitCode what the shell would get
 * @param out standard output
 * @param err standard error
 */
record CommandRun(int exitCode, String out, String err) {

    static CommandRun of(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false);
        int exitCode = GradusCommand.run(console, args);
        return new CommandRun(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    }
}
