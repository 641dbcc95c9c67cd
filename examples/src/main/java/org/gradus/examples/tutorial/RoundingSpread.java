package org.gradus.examples.tutorial;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.gradus.train.EpochLoss;

/**
 * How far PyTorch moves from itself: runs of one experiment under one seed that differ in nothing but rounding, because
 * they used other matrix kernels, or because one weight was changed in its last bit before training. A network that amplifies rounding
 * has no one right table; whatever lies among these runs is right.
 */
final class RoundingSpread {

    private final List<Reference> runs;

    /**
     * Runs of one experiment.
     *
     * @param recorded the run that ours is compared with
     * @param variants others; of some only the first batches are known
     */
    RoundingSpread(Reference recorded, List<Reference> variants) {
        runs = new ArrayList<>(variants);
        runs.add(0, recorded);
    }

    /** How many runs were made to the end, the recorded one among them. */
    int tables() {
        return (int) runs.stream().filter(run -> !run.table().isEmpty()).count();
    }

    /** The largest difference between a cell of the recorded table and the same cell of another. */
    double table() {
        double largest = 0;
        for (Reference run : runs) {
            for (int e = 0; e < run.table().size(); e++) {
                Reference.Row row = run.table().get(e);
                Reference.Row recorded = runs.get(0).table().get(e);
                largest = Math.max(largest, Math.abs(row.train() - recorded.train()));
                largest = Math.max(largest, Math.abs(row.test() - recorded.test()));
            }
        }
        return largest;
    }

    /** The largest relative difference between the first batch losses of the recorded run and of another. */
    double batches(int first) {
        List<Double> recorded = runs.get(0).firstBatchLosses();
        double largest = 0;
        for (Reference run : runs) {
            for (int b = 0; b < Math.min(first, recorded.size()); b++) {
                largest =
                        Math.max(largest, Math.abs(run.firstBatchLosses().get(b) - recorded.get(b)) / recorded.get(b));
            }
        }
        return largest;
    }

    /** How far the farthest cell of a table lies outside what the runs span in its epoch; 0 if all lie within. */
    double outside(List<EpochLoss> table) {
        double farthest = 0;
        for (int e = 0; e < Math.min(table.size(), runs.get(0).table().size()); e++) {
            farthest = Math.max(
                    farthest,
                    range(e, Reference.Row::train).distance(table.get(e).train()));
            farthest = Math.max(
                    farthest,
                    range(e, Reference.Row::test).distance(table.get(e).test()));
        }
        return farthest;
    }

    private Range range(int epoch, ToDoubleFunction<Reference.Row> cell) {
        return Range.of(runs.stream()
                .filter(run -> !run.table().isEmpty())
                .map(run -> cell.applyAsDouble(run.table().get(epoch)))
                .toList());
    }

    private record Range(double least, double greatest) {

        static Range of(List<Double> values) {
            return new Range(
                    values.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
                    values.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
        }

        double distance(double value) {
            return Math.max(0, Math.max(least - value, value - greatest));
        }
    }
}
