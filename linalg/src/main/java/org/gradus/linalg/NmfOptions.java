package org.gradus.linalg;

/**
 * Options of {@link Nmf}.
 *
 * @param components columns of W and rows of H, k
 * @param maxIterations iterations after which it ends in any case
 * @param tolerance it ends when ten iterations have lowered the error by less than this part of the error at the start;
 *     0 means never, as in scikit-learn
 * @param innerUpdates how often W, and then H, is updated with the same two large products; 1 is the plain algorithm
 * @param listener told about each iteration
 */
public record NmfOptions(int components, int maxIterations, double tolerance, int innerUpdates, NmfListener listener) {

    private static final int DEFAULT_MAX_ITERATIONS = 200;
    private static final double DEFAULT_TOLERANCE = 1e-4;

    /**
     * Options.
     *
     * @throws IllegalArgumentException if components or inner updates are below 1, iterations below 0, or the tolerance
     *     is negative or not finite
     */
    public NmfOptions {
        requireAtLeast("components", components, 1);
        requireAtLeast("iterations", maxIterations, 0);
        requireAtLeast("inner updates", innerUpdates, 1);
        if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Nmf: tolerance " + tolerance + " must be 0 or more and finite");
        }
    }

    /**
     * Plain multiplicative updates as scikit-learn does them unless told otherwise: 200 iterations at most, tolerance
     * 1e-4.
     *
     * @param components columns of W and rows of H
     * @return options
     * @throws IllegalArgumentException if below 1
     */
    public static NmfOptions of(int components) {
        return new NmfOptions(components, DEFAULT_MAX_ITERATIONS, DEFAULT_TOLERANCE, 1, NmfListener.NONE);
    }

    /**
     * These options with another limit.
     *
     * @param iterations after which it ends in any case
     * @return changed options
     * @throws IllegalArgumentException if below 0
     */
    public NmfOptions withMaxIterations(int iterations) {
        return new NmfOptions(components, iterations, tolerance, innerUpdates, listener);
    }

    /**
     * These options with another tolerance.
     *
     * @param value part of the first error; 0 for never ending early
     * @return changed options
     * @throws IllegalArgumentException if negative or not finite
     */
    public NmfOptions withTolerance(double value) {
        return new NmfOptions(components, maxIterations, value, innerUpdates, listener);
    }

    /**
     * These options with repeated updates.
     *
     * @param times updates of W, and then of H, in each iteration
     * @return changed options
     * @throws IllegalArgumentException if below 1
     */
    public NmfOptions withInnerUpdates(int times) {
        return new NmfOptions(components, maxIterations, tolerance, times, listener);
    }

    /**
     * These options with someone watching.
     *
     * @param watcher told about each iteration
     * @return changed options
     */
    public NmfOptions withListener(NmfListener watcher) {
        return new NmfOptions(components, maxIterations, tolerance, innerUpdates, watcher);
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "Nmf: " + value + " " + name + " asked for; must be " + least + " or more");
        }
    }
}
