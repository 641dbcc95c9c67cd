package org.gradus.examples.tutorial;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.PeakMemory;
import org.gradus.mnist.Mnist;

/** Runs experiments of tutorials in one notebook, one after the other, and leaves their report. */
public final class TutorialRun {

    private final Console console;
    private final TutorialReport report;
    private final Notebook notebook;
    private final Progress progress = new Progress();

    /** What the experiments that were run leave for the report, in their order. */
    private final Map<String, Page> pages = new LinkedHashMap<>();

    /**
     * Nothing is run yet.
     *
     * @param console where results are printed
     * @param mnist what networks learn from
     * @param options how
     * @param folder of the report; trainings are kept in it, too, and taken up again by the next run
     * @throws IOException if the folder cannot be made
     */
    public TutorialRun(Console console, Mnist mnist, Options options, Path folder) throws IOException {
        this.console = console;
        report = new TutorialReport(folder, options);
        notebook =
                new Notebook(console, mnist, options, report.figures(), new RunStore(folder.resolve("runs")), progress);
    }

    /**
     * Announces what is going to be run, for the time left.
     *
     * @param tutorial of which
     * @param selected ids of experiments; those of other tutorials are passed over
     */
    public void announce(Tutorial tutorial, Set<String> selected) {
        Set<String> ids = tutorial.withNeeds(selected);
        progress.plan(tutorial.experiments().stream()
                .filter(experiment -> ids.contains(experiment.id()))
                .toList());
    }

    /**
     * Runs experiments and those they need, in the tutorial's order whatever that of the ids, and then checks the
     * conclusions that all experiments so far allow.
     *
     * @param tutorial of which
     * @param selected ids of experiments; those of other tutorials are passed over
     */
    public void run(Tutorial tutorial, Set<String> selected) {
        Set<String> ids = tutorial.withNeeds(selected);
        for (Experiment experiment : tutorial.experiments()) {
            if (ids.contains(experiment.id())) {
                run(experiment);
            }
        }
        tutorial.conclude(notebook);
        notebook.conclusions().print(console.out(), tutorial.ids());
    }

    private void run(Experiment experiment) {
        String id = experiment.id();
        pages.put(id, notebook.begin(id, experiment.title()));
        console.out().println();
        console.out().println(id + "  " + experiment.title() + progress.begin(experiment));
        experiment.body().accept(notebook);
        progress.end(experiment);
    }

    /**
     * Writes the page of a tutorial: the experiments that were run, and those of earlier runs with the same settings that lie in
     * the report's folder.
     *
     * @param tutorial which
     * @throws IOException if a file cannot be written, in one line
     */
    public void writePage(Tutorial tutorial) throws IOException {
        report.write(tutorial, pages, notebook, console.out());
    }

    /**
     * Writes the report's first page and prints how long everything took and how much memory.
     *
     * @throws IOException if a file cannot be written, in one line
     */
    public void finish() throws IOException {
        report.finish(pages);
        OptionalDouble megabytes = PeakMemory.megabytes();
        console.out().println();
        notebook.conclusions().printCount(console.out());
        console.out()
                .println("total time " + Progress.time(report.seconds())
                        + (megabytes.isPresent()
                                ? ", peak memory " + Math.round(megabytes.getAsDouble()) + " MB"
                                : ""));
    }

    /**
     * Writes {@code {"seed": .., "runs": {id: run, ..}, "checks": [{"id", "text", "value", "holds"}, ..]}}: what the pages hold
     * that were written.
     *
     * @param json where
     * @throws IOException if that fails
     */
    public void writeTo(JsonGenerator json) throws IOException {
        report.writeTo(json);
    }
}
