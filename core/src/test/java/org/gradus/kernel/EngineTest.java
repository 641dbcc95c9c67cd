package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The number of threads and of callers changes no bit. */
class EngineTest {

    private static final Set<String> NOT_ARITHMETIC = Set.of(
            "border", "together", "plain", "shared", "kernels", "threads", "scratch", "zeroedSecondScratch", "close");

    private static final Engine ONE = new Engine(KernelProvider.kernels().another(), 1);

    private static final List<Engine> SEVERAL = List.of(
            new Engine(KernelProvider.kernels().another(), 2),
            new Engine(KernelProvider.kernels().another(), 3),
            new Engine(KernelProvider.kernels().another(), 5));

    @AfterAll
    static void closeEngines() {
        ONE.close();
        SEVERAL.forEach(Engine::close);
    }

    /** A call on {@code rows x columns} elements; x and y hold probabilities, w is what it writes to. */
    private interface Call {
        void on(Engine engine, Work work);
    }

    private record Case(String method, Call call) {
        @Override
        public String toString() {
            return method;
        }
    }

    private static final class Work {
        final int rows;
        final int columns;
        final int n;
        final float[] x;
        final float[] y;
        final float[] z;
        final float[] w;
        final float[] row;
        final float[] one = {0.25f};
        final float[] classes;
        final float[] square;
        double result;

        Work(int rows, int columns) {
            this.rows = rows;
            this.columns = columns;
            n = rows * columns;
            x = Samples.uniform(1, n, 0, 1);
            y = Samples.uniform(2, n, 0, 1);
            z = Samples.uniform(3, n, -3, 3);
            w = Samples.uniform(4, n, -1, 1);
            row = Samples.uniform(5, columns, -1, 1);
            classes = Samples.whole(6, rows, columns);
            int side = Math.min(1000, Math.max(rows, columns));
            square = Samples.uniform(7, side * side, -1, 1);
        }

