package org.gradus.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gradus.kernel.AdamCoefficients;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(printedBy(Main.class))
                .containsExactly("exp 0", "sigmoid 0", "tanh 0", "bceWithLogitsGrad 0", "adamStep 0", "log 0");
    }

    /**
     * What a busy machine does now and then: C2 compiles a kernel while the Vector API's methods have no profile. Then it knows only the
     * classes that it can tell by itself. Left out are logarithms on JDK 17, and what ends in a tree along rows (sums over samples, thin
     * products): with 256 bits, 4 of 94 starts of JDK 25 left 5 kB on the heap for every 16 sums.
     */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:UseAVX=2", "-XX:UseAVX=3"})
    void nothingIsAllocatedWithoutProfiles(String width) throws IOException, InterruptedException {
        if (PanelParityTest.absent()) {
            return;
        }
        assertThat(printedBy(WithoutProfiles.class, "-XX:-UseTypeProfile", "-XX:+IgnoreUnrecognizedVMOptions", width))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).endsWith(" 0"));
    }

    private static List<String> printedBy(Class<?> main, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-modules=jdk.incubator.vector");
        command.addAll(List.of(options));
        command.add("-classpath");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main.getName());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        return printed.lines().toList();
    }

    /** In a JVM of its own: for each kernel the fewest bytes that some calls in a row allocate. */
    static final class WithoutProfiles {

        private static final int NUMBERS = 1024;
        private static final int CALLS = 500;
        private static final int PATIENCE = 400;
        private static final int PAUSE_MILLIS = 10; // for the compiler, which may be late
        private static final float[] X = new float[NUMBERS];
        private static final float[] Y = new float[NUMBERS];
        private static final float[] Z = new float[NUMBERS];
        private static final float[] SUMS = new float[NUMBERS];
        private static final float[] SLOPE = {0.25f};

        private WithoutProfiles() {}

        public static void main(String[] none) throws InterruptedException {
            Arrays.fill(X, 0.25f);
            Arrays.fill(Y, 0.5f);
            Kernels k = KernelProvider.kernels();
            PanelKernels panels = PanelKernels.of(k).orElseThrow();
            int n = NUMBERS;
            int features = n / PanelKernels.WIDTH;

            measure("add", () -> k.add(0, n, X, Y, Z));
            measure("addScaled", () -> k.addScaled(0, n, 0.5f, X, Z));
            measure("relu", () -> k.relu(0, n, X, Z));
            measure("prelu", () -> k.prelu(0, n, 1, X, SLOPE, Z));
            measure("preluGrad", () -> k.preluGrad(0, n, 1, X, SLOPE, Y, Z));
            measure("preluSlopeGradChunks", () -> k.preluSlopeGradChunks(0, 1, n, X, Y, SUMS));
            measure("sigmoid", () -> k.sigmoid(0, n, X, Z));
            measure("sigmoidGrad", () -> k.sigmoidGrad(0, n, X, Y, Z));
            measure("tanh", () -> k.tanh(0, n, X, Z));
            measure("tanhGrad", () -> k.tanhGrad(0, n, X, Y, Z));
            measure("exp", () -> k.exp(0, n, X, Z));
            measure("firstOutside", () -> k.firstOutside(0, n, 0, 1, X));
            measure("sumChunks", () -> k.sumChunks(0, 1, n, X, SUMS));
            measure("addColumnSums", () -> k.addColumnSums(features, PanelKernels.WIDTH, X, Z, 0, PanelKernels.WIDTH));
            measure("squaredErrorChunks", () -> k.squaredErrorChunks(0, 1, n, X, Y, SUMS));
            measure("bceGrad", () -> k.bceGrad(0, n, 0.5f, X, Y, Z));
            measure("bceWithLogitsGrad", () -> k.bceWithLogitsGrad(0, n, 0.5f, X, Y, Z));
            measure("panels' bceGrad", () -> panels.bceGrad(0, n, 0.5f, X, Y, Z));
            measure("panels' squaredErrorChunks", () -> panels.squaredErrorChunks(0, 1, features, X, Y, SUMS));
            measure(
                    "panels' softmaxCrossEntropy",
                    () -> panels.softmaxCrossEntropy(0, 1, features, X, Y, Z, SUMS, SUMS));
            NonZeros nonZeros = new NonZeros(PanelKernels.WIDTH, features);
            panels.rows(features)[1] = 1;
            Product product = new Product(Order.ROWS, features, features, 16, 16, 12 * 16);
            measure("panels' note", () -> panels.note(0, nonZeros));
            measure("panels' product", () -> panels.product(product, nonZeros, 0, 12, 0, 1, X, Y, Z));
            if (Runtime.version().feature()
                    > 17) { // where the last steps of a logarithm are beyond C2's count of nodes
                measure("log", () -> k.log(0, n, X, Z));
                measure("bceChunks", () -> k.bceChunks(0, 1, n, X, Y, SUMS));
                measure("bceWithLogitsChunks", () -> k.bceWithLogitsChunks(0, 1, n, X, Y, SUMS));
            }
        }

        @SuppressWarnings("SystemOut") // to the test
        private static void measure(String name, Runnable kernel) throws InterruptedException {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long fewest = Long.MAX_VALUE;
            for (int look = 0; look < PATIENCE && fewest > 0; look++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < CALLS; i++) {
                    kernel.run();
                }
                fewest = Math.min(fewest, threads.getCurrentThreadAllocatedBytes() - before);
                if (fewest > 0) {
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
            System.out.println(name + " " + fewest);
        }
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
