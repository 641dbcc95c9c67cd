package org.gradus.examples.tutorial;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whether the loss curves of a tutorial show what the notebooks' do: as many batches, one point for every so many. */
public final class LossCurves {

    private static final int MOST_POINTS = 500;

    /**
     * Batches of a training and distance of the points of its curve, as the notebooks have them.
     *
     * @param batches of all epochs
     * @param stride {@code ceil(batches / 500)}
     */
    record Expected(int batches, int stride) {}

    private static final Expected TEN_OF_64 = new Expected(9380, 19);
    private static final Expected TWO_OF_64 = new Expected(1876, 4);
    private static final Expected TEN_OF_128 = new Expected(4690, 10);
    private static final Expected THREE_OF_32 = new Expected(5625, 12);

    private static final Map<String, Expected> EXPECTED = Map.ofEntries(
            Map.entry("T1.3", TEN_OF_64),
            Map.entry("T1.5a", TWO_OF_64),
            Map.entry("T1.5b", TWO_OF_64),
            Map.entry("T1.6", TEN_OF_64),
            Map.entry("T1.B1", TEN_OF_64),
            Map.entry("T1.B1c", TEN_OF_64),
            Map.entry("T1.B2", TEN_OF_64),
            Map.entry("T1.B2n", TEN_OF_64),
            Map.entry("T1.B3", TEN_OF_64),
            Map.entry("T2.1", TEN_OF_128),
            Map.entry("T2.2", TEN_OF_128),
            Map.entry("T2.3", TEN_OF_128),
            Map.entry("T2.B1", new Expected(2345, 5)),
            Map.entry("T3.0", new Expected(46_875, 94)),
            Map.entry("T3.1", THREE_OF_32),
            Map.entry("T3.2", THREE_OF_32),
            Map.entry("T3.3", new Expected(9375, 19)),
            Map.entry("T3.4", new Expected(5073, 11)),
            Map.entry("T3.5", new Expected(4440, 9)),
            Map.entry("T3.6", THREE_OF_32));

    private LossCurves() {}

    /**
     * Records it for trainings that were run.
     *
     * @param notebook where they were
     * @param ids of a tutorial's experiments
     */
    public static void check(Notebook notebook, List<String> ids) {
        for (String id : ids) {
            Expected expected = EXPECTED.get(id);
            if (expected != null) {
                notebook.results().run(id).ifPresent(run -> {
                    int batches = run.history().batchLosses().length;
                    int stride = (batches + MOST_POINTS - 1) / MOST_POINTS;
                    notebook.conclusions()
                            .add(
                                    id,
                                    String.format(
                                            Locale.ROOT,
                                            "the loss curve has a point for every %d of %,d batches",
                                            expected.stride(),
                                            expected.batches()),
                                    stride,
                                    batches == expected.batches() && stride == expected.stride());
                });
            }
        }
    }
}