        void assertSame(String what, Work expected) {
            Bits.assertSame(what + " x", x, expected.x);
            Bits.assertSame(what + " y", y, expected.y);
            Bits.assertSame(what + " z", z, expected.z);
            Bits.assertSame(what + " w", w, expected.w);
            Bits.assertSame(what + " row", row, expected.row);
            Bits.assertSame(what + " one", one, expected.one);
            Bits.assertSame(what + " square", square, expected.square);
            assertThat(result).as(what).isEqualTo(expected.result);
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("gemm", (e, a) -> e.gemm(GemmKind.NT, a.rows, a.rows, a.columns, a.z, a.x, a.square, false)),
            new Case("gemm", (e, a) -> e.gemm(GemmKind.TN, a.columns, a.columns, a.rows, a.z, a.x, a.square, true)),
            new Case("gemm", (e, a) -> e.gemm(GemmKind.NN, a.rows, 2, a.columns, a.z, a.x, a.w, true)),
            new Case("affine", (e, a) -> e.affine(a.rows, a.rows, a.columns, a.z, a.x, a.classes, a.square)),
            new Case("add", (e, a) -> e.add(a.n, a.x, a.y, a.w)),
            new Case("sub", (e, a) -> e.sub(a.n, a.x, a.y, a.w)),
            new Case("mul", (e, a) -> e.mul(a.n, a.x, a.y, a.w)),
            new Case("div", (e, a) -> e.div(a.n, a.x, a.y, a.w)),
            new Case("scale", (e, a) -> e.scale(a.n, 1.7f, a.x, a.w)),
            new Case("addScaled", (e, a) -> e.addScaled(a.n, 1.7f, a.x, a.w)),
            new Case("addConstant", (e, a) -> e.addConstant(a.n, 1.7f, a.w)),
            new Case("addProduct", (e, a) -> e.addProduct(a.n, a.x, a.y, a.w)),
            new Case("addQuotient", (e, a) -> e.addQuotient(a.n, a.x, a.y, a.w)),
            new Case("divideGrad", (e, a) -> e.divideGrad(a.n, a.x, a.y, a.z, a.w)),
            new Case("relu", (e, a) -> e.relu(a.n, a.z, a.w)),
            new Case("reluGrad", (e, a) -> e.reluGrad(a.n, a.z, a.x, a.w)),
            new Case("sigmoid", (e, a) -> e.sigmoid(a.n, a.z, a.w)),
            new Case("sigmoidGrad", (e, a) -> e.sigmoidGrad(a.n, a.x, a.z, a.w)),
            new Case("tanh", (e, a) -> e.tanh(a.n, a.z, a.w)),
            new Case("tanhGrad", (e, a) -> e.tanhGrad(a.n, a.x, a.z, a.w)),
            new Case("exp", (e, a) -> e.exp(a.n, a.z, a.w)),
            new Case("log", (e, a) -> e.log(a.n, a.x, a.w)),
            new Case("addScaledDifference", (e, a) -> e.addScaledDifference(a.n, 0.3f, a.x, a.y, a.w)),
            new Case("bceGrad", (e, a) -> e.bceGrad(a.n, 0.3f, a.x, a.y, a.w)),
            new Case("bceTargetGrad", (e, a) -> e.bceTargetGrad(a.n, 0.3f, a.x, a.w)),
            new Case("bceWithLogitsGrad", (e, a) -> e.bceWithLogitsGrad(a.n, 0.3f, a.z, a.y, a.w)),
            new Case("prelu", (e, a) -> e.prelu(a.rows, a.columns, a.z, a.one, a.w)),
            new Case("prelu", (e, a) -> e.prelu(a.rows, a.columns, a.z, a.row, a.w)),
            new Case("preluGrad", (e, a) -> e.preluGrad(a.rows, a.columns, a.z, a.one, a.x, a.w)),
            new Case("preluGrad", (e, a) -> e.preluGrad(a.rows, a.columns, a.z, a.row, a.x, a.w)),
            new Case("preluSlopeGrad", (e, a) -> e.preluSlopeGrad(a.rows, a.columns, a.z, a.w, a.one)),
            new Case("preluSlopeGrad", (e, a) -> e.preluSlopeGrad(a.rows, a.columns, a.z, a.w, a.row)),
            new Case("repeatRow", (e, a) -> e.repeatRow(a.rows, a.columns, a.row, a.w)),
            new Case("addColumnSums", (e, a) -> e.addColumnSums(a.rows, a.columns, a.z, a.row)),
            new Case("normalizeRows", (e, a) -> e.normalizeRows(a.rows, a.columns, a.z, a.w)),
            new Case("normalizeRowsGrad", (e, a) -> e.normalizeRowsGrad(a.rows, a.columns, a.z, a.x, a.y, a.w)),
            new Case("sum", (e, a) -> a.result = e.sum(a.n, a.z)),
            new Case("squaredError", (e, a) -> a.result = e.squaredError(a.rows, a.columns, a.x, a.y)),
            new Case("firstOutside", (e, a) -> a.result = e.firstOutside(a.n, 0.001f, 0.999f, a.x)),
            new Case("bce", (e, a) -> a.result = e.bce(a.rows, a.columns, a.x, a.y)),
            new Case("bceWithLogits", (e, a) -> a.result = e.bceWithLogits(a.rows, a.columns, a.z, a.y)),
            new Case(
                    "softmaxCrossEntropy",
                    (e, a) -> a.result = e.softmaxCrossEntropy(a.rows, a.columns, a.z, a.classes)),
            new Case(
                    "softmaxCrossEntropyGrad",
                    (e, a) -> e.softmaxCrossEntropyGrad(a.rows, a.columns, 0.3f, a.z, a.classes, a.w)),
            new Case("sgdStep", (e, a) -> e.sgdStep(a.n, 0.1f, 0.9f, 0.01f, true, a.w, a.z, a.x)),
            new Case("adamStep", (e, a) -> e.adamStep(a.n, adam(), a.w, a.z, a.x, a.y)));

    private static AdamCoefficients adam() {
        AdamCoefficients coefficients = new AdamCoefficients(0.9, 0.999, 1e-8, 0.1);
        coefficients.step(0.01, 0.5, 1);
        return coefficients;
    }

    static Stream<Case> cases() {
        return CASES.stream();
    }

