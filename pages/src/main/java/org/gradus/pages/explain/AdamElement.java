package org.gradus.pages.explain;

import org.gradus.optim.AdamOptions;

/**
 * Adam's step of one number, with the results in between, in the library's own order and precision; see {@link
 * org.gradus.kernel.Kernels#adamStep}.
 *
 * @param beta1 decay of m
 * @param beta2 decay of v
 * @param correction1 {@code 1 - beta1^t}
 * @param correction2 {@code 1 - beta2^t}
 * @param stepSize {@code learningRate / correction1}
 * @param mean m after the step
 * @param square v after the step
 * @param denominator {@code sqrt(v) / sqrt(correction2) + epsilon}
 * @param change what is taken from the number
 * @param after the number after the step
 */
record AdamElement(
        float beta1,
        float beta2,
        double correction1,
        double correction2,
        float stepSize,
        float mean,
        float square,
        float denominator,
        float change,
        float after) {

    /**
     * Computes a step.
     *
     * @param options without weight decay
     * @param step t, from 1
     * @param before the number
     * @param grad its gradient
     * @param meanBefore m before the step
     * @param squareBefore v before the step
     */
    static AdamElement of(
            AdamOptions options, long step, float before, float grad, float meanBefore, float squareBefore) {
        float beta1 = (float) options.beta1();
        float beta2 = (float) options.beta2();
        double correction1 = 1 - power(options.beta1(), step);
        double correction2 = 1 - power(options.beta2(), step);
        float stepSize = (float) (options.learningRate() / correction1);
        float mean = Math.fma((float) (1 - options.beta1()), grad, beta1 * meanBefore);
        float square = Math.fma((float) (1 - options.beta2()) * grad, grad, beta2 * squareBefore);
        float denominator = (float) Math.sqrt(square) / (float) Math.sqrt(correction2) + (float) options.epsilon();
        float change = stepSize * mean / denominator;
        return new AdamElement(
                beta1, beta2, correction1, correction2, stepSize, mean, square, denominator, change, before - change);
    }

    /** As the optimiser does it: one product per step, until one is rounded to what it was. */
    private static double power(double beta, long step) {
        double power = 1;
        for (long s = 0; s < step; s++) {
            double next = power * beta;
            if (next == power) {
                break;
            }
            power = next;
        }
        return power;
    }
}
