package org.gradus.examples.tutorial;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gradus.examples.run.TrainedRun;
import org.gradus.pages.Decimals;
import org.gradus.pages.report.TableText;
import org.gradus.train.EpochLoss;

/**
 * The loss table of a run beside those of the deck and of PyTorch, for the report.
 *
 * @param run ours
 * @param deck the slides' table, of the same seed or of none
 * @param pytorch PyTorch's, of the same seed
 */
record LossColumns(TrainedRun run, Optional<Reference> deck, Optional<Reference> pytorch) {

    TableText toTable() {
        List<String> header = new ArrayList<>(List.of("Epoch"));
        deck.ifPresent(any -> header.addAll(List.of("Deck train", "Deck test")));
        pytorch.ifPresent(any -> header.addAll(List.of("PyTorch train", "PyTorch test")));
        header.addAll(List.of("Gradus train", "Gradus test"));
        List<List<String>> rows = new ArrayList<>();
        List<EpochLoss> table = run.history().table();
        for (int e = 0; e < table.size(); e++) {
            List<String> row = new ArrayList<>(List.of(Integer.toString(e + 1)));
            int epoch = e;
            deck.ifPresent(reference -> row.addAll(cells(reference, epoch)));
            pytorch.ifPresent(reference -> row.addAll(cells(reference, epoch)));
            row.add(Decimals.four(table.get(e).train()));
            row.add(Decimals.four(table.get(e).test()));
            rows.add(row);
        }
        return new TableText(header, rows, remark());
    }

    private static List<String> cells(Reference reference, int epoch) {
        if (epoch >= reference.table().size()) {
            return List.of("", "");
        }
        Reference.Row row = reference.table().get(epoch);
        return List.of(Decimals.four(row.train()), Decimals.four(row.test()));
    }

    private String remark() {
        List<String> sentences = new ArrayList<>();
        deck.ifPresent(reference -> sentences.add(
                reference.seeded()
                        ? "The deck's run had the same seed. Its table has 4 decimals; before rounding ours differs from it by"
                                + " at most "
                                + Decimals.brief(new Comparison(run, reference).largestDifference()) + "."
                        : "The deck's run had no seed: it is one random draw, to compare the level with."));
        pytorch.ifPresent(reference -> sentences.add("PyTorch ran under the same seed; the largest difference is "
                + Decimals.brief(new Comparison(run, reference).largestDifference()) + "."));
        return String.join(" ", sentences);
    }
}
