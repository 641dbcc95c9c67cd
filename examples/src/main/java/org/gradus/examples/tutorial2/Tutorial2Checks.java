package org.gradus.examples.tutorial2;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.TrainedRun;
import org.gradus.examples.tutorial.Conclusions;
import org.gradus.examples.tutorial.LossCurves;
import org.gradus.examples.tutorial.NearestNeighbours;
import org.gradus.examples.tutorial.Notebook;
import org.gradus.examples.tutorial.Results;

/** The conclusions of tutorial 2. A check is made if its experiments were run. */
final class Tutorial2Checks {

    private static final Map<String, Long> PARAMETERS =
            Map.of("T2.1", 666_791L, "T2.2", 692_264L, "T2.3", 692_264L, "T2.B1", 3_768_682L);

    private static final int NEIGHBOURS = 15;

    private final Notebook notebook;
    private final Results results;
    private final Conclusions conclusions;

    private Tutorial2Checks(Notebook notebook) {
        this.notebook = notebook;
        results = notebook.results();
        conclusions = notebook.conclusions();
    }

    static void run(Notebook notebook) {
        Tutorial2Checks checks = new Tutorial2Checks(notebook);
        checks.parameterCounts();
        checks.unitLength();
        if (!notebook.isAsPublished()) {
            return;
        }
        LossCurves.check(notebook, Tutorial2.tutorial().ids());
        checks.lower("T2.1", "T1.6", 0.04);
        checks.lower("T2.2", "T2.1", 0.01);
        checks.lower("T2.2", "T2.3", 0.008);
        checks.neighbours();
    }

    private void parameterCounts() {
        for (String id : List.of("T2.1", "T2.2", "T2.3", "T2.B1")) {
            long expected = PARAMETERS.getOrDefault(id, 0L);
            results.run(id)
                    .ifPresent(run -> conclusions.add(
                            id,
                            String.format(Locale.ROOT, "the network has %,d parameters", expected),
                            (double) run.net().parameterCount(),
                            run.net().parameterCount() == expected));
        }
    }

    private void unitLength() {
        results.measured("T2.3", "largest distance of a code from the sphere")
                .ifPresent(distance -> conclusions.add(
                        "T2.3",
                        "all codes of test images have length 1: the largest deviation is at most 1E-5",
                        distance,
                        distance <= 1e-5));
    }

    /** Whether a run's final test loss is below another one's by some amount. */
    private void lower(String lowerId, String higherId, double least) {
        results.run(lowerId)
                .ifPresent(lower -> results.run(higherId).ifPresent(higher -> {
                    double gap = gap(lower, higher);
                    conclusions.add(
                            lowerId.equals("T2.2") && higherId.equals("T2.3") ? higherId : lowerId,
                            "final test BCE: " + lowerId + " is below " + higherId + " by at least " + least,
                            gap,
                            gap >= least);
                }));
    }

    private static double gap(TrainedRun lower, TrainedRun higher) {
        return higher.last().test() - lower.last().test();
    }

    private void neighbours() {
        if (results.run("T2.1").isEmpty()) {
            return;
        }
        for (String shallow : List.of("T1.1", "T1.6")) {
            results.codes(shallow).ifPresent(codes -> {
                Tensor deep = results.codes("T2.1").orElseThrow();
                double gain = accuracy(deep) - accuracy(codes);
                conclusions.add(
                        "T2.1",
                        "15 nearest neighbours tell digits better from its codes than from those of " + shallow
                                + ": accuracy higher by at least 0.25",
                        gain,
                        gain >= 0.25);
            });
        }
    }

    /** How often 15 nearest neighbours among 5,000 codes tell the digit of 5,000 others. */
    private double accuracy(Tensor codes) {
        return NearestNeighbours.accuracy(NEIGHBOURS, codes, notebook.testLabels());
    }
}
