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
 * try (Engine engine = new Engine(KernelProvider.kernels().another(), 4)) {
 *     engine.sum(n, x);
 * }
 * }</pre>
 *
 * <p>The threads of an engine that is dropped unclosed end some time after the garbage collector has found it. {@link #shared} and
 * {@link #plain} belong to everybody and stay.
 */
public final class Engine implements AutoCloseable {

    /** Work per element of a cheap loop (an addition) and of an expensive one (exp or log), in multiply-adds. */
    private static final int CHEAP = 2;

    private static final int EXPENSIVE = 16;

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

    private final Kernels[] kernels;
    private final WorkerPool pool;
    private final WorkerPool.Task shares = this::share;
    private Work shared = NOTHING;
    private int sharedParts;
    private float[] partial = new float[0];
    private float[] scratch = new float[0];
    private float[] secondScratch = new float[0];
    private final String keeper;
    private final Runnable end;
    private boolean atWork;
    private boolean closed;

    /** A loop over a range; which thread's kernels run it is the engine's business. */
    private interface Part {
        void run(Kernels kernels, int from, int to);
    }

    /** A reduction over chunks into {@code partial}. */
    private interface Chunks {
        void run(Kernels kernels, int from, int to, float[] partial);
    }

    /**
     * An engine of its own, to be closed by whoever makes it. Its threads are daemons.
     *
     * @param first the kernels of the first thread; the others get {@link Kernels#another}
     * @param threads their number, at least 1
     * @throws IllegalArgumentException if {@code threads} is below 1
     */
    public Engine(Kernels first, int threads) {
        this(first, threads, "");
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
        static final Engine ENGINE = new Engine(new ScalarKernels(), 1, "Engine.plain()");
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
     * The kernels in use.
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
            throw new IllegalStateException("close: this engine is at work; close it when together has returned");
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

    private void split(int n, int unit, long work, Part part) {
        requireOpen();
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

    private double reduce(int rows, int columns, Chunks chunks) {
        int count = Kernels.chunks(rows, columns);
        if (partial.length < count) {
            partial = new float[count];
        }
        split(count, 1, (long) rows * columns * EXPENSIVE, (k, from, to) -> chunks.run(k, from, to, partial));
        return Kernels.total(count, partial);
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
     * @throws IllegalStateException if this engine is closed
     */
    public synchronized void together(int most, Work work) {
        requireOpen();
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

    // ---- elementwise, over n elements
    // ----------------------------------------------------------------------------------

    /** {@link Kernels#add} over {@code n} elements. */
    public synchronized void add(int n, float[] x, float[] y, float[] out) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.add(from, to, x, y, out));
    }

    /** {@link Kernels#sub} over {@code n} elements. */
    public synchronized void sub(int n, float[] x, float[] y, float[] out) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.sub(from, to, x, y, out));
    }

    /** {@link Kernels#mul} over {@code n} elements. */
    public synchronized void mul(int n, float[] x, float[] y, float[] out) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.mul(from, to, x, y, out));
    }

    /** {@link Kernels#div} over {@code n} elements. */
    public synchronized void div(int n, float[] x, float[] y, float[] out) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.div(from, to, x, y, out));
    }

    /** {@link Kernels#scale} over {@code n} elements. */
    public synchronized void scale(int n, float s, float[] x, float[] out) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.scale(from, to, s, x, out));
    }

    /** {@link Kernels#addScaled} over {@code n} elements. */
    public synchronized void addScaled(int n, float s, float[] x, float[] out) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.addScaled(from, to, s, x, out));
    }

    /** {@link Kernels#addConstant} over {@code n} elements. */
    public synchronized void addConstant(int n, float s, float[] out) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.addConstant(from, to, s, out));
    }

    /** {@link Kernels#addProduct} over {@code n} elements. */
    public synchronized void addProduct(int n, float[] x, float[] y, float[] out) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.addProduct(from, to, x, y, out));
    }

    /** {@link Kernels#addQuotient} over {@code n} elements. */
    public synchronized void addQuotient(int n, float[] x, float[] y, float[] out) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.addQuotient(from, to, x, y, out));
    }

    /** {@link Kernels#divideGrad} over {@code n} elements. */
    public synchronized void divideGrad(int n, float[] q, float[] y, float[] g, float[] gy) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.divideGrad(from, to, q, y, g, gy));
    }

    /** {@link Kernels#relu} over {@code n} elements. */
    public synchronized void relu(int n, float[] x, float[] y) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.relu(from, to, x, y));
    }

    /** {@link Kernels#reluGrad} over {@code n} elements. */
    public synchronized void reluGrad(int n, float[] x, float[] g, float[] gx) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.reluGrad(from, to, x, g, gx));
    }

    /** {@link Kernels#sigmoid} over {@code n} elements. */
    public synchronized void sigmoid(int n, float[] x, float[] y) {
        split(n, ELEMENT_UNIT, (long) n * EXPENSIVE, (k, from, to) -> k.sigmoid(from, to, x, y));
    }

    /** {@link Kernels#sigmoidGrad} over {@code n} elements. */
    public synchronized void sigmoidGrad(int n, float[] y, float[] g, float[] gx) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.sigmoidGrad(from, to, y, g, gx));
    }

    /** {@link Kernels#tanh} over {@code n} elements. */
    public synchronized void tanh(int n, float[] x, float[] y) {
        split(n, ELEMENT_UNIT, (long) n * EXPENSIVE, (k, from, to) -> k.tanh(from, to, x, y));
    }

    /** {@link Kernels#tanhGrad} over {@code n} elements. */
    public synchronized void tanhGrad(int n, float[] y, float[] g, float[] gx) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.tanhGrad(from, to, y, g, gx));
    }

    /** {@link Kernels#exp} over {@code n} elements. */
    public synchronized void exp(int n, float[] x, float[] y) {
        split(n, ELEMENT_UNIT, (long) n * EXPENSIVE, (k, from, to) -> k.exp(from, to, x, y));
    }

    /** {@link Kernels#log} over {@code n} elements. */
    public synchronized void log(int n, float[] x, float[] y) {
        split(n, ELEMENT_UNIT, (long) n * EXPENSIVE, (k, from, to) -> k.log(from, to, x, y));
    }

    /** {@link Kernels#addScaledDifference} over {@code n} elements. */
    public synchronized void addScaledDifference(int n, float s, float[] x, float[] y, float[] gx) {
        split(n, ELEMENT_UNIT, (long) n * CHEAP, (k, from, to) -> k.addScaledDifference(from, to, s, x, y, gx));
    }

    /** {@link Kernels#bceGrad} over {@code n} elements. */
    public synchronized void bceGrad(int n, float s, float[] p, float[] y, float[] gp) {
        split(n, ELEMENT_UNIT, (long) n * EXPENSIVE, (k, from, to) -> k.bceGrad(from, to, s, p, y, gp));
    }

    /** {@link Kernels#bceTargetGrad} over {@code n} elements. */
    public synchronized void bceTargetGrad(int n, float s, float[] p, float[] gy) {
        split(n, ELEMENT_UNIT, (long) n * EXPENSIVE, (k, from, to) -> k.bceTargetGrad(from, to, s, p, gy));
    }

    /** {@link Kernels#bceWithLogitsGrad} over {@code n} elements. */
    public synchronized void bceWithLogitsGrad(int n, float s, float[] z, float[] y, float[] gz) {
        split(n, ELEMENT_UNIT, (long) n * EXPENSIVE, (k, from, to) -> k.bceWithLogitsGrad(from, to, s, z, y, gz));
    }

    /** {@link Kernels#prelu} over {@code rows x columns}. */
    public synchronized void prelu(int rows, int columns, float[] x, float[] slope, float[] y) {
        split(
                rows,
                1,
                (long) rows * columns * CHEAP,
                (k, from, to) -> k.prelu(from * columns, to * columns, columns, x, slope, y));
    }

    /** {@link Kernels#preluGrad} over {@code rows x columns}. */
    public synchronized void preluGrad(int rows, int columns, float[] x, float[] slope, float[] g, float[] gx) {
        split(
                rows,
                1,
                (long) rows * columns * CHEAP,
                (k, from, to) -> k.preluGrad(from * columns, to * columns, columns, x, slope, g, gx));
    }

    /** Gradient of PReLU for its slopes, one shared or one per column; see {@link Kernels#preluSlopeGradChunks}. */
    public synchronized void preluSlopeGrad(int rows, int columns, float[] x, float[] g, float[] ga) {
        int n = rows * columns;
        if (ga.length == 1) {
            ga[0] += (float)
                    reduce(rows, columns, (k, from, to, sums) -> k.preluSlopeGradChunks(from, to, columns, x, g, sums));
        } else {
            split(
                    columns,
                    ELEMENT_UNIT,
                    (long) n * CHEAP,
                    (k, from, to) -> k.preluColumnSlopeGrad(rows, columns, x, g, ga, from, to));
        }
    }

    // ---- rows and columns
    // --------------------------------------------------------------------------------------------

    /** {@link Kernels#repeatRow} over all rows. */
    public synchronized void repeatRow(int rows, int columns, float[] row, float[] out) {
        split(rows, 1, (long) rows * columns, (k, from, to) -> k.repeatRow(from, to, columns, row, out));
    }

    /** {@link Kernels#addColumnSums} over all columns. */
    public synchronized void addColumnSums(int rows, int columns, float[] x, float[] out) {
        split(
                columns,
                ELEMENT_UNIT,
                (long) rows * columns,
                (k, from, to) -> k.addColumnSums(rows, columns, x, out, from, to));
    }

    /** {@link Kernels#normalizeRows} over all rows. */
    public synchronized void normalizeRows(int rows, int columns, float[] x, float[] y) {
        split(
                rows,
                ELEMENT_UNIT,
                (long) rows * columns * EXPENSIVE,
                (k, from, to) -> k.normalizeRows(from, to, columns, x, y));
    }

    /** {@link Kernels#normalizeRowsGrad} over all rows. */
    public synchronized void normalizeRowsGrad(int rows, int columns, float[] x, float[] y, float[] g, float[] gx) {
        split(
                rows,
                ELEMENT_UNIT,
                (long) rows * columns * EXPENSIVE,
                (k, from, to) -> k.normalizeRowsGrad(from, to, columns, x, y, g, gx));
    }

    // ---- losses and sums
    // ---------------------------------------------------------------------------------------------

    /**
     * The sum of {@code n} numbers.
     *
     * @return {@code sum_i x_i} in double, see {@link Kernels} for the order
     */
    public synchronized double sum(int n, float[] x) {
        return reduce(1, n, (k, from, to, sums) -> k.sumChunks(from, to, n, x, sums));
    }

    /** The sum over {@code rows x columns} of {@link Kernels#squaredErrorChunks}. */
    public synchronized double squaredError(int rows, int columns, float[] x, float[] y) {
        return reduce(rows, columns, (k, from, to, sums) -> k.squaredErrorChunks(from, to, columns, x, y, sums));
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

    /** The sum over {@code rows x columns} of {@link Kernels#bceChunks}. */
    public synchronized double bce(int rows, int columns, float[] p, float[] y) {
        return reduce(rows, columns, (k, from, to, sums) -> k.bceChunks(from, to, columns, p, y, sums));
    }

    /** The sum over {@code rows x columns} of {@link Kernels#bceWithLogitsChunks}. */
    public synchronized double bceWithLogits(int rows, int columns, float[] z, float[] y) {
        return reduce(rows, columns, (k, from, to, sums) -> k.bceWithLogitsChunks(from, to, columns, z, y, sums));
    }

    /** The sum over all rows of {@link Kernels#softmaxCrossEntropy}. */
    public synchronized double softmaxCrossEntropy(int rows, int columns, float[] z, float[] classes) {
        float[] losses = scratch(rows);
        split(
                rows,
                ELEMENT_UNIT,
                (long) rows * columns * EXPENSIVE,
                (k, from, to) -> k.softmaxCrossEntropy(from, to, columns, z, classes, losses));
        return sum(rows, losses);
    }

    /** {@link Kernels#softmaxCrossEntropyGrad} over all rows. */
    public synchronized void softmaxCrossEntropyGrad(
            int rows, int columns, float s, float[] z, float[] classes, float[] gz) {
        split(
                rows,
                ELEMENT_UNIT,
                (long) rows * columns * EXPENSIVE,
                (k, from, to) -> k.softmaxCrossEntropyGrad(from, to, columns, s, z, classes, gz));
    }

    // ---- optimiser steps
    // ---------------------------------------------------------------------------------------------

    /** {@link Kernels#sgdStep} over {@code n} elements. */
    public synchronized void sgdStep(
            int n, float lr, float momentum, float weightDecay, boolean nesterov, float[] p, float[] g, float[] v) {
        split(
                n,
                ELEMENT_UNIT,
                (long) n * CHEAP,
                (k, from, to) -> k.sgdStep(from, to, lr, momentum, weightDecay, nesterov, p, g, v));
    }

    /** {@link Kernels#adamStep} over {@code n} elements. */
    public synchronized void adamStep(
            int n, AdamCoefficients coefficients, float[] p, float[] g, float[] m, float[] v) {
        split(n, ELEMENT_UNIT, (long) n * EXPENSIVE, (k, from, to) -> k.adamStep(from, to, coefficients, p, g, m, v));
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
