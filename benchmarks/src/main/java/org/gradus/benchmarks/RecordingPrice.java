package org.gradus.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.gradus.benchmarks.Training.Form;

/**
 * What it costs to call {@code forward} for every batch: training steps planned, replayed, and recorded anew, in turns.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -Dgradus.threads=1 -cp gradus-benchmarks.jar org.gradus.benchmarks.RecordingPrice
 * </pre>
 *
 * <p>Prints the table of docs/performance.md: the processor's time for a step, the median of {@value #ROUNDS} epochs, and the medians
 * of the ratios of epochs that followed each other. Only one thread may compute: the time of others is not seen. Takes a minute.
 */
final class RecordingPrice {

    private static final int IMAGES = 8192;
    private static final int WARM_UP = 5;
    private static final int ROUNDS = 25;
    private static final ThreadMXBean BEAN = ManagementFactory.getThreadMXBean();

    private RecordingPrice() {}

    /**
     * Measures and prints.
     *
     * @param args none
     */
    public static void main(String[] args) {
        System.out.println("| network | planned | replayed | recorded anew | anew / replayed | anew / planned |");
        System.out.println("|---|---|---|---|---|---|");
        for (Net net : List.of(Net.AE2, Net.AE32)) {
            System.out.println(row(net));
        }
        System.exit(0);
    }

    /** A training in one form, and how long its epochs took. */
    private static final class Lane {
        private final Training training;
        private final double[] micros = new double[ROUNDS];

        Lane(Net net, Form form) {
            training = new Training(net, Training.images(IMAGES), form);
            training.meter(BEAN::getCurrentThreadCpuTime);
        }

        /** Trains for an epoch, of which those before round 0 do not count; keeps microseconds of the processor for each step. */
        void epoch(int round) {
            training.epoch();
            double step = training.metered() * 1e-3 / training.losses().length;
            training.evaluated();
            if (round >= 0) {
                micros[round] = step;
            }
        }
    }

    private static String row(Net net) {
        Lane planned = new Lane(net, Form.CHOSEN);
        Lane replayed = new Lane(net, Form.REPLAYED);
        Lane recorded = new Lane(net, Form.RECORDED);
        List<Lane> lanes = List.of(planned, replayed, recorded);
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (Lane lane : lanes) {
                lane.epoch(round);
            }
        }
        lanes.forEach(lane -> lane.training.close());
        return String.format(
                Locale.ROOT,
                "| %s | %.0f us | %.0f us | %.0f us | %.3f | %.2f |",
                net.name().toLowerCase(Locale.ROOT),
                median(planned.micros),
                median(replayed.micros),
                median(recorded.micros),
                median(ratios(recorded.micros, replayed.micros)),
                median(ratios(recorded.micros, planned.micros)));
    }

    private static double[] ratios(double[] a, double[] b) {
        double[] ratios = new double[a.length];
        Arrays.setAll(ratios, i -> a[i] / b[i]);
        return ratios;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
