package org.gradus.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gradus.autograd.Tensor;

/**
 * A part of a network: a function of a batch, with parameters to be learned if it has any. A layer without parameters
 * may be written as a lambda, {@code x -> x.exp()}.
 *
 * <p>The parameters are the layer's own tensors, not copies: an optimiser changes the layer by changing them, and two
 * networks that hold the same layer object share it.
 */
@FunctionalInterface
public interface Layer {

    /**
     * Applies the layer. What it computes is recorded if {@code x} belongs to a tape.
     *
     * @param x a batch, one sample per row
     * @return one row per sample
     * @throws org.gradus.autograd.ShapeException if the layer does not take rows of this length
     */
    Tensor forward(Tensor x);

    /**
     * The parameters and their names within this layer, PyTorch's {@code named_parameters(remove_duplicate=False)}: those of a layer
     * that stands in several places appear under each name, as in a state dict. {@link #parameters()} has each once.
     *
     * @return the live tensors in PyTorch's order; empty for a layer that learns nothing
     */
    default Map<String, Tensor> namedParameters() {
        return Map.of();
    }

    /**
     * The layers that this one is made of, by the names that come first in those of their parameters. One that stands in several
     * places appears under each name, which PyTorch's {@code named_children()} leaves out but for the first.
     *
     * @return in order; empty for a layer that is not made of others, or does not show them
     */
    default Map<String, Layer> children() {
        return Map.of();
    }

    /**
     * What an optimiser is given: every parameter once, even if the layer that owns it appears in several places.
     *
     * @return the live tensors in the order of {@link #namedParameters()}
     */
    default List<Tensor> parameters() {
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Tensor> distinct = new ArrayList<>();
        for (Tensor parameter : namedParameters().values()) {
            if (seen.add(parameter)) {
                distinct.add(parameter);
            }
        }
        return List.copyOf(distinct);
    }

    /**
     * The author's promise that {@link #forward} does the same operations on the same tensors for every batch of a shape, so that
     * a training may record one batch and replay or plan the others. Nothing else may then change what it computes: no random
     * numbers drawn, no calls counted, no branch on a value, nothing computed from the batch in a {@link
     * org.gradus.autograd.Tape#pause() pause}. Whoever promises too much trains on what the first batch did.
     *
     * @return false unless the author says otherwise: {@code forward} is then called for every batch, as in PyTorch, and what it
     *     computes may differ. The layers of the library promise it, {@link Sequential} if all its layers do
     */
    default boolean isRepeatable() {
        return false;
    }

    /**
     * Freezes all parameters: they stay as they are while the rest of a network learns, PyTorch's {@code
     * requires_grad_(False)}. See {@link Tensor#freeze()}.
     */
    default void freeze() {
        for (Tensor parameter : parameters()) {
            if (parameter.requiresGrad()) {
                parameter.freeze();
            }
        }
    }

    /** Has all frozen parameters learn again; see {@link Tensor#unfreeze()}. */
    default void unfreeze() {
        for (Tensor parameter : parameters()) {
            if (parameter.isFrozen()) {
                parameter.unfreeze();
            }
        }
    }

    /** {@return how many numbers are learned: the sum of the sizes of {@link #parameters()}} */
    default long parameterCount() {
        return parameters().stream().mapToLong(Tensor::size).sum();
    }

    /**
     * The values to be saved, PyTorch's {@code state_dict()}: names such as {@code "0.weight"}, in PyTorch's order. The
     * tensors are live; {@link Tensor#copy()} keeps a value while training goes on.
     *
     * @return all parameters by name
     */
    default Map<String, Tensor> stateDict() {
        return namedParameters();
    }

    /**
     * Copies saved values into the parameters, PyTorch's {@code load_state_dict(strict=True)}.
     *
     * @param values a value of the right shape for every name of {@link #stateDict()}, and nothing else
     * @throws IllegalArgumentException naming every entry that is missing, unexpected or of another shape; then no
     *     parameter has changed
     */
    default void loadStateDict(Map<String, Tensor> values) {
        StateDict.load(
                getClass().getSimpleName(), stateDict(), values, "Was it saved from a network of the same layers?");
    }
}
