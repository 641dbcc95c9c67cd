package org.gradus.examples.tutorial1;

import java.util.List;
import java.util.Locale;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.examples.run.TrainedRun;
import org.gradus.examples.tutorial.Codes;
import org.gradus.examples.tutorial.Conclusions;
import org.gradus.examples.tutorial.LossCurves;
import org.gradus.examples.tutorial.NearestNeighbours;
import org.gradus.examples.tutorial.Notebook;
import org.gradus.examples.tutorial.Results;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Sequential;
import org.gradus.plots.Grid;
import org.gradus.train.EpochLoss;
import org.gradus.train.FullSetLoss;

/** The conclusions of tutorial 1, PCA and NMF included. A check is made if its experiments were run. */
final class Tutorial1Checks {

    private static final int NEIGHBOURS = 15;

    /** scikit-learn's coordinate descent on the same data, 200 iterations. */
    private static final double COORDINATE_DESCENT = 1667.75;

    private final Notebook notebook;
    private final Results results;
    private final Conclusions conclusions;

    private Tutorial1Checks(Notebook notebook) {
        this.notebook = notebook;
        results = notebook.results();
        conclusions = notebook.conclusions();
    }

    static void run(Notebook notebook) {
        Tutorial1Checks checks = new Tutorial1Checks(notebook);
        checks.principalComponents();
        checks.nonNegativeFactors();
        if (!notebook.isAsPublished()) {
            return;
        }
        LossCurves.check(notebook, Tutorial1.tutorial().ids());
        checks.meanSquaredError();
        checks.mseOrBce();
        checks.twoUnits();
        checks.expressivePower();
        // A unit's death, and what prevents it, is a matter of the initial weights.
        if (notebook.seedNumber() == 0) {
            checks.deadUnit();
            checks.bothUnitsLive();
            checks.kaiming();
            checks.deckTables();
        }
    }

    private void principalComponents() {
        results.codes("T1.1").ifPresent(codes -> {
            double[][] means = Codes.classMeans(codes, notebook.testLabels());
            checkExtremes(means, 0, 0, 1);
            checkExtremes(means, 1, 9, 3);
            checkRatio(1, 0.09705);
            checkRatio(2, 0.07096);
        });
    }

    private void checkExtremes(double[][] means, int axis, int largest, int smallest) {
        double margin = Double.POSITIVE_INFINITY;
        for (int digit = 0; digit < means.length; digit++) {
            if (digit != largest) {
                margin = Math.min(margin, means[largest][axis] - means[digit][axis]);
            }
            if (digit != smallest) {
                margin = Math.min(margin, means[digit][axis] - means[smallest][axis]);
            }
        }
        conclusions.add(
                "T1.1",
                String.format(
                        Locale.ROOT,
                        "class means on PC%d: digit %d largest, digit %d smallest, the smaller margin above 0",
                        axis + 1,
                        largest,
                        smallest),
                margin,
                margin > 0);
    }

    private void checkRatio(int component, double expected) {
        results.measured("T1.1", "explained variance ratio " + component)
                .ifPresent(ratio -> conclusions.add(
                        "T1.1",
                        "explained variance ratio " + component + " is " + expected + " to 1E-5",
                        ratio,
                        Math.abs(ratio - expected) <= 1e-5));
    }

    private void nonNegativeFactors() {
        results.codes("T1.B4").ifPresent(codes -> {
            double[][] means = Codes.classMeans(codes, notebook.testLabels());
            double others = 0;
            for (int a = 0; a < means.length; a++) {
                for (int b = a + 1; b < means.length; b++) {
                    if (a != 0 || b != 1) {
                        others = Math.max(others, Codes.distance(means[a], means[b]));
                    }
                }
            }
            double lead = Codes.distance(means[0], means[1]) - others;
            conclusions.add(
                    "T1.B4",
                    "of all 45 pairs of class means that of 0 and 1 is furthest apart: its lead is above 0",
                    lead,
                    lead > 0);
        });
        results.measured("T1.B4", "Frobenius error").ifPresent(error -> {
            double excess = error / COORDINATE_DESCENT - 1;
            conclusions.add(
                    "T1.B4",
                    "Frobenius error is within 0.01 % of coordinate descent's 1667.75: the relative excess",
                    excess,
                    Math.abs(excess) <= 1e-4);
        });
    }

    private void expressivePower() {
        if (results.run("T1.6").isEmpty()) {
            return;
        }
        results.codes("T1.1")
                .ifPresent(principal -> results.codes("T1.6").ifPresent(learned -> {
                    double fromComponents = accuracy(principal);
                    double fromNetwork = accuracy(learned);
                    double difference = Math.abs(fromComponents - fromNetwork);
                    conclusions.add(
                            "T1.7",
                            String.format(
                                    Locale.ROOT,
                                    "15 nearest neighbours tell %.3f of the digits from principal components and %.3f from"
                                            + " the network's codes; these differ by at most 0.2",
                                    fromComponents,
                                    fromNetwork),
                            difference,
                            difference <= 0.2);
                }));
    }

    /** How often 15 nearest neighbours among 5,000 codes tell the digit of 5,000 others. */
    private double accuracy(Tensor codes) {
        return NearestNeighbours.accuracy(NEIGHBOURS, codes, notebook.testLabels());
    }

