package org.gradus.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gradus.kernel.AdamCoefficients;
import org.gradus.kernel.Engine;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * Where the time of a training step goes, and what more cores would bring. The parts of a step are run as one thread of many would run
 * them, one after the other, and timed; the sum over the longest way through them, plus the meetings, is the model's step.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp gradus-benchmarks.jar org.gradus.benchmarks.CriticalPath [NET ..]
 * </pre>
 *
 * <p>Two ways to divide a step are compared: whole panels of 16 samples per thread, and teams of threads that take panels together and
 * divide the features of each value. Then what two threads lose to each other, part by part: both run the same part at the same time.
 */
final class CriticalPath {

    private static final int WIDTH = PanelKernels.WIDTH;
    private static final int ROUNDS = 300;
    private static final int UNIT = 4;
    private static final int[] THREADS = {1, 2, 4, 8, 16};
    private static final int[] BATCHES = {32, 64, 128};
    private static final int MEETINGS = 2000;
    private static final String MEETING = "--meeting=";
    private static final double USUAL_MEETING = 1;

    private CriticalPath() {}

    /**
     * Measures.
     *
     * @param args microseconds of a meeting, without them 1; names of networks, without any deep2, s2 and ae32
     */
    public static void main(String[] args) {
        Kernels kernels = KernelProvider.kernels();
        if (PanelKernels.of(kernels).isEmpty()) {
            throw new IllegalStateException(
                    "these are the plain kernels: start java with --add-modules jdk.incubator.vector");
        }
        boolean told = args.length > 0 && args[0].startsWith(MEETING);
        double meeting = told ? Double.parseDouble(args[0].substring(MEETING.length())) : USUAL_MEETING;
        System.out.printf(
                Locale.ROOT,
                "a meeting of two threads with nothing to do: %.2f us here; the model takes %.2f us%n",
                meeting(),
                meeting);
        List<String> given = List.of(args).subList(told ? 1 : 0, args.length);
        List<String> names = given.isEmpty() ? List.of("deep2", "s2", "ae32") : given;
        float[] images = Training.images(2048).data();
        for (String name : names) {
            Net net = Net.valueOf(name.toUpperCase(Locale.ROOT));
            table(net, images, meeting);
            pair(net, images);
        }
        System.exit(0);
    }

    /**
     * Microseconds from one stage to the next of two threads that have nothing to do. Rounds that the engine left to one thread, because
     * the machine is busy, do not count.
     *
     * @return {@link Double#NaN} if there was no other
     */
    private static double meeting() {
        double least = Double.MAX_VALUE;
        Thread[] who = new Thread[2];
        try (Engine engine = new Engine(KernelProvider.kernels(), 2)) {
            for (int i = 0; i < 200; i++) {
                long start = System.nanoTime();
                engine.inStages(1, 2, MEETINGS, (kernels, part, stage) -> who[part] = Thread.currentThread());
                double time = (System.nanoTime() - start) * 1e-3 / MEETINGS;
                least = who[0].equals(who[1]) ? least : Math.min(least, time);
            }
        }
        return least == Double.MAX_VALUE ? Double.NaN : least;
    }

    private static void table(Net net, float[] images, double meeting) {
        System.out.printf(
                Locale.ROOT,
                "%n%s: microseconds of a step%nbatch threads | panels: there and back, update, step, gain |"
                        + " teams: there and back, meetings, update, step, gain%n",
                net.name().toLowerCase(Locale.ROOT));
        for (int batch : BATCHES) {
            double one = 0;
            for (int threads : THREADS) {
                int panels = batch / WIDTH;
                int alone = Math.min(threads, panels);
                double whole = sum(new Part(net, batch, (panels + alone - 1) / alone, 1, threads).passes(images));
                double update = new Part(net, batch, panels, 1, threads).update();
                int teams = greatestDivisor(threads, panels);
                int members = threads / teams;
                Part part = new Part(net, batch, panels / teams, members, threads);
                double divided = sum(part.passes(images));
                double meetings = members > 1 ? part.meetings() * meeting : 0;
                one = threads == 1 ? whole + update : one;
                System.out.printf(
                        Locale.ROOT,
                        "%5d %7d | %8.0f %6.0f %6.0f %5.2f | %8.0f %5.0f %6.0f %6.0f %5.2f%n",
                        batch,
                        threads,
                        whole,
                        update,
                        whole + update,
                        one / (whole + update),
                        divided,
                        meetings,
                        update,
                        divided + meetings + update,
                        one / (divided + meetings + update));
            }
        }
    }

