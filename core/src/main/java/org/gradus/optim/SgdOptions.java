package org.gradus.optim;

/**
 * Options of {@link SGD}.
 *
 * @param learningRate length of a step
 * @param momentum how much of the last direction is kept; 0 for plain gradient descent
 * @param weightDecay how much of the parameter is added to its gradient
 * @param nesterov whether the momentum looks ahead, Nesterov's way; needs a momentum
 */
public record SgdOptions(double learningRate, double momentum, double weightDecay, boolean nesterov) {

    /**
     * Options.
     *
     * @throws IllegalArgumentException if a number is negative or no finite float
     */
    public SgdOptions {
        Hyperparameter.requireNotNegative("learning rate", learningRate);
        Hyperparameter.requireNotNegative("momentum", momentum);
        Hyperparameter.requireNotNegative("weight decay", weightDecay);
    }

    /**
     * These options with another learning rate.
     *
     * @param value length of a step
     * @return changed options
     */
    public SgdOptions withLearningRate(double value) {
        return new SgdOptions(value, momentum, weightDecay, nesterov);
    }

    /**
     * These options with a momentum.
     *
     * @param value how much of the last direction is kept
     * @return changed options
     */
    public SgdOptions withMomentum(double value) {
        return new SgdOptions(learningRate, value, weightDecay, nesterov);
    }

    /**
     * These options with weight decay.
     *
     * @param value how much of the parameter is added to its gradient
     * @return changed options
     */
    public SgdOptions withWeightDecay(double value) {
        return new SgdOptions(learningRate, momentum, value, nesterov);
    }

    /**
     * These options with Nesterov's momentum or without.
     *
     * @param value whether the momentum looks ahead
     * @return changed options
     */
    public SgdOptions withNesterov(boolean value) {
        return new SgdOptions(learningRate, momentum, weightDecay, value);
    }
}
