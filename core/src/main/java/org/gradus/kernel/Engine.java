package org.gradus.kernel;

import java.lang.ref.Cleaner;
import java.util.Arrays;

/**
 * The door to the arithmetic: what operations and optimisers call. It owns one {@link Kernels} per thread and splits large
 * work among them. Threads divide outputs, never a sum, so their number does not change a bit of the result.
 *
 * <p>Calls are serialised: an engine may be shared by several threads, which then take turns.
 *
 * <p>Whoever makes an engine closes it, which ends its threads:
 *
 * <pre>{@code
 * try (Engine engine = new Engine(KernelProvider.kernels(), 4)) {
 *     engine.elements(n, Engine.Cost.EXPENSIVE, (k, from, to) -> k.sigmoid(from, to, x, y));
 * }
 * }</pre>
 *
 * <p>The threads of an engine that is dropped unclosed end some time after the garbage collector has found it. {@link #shared} and
 * {@link #plain} belong to everybody and stay.
 */
public final class Engine implements AutoCloseable {

    /**
     * Multiply-adds below which a second thread brings nothing: 3 microseconds of SIMD code, during which a worker that is still
     * awake would hardly have begun.
     */
    private static final long WORTH_SPLITTING = 200_000;

    /** Columns are divided at multiples of this, two of the widest vectors, so that no tile is cut. */
    private static final int COLUMN_UNIT = 32;

    /** Elements are divided at multiples of a cache line. */
    private static final int ELEMENT_UNIT = 16;

    private static final Work NOTHING = (kernels, part, parts) -> {};
    private static final StagedWork NOTHING_STAGED = (kernels, part, stage) -> {};

    private final Kernels[] kernels;
    private final WorkerPool pool;
    private final WorkerPool.Task shares = this::share;
    private final TeamWork.Stages stages = this::stage;
    private Work shared = NOTHING;
    private StagedWork staged = NOTHING_STAGED;
    private int sharedParts;
    private float[] partial = new float[0];
    private float[] scratch = new float[0];
    private float[] secondScratch = new float[0];
    private final String keeper;
    private final Runnable end;
    private boolean atWork;
    private boolean closed;

    /**
     * A kernel on a part of its range; which thread runs it, and with which kernels, is the engine's business. Arrays are to be had
     * before: {@link org.gradus.autograd.Tensor#grad()} may make one, which several threads must not do at once.
     */
    public interface Part {

        /**
         * One part.
         *
         * @param kernels of the thread that does it
         * @param from first element, row or column
         * @param to that after the last
         */
        void run(Kernels kernels, int from, int to);
    }

    /** A reduction of some chunks of a matrix, see {@link Kernels#chunks}. */
    public interface Chunks {

        /**
         * One part.
         *
         * @param kernels of the thread that does it
         * @param from first chunk
         * @param to chunk after the last
         * @param sums takes the sum of chunk c at c
         */
        void run(Kernels kernels, int from, int to, float[] sums);
    }

    /** What one element costs: whether a second thread is worth waking depends on it, and nothing else. */
    public enum Cost {
        /** It is moved, or added to something: {@code repeatRow}, {@code addColumnSums}. */
        COPY(1),
        /** A few additions and products: {@code add}, {@code relu}. */
        CHEAP(2),
        /** A quotient, a root or a function such as exp: {@code sigmoid}, {@code normalizeRows}, {@code adamStep}. */
        EXPENSIVE(16);

        private final int multiplyAdds;

        Cost(int multiplyAdds) {
            this.multiplyAdds = multiplyAdds;
        }
    }

    /**
     * An engine of its own, to be closed by whoever makes it. Its threads are daemons.
     *
     * @param kind which kernels: every thread gets {@link Kernels#another} of this kind, so that engines that work at the same time share
     *     none
     * @param threads their number, at least 1
     * @throws IllegalArgumentException if {@code threads} is below 1
     */
    public Engine(Kernels kind, int threads) {
        this(kind.another(), threads, "");
    }

