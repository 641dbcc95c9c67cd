package org.gradus.benchmarks;

import java.util.concurrent.TimeUnit;
import org.gradus.kernel.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Elementwise operations and sums over a batch of 64 images, on one thread; the score is elements per second. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class Elementwise {

    static final int ROWS = 64;
    static final int COLUMNS = 784;
    static final int ELEMENTS = ROWS * COLUMNS;

    /** Which loop. */
    @Param
    public Operation operation = Operation.SIGMOID;

    /** Whose. */
    @Param({"vector", "scalar"})
    public String kernels = "vector";

    private Kernels used = Kernels.plain();
    private Operands operands = new Operands();

    /** Fills the operands. */
    @Setup
    public void setUp() {
        used = kernels.equals("vector") ? Implementation.vectorKernels() : Kernels.plain();
        operands = new Operands();
    }

    /**
     * One pass over the batch.
     *
     * @return what was written
     */
    @Benchmark
    @OperationsPerInvocation(ELEMENTS)
    public Object pass() {
        operation.run(used, operands);
        return operands;
    }
}
