package org.gradus.examples.tutorial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.gradus.examples.run.Console;
import org.gradus.mnist.Mnist;

/** A tutorial: experiments in their order, and the conclusions that are checked after them. */
public final class Tutorial {

    private final Contents contents;
    private final String introduction;
    private final List<Experiment> experiments;
    private final Consumer<Notebook> checks;

    /**
     * A tutorial.
     *
     * @param contents its number, title and ids
     * @param introduction what it is about; a blank line separates paragraphs
     * @param experiments in their order
     * @param checks records the conclusions that the experiments allow which were run
     * @throws IllegalArgumentException if the experiments are not those of the contents
     */
    public Tutorial(Contents contents, String introduction, List<Experiment> experiments, Consumer<Notebook> checks) {
        this.contents = contents;
        this.introduction = introduction;
        this.experiments = List.copyOf(experiments);
        this.checks = checks;
        List<String> ids = experiments.stream().map(Experiment::id).toList();
        if (!ids.equals(contents.ids())) {
            throw new IllegalArgumentException("tutorial " + contents.number() + " has the experiments " + ids
                    + " but Contents lists " + contents.ids() + "; name the same ones in both");
        }
    }

    Contents contents() {
        return contents;
    }

    /**
     * Its number.
     *
     * @return 1 to 3
     */
    public int number() {
        return contents.number();
    }

    String introduction() {
        return introduction;
    }

    List<Experiment> experiments() {
        return experiments;
    }

    /**
     * The experiments.
     *
     * @return their ids, in order
     */
    public List<String> ids() {
        return contents.ids();
    }

    /** Records the conclusions that the experiments in a notebook allow. */
    void conclude(Notebook notebook) {
        checks.accept(notebook);
    }

    /**
     * Adds what experiments need.
     *
     * @param selected ids, of this tutorial or others
     * @return those of this tutorial and of the experiments whose results they use, in the tutorial's order
     */
    public Set<String> withNeeds(Set<String> selected) {
        Set<String> needed = new LinkedHashSet<>(selected);
        for (int i = experiments.size() - 1; i >= 0; i--) {
            if (needed.contains(experiments.get(i).id())) {
                needed.addAll(experiments.get(i).needs());
            }
        }
        Set<String> inOrder = new LinkedHashSet<>(ids());
        inOrder.retainAll(needed);
        return inOrder;
    }

    /**
     * Runs all experiments with seed 0 and leaves their report in the folder {@code report}.
     *
     * @throws IOException if the report cannot be written
     */
    public void runAlone() throws IOException {
        TutorialRun run = new TutorialRun(Console.system(), Mnist.load(), Options.published(0), Path.of("report"));
        Set<String> all = new LinkedHashSet<>(ids());
        run.announce(this, all);
        run.run(this, all);
        run.writePage(this);
        run.finish();
    }
}
