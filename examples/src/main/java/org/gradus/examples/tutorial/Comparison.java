package org.gradus.examples.tutorial;

import java.io.PrintStream;
import java.util.List;
import org.gradus.examples.run.TrainedRun;
import org.gradus.pages.Decimals;
import org.gradus.train.EpochLoss;

/** Our losses beside those of a reference, for the epochs that both have. */
public final class Comparison {

    private static final int CLOSE_BATCHES = 10;

    private final List<EpochLoss> ours;
    private final float[] batches;
    private final Reference reference;
    private final int epochs;

    Comparison(TrainedRun run, Reference reference) {
        ours = run.history().table();
        batches = run.history().batchLosses();
        this.reference = reference;
        epochs = Math.min(ours.size(), reference.table().size());
    }

    /**
     * The number of table cells that both have.
     *
     * @return two for each epoch
     */
    public int cells() {
        return 2 * epochs;
    }

    /**
     * How many of them are equal at 4 decimals.
     *
     * @return 0 to {@link #cells}
     */
    public int equalCells() {
        int equal = 0;
        for (int e = 0; e < epochs; e++) {
            equal += same(ours.get(e).train(), reference.table().get(e).train()) ? 1 : 0;
            equal += same(ours.get(e).test(), reference.table().get(e).test()) ? 1 : 0;
        }
        return equal;
    }

    private static boolean same(double a, double b) {
        return Decimals.four(a).equals(Decimals.four(b));
    }

    /** The largest difference of two cells. */
    double largestDifference() {
        double largest = 0;
        for (int e = 0; e < epochs; e++) {
            largest = Math.max(
                    largest,
                    Math.abs(ours.get(e).train() - reference.table().get(e).train()));
            largest = Math.max(
                    largest,
                    Math.abs(ours.get(e).test() - reference.table().get(e).test()));
        }
        return largest;
    }

    /** How far the farthest cell lies outside what runs of the reference span. */
    double outside(RoundingSpread spread) {
        return spread.outside(ours);
    }

    /** The largest relative difference of the first batch losses, of those that both have. */
    double largestBatchDifference(int first) {
        double largest = 0;
        List<Double> theirs = reference.firstBatchLosses();
        for (int b = 0; b < Math.min(first, Math.min(batches.length, theirs.size())); b++) {
            largest = Math.max(largest, Math.abs(batches[b] - theirs.get(b)) / theirs.get(b));
        }
        return largest;
    }

    /** Prints the deck's table and ours side by side. */
    void printTables(PrintStream out) {
        out.println("epoch\tdeck\t\tGradus");
        for (int e = 0; e < epochs; e++) {
            Reference.Row theirs = reference.table().get(e);
            out.println((e + 1) + "\t" + Decimals.four(theirs.train()) + "\t" + Decimals.four(theirs.test()) + "\t"
                    + Decimals.four(ours.get(e).train()) + "\t"
                    + Decimals.four(ours.get(e).test()));
        }
    }

    /** Agreement in one line. */
    String summary(String name) {
        String cells = name + ": " + equalCells() + " of " + cells() + " cells equal at 4 decimals";
        String largest = Decimals.brief(largestDifference());
        if (reference.firstBatchLosses().isEmpty()) {
            // A printed table has no more decimals; half of the last one is 5E-5.
            return cells + "; before rounding ours differ from these cells by at most " + largest;
        }
        return cells + ", largest difference " + largest + "; batch losses differ by up to "
                + Decimals.brief(largestBatchDifference(CLOSE_BATCHES))
                + " (first " + CLOSE_BATCHES + ") and "
                + Decimals.brief(largestBatchDifference(Integer.MAX_VALUE)) + " (first "
                + Math.min(batches.length, reference.firstBatchLosses().size()) + "), relative";
    }
}
