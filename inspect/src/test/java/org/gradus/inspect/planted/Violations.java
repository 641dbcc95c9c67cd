package org.gradus.inspect.planted;

import org.gradus.optim.Optimizer;

/** Breaks the rule of the architecture. Never run. */
public final class Violations {

    private Violations() {}

    /** What the rule forbids. */
    public static int all(Optimizer optimizer) {
        return optimizer.parameters().size();
    }
}
