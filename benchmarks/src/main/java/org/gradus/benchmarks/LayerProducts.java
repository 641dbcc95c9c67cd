package org.gradus.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * The three products of a planned step for each layer of the tutorials' networks, on one thread, in GFLOP/s. A product is timed again and
 * again in windows of a millisecond or two, and the best window counts: others on the machine take away from the rest.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp gradus-benchmarks.jar org.gradus.benchmarks.LayerProducts SAMPLES SECONDS
 * </pre>
 *
 * <p>SECONDS for each product, in three rounds. {@code benchmarks/tiles} starts it in many JVMs, and reads the machine code.
 */
final class LayerProducts {

    private static final int WIDTH = PanelKernels.WIDTH;
    private static final int ROUNDS = 3;
    private static final double WINDOW_FLOPS = 1e8;
    private static final int[][] LAYERS = {{784, 392}, {392, 64}, {64, 392}, {392, 784}, {784, 32}, {1568, 392}};

    private LayerProducts() {}

    /**
     * Measures.
     *
     * @param args samples of a batch, seconds for each product and round
     */
    public static void main(String[] args) {
        if (args.length != 2) {
            System.err.println("usage: LayerProducts SAMPLES SECONDS");
            System.exit(2);
        }
        PanelKernels panels = PanelKernels.of(KernelProvider.kernels())
                .orElseThrow(() -> new IllegalStateException(
                        "these are the plain kernels: start java with --add-modules jdk.incubator.vector"));
        List<Timed> products = new ArrayList<>();
        for (int[] layer : LAYERS) {
            products.addAll(ofLayer(panels, layer[0], layer[1], Integer.parseInt(args[0])));
        }
        long nanos = (long) (Double.parseDouble(args[1]) * 1e9);
        for (int round = 0; round < ROUNDS; round++) {
            products.forEach(product -> product.run(nanos));
        }
        products.forEach(product -> System.out.printf(
                Locale.ROOT, "{\"product\": \"%s\", \"gflops\": %.1f}%n", product.name, product.best));
    }

    private static List<Timed> ofLayer(PanelKernels panels, int in, int out, int samples) {
        int count = PanelKernels.count(samples);
        int columns = count * WIDTH;
        float[] w = Implementation.numbers(in * out, 1);
        float[] x = Implementation.numbers(columns * in, 2);
        float[] g = Implementation.numbers(columns * out, 3);
        float[] transposed = Implementation.numbers(PanelKernels.count(in) * WIDTH * samples, 4);
        float[] y = new float[columns * out];
        float[] gx = new float[columns * in];
        float[] gw = new float[out * in];
        Product forward = new Product(Order.ROWS, in, in, columns, WIDTH, out * WIDTH);
        Product backward = new Product(Order.COLUMNS, in, out, columns, WIDTH, in * WIDTH);
        Product gradient = new Product(Order.PANELS, out * WIDTH, samples, in, in, WIDTH);
        int strip = panels.stripOfRows();
        String layer = " " + in + "x" + out;
        double flops = 2.0 * in * out * samples;
        return List.of(
                new Timed("forward" + layer, flops, () -> panels.product(forward, 0, out, 0, count, w, x, y)),
                new Timed("backward" + layer, flops, () -> panels.product(backward, 0, in, 0, count, w, g, gx)),
                new Timed("gradient" + layer, flops, () -> {
                    for (int i = 0; i < out; i += strip) {
                        int to = Math.min(out, i + strip);
                        panels.product(gradient, i, to, 0, PanelKernels.count(in), g, transposed, gw);
                    }
                }));
    }

    /** A product and its best window. */
    private static final class Timed {
        private final String name;
        private final double flops;
        private final Runnable product;
        private double best;

        Timed(String name, double flops, Runnable product) {
            this.name = name;
            this.flops = flops;
            this.product = product;
        }

        void run(long nanos) {
            int turns = (int) Math.max(1, WINDOW_FLOPS / flops);
            long end = System.nanoTime() + nanos;
            for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
                for (int t = 0; t < turns; t++) {
                    product.run();
                }
                best = Math.max(best, turns * flops / (System.nanoTime() - start));
            }
        }
    }
}
