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
import org.gradus.kernel.Engine.Cost;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The number of threads and of callers changes no bit. */
class EngineTest {

    private static final Set<String> NOT_ARITHMETIC = Set.of("name", "vectorBits", "another");

    private static final Engine ONE = new Engine(KernelProvider.kernels(), 1);

    private static final List<Engine> SEVERAL = List.of(
            new Engine(KernelProvider.kernels(), 2),
            new Engine(KernelProvider.kernels(), 3),
            new Engine(KernelProvider.kernels(), 5));

    @AfterAll
    static void closeEngines() {
        ONE.close();
        SEVERAL.forEach(Engine::close);
    }

    /** A call on {@code rows x columns} elements; x and y hold probabilities, w is what it writes to. */
    private interface Call {
        void on(Engine engine, Work work);
    }

    private record Case(String kernel, Call call) {
        @Override
        public String toString() {
            return kernel;
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

    /** A kernel on a part of its range and on the arrays of a case. */
    private interface Loop {
        void on(Kernels kernels, int from, int to, Work work);
    }

    private static Case elements(String kernel, Cost cost, Loop loop) {
        return new Case(kernel, (e, a) -> e.elements(a.n, cost, (k, from, to) -> loop.on(k, from, to, a)));
    }

    private static Case rows(String kernel, Cost cost, Loop loop) {
        return new Case(kernel, (e, a) -> e.rows(a.rows, a.columns, cost, (k, from, to) -> loop.on(k, from, to, a)));
    }

    private static double sum(Engine engine, int n, float[] x) {
        return engine.sum(1, n, (k, from, to, sums) -> k.sumChunks(from, to, n, x, sums));
    }

    private static final List<Case> CASES = List.of(
            new Case("gemm", (e, a) -> e.gemm(GemmKind.NT, a.rows, a.rows, a.columns, a.z, a.x, a.square, false)),
            new Case("gemm", (e, a) -> e.gemm(GemmKind.TN, a.columns, a.columns, a.rows, a.z, a.x, a.square, true)),
            new Case("gemm", (e, a) -> e.gemm(GemmKind.NN, a.rows, 2, a.columns, a.z, a.x, a.w, true)),
            new Case("gemm", (e, a) -> e.affine(a.rows, a.rows, a.columns, a.z, a.x, a.classes, a.square)),
            elements("add", Cost.CHEAP, (k, from, to, a) -> k.add(from, to, a.x, a.y, a.w)),
            elements("sub", Cost.CHEAP, (k, from, to, a) -> k.sub(from, to, a.x, a.y, a.w)),
            elements("mul", Cost.CHEAP, (k, from, to, a) -> k.mul(from, to, a.x, a.y, a.w)),
            elements("div", Cost.CHEAP, (k, from, to, a) -> k.div(from, to, a.x, a.y, a.w)),
            elements("scale", Cost.CHEAP, (k, from, to, a) -> k.scale(from, to, 1.7f, a.x, a.w)),
            elements("addScaled", Cost.CHEAP, (k, from, to, a) -> k.addScaled(from, to, 1.7f, a.x, a.w)),
            elements("addConstant", Cost.CHEAP, (k, from, to, a) -> k.addConstant(from, to, 1.7f, a.w)),
            elements("addProduct", Cost.CHEAP, (k, from, to, a) -> k.addProduct(from, to, a.x, a.y, a.w)),
            elements("addQuotient", Cost.CHEAP, (k, from, to, a) -> k.addQuotient(from, to, a.x, a.y, a.w)),
            elements("divideGrad", Cost.CHEAP, (k, from, to, a) -> k.divideGrad(from, to, a.x, a.y, a.z, a.w)),
            elements("relu", Cost.CHEAP, (k, from, to, a) -> k.relu(from, to, a.z, a.w)),
            elements("reluGrad", Cost.CHEAP, (k, from, to, a) -> k.reluGrad(from, to, a.z, a.x, a.w)),
            elements("sigmoid", Cost.EXPENSIVE, (k, from, to, a) -> k.sigmoid(from, to, a.z, a.w)),
            elements("sigmoidGrad", Cost.CHEAP, (k, from, to, a) -> k.sigmoidGrad(from, to, a.x, a.z, a.w)),
            elements("tanh", Cost.EXPENSIVE, (k, from, to, a) -> k.tanh(from, to, a.z, a.w)),
            elements("tanhGrad", Cost.CHEAP, (k, from, to, a) -> k.tanhGrad(from, to, a.x, a.z, a.w)),
            elements("exp", Cost.EXPENSIVE, (k, from, to, a) -> k.exp(from, to, a.z, a.w)),
            elements("log", Cost.EXPENSIVE, (k, from, to, a) -> k.log(from, to, a.x, a.w)),
            elements(
                    "addScaledDifference",
                    Cost.CHEAP,
                    (k, from, to, a) -> k.addScaledDifference(from, to, 0.3f, a.x, a.y, a.w)),
            elements("bceGrad", Cost.EXPENSIVE, (k, from, to, a) -> k.bceGrad(from, to, 0.3f, a.x, a.y, a.w)),
            elements("bceTargetGrad", Cost.EXPENSIVE, (k, from, to, a) -> k.bceTargetGrad(from, to, 0.3f, a.x, a.w)),
            elements(
                    "bceWithLogitsGrad",
                    Cost.EXPENSIVE,
                    (k, from, to, a) -> k.bceWithLogitsGrad(from, to, 0.3f, a.z, a.y, a.w)),
            rows(
                    "prelu",
                    Cost.CHEAP,
                    (k, from, to, a) -> k.prelu(from * a.columns, to * a.columns, a.columns, a.z, a.one, a.w)),
            rows(
                    "prelu",
                    Cost.CHEAP,
                    (k, from, to, a) -> k.prelu(from * a.columns, to * a.columns, a.columns, a.z, a.row, a.w)),
            rows(
                    "preluGrad",
                    Cost.CHEAP,
                    (k, from, to, a) -> k.preluGrad(from * a.columns, to * a.columns, a.columns, a.z, a.one, a.x, a.w)),
            rows(
                    "preluGrad",
                    Cost.CHEAP,
                    (k, from, to, a) -> k.preluGrad(from * a.columns, to * a.columns, a.columns, a.z, a.row, a.x, a.w)),
            new Case("preluSlopeGradChunks", (e, a) -> e.preluSlopeGrad(a.rows, a.columns, a.z, a.w, a.one)),
            new Case("preluColumnSlopeGrad", (e, a) -> e.preluSlopeGrad(a.rows, a.columns, a.z, a.w, a.row)),
            rows("repeatRow", Cost.COPY, (k, from, to, a) -> k.repeatRow(from, to, a.columns, a.row, a.w)),
            new Case(
                    "addColumnSums",
                    (e, a) -> e.columns(
                            a.rows,
                            a.columns,
                            Cost.COPY,
                            (k, from, to) -> k.addColumnSums(a.rows, a.columns, a.z, a.row, from, to))),
            rows("normalizeRows", Cost.EXPENSIVE, (k, from, to, a) -> k.normalizeRows(from, to, a.columns, a.z, a.w)),
            rows(
                    "normalizeRowsGrad",
                    Cost.EXPENSIVE,
                    (k, from, to, a) -> k.normalizeRowsGrad(from, to, a.columns, a.z, a.x, a.y, a.w)),
            new Case("sumChunks", (e, a) -> a.result = sum(e, a.n, a.z)),
            new Case(
                    "squaredErrorChunks",
                    (e, a) -> a.result = e.sum(
                            a.rows,
                            a.columns,
                            (k, from, to, sums) -> k.squaredErrorChunks(from, to, a.columns, a.x, a.y, sums))),
            new Case("firstOutside", (e, a) -> a.result = e.firstOutside(a.n, 0.001f, 0.999f, a.x)),
            new Case(
                    "bceChunks",
                    (e, a) -> a.result = e.sum(
                            a.rows,
                            a.columns,
                            (k, from, to, sums) -> k.bceChunks(from, to, a.columns, a.x, a.y, sums))),
            new Case(
                    "bceWithLogitsChunks",
                    (e, a) -> a.result = e.sum(
                            a.rows,
                            a.columns,
                            (k, from, to, sums) -> k.bceWithLogitsChunks(from, to, a.columns, a.z, a.y, sums))),
            new Case(
                    "softmaxCrossEntropy",
                    (e, a) -> a.result = e.softmaxCrossEntropy(a.rows, a.columns, a.z, a.classes)),
            rows(
                    "softmaxCrossEntropyGrad",
                    Cost.EXPENSIVE,
                    (k, from, to, a) -> k.softmaxCrossEntropyGrad(from, to, a.columns, 0.3f, a.z, a.classes, a.w)),
            elements(
                    "sgdStep",
                    Cost.CHEAP,
                    (k, from, to, a) -> k.sgdStep(from, to, 0.1f, 0.9f, 0.01f, true, a.w, a.z, a.x)),
            elements("adamStep", Cost.EXPENSIVE, (k, from, to, a) -> k.adamStep(from, to, adam(), a.w, a.z, a.x, a.y)));

    private static AdamCoefficients adam() {
        AdamCoefficients coefficients = new AdamCoefficients(0.9, 0.999, 1e-8, 0.1);
        coefficients.step(0.01, 0.5, 1);
        return coefficients;
    }

    static Stream<Case> cases() {
        return CASES.stream();
    }

    @Test
    void everyKernelHasARow() {
        Set<String> methods = Arrays.stream(Kernels.class.getDeclaredMethods())
                .filter(m -> Modifier.isAbstract(m.getModifiers()))
                .map(m -> m.getName())
                .filter(name -> !NOT_ARITHMETIC.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> rows = CASES.stream().map(Case::kernel).collect(Collectors.toCollection(TreeSet::new));
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
        return row.kernel.equals("gemm") && Math.max(shape[0], shape[1]) > 1000;
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
        assertThat(sum(SEVERAL.get(1), a.n, a.z)).isEqualTo(sum);
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
        float[] x = new float[n];
        assertThatThrownBy(() -> engine.elements(n, Cost.CHEAP, (k, from, to) -> k.add(from, to, x, x, tooShort)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        float[] out = new float[n];
        engine.elements(n, Cost.CHEAP, (k, from, to) -> k.addConstant(from, to, 1f, out));
        assertThat(sum(engine, n, out)).isEqualTo(n);
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
        assertThatThrownBy(() -> new Engine(Kernels.plain(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads must be at least 1 but is 0");
    }

    /** An object of kernels serves one thread, so engines made from the same one must not share it. */
    @Test
    void hasKernelsOfItsOwn() {
        Kernels kind = KernelProvider.kernels();
        try (Engine one = new Engine(kind, 1);
                Engine other = new Engine(kind, 1)) {
            assertThat(one.kernels()).isNotSameAs(kind).isNotSameAs(other.kernels());
            assertThat(one.kernels().name()).isEqualTo(kind.name());
        }
    }

    // ---- closing
    // -----------------------------------------------------------------------------------------------------

    private static Set<Thread> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("gradus-worker"))
                .collect(Collectors.toSet());
    }

    private static Engine ofFourThreads() {
        return new Engine(Kernels.plain(), 4);
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
                    .as(one.kernel)
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
        assertThat(sum(Engine.shared(), 2, new float[] {1, 2})).isEqualTo(3);
        assertThat(sum(Engine.plain(), 2, new float[] {1, 2})).isEqualTo(3);
    }

    @Test
    void partOfAKernelCannotCloseTheEngineThatDoesIt() {
        for (int threads : new int[] {1, 4}) {
            try (Engine engine = new Engine(Kernels.plain(), threads)) {
                Runnable close = engine::close;
                int n = 300_000;
                assertThatThrownBy(() -> engine.elements(n, Cost.CHEAP, (k, from, to) -> {
                            if (from == 0) {
                                close.run();
                            }
                        }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("close: this engine is at work; close it when that is done");
                assertThat(sum(engine, 2, new float[] {1, 2})).isEqualTo(3);
            }
        }
    }

    @Test
    void partCannotAskTheEngineThatWaitsForIt() {
        String atWork = "this engine is at work; a part of that work computes with the kernels it is given";
        for (int threads : new int[] {1, 4}) {
            try (Engine engine = new Engine(Kernels.plain(), threads)) {
                int n = 300_000;
                float[] x = new float[n];
                assertThatThrownBy(() -> engine.elements(n, Cost.CHEAP, (k, from, to) -> {
                            if (from == 0) {
                                sum(engine, n, x);
                            }
                        }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage(atWork);
                assertThatThrownBy(() -> engine.together(threads, (k, part, parts) -> {
                            if (part == 0) {
                                engine.together(1, (other, p, all) -> {});
                            }
                        }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage(atWork);
                assertThat(sum(engine, 2, new float[] {1, 2})).isEqualTo(3);
            }
        }
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
                        .hasMessage("close: this engine is at work; close it when that is done");
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
