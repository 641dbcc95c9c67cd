package org.gradus.linalg;

/** Watches {@link Nmf} at work. Called on the thread that called {@code fit}, which waits. */
@FunctionalInterface
public interface NmfListener {

    /** Watches nothing. */
    NmfListener NONE = (iteration, maxIterations, error) -> {};

    /**
     * An iteration is done: both factors were updated.
     *
     * @param iteration from 1
     * @param maxIterations where it ends at the latest
     * @param error the present {@code ||V - W H||}
     */
    void onIteration(int iteration, int maxIterations, double error);
}
