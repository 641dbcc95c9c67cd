package org.gradus.optim;

/**
 * Options of {@link Adam} and {@link AdamW}.
 *
 * @param learningRate length of a step
 * @param beta1 decay of the running mean of the gradient
 * @param beta2 decay of the running mean of its square
 * @param epsilon added to the denominator
 * @param weightDecay pull towards zero; the two optimisers use it differently
 */
public record AdamOptions(double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {

    /**
     * Options.
     *
     * @throws IllegalArgumentException if a number is negative or no finite float, or a beta is not below 1
     */
    public AdamOptions {
        Hyperparameter.requireNotNegative("learning rate", learningRate);
        Hyperparameter.requireDecay("beta1", beta1);
        Hyperparameter.requireDecay("beta2", beta2);
        Hyperparameter.requireNotNegative("epsilon", epsilon);
        Hyperparameter.requireNotNegative("weight decay", weightDecay);
    }

    /**
     * These options with another learning rate.
     *
     * @param value length of a step
     * @return changed options
     */
    public AdamOptions withLearningRate(double value) {
        return new AdamOptions(value, beta1, beta2, epsilon, weightDecay);
    }

    /**
     * These options with other decays.
     *
     * @param first decay of the running mean of the gradient
     * @param second decay of the running mean of its square
     * @return changed options
     */
    public AdamOptions withBetas(double first, double second) {
        return new AdamOptions(learningRate, first, second, epsilon, weightDecay);
    }

    /**
     * These options with another epsilon.
     *
     * @param value added to the denominator
     * @return changed options
     */
    public AdamOptions withEpsilon(double value) {
        return new AdamOptions(learningRate, beta1, beta2, value, weightDecay);
    }

    /**
     * These options with another weight decay.
     *
     * @param value pull towards zero
     * @return changed options
     */
    public AdamOptions withWeightDecay(double value) {
        return new AdamOptions(learningRate, beta1, beta2, epsilon, value);
    }
}
