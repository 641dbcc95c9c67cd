package org.gradus.kernel;

import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.Optional;

/**
 * Chooses the kernels once per JVM and says why in one log line. The Vector API is an incubating module, so it is there only
 * if the JVM was started with {@code --add-modules jdk.incubator.vector}; without it everything runs on the scalar kernels,
 * with the same bits.
 *
 * <p>The Vector API is fast where HotSpot's compiler C2 compiles it, or Graal from Java 25 on; under any other JVM, compiler or flag
 * that it would be slower than plain loops with, the scalar kernels are chosen. Both need the processor's fused multiply-add: where
 * there is none, or a flag hides it, {@code Math.fma} is right but more than a hundred times slower, and the log line is a warning.
 *
 * <p>Properties: {@code gradus.kernels}, read once, is {@code auto} (default), {@code scalar} or {@code vector}, where
 * {@code vector} refuses to fall back; {@code gradus.threads} is the number of threads, by default all processors; the shared
 * engine reads it when it is first used.
 */
public final class KernelProvider {

    static final String FLAG = "--add-modules jdk.incubator.vector";

    private static final String KERNELS = "gradus.kernels";
    private static final String THREADS = "gradus.threads";
    private static final String VECTOR_CLASS = "org.gradus.kernel.simd.VectorKernels";

    /** Below 128 bits a vector holds fewer than four floats and scalar code is as good. */
    private static final int LEAST_BITS = 128;

    /** The kernels' sums have 16 lanes, which several vectors may hold but not a part of one. */
    private static final int MOST_BITS = Kernels.LANES * Float.SIZE;

    private static final Attempt<Choice> CHOICE = Attempt.of(KernelProvider::choose);

    private record Choice(Kernels kernels, String reason) {}

    private KernelProvider() {}

    /**
     * The chosen kernels, for the first thread.
     *
     * @return scalar or vector kernels
     * @throws IllegalArgumentException if {@code gradus.kernels} is no name of kernels
     * @throws IllegalStateException if it is {@code vector} and they cannot be had
     */
    public static Kernels kernels() {
        return CHOICE.get().kernels;
    }

    /**
     * Why these kernels.
     *
     * @return one sentence, with the missing flag if there is one
     * @throws IllegalArgumentException if {@code gradus.kernels} is no name of kernels
     * @throws IllegalStateException if it is {@code vector} and they cannot be had
     */
    public static String reason() {
        return CHOICE.get().reason;
    }

    /**
     * The number of threads asked for.
     *
     * @return {@code gradus.threads}, or the number of processors
     * @throws IllegalArgumentException if the property is not a positive whole number
     */
    public static int threads() {
        String asked = System.getProperty(THREADS);
        if (asked == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        try {
            int threads = Integer.parseInt(asked.trim());
            if (threads >= 1) {
                return threads;
            }
        } catch (NumberFormatException notANumber) {
            // answered below, together with numbers under 1
        }
        throw new IllegalArgumentException(
                "property " + THREADS + " is '" + asked + "' but must be a whole number from 1 up");
    }

    private static Choice choose() {
        Jvm jvm = Jvm.here();
        String asked = System.getProperty(KERNELS, "auto").trim().toLowerCase(Locale.ROOT);
        Choice choice;
        switch (asked) {
            case "scalar" ->
                choice = scalar(
                        "asked for by " + KERNELS + "=scalar" + (jvm.whySlow().isEmpty() ? "" : "; " + jvm.whySlow()));
            case "auto" -> choice = vectorOrScalar(jvm);
            case "vector" -> {
                choice = vectorOrScalar(jvm);
                if (choice.kernels instanceof ScalarKernels) {
                    throw new IllegalStateException(KERNELS + "=vector cannot be met: " + choice.reason);
                }
            }
            default ->
                throw new IllegalArgumentException(
                        "property " + KERNELS + " is '" + asked + "' but must be auto, scalar or vector");
        }
        boolean fellBack = asked.equals("auto") && choice.kernels instanceof ScalarKernels;
        Level level = !jvm.whySlow().isEmpty() ? Level.WARNING : fellBack ? Level.INFO : Level.DEBUG;
        System.getLogger(KernelProvider.class.getName())
                .log(level, "{0} kernels: {1}", choice.kernels.name(), choice.reason);
        return choice;
    }

    private static Choice scalar(String reason) {
        return new Choice(new ScalarKernels(), reason);
    }

    private static Choice vectorOrScalar(Jvm jvm) {
        if (!jvm.whySlow().isEmpty()) { // SIMD kernels suffer a little more from it than plain loops do
            return scalar(jvm.whySlow());
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return scalar("module jdk.incubator.vector is not loaded; start java with " + FLAG + " for SIMD speed");
        }
        String slower = jvm.whyNoVectors();
        if (!slower.isEmpty()) {
            return scalar(slower);
        }
        try {
            Class<?> type = Class.forName(VECTOR_CLASS);
            Kernels vector = (Kernels) type.getDeclaredConstructor().newInstance();
            int bits = vector.vectorBits();
            Optional<String> unfit = whyUnfit(bits);
            if (unfit.isPresent()) {
                return scalar(unfit.get());
            }
            selfCheck(vector);
            return new Choice(
                    vector,
                    "module jdk.incubator.vector is loaded, vectors have " + bits + " bits"
                            + (jvm.graal() ? ", compiled by Graal" : ""));
        } catch (InvocationTargetException failed) {
            return scalar("the SIMD kernels could not start: " + failed.getCause());
        } catch (ReflectiveOperationException | LinkageError failed) {
            return scalar("the SIMD kernels could not be loaded: " + failed);
        }
    }

    /** Why the SIMD kernels cannot work with vectors of so many bits. */
    static Optional<String> whyUnfit(int bits) {
        if (bits < LEAST_BITS) {
            return Optional.of("vectors of this machine have only " + bits + " bits");
        }
        if (bits > MOST_BITS) {
            return Optional.of("vectors of this machine have " + bits + " bits, more than the " + MOST_BITS
                    + " that the SIMD kernels know; start java with -XX:MaxVectorSize=" + MOST_BITS / Byte.SIZE);
        }
        return Optional.empty();
    }

    /** One small product and one sigmoid must have the bits of the scalar kernels. */
    private static void selfCheck(Kernels vector) {
        int m = 7;
        int n = 37;
        int k = 5;
        float[] expected = productThenSigmoid(new ScalarKernels(), m, n, k);
        float[] actual = productThenSigmoid(vector, m, n, k);
        for (int i = 0; i < m * n; i++) {
            if (Float.floatToRawIntBits(expected[i]) != Float.floatToRawIntBits(actual[i])) {
                throw new AssertionError("SIMD and scalar kernels differ on this machine: element " + i + " is "
                        + actual[i] + " but should be " + expected[i] + "; start java with -D" + KERNELS + "=scalar");
            }
        }
    }

    private static float[] productThenSigmoid(Kernels kernels, int m, int n, int k) {
        float[] c = new float[m * n];
        kernels.gemm(GemmKind.NN, m, n, k, wave(m * k), wave(k * n), Kernels.NO_BIAS, c, false, 0, m, 0, n);
        kernels.sigmoid(0, m * n, c, c);
        return c;
    }

    private static float[] wave(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (i * 37 % 101 - 50) / 16f;
        }
        return x;
    }
}
