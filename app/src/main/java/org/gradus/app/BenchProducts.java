package org.gradus.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.gradus.kernel.Engine;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;

/** How fast matrix products are: those of the tutorials' networks, three square ones, and small ones for the peak. */
final class BenchProducts implements AutoCloseable {

    /** The product of an {@code m x k} and a {@code k x n} matrix, each perhaps stored transposed. */
    record Product(GemmKind kind, int m, int n, int k) {

        double flops() {
            return 2.0 * m * n * k;
        }

        @Override
        public String toString() {
            return kind + " " + m + "x" + n + "x" + k;
        }
    }

    /**
     * Batches of 64, 128 and 32 in the layers of the tutorials, forward NT, gradient of the weight TN, of the input NN, and three square
     * ones: those of the module {@code benchmarks}.
     */
    static final List<Product> ALL = read();

    private static List<Product> read() {
        String list = "/org/gradus/benchmarks/products.txt";
        try (InputStream file = Objects.requireNonNull(BenchProducts.class.getResourceAsStream(list))) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(BenchProducts::product)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A line such as {@code NT:128x784x392}. */
    private static Product product(String line) {
        String[] parts = line.split("[:x]", -1);
        return new Product(
                GemmKind.valueOf(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]));
    }

    /** Their matrices stay in the first two levels of the cache. */
    private static final List<Product> SMALL = List.of(
            new Product(GemmKind.NN, 48, 64, 256),
            new Product(GemmKind.NN, 96, 96, 192),
            new Product(GemmKind.TN, 96, 128, 256),
            new Product(GemmKind.NN, 192, 192, 192));

    private static final int ROUNDS = 8;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Kernels kernels;
    private final Map<Integer, Engine> engines = new HashMap<>();
    private final double seconds;

    /**
     * @param kernels whose products
     * @param seconds how long each is measured, after as long a warm-up
     */
    BenchProducts(Kernels kernels, double seconds) {
        this.kernels = kernels;
        this.seconds = seconds;
    }

    /** GFLOP/s, the best of {@value #ROUNDS} rounds. */
    double gflops(Product product, int threads) {
        float[] a = numbers(product.m() * product.k(), 1);
        float[] b = numbers(product.k() * product.n(), 2);
        float[] c = new float[product.m() * product.n()];
        Engine engine = engines.computeIfAbsent(threads, count -> new Engine(kernels, count));
        double nanos = seconds * NANOS_PER_SECOND;
        long turns = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            engine.gemm(product.kind(), product.m(), product.n(), product.k(), a, b, c, false);
            turns++;
        }
        turns = Math.max(1, turns / ROUNDS);
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long from = System.nanoTime();
            for (long t = 0; t < turns; t++) {
                engine.gemm(product.kind(), product.m(), product.n(), product.k(), a, b, c, false);
            }
            best = Math.min(best, System.nanoTime() - from);
        }
        return product.flops() * turns / best;
    }

    /** The best speed of a product on one thread whose matrices stay in the cache: what these kernels can reach at most here. */
    double peak() {
        return SMALL.stream()
                .flatMapToDouble(product -> DoubleStream.of(gflops(product, 1)))
                .max()
                .orElseThrow();
    }

    /** Ends the threads of the engines. */
    @Override
    public void close() {
        engines.values().forEach(Engine::close);
    }

    private static float[] numbers(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) (2 * random.nextDouble() - 1);
        }
        return x;
    }
}
