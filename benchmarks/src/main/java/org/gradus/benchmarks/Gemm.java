package org.gradus.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Matrix products of the tutorials' networks. The column {@code flops} is GFLOP/s (2 m n k per product). {@code -p
 * shape=NT:128x784x392 -p by=VECTOR-1} measures one product by one implementation on one thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class Gemm {

    /** Whose product, and on how many threads: the name of an {@link Implementation}, a dash, a number. */
    @Param({"VECTOR-1", "VECTOR-2", "SCALAR-1", "SCALAR-2", "EJML-1", "NETLIB-1"})
    public String by = "VECTOR-1";

    /** Which product: an annotation needs a literal, so one stands here; {@link Benchmarks} asks for all. */
    @Param("NT:128x784x392")
    public String shape = "NT:128x784x392";

    private float[] a = {};
    private float[] b = {};
    private float[] c = {};
    private long work;
    private Implementation.Product product = (x, y, z) -> {};

    /** Floating-point operations done; JMH divides them by the time. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Flops {
        /** Additions and multiplications. */
        public long flops;

        /** Starts an iteration. */
        @Setup(Level.Iteration)
        public void reset() {
            flops = 0;
        }
    }

    /**
     * Fills the operands with seeded numbers from -1 to 1.
     *
     * @throws IllegalStateException if netlib is to be measured but did not find the Vector API
     */
    @Setup
    public void setUp() {
        int dash = by.indexOf('-');
        Implementation implementation = Implementation.valueOf(by.substring(0, dash));
        if (implementation == Implementation.NETLIB
                && !Implementation.netlibClass().equals("VectorBLAS")) {
            throw new IllegalStateException("netlib loaded " + Implementation.netlibClass()
                    + "; its VectorBLAS needs --add-modules jdk.incubator.vector");
        }
        Shape s = Shape.of(shape);
        a = Implementation.numbers(s.m() * s.k(), 1);
        b = Implementation.numbers(s.k() * s.n(), 2);
        c = new float[s.m() * s.n()];
        work = s.flops();
        product = implementation.product(s, Integer.parseInt(by.substring(dash + 1)));
    }

    /** Ends the product's threads. */
    @TearDown
    public void tearDown() {
        product.close();
    }

    /**
     * One product.
     *
     * @param done counts the work
     * @return the product
     */
    @Benchmark
    public float[] multiply(Flops done) {
        product.multiply(a, b, c);
        done.flops += work;
        return c;
    }
}
