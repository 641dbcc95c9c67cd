package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.VectorKernels;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Residual;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.nn.Tanh;
import org.gradus.optim.Adam;
import org.gradus.optim.AdamW;
import org.gradus.optim.Optimizer;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is given an engine computes on that one alone. */
class OwnEngineTest {

    /** Every kind of step on an engine of its own, in a JVM where whoever asks for the shared engine gets an exception. */
    static final class Main {
        private Main() {}

        private static Kernels kernels(String name) {
            return name.equals("vector")
                    ? new VectorKernels()
                    : Engine.plain().kernels().another();
        }

        @SuppressWarnings("SystemOut") // to the test
        public static void main(String[] kernels) {
            try (Engine engine = new Engine(kernels(kernels[0]), 2)) {
                Tensor x = Tensor.matrix(30, 40, new TorchRandom(1).rand(1200));
                for (Layer middle : new Layer[] {new Tanh(), y -> y.scale(2)}) {
                    for (boolean plans : new boolean[] {true, false}) {
                        System.out.println(steps(engine, middle, plans, x));
                    }
                }
                Sequential net = net(new Tanh());
                for (Optimizer optimizer :
                        List.of(new AdamW(net.parameters()).on(engine), new SGD(net.parameters(), 0.1).on(engine))) {
                    Tensor input = Tape.reusing(engine).input(x);
                    new BCELoss().of(net.forward(input), input).backward();
                    optimizer.step();
                }
                FullSetLoss fullSet = new FullSetLoss(net, new BCELoss()).on(engine);
                fullSet.of(x, x);
                fullSet.of(x, x);
                System.out.println(fullSet.steps().kind());
            }
            try {
                System.out.println("shared engine of " + Engine.shared().threads());
            } catch (IllegalArgumentException refused) {
                System.out.println("no shared engine");
            }
        }

        private static Sequential net(Layer middle) {
            TorchRandom random = new TorchRandom(3);
            return new Sequential(
                    new Linear(40, 20, random), new Residual(middle), new Linear(20, 40, random), new Sigmoid());
        }

        private static StepKind steps(Engine engine, Layer middle, boolean plans, Tensor x) {
            Sequential net = net(middle);
            Trainer trainer = new Trainer(net, new BCELoss(), new Adam(net.parameters()).on(engine), new NumpyRandom(1))
                    .epochs(2)
                    .batchSize(8)
                    .on(engine);
            if (!plans) {
                trainer.withoutPlan();
            }
            trainer.fit(x, x);
            return trainer.steps().kind();
        }
    }

    @Test
    @Tag("once")
    void sharedEngineIsNeverAskedFor() throws IOException, InterruptedException, URISyntaxException {
        assertThat(printed("vector", "--add-modules", "jdk.incubator.vector"))
                .containsSubsequence("PLANNED", "REPLAYED", "RECORDED", "RECORDED", "PLANNED", "no shared engine")
                .doesNotContain("Exception");
        assertThat(printed("scalar"))
                .containsSubsequence("REPLAYED", "REPLAYED", "RECORDED", "RECORDED", "REPLAYED", "no shared engine")
                .doesNotContain("Exception");
    }

    private static String printed(String kernels, String... options)
            throws IOException, InterruptedException, URISyntaxException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.add("-Dgradus.kernels=none");
        command.add("-cp");
        command.add(placeOf(KernelProvider.class) + File.pathSeparator + placeOf(Main.class));
        command.add(Main.class.getName());
        command.add(kernels);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private static String placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    @Test
    void closedEngineComputesNothing() {
        Sequential net = new Sequential(new Linear(3, 3, new TorchRandom(1)));
        Tensor x = Tensor.zeros(4, 3);
        Engine closed = new Engine(KernelProvider.kernels(), 1);
        closed.close();
        String message = "this engine is closed; make a new one, or use Engine.shared()";
        FullSetLoss fullSet = new FullSetLoss(net, new MSELoss()).on(closed);
        Adam adam = new Adam(net.parameters()).on(closed);
        Trainer trainer = new Trainer(net, new MSELoss(), new SGD(net.parameters(), 0.1), new NumpyRandom(1))
                .withoutPlan()
                .on(closed);
        for (Runnable run : new Runnable[] {() -> trainer.fit(x, x), adam::step}) {
            assertThatThrownBy(run::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(message);
        }
        // The first block goes over plain kernels where a plan is sought.
        assertThatThrownBy(() -> {
                    fullSet.of(x, x);
                    fullSet.of(x, x);
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }
}