    @Test
    void everyMethodHasARow() {
        Set<String> methods = Arrays.stream(Engine.class.getDeclaredMethods())
                .filter(m -> Modifier.isPublic(m.getModifiers()) && !m.isSynthetic())
                .map(m -> m.getName())
                .filter(name -> !NOT_ARITHMETIC.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> rows = CASES.stream().map(Case::method).collect(Collectors.toCollection(TreeSet::new));
        assertThat(rows).isEqualTo(methods);
    }

    /** 9 x 7 is done by one thread; the others are far above the threshold, with few and with many rows and columns. */
    @ParameterizedTest
    @MethodSource("cases")
    void anyNumberOfThreadsGivesTheSameBits(Case row) {
        for (int[] shape : new int[][] {{9, 7}, {331, 401}, {17, 8009}, {8009, 17}}) {
            Work expected = new Work(shape[0], shape[1]);
            if (tooLargeToSquare(row, shape)) {
                continue;
            }
            row.call().on(ONE, expected);
            for (Engine engine : SEVERAL) {
                Work actual = new Work(shape[0], shape[1]);
                row.call().on(engine, actual);
                actual.assertSame(row + " on " + engine.threads() + " threads, " + shape[0] + "x" + shape[1], expected);
            }
        }
    }

    private static boolean tooLargeToSquare(Case row, int[] shape) {
        return (row.method.equals("gemm") || row.method.equals("affine")) && Math.max(shape[0], shape[1]) > 1000;
    }

    @Test
    void reductionsEqualTheSumOfTheChunksOfTheKernels() {
        Work a = new Work(331, 401);
        float[] partial = new float[Kernels.chunks(1, a.n)];
        new NaiveKernels().sumChunks(0, partial.length, a.n, a.z, partial);
        double sum = 0;
        for (float chunk : partial) {
            sum += chunk;
        }
        assertThat(SEVERAL.get(1).sum(a.n, a.z)).isEqualTo(sum);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void sharedByThreadsItServesOneAfterTheOther() throws Exception {
        Engine engine = SEVERAL.get(0);
        List<Callable<Void>> callers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int offset = t * 7;
            callers.add(() -> {
                for (int round = 0; round < 12; round++) {
                    for (int c = 0; c < CASES.size(); c++) {
                        Case row = CASES.get((c + offset) % CASES.size());
                        Work actual = new Work(61, 230);
                        row.call().on(engine, actual);
                        actual.assertSame("shared " + row, EXPECTED.get((c + offset) % CASES.size()));
                    }
                }
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(callers.size());
        try {
            for (Future<Void> caller : threads.invokeAll(callers)) {
                caller.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static final List<Work> EXPECTED = CASES.stream()
            .map(row -> {
                Work work = new Work(61, 230);
                row.call().on(ONE, work);
                return work;
            })
            .toList();

    @Test
    void failureOfAPartReachesTheCallerAndTheEngineGoesOn() {
        Engine engine = SEVERAL.get(1);
        int n = 300_000;
        float[] tooShort = new float[n / 2];
        assertThatThrownBy(() -> engine.add(n, new float[n], new float[n], tooShort))
                .isInstanceOf(IndexOutOfBoundsException.class);
        float[] out = new float[n];
        engine.addConstant(n, 1f, out);
        assertThat(engine.sum(n, out)).isEqualTo(n);
    }

    @Test
    void whatAWorkerThrowsIsThrownAsItIsToTheCaller() {
        Engine engine = SEVERAL.get(1);
        IllegalStateException mistake = new IllegalStateException("second part");
        Engine.Work work = (kernels, part, parts) -> {
            if (part == 1) {
                throw mistake;
            }
        };
        assertThatThrownBy(() -> engine.together(2, work)).isSameAs(mistake);
        engine.together(2, (kernels, part, parts) -> {});
    }

    @Test
    void workIsForgottenWhenItIsDone() throws Exception {
        Engine engine = SEVERAL.get(1);
        WeakReference<float[]> memory = memoryOfSomeWork(engine);
        for (int i = 0; i < 100 && memory.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(memory.get()).isNull();
    }

    private static WeakReference<float[]> memoryOfSomeWork(Engine engine) {
        float[] memory = new float[2];
        engine.together(2, (kernels, part, parts) -> memory[part] = 1);
        assertThat(memory).containsOnly(1);
        return new WeakReference<>(memory);
    }

    @Test
    void refusesNoThreads() {
        assertThatThrownBy(() -> new Engine(new ScalarKernels(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads must be at least 1 but is 0");
    }

    // ---- closing
    // -----------------------------------------------------------------------------------------------------

    private static Set<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("gradus-worker"))
                .collect(Collectors.toSet());
    }

    private static Engine ofFourThreads() {
        return new Engine(new ScalarKernels(), 4);
    }

    private static void computeOnAllThreads(Engine engine) {
        int[] done = new int[4];
        engine.together(4, (kernels, part, parts) -> done[part] = parts);
        assertThat(done).containsOnly(4);
    }

    @Test
    void closedEnginesLeaveNoThreads() {
        Set<Thread> before = workers();
        for (int i = 0; i < 200; i++) {
            try (Engine engine = ofFourThreads()) {
                if (i % 2 == 0) { // threads that have never worked end, too
                    computeOnAllThreads(engine);
                }
                assertThat(workers()).as("engine %d", i).hasSizeGreaterThanOrEqualTo(3);
            }
            assertThat(workers()).as("engine %d", i).allMatch(before::contains);
        }
    }

    @Test
    void droppedEnginesLeaveNoThreads() throws InterruptedException {
        Set<Thread> before = workers();
        for (int i = 0; i < 20; i++) {
            computeOnAllThreads(ofFourThreads());
        }
        Set<Thread> left = workers();
        for (int i = 0; i < 3000 && !left.isEmpty(); i++) {
            System.gc();
            Thread.sleep(10);
            left = workers();
            left.removeAll(before);
        }
        assertThat(left).isEmpty();
    }

    @Test
    void closedEngineRefusesToCompute() {
        Engine engine = ofFourThreads();
        engine.close();
        engine.close();
        String closed = "this engine is closed; make a new one, or use Engine.shared()";
        for (Case one : CASES) {
            assertThatThrownBy(() -> one.call.on(engine, new Work(3, 4)))
                    .as(one.method)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(closed);
        }
        assertThatThrownBy(() -> engine.together(1, (kernels, part, parts) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(closed);
        assertThatThrownBy(() -> engine.scratch(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(closed);
        assertThatThrownBy(() -> engine.zeroedSecondScratch(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(closed);
        assertThat(engine.threads()).isEqualTo(4);
    }

    @Test
    void anInterruptDoesNotKeepThreadsAlive() {
        Set<Thread> before = workers();
        Engine engine = ofFourThreads();
        Thread.currentThread().interrupt();
        engine.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(workers()).allMatch(before::contains);
    }

    @Test
    void enginesOfAllCannotBeClosed() {
        assertThatThrownBy(() -> Engine.shared().close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "close: this is Engine.shared(), which all of this JVM uses; close only what you made with new"
                                + " Engine");
        assertThatThrownBy(() -> Engine.plain().close())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("close: this is Engine.plain(), ");
        assertThat(Engine.shared().sum(2, new float[] {1, 2})).isEqualTo(3);
        assertThat(Engine.plain().sum(2, new float[] {1, 2})).isEqualTo(3);
    }

    @Test
    void workCannotCloseTheEngineThatDoesIt() {
        try (Engine engine = ofFourThreads()) {
            Runnable close = engine::close;
            for (int parts : new int[] {1, 4}) {
                assertThatThrownBy(() -> engine.together(parts, (kernels, part, all) -> {
                            if (part == 0) {
                                close.run();
                            }
                        }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("close: this engine is at work; close it when together has returned");
            }
            computeOnAllThreads(engine);
        }
    }

    @Test
    void sharedEngineHasTheKernelsOfTheProvider() {
        assertThat(Engine.shared()).isSameAs(Engine.shared());
        assertThat(Engine.shared().kernels()).isSameAs(KernelProvider.kernels());
        assertThat(Engine.shared().threads()).isEqualTo(KernelProvider.threads());
    }
}
