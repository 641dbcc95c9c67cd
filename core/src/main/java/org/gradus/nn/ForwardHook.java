package org.gradus.nn;

import org.gradus.autograd.Tensor;

/** Looks at what a layer makes of its input; see {@link Sequential#onForward(ForwardHook)}. */
@FunctionalInterface
public interface ForwardHook {

    /**
     * A layer has computed its output.
     *
     * @param layer its path in the network that the hook was attached to, such as {@code "0.1"}
     * @param input what it was given
     * @param output what it made; to be read and not changed, for the walk back uses it
     */
    void afterForward(String layer, Tensor input, Tensor output);
}
