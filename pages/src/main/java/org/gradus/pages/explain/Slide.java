package org.gradus.pages.explain;

import java.util.Locale;

/**
 * One view of the page.
 *
 * @param id part of its address, such as {@code backward-3}
 * @param phase what it belongs to
 * @param name short, for the list of slides
 * @param title over the slide
 * @param detail what the title leaves out
 * @param body markup
 */
record Slide(String id, Phase phase, String name, String title, String detail, String body) {

    /** The parts of a step. */
    enum Phase {
        START("Start"),
        FORWARD("Forward"),
        BACKWARD("Backward"),
        UPDATE("Update");

        private final String word;

        Phase(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        String cssClass() {
            return word.toLowerCase(Locale.ROOT);
        }
    }
}
