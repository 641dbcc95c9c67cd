package org.gradus.examples.architecture.planted.one;

import org.gradus.examples.architecture.planted.two.Second;

/** Depends on a package that depends on this one. */
public final class First {

    private final Second second = new Second();

    @Override
    public String toString() {
        return "first, " + second;
    }
}
