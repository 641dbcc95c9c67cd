package org.gradus.app;

import java.nio.file.Path;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.io.Safetensors;
import org.gradus.io.SafetensorsException;
import org.gradus.nn.Sequential;

/**
 * The weights that {@code --load} names.
 *
 * @param file where they come from
 * @param values by the names of the state dict
 */
record Weights(Path file, Map<String, Tensor> values) {

    /**
     * Reads a file.
     *
     * @throws CommandFailure if that cannot be done
     */
    static Weights read(Path file) {
        try {
            return new Weights(file, Safetensors.read(file));
        } catch (SafetensorsException unusable) {
            throw new CommandFailure("--load " + unusable.getMessage(), unusable);
        }
    }

    /**
     * Copies them into a network.
     *
     * @throws CommandFailure if they do not fit
     */
    void into(Sequential model) {
        try {
            model.loadStateDict(values);
        } catch (IllegalArgumentException refused) {
            throw new CommandFailure("--load " + file + ": " + refused.getMessage(), refused);
        }
    }
}
