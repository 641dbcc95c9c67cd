package org.gradus.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.gradus.kernel.GemmKind;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Matrix products of the tutorials' networks on one thread. The column {@code flops} is GFLOP/s (2 m n k per product). Shapes
 * are written {@code kind:m x n x k}; {@code -p shape=NT:128x784x392} measures one.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class GemmBenchmark {

    /** Whose product. */
    @Param({"VECTOR", "SCALAR", "EJML", "NETLIB"})
    public Gemm implementation = Gemm.VECTOR;

    /** Which product. */
    @Param({
        "NT:64x32x784",
        "NT:64x784x32",
        "TN:32x784x64",
        "NN:64x32x784",
        "TN:784x32x64",
        "NT:64x2x784",
        "NT:64x784x2",
        "TN:2x784x64",
        "NN:64x2x784",
        "NT:128x392x784",
        "NT:128x784x392",
        "TN:392x784x128",
        "NN:128x392x784",
        "TN:784x392x128",
        "NT:128x1568x784",
        "NT:32x392x784",
        "NN:256x256x256",
        "NN:512x512x512",
        "NN:1024x1024x1024"
    })
    public String shape = "NT:128x784x392";

    private float[] a = {};
    private float[] b = {};
    private float[] c = {};
    private long work;
    private Gemm.Product product = (x, y, z) -> {};

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

    /** Fills the operands with seeded numbers from -1 to 1. */
    @Setup
    public void setUp() {
        String[] parts = shape.split("[:x]", -1);
        GemmKind kind = GemmKind.valueOf(parts[0]);
        int m = Integer.parseInt(parts[1]);
        int n = Integer.parseInt(parts[2]);
        int k = Integer.parseInt(parts[3]);
        a = numbers(m * k, 1);
        b = numbers(k * n, 2);
        c = new float[m * n];
        work = 2L * m * n * k;
        product = implementation.product(kind, m, n, k);
    }

    static float[] numbers(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) (2 * random.nextDouble() - 1);
        }
        return x;
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
