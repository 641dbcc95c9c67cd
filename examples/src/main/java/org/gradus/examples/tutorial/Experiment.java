package org.gradus.examples.tutorial;

import java.util.List;
import java.util.function.Consumer;

/**
 * An experiment of a tutorial.
 *
 * @param id its short name, such as {@code T1.B1}
 * @param title what it is about
 * @param seconds roughly how long it takes with one thread on a machine of 2022, for the time left
 * @param needs experiments that must have been run before
 * @param body what is done, once for each notebook
 */
public record Experiment(String id, String title, double seconds, List<String> needs, Consumer<Notebook> body) {

    /**
     * An experiment that needs no other.
     *
     * @param id its short name
     * @param title what it is about
     * @param seconds roughly how long it takes
     * @param body what is done
     */
    public Experiment(String id, String title, double seconds, Consumer<Notebook> body) {
        this(id, title, seconds, List.of(), body);
    }

    /**
     * This experiment, run after others whose results it uses.
     *
     * @param others their ids
     * @return with these needs
     */
    public Experiment after(String... others) {
        return new Experiment(id, title, seconds, List.of(others), body);
    }
}
