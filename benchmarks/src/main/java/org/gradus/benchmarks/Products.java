package org.gradus.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * The products of {@link Shape#ALL}, measured as {@code scripts/reference/bench_openblas.py} measures OpenBLAS, and printed in
 * its form: one JSON line per product, the best of some rounds.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp gradus-benchmarks.jar org.gradus.benchmarks.Products VECTOR 2 9
 * </pre>
 */
final class Products {

    /** Work of a round. */
    private static final double ROUND_FLOPS = 4e8;

    /**
     * What the JIT compiler gets for each product before the first round of any. A kernel that was compiled for one order of its
     * operands is given up and compiled again when another comes: a product that came late in the list was measured in between.
     */
    private static final long WARM_UP_NANOS = 600_000_000;

    /** And once more before its own first round. */
    private static final long SECOND_WARM_UP_NANOS = 400_000_000;

    private Products() {}

    /**
     * Measures.
     *
     * @param args an {@link Implementation}, threads, rounds
     */
    public static void main(String[] args) {
        if (args.length != 3) {
            System.err.println("usage: Products " + List.of(Implementation.values()) + " THREADS ROUNDS");
            System.exit(2);
        }
        Implementation implementation = Implementation.valueOf(args[0]);
        int threads = Integer.parseInt(args[1]);
        int rounds = Integer.parseInt(args[2]);
        for (Shape shape : Shape.ALL) {
            try (Product product = new Product(implementation, shape, threads)) {
                product.warmUp(WARM_UP_NANOS);
            }
        }
        for (Shape shape : Shape.ALL) {
            try (Product product = new Product(implementation, shape, threads)) {
                System.out.printf(
                        Locale.ROOT,
                        "{\"op\": \"%s\", \"m\": %d, \"n\": %d, \"k\": %d, \"gflops\": %.1f}%n",
                        shape.kind(),
                        shape.m(),
                        shape.n(),
                        shape.k(),
                        product.gflops(rounds));
            }
        }
        if (implementation == Implementation.NETLIB) {
            System.err.println("netlib loaded " + Implementation.netlibClass());
        }
        System.exit(0);
    }

    /** A product on its own operands. */
    private static final class Product implements AutoCloseable {
        private final Shape shape;
        private final Implementation.Product product;
        private final float[] a;
        private final float[] b;
        private final float[] c;
        private final int turns;

        Product(Implementation implementation, Shape shape, int threads) {
            this.shape = shape;
            product = implementation.product(shape, threads);
            a = Implementation.numbers(shape.m() * shape.k(), 1);
            b = Implementation.numbers(shape.k() * shape.n(), 2);
            c = new float[shape.m() * shape.n()];
            turns = (int) Math.max(1, ROUND_FLOPS / shape.flops());
        }

        @Override
        public void close() {
            product.close();
        }

        void warmUp(long nanos) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < nanos) {
                nanos(Math.max(1, turns / 10));
            }
        }

        double gflops(int rounds) {
            warmUp(SECOND_WARM_UP_NANOS);
            long best = Long.MAX_VALUE;
            for (int r = 0; r < rounds; r++) {
                best = Math.min(best, nanos(turns));
            }
            return (double) shape.flops() * turns / best;
        }

        private long nanos(int times) {
            long start = System.nanoTime();
            for (int t = 0; t < times; t++) {
                product.multiply(a, b, c);
            }
            return System.nanoTime() - start;
        }
    }
}
