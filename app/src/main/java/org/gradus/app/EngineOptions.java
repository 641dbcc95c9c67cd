package org.gradus.app;

import java.util.Locale;
import org.gradus.kernel.Engine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the arithmetic is done; none of it changes a number. */
final class EngineOptions {

    /** More threads than any machine of today has processors. */
    private static final int MOST_THREADS = 1024;

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads (default: all processors).")
    private @Nullable Integer threads;

    @Option(
            names = "--kernels",
            paramLabel = "auto|scalar|vector",
            converter = Words.ForKernels.class,
            description = "Arithmetic: SIMD (vector), plain loops (scalar), or SIMD where possible (auto, default).")
    private @Nullable KernelsName kernels;

    /**
     * Passes the options to the library, which reads its properties once: before anything of it computes.
     *
     * @throws CommandFailure if the number of threads is impossible
     */
    void setProperties() {
        if (threads != null) {
            if (threads < 1 || threads > MOST_THREADS) {
                throw new CommandFailure("--threads is " + threads + " but must be 1 to " + MOST_THREADS);
            }
            System.setProperty("gradus.threads", threads.toString());
        }
        if (kernels != null) {
            System.setProperty("gradus.kernels", kernels.name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Starts the threads and chooses the kernels.
     *
     * @throws CommandFailure if what was asked for is not to be had
     */
    static Engine start() {
        try {
            return Engine.shared();
        } catch (IllegalArgumentException | IllegalStateException badProperty) {
            throw new CommandFailure(String.valueOf(badProperty.getMessage()), badProperty);
        }
    }
}
