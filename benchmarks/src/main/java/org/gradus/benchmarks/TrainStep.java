package org.gradus.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Training of the tutorials' networks on the first {@value #IMAGES} images of MNIST: gather, forward, backward, Adam. The score
 * is images per second. An invocation is an epoch without its evaluation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 4, time = 1)
public class TrainStep {

    static final int IMAGES = 4096;

    /** Which network. */
    @Param
    public Net net = Net.AE32;

    @SuppressWarnings("NullAway.Init") // by setUp
    private Training training;

    /** Loads the images and builds the network. */
    @Setup
    public void setUp() {
        training = new Training(net, Training.images(IMAGES));
    }

    /** The SIMD kernels on one thread. */
    @Benchmark
    @OperationsPerInvocation(IMAGES)
    @Fork(
            value = 1,
            jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dgradus.kernels=vector", "-Dgradus.threads=1"})
    public void vectorOneThread() {
        training.epoch();
    }

    /** The SIMD kernels on all processors. */
    @Benchmark
    @OperationsPerInvocation(IMAGES)
    @Fork(
            value = 1,
            jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-Dgradus.kernels=vector"})
    public void vectorAllThreads() {
        training.epoch();
    }

    /** The plain kernels on one thread. */
    @Benchmark
    @OperationsPerInvocation(IMAGES)
    @Fork(
            value = 1,
            jvmArgsAppend = {"-Dgradus.kernels=scalar", "-Dgradus.threads=1"})
    public void scalarOneThread() {
        training.epoch();
    }

    /** Evaluates, which is not part of the score. */
    @TearDown(Level.Invocation)
    public void evaluate() {
        training.evaluated();
    }

    /** Ends training. */
    @TearDown
    public void tearDown() {
        training.close();
    }
}
