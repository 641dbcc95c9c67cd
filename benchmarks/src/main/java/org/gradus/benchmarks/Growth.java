package org.gradus.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.gradus.autograd.Tensor;
import org.gradus.io.AtomicFile;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;
import org.gradus.kernel.GemmKind;
import org.gradus.nn.Layer;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.ReLU;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.EpochSeconds;
import org.gradus.train.History;
import org.gradus.train.Trainer;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How the cost of a training step grows with the batch, the width and the depth of a network, and the limits beside it: the rate of
 * the best product that stays in the first caches, and the bandwidth of memory.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -Dgradus.threads=1 -cp gradus-benchmarks.jar org.gradus.benchmarks.Growth docs/figures
 * </pre>
 *
 * <p>Prints the table of docs/performance.md and writes {@code growth.png} into the given folder. Takes half a minute.
 */
final class Growth {

    private static final int INPUTS = 784;
    private static final int ROUNDS = 12;

    /** Numbers of a memory-bound loop: 2 x 128 MB, beyond any cache. */
    private static final int BEYOND_CACHES = 32 << 20;

    private static final List<Color> COLOURS = List.of(new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73));

    private static final List<Marker> MARKERS =
            List.of(SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.DIAMOND);

    private record Point(int varied, double flops, double parameters, double seconds) {
        double gigaflops() {
            return flops / seconds * 1e-9;
        }
    }

    private record Curve(String name, List<Point> points) {}

    private Growth() {}

    /**
     * Measures and draws.
     *
     * @param args the folder of the figure
     * @throws IOException if it cannot be written
     */
    public static void main(String[] args) throws IOException {
        double peak = 0;
        List<Curve> curves = new ArrayList<>();
        peak = Math.max(peak, peak());
        curves.add(curve("batch", new int[] {8, 16, 32, 64, 128, 256, 512}, b -> step(b, b, 256, 1)));
        peak = Math.max(peak, peak());
        curves.add(curve("width", new int[] {8, 16, 32, 64, 128, 256, 512, 1024, 2048}, w -> step(w, 64, w, 1)));
        peak = Math.max(peak, peak());
        curves.add(curve("hidden layers", new int[] {1, 2, 3, 4, 6, 8}, d -> step(d, 64, 256, d)));
        peak = Math.max(peak, peak());
        System.out.printf(Locale.ROOT, "product in the caches %.0f GFLOP/s, memory %.1f GB/s%n%n", peak, bandwidth());
        System.out.println("| varied | value | parameters | microseconds a step | GFLOP/s |");
        System.out.println("|---|---|---|---|---|");
        for (Curve curve : curves) {
            for (Point p : curve.points) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %d | %.0f | %.0f | %.0f |%n",
                        curve.name,
                        p.varied,
                        p.parameters,
                        p.seconds * 1e6,
                        p.gigaflops());
            }
        }
        if (args.length > 0) {
            draw(curves, peak, Path.of(args[0]));
        }
        System.exit(0);
    }

    private interface Measured {
        Point at(int value);
    }

    private static Curve curve(String name, int[] values, Measured measured) {
        return new Curve(name, Arrays.stream(values).mapToObj(measured::at).toList());
    }

    /** A step of 784-width-..-width-784 with ReLU, mean squared error and Adam, best of some epochs. */
    private static Point step(int varied, int batch, int width, int depth) {
        int steps =
                (int) Math.max(20, Math.min(2000, 2e9 / (6.0 * batch * INPUTS * 2 * width * Math.max(1, depth / 2))));
        int samples = Math.min(batch * steps, 30_000 / batch * batch);
        Tensor x = Tensor.matrix(samples, INPUTS, new TorchRandom(1).rand(samples * INPUTS));
        Tensor few = Tensor.matrix(1, INPUTS, new TorchRandom(2).rand(INPUTS));
        TorchRandom random = new TorchRandom(0);
        List<Layer> layers = new ArrayList<>();
        double products = 0;
        for (int layer = 0; layer <= depth; layer++) {
            int in = layer == 0 ? INPUTS : width;
            int out = layer == depth ? INPUTS : width;
            layers.add(new Linear(in, out, random));
            if (layer < depth) {
                layers.add(new ReLU());
            }
            products += (layer == 0 ? 2.0 : 3.0) * in * out; // no gradient for the input of the first layer
        }
        Sequential net = new Sequential(layers);
        History history = new Trainer(net, new MSELoss(), new Adam(net.parameters()), new NumpyRandom(0))
                .epochs(ROUNDS)
                .batchSize(batch)
                .fit(x, few);
        double best = history.epochSeconds().stream()
                .mapToDouble(EpochSeconds::training)
                .min()
                .orElseThrow();
        return new Point(varied, 2 * batch * products, net.parameterCount(), best / ((double) samples / batch));
    }

    private static double peak() {
        int n = 192;
        float[] a = new TorchRandom(1).rand(n * n);
        float[] b = new TorchRandom(2).rand(n * n);
        float[] c = new float[n * n];
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < 200; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                Engine.shared().gemm(GemmKind.NN, n, n, n, a, b, c, false);
            }
            best = Math.min(best, (System.nanoTime() - start) / 5.0);
        }
        return 2.0 * n * n * n / best;
    }

    /** Two numbers read and one written for each element. */
    private static double bandwidth() {
        float[] x = new float[BEYOND_CACHES];
        float[] y = new float[BEYOND_CACHES];
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < 10; round++) {
            long start = System.nanoTime();
            Engine.shared().elements(BEYOND_CACHES, Cost.CHEAP, (k, from, to) -> k.addScaled(from, to, 0.5f, x, y));
            best = Math.min(best, (double) (System.nanoTime() - start));
        }
        return 3.0 * Float.BYTES * BEYOND_CACHES / best;
    }

    private static void draw(List<Curve> curves, double peak, Path folder) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(520)
                .title("Rate of a training step, 784-w-..-784, one thread")
                .xAxisTitle("million floating-point operations in the step")
                .yAxisTitle("GFLOP/s")
                .build();
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setLegendBorderColor(Color.WHITE);
        chart.getStyler().setPlotBorderVisible(false);
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int c = 0; c < curves.size(); c++) {
            List<Point> points = curves.get(c).points;
            double[] xs = points.stream().mapToDouble(p -> p.flops * 1e-6).toArray();
            double[] ys = points.stream().mapToDouble(Point::gigaflops).toArray();
            least = Math.min(least, Arrays.stream(xs).min().orElseThrow());
            most = Math.max(most, Arrays.stream(xs).max().orElseThrow());
            String range = points.get(0).varied + " to " + points.get(points.size() - 1).varied;
            chart.addSeries(curves.get(c).name + " " + range, xs, ys)
                    .setMarker(MARKERS.get(c))
                    .setMarkerColor(COLOURS.get(c))
                    .setLineColor(COLOURS.get(c));
        }
        chart.addSeries("product in the caches", new double[] {least, most}, new double[] {peak, peak})
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(Color.DARK_GRAY)
                .setLineStyle(SeriesLines.DASH_DASH);
        Files.createDirectories(folder);
        AtomicFile.at(folder.resolve("growth.png"))
                .write(out -> ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", out));
    }
}
