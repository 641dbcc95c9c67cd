package org.gradus.plots;

import org.gradus.autograd.Printable;

/** Data of a figure do not fit together. */
final class Refusal extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String why;

    Refusal(String title, String why) {
        super(Printable.text("figure '" + title + "': " + why));
        this.why = why;
    }

    /** The same of a figure that has a file name. */
    IllegalArgumentException of(String name) {
        return new IllegalArgumentException(Printable.text("figure " + name + ": " + why), this);
    }
}
