package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is chosen, and why. The build says by {@code gradus.kernels.required} what this JVM must have chosen. */
class KernelProviderTest {

    private static final String FLAG = "--add-modules jdk.incubator.vector";

    @Test
    void chosenKernelsAreTheRequiredOnes() {
        String required = System.getProperty("gradus.kernels.required", "");
        if (required.isEmpty()) {
            boolean loaded =
                    ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
            required = loaded ? "vector" : "scalar";
        }
        assertThat(KernelProvider.kernels().name()).as(KernelProvider.reason()).isEqualTo(required);
        if (required.equals("scalar")) {
            assertThat(KernelProvider.reason()).contains(FLAG);
            assertThat(KernelProvider.kernels().vectorBits()).isEqualTo(32);
        } else {
            int bits = KernelProvider.kernels().vectorBits();
            assertThat(bits).isGreaterThanOrEqualTo(128);
            assertThat(KernelProvider.reason()).contains(bits + " bits");
        }
    }

    @Test
    void anotherIsOfTheSameKindWithMemoryOfItsOwn() {
        Kernels chosen = KernelProvider.kernels();
        assertThat(chosen.another()).isNotSameAs(chosen).hasSameClassAs(chosen);
    }

    @Test
    void threadsFollowTheProperty() {
        String before = System.getProperty("gradus.threads");
        try {
            System.clearProperty("gradus.threads");
            assertThat(KernelProvider.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
            System.setProperty("gradus.threads", " 3 ");
            assertThat(KernelProvider.threads()).isEqualTo(3);
            for (String wrong : List.of("0", "-1", "two", "", "1.5")) {
                System.setProperty("gradus.threads", wrong);
                assertThatThrownBy(KernelProvider::threads)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("property gradus.threads is '" + wrong + "' but must be a whole number from 1 up");
            }
        } finally {
            if (before == null) {
                System.clearProperty("gradus.threads");
            } else {
                System.setProperty("gradus.threads", before);
            }
        }
    }

    @Test
    void withoutTheModuleItSaysWhichFlagIsMissing() throws Exception {
        assertThat(chosenBy()).contains("scalar|").contains("INFO").contains(FLAG);
    }

    @Test
    void scalarCanBeAskedFor() throws Exception {
        assertThat(chosenBy("--add-modules", "jdk.incubator.vector", "-Dgradus.kernels=scalar"))
                .contains("scalar|asked for by gradus.kernels=scalar")
                .doesNotContain("INFO");
    }

    @Test
    void vectorThatCannotBeHadIsRefused() throws Exception {
        assertThat(chosenBy("-Dgradus.kernels=vector"))
                .contains("gradus.kernels=vector cannot be met")
                .contains(FLAG);
    }

    @Test
    void refusalKeepsItsMessageAndTypeEveryTime() throws Exception {
        assertThat(printed(Twice.class, "-Dgradus.threads=few"))
                .contains("1 java.lang.IllegalArgumentException: property gradus.threads is 'few'")
                .contains("2 java.lang.IllegalArgumentException: property gradus.threads is 'few'");
        assertThat(printed(Twice.class, "-Dgradus.kernels=vector"))
                .contains("1 java.lang.IllegalStateException: gradus.kernels=vector cannot be met")
                .contains("2 java.lang.IllegalStateException: gradus.kernels=vector cannot be met");
    }

    @Test
    void vectorsMustHoldFourToSixteenFloats() {
        assertThat(KernelProvider.whyUnfit(64)).contains("vectors of this machine have only 64 bits");
        assertThat(KernelProvider.whyUnfit(128)).isEmpty();
        assertThat(KernelProvider.whyUnfit(512)).isEmpty();
        assertThat(KernelProvider.whyUnfit(1024))
                .contains("vectors of this machine have 1024 bits, more than the 512 that the SIMD kernels know;"
                        + " start java with -XX:MaxVectorSize=64");
    }

    @Test
    void interpreterGetsScalarKernels() throws Exception {
        assertThat(chosenBy("--add-modules", "jdk.incubator.vector", "-Xint"))
                .contains("scalar|the Vector API needs the C2 compiler");
    }

    /** C1 alone, as the JVM says itself, as only a flag says it, and chosen by another flag. */
    @Test
    void withoutC2ItGetsScalarKernels() throws Exception {
        for (String flag :
                List.of("-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=3", "-XX:CompilationMode=quick-only")) {
            assertThat(chosenBy("--add-modules", "jdk.incubator.vector", flag))
                    .as(flag)
                    .contains("scalar|the Vector API needs the C2 compiler")
                    .contains("INFO");
        }
        assertThat(chosenBy("--add-modules", "jdk.incubator.vector", "-XX:-TieredCompilation"))
                .contains("vector|");
    }

    @Test
    void withoutFusedMultiplyAddItWarns() throws Exception {
        String warning = "Math.fma is computed in software here, more than a hundred times slower";
        assertThat(chosenBy("--add-modules", "jdk.incubator.vector", "-XX:-UseFMA"))
                .contains("WARNING: scalar kernels: " + warning)
                .contains("scalar|" + warning);
        assertThat(chosenBy("-XX:-UseFMA")).contains("WARNING: scalar kernels: " + warning);
        assertThat(chosenBy("-XX:-UseFMA", "-Dgradus.kernels=scalar"))
                .contains("WARNING: scalar kernels: asked for by gradus.kernels=scalar; " + warning);
    }

    /** A runtime image of one's own may lack the modules that flags are read with. */
    @Test
    void worksWhereFlagsCannotBeRead() throws Exception {
        assertThat(chosenBy(
                        "--limit-modules", "java.base,jdk.incubator.vector", "--add-modules", "jdk.incubator.vector"))
                .contains("vector|module jdk.incubator.vector is loaded");
        assertThat(chosenBy(
                        "--limit-modules",
                        "java.base,jdk.incubator.vector",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-XX:TieredStopAtLevel=1"))
                .contains("scalar|the Vector API needs the C2 compiler");
    }

    @Test
    void unknownNameIsRefused() throws Exception {
        assertThat(chosenBy("-Dgradus.kernels=fast"))
                .contains("property gradus.kernels is 'fast' but must be auto, scalar or vector");
    }

    /** Prints what the provider chooses in a JVM started with other options. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            System.out.println(KernelProvider.kernels().name() + "|" + KernelProvider.reason());
        }
    }

    /** Prints what two first uses of the shared engine throw. */
    static final class Twice {
        private Twice() {}

        public static void main(String[] arguments) {
            for (int i = 1; i <= 2; i++) {
                try {
                    Engine.shared();
                } catch (RuntimeException refused) {
                    System.out.println(i + " " + refused);
                }
            }
        }
    }

    private static String chosenBy(String... options) throws IOException, InterruptedException, URISyntaxException {
        return printed(Main.class, options);
    }

    private static String printed(Class<?> main, String... options)
            throws IOException, InterruptedException, URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(placeOf(KernelProvider.class) + File.pathSeparator + placeOf(main));
        command.add(main.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static String placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
