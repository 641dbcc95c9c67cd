package org.gradus.docs.architecture.planted.one;

import org.gradus.docs.architecture.planted.two.Second;

/** Depends on a package that depends on this one. */
public final class First {

    private final Second second = new Second();

    @Override
    public String toString() {
        return "first, " + second;
    }
}
