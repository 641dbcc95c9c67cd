package org.gradus.kernel;

/**
 * The numbers of one Adam step; see {@link Kernels#adamStep} for the formula. An optimiser owns one object and refreshes
 * the two that change with the step.
 */
public final class AdamCoefficients {
    private final float beta1;
    private final float oneMinusBeta1;
    private final float beta2;
    private final float oneMinusBeta2;
    private final float epsilon;
    private final float weightDecay;
    private float stepSize;
    private float shrink = 1;
    private float rootCorrection2;

    /**
     * Coefficients that stay the same in all steps.
     *
     * @param beta1 decay of the first moment
     * @param beta2 decay of the second moment
     * @param epsilon added to the denominator
     * @param weightDecay factor of the parameter that is added to its gradient (Adam), 0 for AdamW
     */
    public AdamCoefficients(double beta1, double beta2, double epsilon, double weightDecay) {
        this.beta1 = (float) beta1;
        this.oneMinusBeta1 = (float) (1 - beta1);
        this.beta2 = (float) beta2;
        this.oneMinusBeta2 = (float) (1 - beta2);
        this.epsilon = (float) epsilon;
        this.weightDecay = (float) weightDecay;
    }

    /**
     * Sets what depends on the number of the step.
     *
     * @param stepSize {@code lr / (1 - beta1^t)}
     * @param rootCorrection2 {@code sqrt(1 - beta2^t)}
     * @param shrink {@code 1 - lr * weightDecay} for AdamW, 1 for Adam
     */
    public void step(double stepSize, double rootCorrection2, double shrink) {
        this.shrink = (float) shrink;
        this.stepSize = (float) stepSize;
        this.rootCorrection2 = (float) rootCorrection2;
    }

    /** {@return decay of the first moment} */
    public float beta1() {
        return beta1;
    }

    /** {@return {@code 1 - beta1}, rounded once} */
    public float oneMinusBeta1() {
        return oneMinusBeta1;
    }

    /** {@return decay of the second moment} */
    public float beta2() {
        return beta2;
    }

    /** {@return {@code 1 - beta2}, rounded once} */
    public float oneMinusBeta2() {
        return oneMinusBeta2;
    }

    /** {@return added to the denominator} */
    public float epsilon() {
        return epsilon;
    }

    /** {@return factor of the parameter that is added to its gradient} */
    public float weightDecay() {
        return weightDecay;
    }

    /** {@return {@code lr / (1 - beta1^t)}} */
    public float stepSize() {
        return stepSize;
    }

    /** {@return factor of the parameter before the step} */
    public float shrink() {
        return shrink;
    }

    /** {@return {@code sqrt(1 - beta2^t)}} */
    public float rootCorrection2() {
        return rootCorrection2;
    }
}