    /** One thread with half of the panels, alone and beside another that does the same. */
    private static void pair(Net net, float[] images) {
        int half = net.batch() / WIDTH / 2;
        Map<String, Double> alone = new Part(net, net.batch(), half, 1, 2).passes(images);
        double updateAlone = new Part(net, net.batch(), half, 1, 2).update();
        Part[] both = {new Part(net, net.batch(), half, 1, 2), new Part(net, net.batch(), half, 1, 2)};
        Map<String, Double> beside = new LinkedHashMap<>();
        double[] updateBeside = new double[1];
        try (Engine engine = new Engine(KernelProvider.kernels(), 2)) {
            engine.together(2, (kernels, part, parts) -> {
                Map<String, Double> times = both[part].passes(images);
                if (part == 0) {
                    beside.putAll(times);
                }
            });
            engine.together(2, (kernels, part, parts) -> {
                double time = both[part].update();
                if (part == 0) {
                    updateBeside[0] = time;
                }
            });
        }
        System.out.printf(
                Locale.ROOT,
                "%n%s, batch %d, half a step: microseconds of a thread alone, and beside another%n",
                net.name().toLowerCase(Locale.ROOT),
                net.batch());
        alone.forEach((what, time) -> {
            double other = beside.getOrDefault(what, Double.NaN);
            System.out.printf(Locale.ROOT, "%-34s %8.1f %8.1f %5.2f%n", what, time, other, other / time);
        });
        System.out.printf(
                Locale.ROOT,
                "%-34s %8.1f %8.1f %5.2f%n",
                "gradients of parameters and Adam",
                updateAlone,
                updateBeside[0],
                updateBeside[0] / updateAlone);
    }

