package org.gradus.examples.run;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.kernel.Engine;

/**
 * What computed a run. None of it changes a number of the result.
 *
 * @param kernels name of the kernels, {@code vector} or {@code scalar}
 * @param vectorBits width of their registers; 0 for scalar ones
 * @param threads how many worked
 * @param jdk version of Java
 */
public record Environment(String kernels, int vectorBits, int threads, String jdk) {

    private static final Pattern LINE =
            Pattern.compile("JDK (.*), ([^ ,]+) kernels(?: of ([0-9]{1,6}) bits)?, ([0-9]{1,6}) threads?");

    /**
     * That of this process.
     *
     * @return the kernels chosen, the threads started
     */
    public static Environment current() {
        Engine engine = Engine.shared();
        return new Environment(
                engine.kernels().name(),
                engine.kernels().vectorBits(),
                engine.threads(),
                System.getProperty("java.version"));
    }

    /**
     * Reads what {@link #toString} gave.
     *
     * @param line such as {@code JDK 17.0.15, vector kernels of 256 bits, 2 threads}
     * @return the environment; nothing if it is no such line
     */
    public static Optional<Environment> parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String bits = parts.group(3);
        return Optional.of(new Environment(
                parts.group(2),
                bits == null ? 0 : Integer.parseInt(bits),
                Integer.parseInt(parts.group(4)),
                parts.group(1)));
    }

    /** One line for people. */
    @Override
    public String toString() {
        String registers = vectorBits > 0 ? " of " + vectorBits + " bits" : "";
        return "JDK " + jdk + ", " + kernels + " kernels" + registers + ", " + threads
                + (threads == 1 ? " thread" : " threads");
    }
}
