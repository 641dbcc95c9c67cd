package org.gradus.optim;

import org.gradus.kernel.Kernels;

/**
 * An optimiser that moves each number by itself, from its own gradient and memory. Its step may then be taken piece by piece, in
 * any order and by several threads: a piece of a gradient can be used while it is still in the processor's cache.
 *
 * <p>{@link #step()} is {@link #beginStep()} followed by {@link #stepRange} for all numbers of all parameters
 * that are not {@linkplain org.gradus.autograd.Tensor#freeze() frozen}.
 */
public interface ElementwiseOptimizer extends Optimizer {

    /** Begins a step: counts it and computes what is the same for all numbers. */
    void beginStep();

    /**
     * Moves some numbers of a parameter that is not frozen. In a step every number is to be moved once. Several threads may be here at a time, each
     * with numbers of its own; a call of {@link org.gradus.kernel.Engine} would wait for the step that it is part of.
     *
     * @param kernels the arithmetic of the calling thread
     * @param parameter index in {@link #parameters()}
     * @param from first number
     * @param to number after the last
     */
    void stepRange(Kernels kernels, int parameter, int from, int to);
}
