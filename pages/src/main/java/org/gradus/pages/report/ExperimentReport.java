package org.gradus.pages.report;

import java.util.List;
import java.util.Optional;
import org.gradus.plots.FigureFile;

/**
 * What a page says about an experiment.
 *
 * @param id such as {@code T1.3}
 * @param title in a few words
 * @param paragraphs what is done and why, plain text
 * @param networks the networks as printed; may be empty
 * @param table losses beside the deck's and PyTorch's
 * @param figures in the order they are shown; their files lie in {@link Report#figures()}
 * @param checks conclusions with their numbers
 * @param cloud codes of an interactive 3-D plot
 * @param explorer a decoder to walk through
 */
public record ExperimentReport(
        String id,
        String title,
        List<String> paragraphs,
        List<NetworkText> networks,
        Optional<TableText> table,
        List<FigureFile> figures,
        List<Check> checks,
        Optional<LatentCloud> cloud,
        Optional<ExplorerModel> explorer) {

    /** Copies the lists. */
    public ExperimentReport {
        paragraphs = List.copyOf(paragraphs);
        networks = List.copyOf(networks);
        figures = List.copyOf(figures);
        checks = List.copyOf(checks);
    }
}
