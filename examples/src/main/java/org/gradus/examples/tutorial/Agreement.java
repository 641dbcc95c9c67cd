package org.gradus.examples.tutorial;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.pages.Decimals;
import org.gradus.pages.report.Check;

/**
 * How far a run may be from PyTorch's under the same seed.
 *
 * <p>Rounding alone sets the bounds. Shallow networks hardly notice it. Deep ones amplify it: PyTorch with another set
 * of matrix kernels moves as far from itself. Fine-tuning (T3.1 to T3.3) starts from PyTorch's reference network, or from our own,
 * which is another network already; then its batches are not compared and its table has twice the room.
 *
 * <p>A few runs amplify rounding so much that PyTorch leaves these bounds against itself. There, and only there, what PyTorch's
 * {@linkplain RoundingSpread variants} span takes the place of its one recorded run.
 *
 * @param table largest difference of a cell of the loss table
 * @param firstTen largest relative difference of the first 10 batch losses; infinite if they are not compared
 * @param firstHundred the same for the first 100
 */
record Agreement(double table, double firstTen, double firstHundred) {

    private static final double SHALLOW = 2e-5;
    private static final double TEN = 1e-6;
    private static final double SHALLOW_HUNDRED = 2e-6;
    private static final double HUNDRED = 5e-3;
    private static final double NOT_COMPARED = Double.POSITIVE_INFINITY;

    private static final Map<String, Agreement> DEEP_RUNS = Map.of(
            "T2.1", deep(1.5e-3),
            "T2.2", deep(1.5e-3),
            "T2.3", deep(6e-3),
            "T2.B1", deep(6e-3),
            "T3.0", deep(6e-3),
            "T3.4", deep(6e-3),
            "T3.5", deep(6e-3),
            "T3.6", deep(1.2e-2));

    private static Agreement deep(double table) {
        return new Agreement(table, TEN, HUNDRED);
    }

    /** The bounds of an experiment. */
    static Agreement of(String id, boolean fromOwnReference) {
        return switch (id) {
            case "T3.1", "T3.2", "T3.3" ->
                fromOwnReference ? new Agreement(8e-3, NOT_COMPARED, NOT_COMPARED) : deep(4e-3);
            default -> DEEP_RUNS.getOrDefault(id, new Agreement(SHALLOW, TEN, SHALLOW_HUNDRED));
        };
    }

    /** Whether both runs start from the same weights. */
    boolean sameStart() {
        return Double.isFinite(firstTen);
    }

    /**
     * Whether a run keeps to the bounds.
     *
     * @param id of the experiment
     * @param comparison with the recorded run of PyTorch
     * @param spread of PyTorch's runs, if it was measured
     */
    List<Check> checks(String id, Comparison comparison, Optional<RoundingSpread> spread) {
        List<Check> checks = new ArrayList<>();
        checks.add(spread.filter(runs -> !(runs.table() <= table))
                .map(runs -> amongPyTorchsTables(id, comparison, runs))
                .orElseGet(() -> check(
                        id,
                        "the loss table differs from PyTorch's under the same seed by at most " + Decimals.brief(table),
                        comparison.largestDifference(),
                        table)));
        if (sameStart()) {
            checks.add(batches(id, 10, firstTen, comparison, spread));
        }
        if (Double.isFinite(firstHundred)) {
            checks.add(batches(id, 100, firstHundred, comparison, spread));
        }
        return checks;
    }

    private Check amongPyTorchsTables(String id, Comparison comparison, RoundingSpread runs) {
        return check(
                id,
                "each cell of the loss table lies within " + Decimals.brief(table) + " of what " + runs.tables()
                        + " runs of PyTorch span that differ in rounding alone (by up to "
                        + Decimals.brief(runs.table()) + " from the one recorded); the farthest cell lies outside by",
                comparison.outside(runs),
                table);
    }

    private static Check batches(
            String id, int first, double bound, Comparison comparison, Optional<RoundingSpread> spread) {
        String losses = "the losses of the first " + first + " batches differ from PyTorch's by at most ";
        double difference = comparison.largestBatchDifference(first);
        double own = spread.map(runs -> runs.batches(first)).orElse(0.0);
        return own <= bound
                ? check(id, losses + Decimals.brief(bound) + ", relative", difference, bound)
                : check(
                        id,
                        losses + Decimals.brief(own)
                                + ", relative, as far as PyTorch's other runs do where only rounding changes",
                        difference,
                        own);
    }

    private static Check check(String id, String text, double value, double bound) {
        return new Check(id, text, value, value <= bound);
    }
}
