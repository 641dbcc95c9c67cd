package org.gradus.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.gradus.kernel.AdamCoefficients;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.Kernels;
import org.junit.jupiter.api.Test;

/**
 * Functions keep their vectors in registers whatever was called before. Many calls with few numbers are what once made C2 compile the
 * parts of a loop by themselves, and then leave them as calls, whose vectors are on the heap for good.
 */
class VectorsInRegistersTest {

    private static final int FEW = 48;
    private static final int MANY = 3072;
    private static final int FIRST_CALLS = 6_666;
    private static final List<String> FUNCTIONS =
            List.of("exp", "sigmoid", "tanh", "bceWithLogitsGrad", "adamStep", "log");
    private static final int SETTLING = 100_000;
    private static final int LOOKS = 20;

    @Test
    void nothingIsAllocatedAfterManySmallCalls() throws IOException, InterruptedException {
        if (PanelParityTest.absent()) {
            return;
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector",
                        "-classpath",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(printed.lines())
                .containsExactly("exp 0", "sigmoid 0", "tanh 0", "bceWithLogitsGrad 0", "adamStep 0", "log 0");
    }

    /** In a JVM of its own: for each function the bytes that calls allocate in the end. */
    static final class Main {

        private static final float[] X = new float[MANY];
        private static final float[] Y = new float[MANY];
        private static final float[] Z = new float[MANY];
        private static final float[] W = new float[MANY];
        private static final AdamCoefficients ADAM = new AdamCoefficients(0.9, 0.999, 1e-8, 0);

        private Main() {}

        @SuppressWarnings("SystemOut") // to the test
        public static void main(String[] none) {
            Kernels kernels = KernelProvider.kernels();
            ADAM.step(1e-3, 0.5, 1);
            for (int i = 0; i < FIRST_CALLS; i++) {
                run(kernels, FUNCTIONS.size() - 1 - i * FUNCTIONS.size() / FIRST_CALLS, FEW);
            }
            for (int f = 0; f < FUNCTIONS.size(); f++) {
                System.out.println(FUNCTIONS.get(f) + " " + bytesInTheEnd(kernels, f));
            }
        }

        private static void run(Kernels kernels, int function, int n) {
            switch (function) {
                case 0 -> kernels.exp(0, n, X, Y);
                case 1 -> kernels.sigmoid(0, n, X, Y);
                case 2 -> kernels.tanh(0, n, X, Y);
                case 3 -> kernels.bceWithLogitsGrad(0, n, 0.5f, X, Y, Z);
                case 4 -> kernels.adamStep(0, n, ADAM, W, X, Y, Z);
                default -> kernels.log(0, n, X, Y);
            }
        }

        /** Bytes of some calls in a row, late enough for C2 to have decided; in the best of several looks, lest it was late. */
        private static long bytesInTheEnd(Kernels kernels, int function) {
            bytes(kernels, function, SETTLING);
            long fewest = Long.MAX_VALUE;
            for (int i = 0; i < LOOKS && fewest > 0; i++) {
                fewest = Math.min(fewest, bytes(kernels, function, SETTLING / LOOKS));
            }
            return fewest;
        }

        private static long bytes(Kernels kernels, int function, int calls) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < calls; i++) {
                run(kernels, function, MANY);
            }
            return threads.getCurrentThreadAllocatedBytes() - before;
        }
    }
}