    private void meanSquaredError() {
        results.run("T1.3").ifPresent(run -> {
            List<EpochLoss> table = run.history().table();
            double last = run.last().test();
            conclusions.add(
                    "T1.3",
                    "test MSE after epoch 10 is between 0.0115 and 0.0155",
                    last,
                    last > 0.0115 && last < 0.0155);
            double rise = Double.NEGATIVE_INFINITY;
            double excess = Double.NEGATIVE_INFINITY;
            for (int e = 0; e < table.size(); e++) {
                rise = e == 0
                        ? rise
                        : Math.max(rise, table.get(e).train() - table.get(e - 1).train());
                excess = Math.max(excess, table.get(e).test() - table.get(e).train());
            }
            conclusions.add("T1.3", "training loss falls every epoch: its largest change is below 0", rise, rise < 0);
            conclusions.add(
                    "T1.3",
                    "test loss is below training loss in every epoch: the largest difference is below 0",
                    excess,
                    excess < 0);
        });
    }

    private void mseOrBce() {
        results.run("T1.5a")
                .ifPresent(mse -> results.run("T1.5b").ifPresent(bce -> {
                    Samples test = notebook.images().test();
                    double gain = new FullSetLoss(mse.net(), new BCELoss()).of(test, test)
                            - bce.last().test();
                    conclusions.add(
                            "T1.5b",
                            "test BCE after 2 epochs is at least 0.005 lower with BCE than with MSE",
                            gain,
                            gain >= 0.005);
                }));
    }

    private void twoUnits() {
        results.run("T1.6").ifPresent(run -> {
            double last = run.last().test();
            conclusions.add("T1.6", "final test BCE is between 0.222 and 0.236", last, last > 0.222 && last < 0.236);
            results.run("T1.5b").ifPresent(wide -> {
                double gap = last - wide.last().test();
                conclusions.add("T1.6", "32 units (T1.5b) end at least 0.09 lower", gap, gap >= 0.09);
            });
        });
    }

    private void deadUnit() {
        results.run("T1.B1").ifPresent(run -> {
            Sequential net = run.net();
            Tensor codes = codes(run);
            double largestCode = 0;
            for (int i = 0; i < codes.shape().length(0); i++) {
                largestCode = Math.max(largestCode, Math.abs(codes.get(i, 0)));
            }
            conclusions.add(
                    "T1.B1", "z1 is exactly 0 for every test image: the largest |z1|", largestCode, largestCode == 0);

            double largestWeight = 0;
            for (int i = 0; i < notebook.images().pixels(); i++) {
                largestWeight = Math.max(
                        largestWeight, Math.abs(Tutorial1.encoder(net).weight().get(0, i)));
            }
            conclusions.add("T1.B1", "max |encoder W[0]| is at most 0.05", largestWeight, largestWeight <= 0.05);

            double difference = differenceOfColumns(net.slice(2, 4).forward(grid(codes)));
            conclusions.add(
                    "T1.B1",
                    "all 16 columns of the decoder grid are equal: the largest difference of pixels",
                    difference,
                    difference == 0);
        });
    }

    private static Tensor grid(Tensor codes) {
        return Tensor.matrix(Grid.SIDE * Grid.SIDE, 2, Grid.over(codes.data()).codes());
    }

    /** How far images of the grid differ from the first one of their row. */
    private static double differenceOfColumns(Tensor images) {
        double largest = 0;
        for (int i = 0; i < images.shape().length(0); i++) {
            int firstOfRow = i / Grid.SIDE * Grid.SIDE;
            for (int p = 0; p < images.shape().columns(); p++) {
                largest = Math.max(largest, Math.abs(images.get(i, p) - images.get(firstOfRow, p)));
            }
        }
        return largest;
    }

    private void bothUnitsLive() {
        results.run("T1.B1c").ifPresent(run -> {
            checkSpread("T1.B1c", run);
            results.run("T1.B1").ifPresent(dead -> {
                double gain = dead.last().test() - run.last().test();
                conclusions.add(
                        "T1.B1c", "final test BCE is at least 0.01 lower than that of T1.B1", gain, gain >= 0.01);
            });
        });
    }

    private void kaiming() {
        results.run("T1.B2").ifPresent(kaiming -> {
            checkSpread("T1.B2", kaiming);
            results.run("T1.B3").ifPresent(prelu -> {
                checkOrder("T1.B2", kaiming, "T1.B3", prelu);
                results.run("T1.B1").ifPresent(dead -> checkOrder("T1.B3", prelu, "T1.B1", dead));
            });
        });
    }

    private void checkSpread(String id, TrainedRun run) {
        Tensor codes = codes(run);
        double smaller = Math.min(Codes.deviation(codes, 0), Codes.deviation(codes, 1));
        conclusions.add(
                id,
                "both codes vary: the smaller standard deviation over the test images is above 0.5",
                smaller,
                smaller > 0.5);
    }

    private void checkOrder(String lowerId, TrainedRun lower, String higherId, TrainedRun higher) {
        double gap = Math.min(
                higher.last().train() - lower.last().train(),
                higher.last().test() - lower.last().test());
        conclusions.add(
                "T1.B2",
                String.format(
                        Locale.ROOT, "%s ends below %s: the smaller gap of training and test loss", lowerId, higherId),
                gap,
                gap > 0);
    }

    private void deckTables() {
        for (String id : List.of("T1.B1", "T1.B2", "T1.B3")) {
            notebook.besideDeck(id).ifPresent(comparison -> {
                int equal = comparison.equalCells();
                conclusions.add(
                        id,
                        "cells of the deck's table that are equal at 4 decimals, of " + comparison.cells(),
                        equal,
                        equal == comparison.cells());
            });
        }
    }

    /** What the encoder makes of the test images, [10000,2]. */
    private Tensor codes(TrainedRun run) {
        return Notebook.outputs(run.net().slice(0, 2), notebook.images().test());
    }
}