    private static double sum(Map<String, Double> times) {
        return times.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static int greatestDivisor(int a, int b) {
        return b == 0 ? a : greatestDivisor(b, a % b);
    }

    /** What the first member of a team does of a step: its share of the features of some panels, and all that is not divided. */
    private static final class Part {
        private final Kernels kernels = KernelProvider.kernels().another();
        private final PanelKernels panels = PanelKernels.of(kernels).orElseThrow();
        private final int[] widths;
        private final int batch;
        private final int count;
        private final int members;
        private final int threads;
        private final boolean squares;
        private final float[][] weights;
        private final float[][] raw;
        private final float[][] values;
        private final float[][] grads;
        private final float[][] transposed;
        private final float[] partial;
        private final Map<String, double[]> times = new LinkedHashMap<>();
        private int round;
        private long last;

        Part(Net net, int batch, int count, int members, int threads) {
            widths = net.widths();
            this.batch = batch;
            this.count = count;
            this.members = members;
            this.threads = threads;
            squares = net == Net.AE32;
            int layers = widths.length - 1;
            weights = new float[layers][];
            raw = new float[layers + 1][];
            values = new float[layers + 1][];
            grads = new float[layers + 1][];
            transposed = new float[layers + 1][];
            for (int l = 0; l <= layers; l++) {
                if (l < layers) {
                    weights[l] = filled(widths[l] * widths[l + 1]);
                }
                raw[l] = filled(PanelKernels.size(batch, widths[l]));
                values[l] = filled(raw[l].length);
                grads[l] = filled(raw[l].length);
                transposed[l] = filled(PanelKernels.count(widths[l]) * WIDTH * batch);
            }
            partial = new float[PanelKernels.size(batch, 2)];
        }

        private static float[] filled(int length) {
            float[] x = new float[length];
            for (int i = 0; i < length; i++) {
                x[i] = (i * 37 % 101 - 50) * 1e-3f;
            }
            return x;
        }

        /** Meetings of the way there and back: before each product, around what one member does. */
        int meetings() {
            int layers = widths.length - 1;
            int normalised = (int)
                    Arrays.stream(widths).filter(width -> width == Net.SPHERE).count();
            int divided = layers + layers - 1;
            return divided + (squares ? 0 : layers - 1) + 2 * normalised;
        }

        private void lap(String what) {
            long now = System.nanoTime();
            times.computeIfAbsent(what, unused -> new double[ROUNDS])[round] += (now - last) * 1e-3;
            last = System.nanoTime();
        }

        private Map<String, Double> medians() {
            Map<String, Double> medians = new LinkedHashMap<>();
            times.forEach((what, each) -> {
                double[] late = Arrays.copyOfRange(each, ROUNDS / 3, ROUNDS);
                Arrays.sort(late);
                medians.put(what, late[late.length / 4]); // a neighbour only ever adds
            });
            return medians;
        }

        /** There and back: microseconds of each kind of part. */
        Map<String, Double> passes(float[] images) {
            int[] order = new int[batch];
            for (round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < batch; i++) {
                    order[i] = (i * 31 + round * 97) % (images.length / widths[0]);
                }
                last = System.nanoTime();
                gather(order, images);
                lap("gather");
                forward();
                loss();
                backward();
            }
            return medians();
        }

        private void gather(int[] order, float[] images) {
            int features = widths[0];
            float[] rows = panels.rows(features);
            for (int q = 0; q < count; q++) {
                for (int l = 0; l < PanelKernels.WIDTH; l++) {
                    int sample = order[Math.min(q * PanelKernels.WIDTH + l, batch - 1)];
                    System.arraycopy(images, sample * features, rows, l * features, features);
                }
                panels.layPanel(q, batch, features, values[0], transposed[0]);
            }
        }

        private void forward() {
            int layers = widths.length - 1;
            for (int l = 0; l < layers; l++) {
                int in = widths[l];
                int out = widths[l + 1];
                int rows = Engine.border(out, UNIT, 1, members);
                Product product = new Product(Order.ROWS, in, in, count * WIDTH, WIDTH, out * WIDTH);
                if (GemmKind.sumsInLanes(out, in)) {
                    panels.productInLanes(product, 0, rows, 0, count, weights[l], values[l], raw[l + 1]);
                } else {
                    panels.product(product, 0, rows, 0, count, weights[l], values[l], raw[l + 1]);
                }
                lap("products there");
                if (l == layers - 1) {
                    panels.sigmoidOfBiased(0, count, out, 0, rows, weights[l], raw[l + 1], values[l + 1]);
                    lap("sigmoid");
                } else {
                    panels.preluOfBiased(0, count, out, 0, rows, weights[l], 0.25f, raw[l + 1], values[l + 1]);
                    lap("other activations");
                }
                if (out == Net.SPHERE) {
                    panels.normalize(0, count, out, raw[l + 1], values[l + 1]);
                    lap("normalisation");
                }
            }
        }

        private void loss() {
            int layers = widths.length - 1;
            int out = widths[layers];
            if (squares) {
                panels.squaredErrorChunks(0, count, out, values[layers], values[0], partial);
            } else {
                panels.bceChunks(0, count, out, values[layers], values[0], partial);
            }
            lap("terms of the loss");
            int rows = Engine.border(out, UNIT, 1, members);
            for (int q = 0; q < count; q++) {
                int from = q * out * WIDTH;
                int to = from + rows * WIDTH;
                if (squares) {
                    panels.sigmoidSquaredErrorGrad(from, to, 1e-5f, values[layers], values[0], grads[layers]);
                } else {
                    panels.sigmoidBceGrad(from, to, 1e-5f, values[layers], values[0], grads[layers]);
                }
            }
            lap("gradient of the loss");
        }

        private void backward() {
            for (int l = widths.length - 2; l > 0; l--) {
                int in = widths[l];
                int out = widths[l + 1];
                int rows = Engine.border(in, UNIT, 1, members);
                Product product = new Product(Order.COLUMNS, in, out, count * WIDTH, WIDTH, in * WIDTH);
                if (GemmKind.sumsInLanes(in, out)) {
                    panels.productInLanes(product, 0, rows, 0, count, weights[l], grads[l + 1], grads[l]);
                } else {
                    panels.product(product, 0, rows, 0, count, weights[l], grads[l + 1], grads[l]);
                }
                lap("products back");
                panels.transpose(batch, in, 0, count, values[l], transposed[l]);
                lap("transposing");
                if (in == Net.SPHERE) {
                    panels.normalizeGrad(0, count, in, raw[l], values[l], grads[l]);
                    lap("normalisation");
                }
                panels.preluGrad(0, count, in, 0.25f, raw[l], grads[l], partial);
                lap("other activations");
            }
        }

        /** The gradients of this thread's rows and Adam: microseconds. */
        double update() {
            int layers = widths.length - 1;
            float[][] sums = new float[layers][];
            float[][] first = new float[layers][];
            float[][] second = new float[layers][];
            for (int l = 0; l < layers; l++) {
                sums[l] = filled(weights[l].length);
                first[l] = new float[weights[l].length];
                second[l] = new float[weights[l].length];
            }
            AdamCoefficients adam = new AdamCoefficients(0.9, 0.999, 1e-8, 0);
            adam.step(1e-3, 0.5, 1);
            times.clear();
            for (round = 0; round < ROUNDS; round++) {
                last = System.nanoTime();
                for (int l = 0; l < layers; l++) {
                    update(l, adam, sums[l], first[l], second[l]);
                }
                lap("update");
            }
            return sum(medians());
        }

        private void update(int l, AdamCoefficients adam, float[] sums, float[] first, float[] second) {
            int in = widths[l];
            int out = widths[l + 1];
            int rows = Engine.border(out, 2 * UNIT, 1, threads);
            Product product = new Product(Order.PANELS, out * WIDTH, batch, in, in, WIDTH);
            int strip = panels.stripOfRows();
            for (int r = 0; r < rows; r += strip) {
                int end = Math.min(rows, r + strip);
                if (GemmKind.sumsInLanes(in, batch)) {
                    panels.thinProduct(batch, out, in, r, end, grads[l + 1], values[l], sums);
                } else {
                    panels.product(product, r, end, 0, PanelKernels.count(in), grads[l + 1], transposed[l], sums);
                }
                kernels.adamStep(r * in, end * in, adam, weights[l], sums, first, second);
            }
        }
    }
}
