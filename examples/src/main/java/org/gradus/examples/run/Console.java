package org.gradus.examples.run;

import java.io.PrintStream;

/**
 * Where a program prints.
 *
 * @param out results
 * @param err complaints
 * @param terminal whether a person watches {@code out}, so that a progress bar is welcome
 */
public record Console(PrintStream out, PrintStream err, boolean terminal) {

    /**
     * Standard output and error.
     *
     * @return the console of this process
     */
    public static Console system() {
        return new Console(System.out, System.err, watched());
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
