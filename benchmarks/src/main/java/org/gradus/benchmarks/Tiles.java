package org.gradus.benchmarks;

import java.util.concurrent.TimeUnit;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The register tiles, on one thread and on operands that stay in the first two caches: the column {@code flops} is GFLOP/s. A product has
 * the rows that the optimiser takes at once, and is first compared, bit by bit, with that of the plain kernels. Where the library packs A,
 * in panels with many panels of X and, with 256 bits, by columns, that is part of the time; it weighs more with 2 panels than with the 8 of
 * a batch of 128.
 *
 * <p>{@code -p order=ROWS -p panels=8 -p terms=392} measures one; {@code -jvmArgs -XX:UseAVX=2} has C2 use vectors of 256
 * bits. {@code benchmarks/tiles} reads the tiles' machine code, and times the products of whole layers in many JVM starts.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class Tiles {

    /** How the first operand lies: that of the forward pass, of the input gradient, of the weight gradient. */
    @Param
    public Order order = Order.ROWS;

    /** Panels of the second operand, 16 columns each. */
    @Param({"2", "8"})
    public int panels = 2;

    /** Length of the sums. */
    @Param({"128", "392"})
    public int terms = 128;

    @SuppressWarnings("NullAway.Init") // by setUp
    private TileProduct product;

    /**
     * Fills the operands and checks the product.
     *
     * @throws IllegalStateException if a bit is not that of the plain kernels
     */
    @Setup
    public void setUp() {
        product = new TileProduct(Implementation.vectorKernels(), order, panels, terms);
        product.run();
        product.check();
    }

    /**
     * One product.
     *
     * @param done counts the work
     * @return the product
     */
    @Benchmark
    public Object product(Gemm.Flops done) {
        done.flops += product.flops();
        return product.run();
    }
}
