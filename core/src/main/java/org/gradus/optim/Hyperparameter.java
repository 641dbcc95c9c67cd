package org.gradus.optim;

/** The ranges of the numbers that optimisers are configured with. */
final class Hyperparameter {

    private Hyperparameter() {}

    /** Optimisers compute in float, so what is too large for one is no finite number to them. */
    static void requireNotNegative(String name, double value) {
        if (!(value >= 0 && value <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    name + " " + value + " must be 0 or more, and at most " + Float.MAX_VALUE);
        }
    }

    static void requireDecay(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " " + value + " must be at least 0 and below 1");
        }
    }
}
