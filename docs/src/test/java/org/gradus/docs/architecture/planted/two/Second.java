package org.gradus.docs.architecture.planted.two;

import org.gradus.docs.architecture.planted.one.First;

/** Depends on a package that depends on this one. */
public final class Second {

    @Override
    public String toString() {
        return "second after " + First.class.getSimpleName();
    }
}
