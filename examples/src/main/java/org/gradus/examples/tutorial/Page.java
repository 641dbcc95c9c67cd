package org.gradus.examples.tutorial;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gradus.pages.report.Check;
import org.gradus.pages.report.ExperimentReport;
import org.gradus.pages.report.ExplorerModel;
import org.gradus.pages.report.LatentCloud;
import org.gradus.pages.report.NetworkText;
import org.gradus.pages.report.TableText;
import org.gradus.plots.FigureFile;

/** What an experiment leaves for the report, collected while it runs. */
final class Page {

    private final String id;
    private final String title;
    final List<String> paragraphs = new ArrayList<>();
    final List<NetworkText> networks = new ArrayList<>();
    final List<FigureFile> figures = new ArrayList<>();
    Optional<TableText> table = Optional.empty();
    Optional<LatentCloud> cloud = Optional.empty();
    Optional<ExplorerModel> explorer = Optional.empty();

    Page(String id, String title) {
        this.id = id;
        this.title = title;
    }

    String id() {
        return id;
    }

    ExperimentReport with(List<Check> checks) {
        return new ExperimentReport(id, title, paragraphs, networks, table, figures, checks, cloud, explorer);
    }
}
