package org.gradus.examples.run;

import java.io.PrintStream;
import java.util.Optional;

/**
 * Where a program prints.
 *
 * @param out results
 * @param err complaints
 * @param terminal whether a person watches {@code out}, so that a progress bar is welcome
 */
public record Console(PrintStream out, PrintStream err, boolean terminal) {

    /**
     * Standard output and error. From now on {@link System#out}, too, notices what cannot be written.
     *
     * @return the console of this process
     */
    public static Console system() {
        Output out = Output.standard();
        System.setOut(out);
        return new Console(out, System.err, watched());
    }

    /**
     * Why results could not be printed.
     *
     * @return empty if they could, or if {@code out} does not notice
     */
    public Optional<OutputFailure> failure() {
        return out instanceof Output noticing ? noticing.failure() : Optional.empty();
    }

    /**
     * Up to JDK 21 there is a {@code System.console()} only where input and output are a terminal. From JDK 22 on there always
     * is one, and it can be asked.
     */
    @SuppressWarnings("SystemConsoleNull") // null up to JDK 21
    private static boolean watched() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderJdk) {
            return true;
        } catch (ReflectiveOperationException unexpected) {
            return false;
        }
    }
}
