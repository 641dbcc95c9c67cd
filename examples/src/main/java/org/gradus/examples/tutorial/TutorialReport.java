package org.gradus.examples.tutorial;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gradus.examples.run.Environment;
import org.gradus.examples.run.PeakMemory;
import org.gradus.examples.run.RunJson;
import org.gradus.pages.report.Check;
import org.gradus.pages.report.Report;
import org.gradus.pages.report.RunSummary;
import org.gradus.pages.report.Section;

/**
 * The report of tutorials in a folder. What an experiment leaves for its page is kept there, so that a later run with the same
 * settings shows it again.
 */
final class TutorialReport {

    private static final double NANOSECOND = 1e-9;

    private final Report report;
    private final SectionStore sections;
    private final Options options;
    private final Map<String, String> settings;
    private final long start = System.nanoTime();

    /** What the pages written now hold, by experiment. */
    private final Map<String, SectionStore.Kept> shown = new LinkedHashMap<>();

    private final Set<Contents> written = new HashSet<>();

    TutorialReport(Path folder, Options options) throws IOException {
        this.options = options;
        report = new Report(folder);
        sections = new SectionStore(folder.resolve("sections"));
        settings = options.settings();
    }

    /** Where figures go. */
    Path figures() {
        return report.figures();
    }

    double seconds() {
        return (System.nanoTime() - start) * NANOSECOND;
    }

    /**
     * Writes the page of a tutorial: the experiments that were run, and those of earlier runs with the same settings that lie in
     * the folder. Conclusions of an earlier run that need other experiments than were run now are kept, too: the same settings
     * give the same numbers.
     *
     * @param pages of all experiments that were run, by id
     * @throws IOException if a file cannot be written, in one line
     */
    void write(Tutorial tutorial, Map<String, Page> pages, Notebook notebook, PrintStream out) throws IOException {
        Contents contents = tutorial.contents();
        List<Section> page = new ArrayList<>();
        int keptNow = 0;
        for (String id : contents.ids()) {
            Optional<SectionStore.Kept> earlier = earlier(id);
            Page ran = pages.get(id);
            Optional<SectionStore.Kept> now = ran == null ? earlier : Optional.of(leave(ran, notebook, earlier));
            if (now.isPresent()) {
                page.add(now.get().section());
                shown.put(id, now.get());
                keptNow += ran == null ? 1 : 0;
            }
        }
        if (!report.hasIndex()) {
            // A page leads to it, and the program may be told to end before the last one.
            writeIndex(soFar(pages));
        }
        report.page(contents.number(), contents.title(), tutorial.introduction(), page);
        written.add(contents);
        writeIndex(soFar(pages));
        if (keptNow > 0) {
            out.println();
            out.println("(tutorial" + contents.number() + ".html also shows " + keptNow
                    + (keptNow == 1 ? " experiment" : " experiments") + " of earlier runs with the same settings)");
        }
    }

    /** What an experiment left earlier, if it can be shown again. */
    private Optional<SectionStore.Kept> earlier(String id) {
        return sections.find(id, settings).filter(kept -> report.isWhole(kept.section()));
    }

    /** Keeps what an experiment leaves now, and what it left earlier beyond that. */
    private SectionStore.Kept leave(Page page, Notebook notebook, Optional<SectionStore.Kept> earlier)
            throws IOException {
        Map<String, Check> together = new LinkedHashMap<>();
        earlier.ifPresent(kept -> kept.section().checks().forEach(check -> together.put(check.text(), check)));
        notebook.conclusions().about(page.id()).forEach(check -> together.put(check.text(), check));
        List<Check> all = List.copyOf(together.values());
        // Without figures the earlier section, with them, says the same and more.
        Section section = options.figures() || earlier.isEmpty()
                ? report.section(page.with(all))
                : earlier.get().section().with(all);
        Optional<String> run = notebook.results().run(page.id()).map(RunJson::text);
        SectionStore.Kept kept =
                new SectionStore.Kept(section, run.isPresent() ? run : earlier.flatMap(SectionStore.Kept::run));
        sections.keep(kept, settings);
        return kept;
    }

    /** Writes the report's first page once more, when all is run. */
    void finish(Map<String, Page> pages) throws IOException {
        writeIndex(ran(pages));
    }

    /** The report's first page, which leads to the pages written up to now and to those of earlier runs. */
    private void writeIndex(String experiments) throws IOException {
        for (Contents tutorial : Contents.all()) {
            List<Section> earlier = tutorial.ids().stream()
                    .flatMap(id -> earlier(id).stream())
                    .map(SectionStore.Kept::section)
                    .toList();
            if (!written.contains(tutorial) && !earlier.isEmpty()) {
                report.earlierPage(tutorial.number(), tutorial.title(), earlier);
            }
        }
        report.index(new RunSummary(
                experiments,
                seconds(),
                PeakMemory.megabytes(),
                options.seed(),
                Environment.current().toString()));
    }

    private static String soFar(Map<String, Page> pages) {
        return pages.size() + " of " + Contents.allIds().size() + " so far: " + String.join(", ", pages.keySet())
                + "; the run has not finished";
    }

    private static String ran(Map<String, Page> pages) {
        List<String> all = Contents.allIds();
        if (pages.keySet().containsAll(all)) {
            return "all " + all.size();
        }
        return pages.size() + " of " + all.size() + ": " + String.join(", ", pages.keySet())
                + "; others are of earlier runs with the same settings";
    }

    /** See {@link TutorialRun#writeTo}. */
    void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("seed", options.seed());
        json.writeObjectFieldStart("runs");
        for (Map.Entry<String, SectionStore.Kept> experiment : shown.entrySet()) {
            if (experiment.getValue().run().isPresent()) {
                json.writeFieldName(experiment.getKey());
                RunJson.copy(json, experiment.getValue().run().get());
            }
        }
        json.writeEndObject();
        json.writeFieldName("checks");
        SectionStore.writeChecks(
                json,
                shown.values().stream()
                        .flatMap(kept -> kept.section().checks().stream())
                        .toList());
        json.writeEndObject();
    }
}