    /** An engine that {@code keeper}, a method's name, gives to everybody and nobody may close; with an empty name, one of its own. */
    private Engine(Kernels first, int threads, String keeper) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1 but is " + threads);
        }
        this.keeper = keeper;
        kernels = new Kernels[threads];
        kernels[0] = first;
        for (int t = 1; t < threads; t++) {
            kernels[t] = first.another();
        }
        pool = new WorkerPool(threads);
        end = threads > 1 && keeper.isEmpty() ? Dropped.CLEANER.register(this, pool::close)::clean : pool::close;
    }

    /** Ends the threads of engines that nobody closed; its own thread starts with the first engine that could need it. */
    private static final class Dropped {
        static final Cleaner CLEANER = Cleaner.create();
    }

    private static final class Shared {
        static final Attempt<Engine> ENGINE =
                Attempt.of(() -> new Engine(KernelProvider.kernels(), KernelProvider.threads(), "Engine.shared()"));
    }

    /**
     * The engine that everything uses unless told otherwise: the kernels that {@link KernelProvider} chose, with as many
     * threads as {@code gradus.threads} says.
     *
     * @return the shared engine
     * @throws IllegalArgumentException if {@code gradus.threads} or {@code gradus.kernels} has no permitted value
     * @throws IllegalStateException if {@code gradus.kernels} asks for kernels that cannot be had
     */
    public static Engine shared() {
        return Shared.ENGINE.get();
    }

    private static final class Plain {
        static final Engine ENGINE = new Engine(Kernels.plain(), 1, "Engine.plain()");
    }

    /**
     * An engine of plain kernels and one thread, for what is computed too seldom to be worth the compilation of SIMD code: the
     * same bits.
     *
     * @return always the same one
     */
    public static Engine plain() {
        return Plain.ENGINE;
    }

    /**
     * The kernels in use. An object of kernels serves one thread at a time, and these serve this engine: they may be asked what they are, and
     * compute only in what the engine runs.
     *
     * @return those of the first thread
     */
    public Kernels kernels() {
        return kernels[0];
    }

    /**
     * The number of threads.
     *
     * @return at least 1
     */
    public int threads() {
        return kernels.length;
    }

    /**
     * Ends this engine's threads; when it returns they are gone. A closed engine computes nothing any more, and closing it again does
     * nothing.
     *
     * @throws IllegalStateException if this is {@link #shared} or {@link #plain}, or called by work that this engine is doing
     */
    @Override
    public synchronized void close() {
        if (!keeper.isEmpty()) {
            throw new IllegalStateException("close: this is " + keeper
                    + ", which all of this JVM uses; close only what you made with new Engine");
        }
        if (atWork) {
            throw new IllegalStateException("close: this engine is at work; close it when that is done");
        }
        if (!closed) {
            closed = true;
            end.run();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this engine is closed; make a new one, or use Engine.shared()");
        }
    }

    private void requireReady() {
        requireOpen();
        if (atWork) { // and asked by the thread that does it, for others wait
            throw new IllegalStateException(
                    "this engine is at work; a part of that work computes with the kernels it is given");
        }
    }

    private void split(int n, int unit, long work, Part part) {
        requireReady();
        atWork = true;
        try {
            if (kernels.length == 1 || work < WORTH_SPLITTING || n <= unit) {
                part.run(kernels[0], 0, n);
            } else {
                pool.run((p, parts) -> {
                    int from = border(n, unit, p, parts);
                    int to = border(n, unit, p + 1, parts);
                    if (from < to) {
                        part.run(kernels[p], from, to);
                    }
                });
            }
        } finally {
            atWork = false;
        }
    }

    /**
     * Where a part of {@code 0..n} begins when it is divided among threads: at a multiple of {@code unit}. No part is larger than the
     * first, which the caller does: were it done early, the pool would think that a worker has lost its core.
     *
     * @param n what is divided
     * @param unit what is not
     * @param part the part's number, from 0; {@code parts} gives the end
     * @param parts their number
     * @return the first index
     */
    public static int border(int n, int unit, int part, int parts) {
        long units = (n + unit - 1L) / unit;
        return (int) Math.min(n, (units * part + parts - 1) / parts * unit);
    }

    /** Work that is done in parts at the same time. */
    public interface Work {

        /**
         * One part. It computes with {@code kernels} alone: a call of the engine would wait for the work that it is part of.
         *
         * @param kernels of the thread that does it
         * @param part its number, from 0
         * @param parts their number, at most what was asked for
         */
        void run(Kernels kernels, int part, int parts);
    }

    /**
     * Has work done in parts, one per thread, and waits until all are done.
     *
     * @param most the largest useful number of parts, at least 1
     * @param work must not touch in one part what another part writes; what a part throws is thrown here
     * @throws IllegalStateException if this engine is closed, or called by work that it is doing
     */
    public synchronized void together(int most, Work work) {
        requireReady();
        int parts = Math.min(most, kernels.length);
        atWork = true;
        try {
            if (parts == 1) {
                work.run(kernels[0], 0, 1);
            } else {
                shared = work;
                sharedParts = parts;
                pool.run(shares);
            }
        } finally {
            atWork = false;
            shared = NOTHING; // else this engine, which may live as long as the JVM, keeps the work's memory
        }
    }

    private void share(int part, int all) {
        if (part < sharedParts) {
            shared.run(kernels[part], part, sharedParts);
        }
    }

    /** Work that several threads do at the same time, and meet in the middle of. */
    public interface StagedWork {

        /**
         * One stage of a part. It computes with {@code kernels} alone: a call of the engine would wait for the work that it is part of.
         *
         * @param kernels of the thread that does it
         * @param part its number, from 0; {@code part / members} is its team
         * @param stage its number, from 0
         */
        void run(Kernels kernels, int part, int stage);
    }

    /**
     * Has work done by teams of threads, and waits until all are done. The members of a team wait for each other between two stages, so
     * each may read in a stage what the others have written in those before; teams do not wait for one another.
     *
     * @param teams their number
     * @param members threads of each
     * @param count of the stages
     * @param work must not touch in a stage of one part what another part writes there; what a part throws is thrown here, and stages that
     *     were to follow may be left out
     * @throws IllegalArgumentException if that takes more threads than there are, or a number is below 1
     * @throws IllegalStateException if this engine is closed, or called by work that it is doing
     */
    public synchronized void inStages(int teams, int members, int count, StagedWork work) {
        requireReady();
        if (teams < 1 || members < 1 || count < 1 || (long) teams * members > kernels.length) {
            throw new IllegalArgumentException("inStages: " + teams + " teams of " + members + " threads, " + count
                    + " stages; each must be at least 1, and this engine has "
                    + (kernels.length == 1 ? "1 thread" : kernels.length + " threads"));
        }
        atWork = true;
        try {
            staged = work;
            pool.runInStages(teams, members, count, stages);
        } finally {
            atWork = false;
            staged = NOTHING_STAGED;
        }
    }

    private void stage(int part, int stage) {
        staged.run(kernels[part], part, stage);
    }

    // ---- matrix products
    // ---------------------------------------------------------------------------------------------

    /**
     * {@code C = A B}, or {@code C += A B}; see {@link Kernels#gemm}.
     *
     * @param kind which operand is transposed
     * @param m rows of C
     * @param n columns of C
     * @param k length of the sums
     * @param a first operand
     * @param b second operand
     * @param c the product
     * @param accumulate whether to add into C
     */
    public void gemm(GemmKind kind, int m, int n, int k, float[] a, float[] b, float[] c, boolean accumulate) {
        product(kind, m, n, k, a, b, Kernels.NO_BIAS, c, accumulate);
    }

    /**
     * {@code Y = X W^T + bias} with {@code X [m,k]}, {@code W [n,k]}, {@code bias [n]}, {@code Y [m,n]}.
     *
     * @param m rows of X
     * @param n rows of W
     * @param k columns of both
     * @param x input
     * @param w weight
     * @param bias added to each row
     * @param y output
     */
    public void affine(int m, int n, int k, float[] x, float[] w, float[] bias, float[] y) {
        product(GemmKind.NT, m, n, k, x, w, bias, y, false);
    }

    private synchronized void product(
            GemmKind kind, int m, int n, int k, float[] a, float[] b, float[] bias, float[] c, boolean accumulate) {
        long work = (long) m * n * k;
        if (n >= kernels.length * COLUMN_UNIT || n / COLUMN_UNIT >= m / ELEMENT_UNIT) {
            split(
                    n,
                    COLUMN_UNIT,
                    work,
                    (e, from, to) -> e.gemm(kind, m, n, k, a, b, bias, c, accumulate, 0, m, from, to));
        } else {
            split(
                    m,
                    ELEMENT_UNIT,
                    work,
                    (e, from, to) -> e.gemm(kind, m, n, k, a, b, bias, c, accumulate, from, to, 0, n));
        }
    }

    // ---- any kernel
    // -------------------------------------------------------------------------------------------------

    /**
     * A kernel over elements: {@code engine.elements(n, Cost.CHEAP, (k, from, to) -> k.relu(from, to, x, y))}.
     *
     * @param n their number
     * @param cost of one
     * @param part calls a kernel for the range it is given
     * @throws IllegalStateException if this engine is closed
     */
    public synchronized void elements(int n, Cost cost, Part part) {
        split(n, ELEMENT_UNIT, (long) n * cost.multiplyAdds, part);
    }

    /**
     * A kernel over rows. Expensive ones get them by 16: such a kernel may write one number per row, and threads should not write to
     * the same cache line.
     *
     * @param rows their number
     * @param columns elements of each
     * @param cost of an element
     * @param part calls a kernel for the rows it is given
     * @throws IllegalStateException if this engine is closed
     */
    public synchronized void rows(int rows, int columns, Cost cost, Part part) {
        split(rows, cost == Cost.EXPENSIVE ? ELEMENT_UNIT : 1, (long) rows * columns * cost.multiplyAdds, part);
    }

    /**
     * A kernel over columns.
     *
     * @param rows elements of each
     * @param columns their number
     * @param cost of an element
     * @param part calls a kernel for the columns it is given
     * @throws IllegalStateException if this engine is closed
     */
    public synchronized void columns(int rows, int columns, Cost cost, Part part) {
        split(columns, ELEMENT_UNIT, (long) rows * columns * cost.multiplyAdds, part);
    }

    /**
     * A sum over a matrix, by one of the kernels whose names end in {@code Chunks}: {@code
     * engine.sum(rows, columns, (k, from, to, sums) -> k.squaredErrorChunks(from, to, columns, x, y, sums))}.
     *
     * @param rows of the matrix, 1 for an array
     * @param columns elements of a row
     * @param chunks calls a kernel for the chunks it is given
     * @return the sum in double; see {@link Kernels} for the order
     * @throws IllegalStateException if this engine is closed
     */
    public synchronized double sum(int rows, int columns, Chunks chunks) {
        int count = Kernels.chunks(rows, columns);
        if (partial.length < count) {
            partial = new float[count];
        }
        long work = (long) rows * columns * Cost.EXPENSIVE.multiplyAdds;
        split(count, 1, work, (k, from, to) -> chunks.run(k, from, to, partial));
        return Kernels.total(count, partial);
    }

    // ---- what takes more than one kernel, or none of its own
    // -------------------------------------------------------------------------------------------------

    /** Gradient of PReLU for its slopes, one shared or one per column; see {@link Kernels#preluSlopeGradChunks}. */
    public synchronized void preluSlopeGrad(int rows, int columns, float[] x, float[] g, float[] ga) {
        if (ga.length == 1) {
            ga[0] += (float)
                    sum(rows, columns, (k, from, to, sums) -> k.preluSlopeGradChunks(from, to, columns, x, g, sums));
        } else {
            columns(
                    rows,
                    columns,
                    Cost.CHEAP,
                    (k, from, to) -> k.preluColumnSlopeGrad(rows, columns, x, g, ga, from, to));
        }
    }

    /** The sum over all rows of {@link Kernels#softmaxCrossEntropy}. */
    public synchronized double softmaxCrossEntropy(int rows, int columns, float[] z, float[] classes) {
        float[] losses = scratch(rows);
        rows(
                rows,
                columns,
                Cost.EXPENSIVE,
                (k, from, to) -> k.softmaxCrossEntropy(from, to, columns, z, classes, losses));
        return sum(1, rows, (k, from, to, sums) -> k.sumChunks(from, to, rows, losses, sums));
    }

    /**
     * {@link Kernels#firstOutside} among {@code n} elements, on the calling thread: it reads each number once, which a second
     * thread would hardly do sooner.
     *
     * @return {@code n} if there is none
     * @throws IllegalStateException if this engine is closed
     */
    public synchronized int firstOutside(int n, float low, float high, float[] x) {
        requireOpen();
        return kernels[0].firstOutside(0, n, low, high, x);
    }

    // ---- scratch
    // -----------------------------------------------------------------------------------------------------

    /**
     * Memory for the duration of one operation, with any content.
     *
     * @param n least length
     * @return an array of at least {@code n} elements, the same one at each call
     */
    public float[] scratch(int n) {
        requireOpen();
        if (scratch.length < n) {
            scratch = new float[n];
        }
        return scratch;
    }

    /**
     * A second piece of memory beside {@link #scratch}, zero up to {@code n}.
     *
     * @param n least length
     * @return an array of at least {@code n} elements, the same one at each call
     */
    public float[] zeroedSecondScratch(int n) {
        requireOpen();
        if (secondScratch.length < n) {
            secondScratch = new float[n];
        }
        Arrays.fill(secondScratch, 0, n, 0f);
        return secondScratch;
    }
}
