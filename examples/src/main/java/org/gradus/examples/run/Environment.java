package org.gradus.examples.run;

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

    /** One line for people. */
    @Override
    public String toString() {
        String registers = vectorBits > 0 ? " of " + vectorBits + " bits" : "";
        return "JDK " + jdk + ", " + kernels + " kernels" + registers + ", " + threads
                + (threads == 1 ? " thread" : " threads");
    }
}
