package org.gradus.examples.tutorial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.Console;
import org.gradus.mnist.Mnist;
import org.gradus.random.TorchRandom;

/** A tutorial: experiments in their order, and the conclusions that are checked after them. */
public final class Tutorial {

    private final int number;
    private final String title;
    private final String introduction;
    private final List<Experiment> experiments;
    private final Consumer<Notebook> checks;

    Tutorial(int number, String title, String introduction, List<Experiment> experiments, Consumer<Notebook> checks) {
        this.number = number;
        this.title = title;
        this.introduction = introduction;
        this.experiments = List.copyOf(experiments);
        this.checks = checks;
    }

    /**
     * The tutorials.
     *
     * @return numbers 1, 2 and 3
     */
    public static List<Tutorial> all() {
        return List.of(Tutorial1.tutorial(), Tutorial2.tutorial(), Tutorial3.tutorial());
    }

    /**
     * Its number.
     *
     * @return 1 to 3
     */
    public int number() {
        return number;
    }

    /**
     * Its title.
     *
     * @return a few words
     */
    public String title() {
        return title;
    }

    /** What it is about; a blank line separates paragraphs. */
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
        return experiments.stream().map(Experiment::id).toList();
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
     * Makes sure that weights fit the reference network of tutorial 3.
     *
     * @param weights by name
     * @throws IllegalArgumentException naming every entry that is missing, unexpected or of another shape
     */
    public static void requireReference(Map<String, Tensor> weights) {
        Tutorial3.sphereNet(new TorchRandom(0)).loadStateDict(weights);
    }

    /**
     * Announces what is going to be run, for the time left.
     *
     * @param notebook in which
     * @param selected ids of experiments; those of other tutorials are passed over
     */
    public void announce(Notebook notebook, Set<String> selected) {
        Set<String> ids = withNeeds(selected);
        notebook.plan(experiments.stream()
                .filter(experiment -> ids.contains(experiment.id()))
                .toList());
    }

    /** Runs all experiments with seed 0 and leaves their report in the folder {@code report}. */
    void runAlone() throws IOException {
        Notebook notebook = new Notebook(Console.system(), Mnist.load(), Options.published(0), Path.of("report"));
        Set<String> all = new LinkedHashSet<>(ids());
        announce(notebook, all);
        run(notebook, all);
        notebook.writePage(this);
        notebook.finish();
    }

    /**
     * Runs experiments and those they need, in the tutorial's order whatever that of the ids, and then checks the
     * conclusions that all experiments so far allow.
     *
     * @param notebook where they print to and leave their results
     * @param selected ids of experiments; those of other tutorials are passed over
     */
    public void run(Notebook notebook, Set<String> selected) {
        Set<String> ids = withNeeds(selected);
        for (Experiment experiment : experiments) {
            if (ids.contains(experiment.id())) {
                notebook.run(experiment);
            }
        }
        checks.accept(notebook);
        notebook.printChecks(this);
    }
}
