package org.gradus.optim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.Tensor;

/**
 * What an optimiser remembers between steps.
 *
 * @param steps the number of steps done
 * @param learningRate the learning rate of the next step
 * @param values PyTorch's names behind the number of the parameter, {@code "0.exp_avg"}; each of the shape of its
 *     parameter, but for what an optimiser counts
 */
public record OptimizerState(long steps, double learningRate, Map<String, Tensor> values) {

    /**
     * A state.
     *
     * @throws IllegalArgumentException if {@code steps} is negative
     */
    public OptimizerState {
        if (steps < 0) {
            throw new IllegalArgumentException("optimiser state: the number of steps is " + steps + ", below 0");
        }
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
