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

    /** What the JIT compiler gets before the first round. */
    private static final long WARM_UP_NANOS = 700_000_000;

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
            System.out.printf(
                    Locale.ROOT,
                    "{\"op\": \"%s\", \"m\": %d, \"n\": %d, \"k\": %d, \"gflops\": %.1f}%n",
                    shape.kind(),
                    shape.m(),
                    shape.n(),
                    shape.k(),
                    gflops(implementation, shape, threads, rounds));
        }
        if (implementation == Implementation.NETLIB) {
            System.err.println("netlib loaded " + Implementation.netlibClass());
        }
        System.exit(0);
    }

    private static double gflops(Implementation implementation, Shape shape, int threads, int rounds) {
        float[] a = Implementation.numbers(shape.m() * shape.k(), 1);
        float[] b = Implementation.numbers(shape.k() * shape.n(), 2);
        float[] c = new float[shape.m() * shape.n()];
        Implementation.Product product = implementation.product(shape, threads);
        int turns = (int) Math.max(1, ROUND_FLOPS / shape.flops());
        long start = System.nanoTime();
        while (System.nanoTime() - start < WARM_UP_NANOS) {
            turn(product, Math.max(1, turns / 10), a, b, c);
        }
        long best = Long.MAX_VALUE;
        for (int r = 0; r < rounds; r++) {
            best = Math.min(best, turn(product, turns, a, b, c));
        }
        return (double) shape.flops() * turns / best;
    }

    private static long turn(Implementation.Product product, int turns, float[] a, float[] b, float[] c) {
        long start = System.nanoTime();
        for (int t = 0; t < turns; t++) {
            product.multiply(a, b, c);
        }
        return System.nanoTime() - start;
    }
}
