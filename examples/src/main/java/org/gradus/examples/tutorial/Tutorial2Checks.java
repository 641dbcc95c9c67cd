package org.gradus.examples.tutorial;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.TrainedRun;

/** The conclusions of tutorial 2. A check is made if its experiments were run. */
final class Tutorial2Checks {

    private static final Map<String, Long> PARAMETERS =
            Map.of("T2.1", 666_791L, "T2.2", 692_264L, "T2.3", 692_264L, "T2.B1", 3_768_682L);

    private final Notebook notebook;

    private Tutorial2Checks(Notebook notebook) {
        this.notebook = notebook;
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
            notebook.run(id)
                    .ifPresent(run -> notebook.check(
                            id,
                            String.format(Locale.ROOT, "the network has %,d parameters", expected),
                            (double) run.net().parameterCount(),
                            run.net().parameterCount() == expected));
        }
    }

    private void unitLength() {
        notebook.measured("T2.3", "largest distance of a code from the sphere")
                .ifPresent(distance -> notebook.check(
                        "T2.3",
                        "all codes of test images have length 1: the largest deviation is at most 1E-5",
                        distance,
                        distance <= 1e-5));
    }

    /** Whether a run's final test loss is below another one's by some amount. */
    private void lower(String lowerId, String higherId, double least) {
        notebook.run(lowerId)
                .ifPresent(lower -> notebook.run(higherId).ifPresent(higher -> {
                    double gap = gap(lower, higher);
                    notebook.check(
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
        if (notebook.run("T2.1").isEmpty()) {
            return;
        }
        for (String shallow : List.of("T1.1", "T1.6")) {
            notebook.codes(shallow).ifPresent(codes -> {
                Tensor deep = notebook.codes("T2.1").orElseThrow();
                double gain = Tutorial1Checks.accuracy(notebook, deep) - Tutorial1Checks.accuracy(notebook, codes);
                notebook.check(
                        "T2.1",
                        "15 nearest neighbours tell digits better from its codes than from those of " + shallow
                                + ": accuracy higher by at least 0.25",
                        gain,
                        gain >= 0.25);
            });
        }
    }
}
