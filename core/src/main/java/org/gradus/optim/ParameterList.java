package org.gradus.optim;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Tensor;
import org.gradus.nn.StateDict;

/** The parameters of an optimiser, checked once, and the memory that goes with them. */
final class ParameterList {

    private final String optimizer;
    private final List<Tensor> tensors;

    ParameterList(String optimizer, List<Tensor> parameters) {
        this.optimizer = optimizer;
        Objects.requireNonNull(parameters, () -> optimizer + ": parameters is null");
        for (int i = 0; i < parameters.size(); i++) {
            int number = i;
            Objects.requireNonNull(parameters.get(i), () -> optimizer + ": parameter " + number + " is null");
        }
        tensors = List.copyOf(parameters);
        if (tensors.isEmpty()) {
            throw new IllegalArgumentException(
                    optimizer + ": there are no parameters to optimise; does the network have a layer that learns?");
        }
        IdentityHashMap<float[], Integer> seen = new IdentityHashMap<>(); // the same numbers, not equal ones
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            String which =
                    optimizer + ": parameter " + i + " '" + Printable.text(tensor.name()) + "' " + tensor.shape();
            if (!tensor.requiresGrad() && !tensor.isFrozen()) {
                throw new IllegalArgumentException(
                        which + " does not require a gradient; call trainable() on it, or leave it out");
            }
            Integer before = seen.put(tensor.data(), i);
            if (before != null) {
                throw new IllegalArgumentException(which + again(before, tensor));
            }
        }
    }

    private String again(int before, Tensor tensor) {
        Tensor first = get(before);
        return first.equals(tensor)
                ? " is listed twice and would be moved twice per step"
                : " has the same numbers as parameter " + before + " '" + Printable.text(first.name()) + "' "
                        + first.shape() + ", which would be moved twice per step; give the optimiser one of the two";
    }

    List<Tensor> tensors() {
        return tensors;
    }

    int size() {
        return tensors.size();
    }

    Tensor get(int index) {
        return tensors.get(index);
    }

    /** Whether a step is to leave a parameter alone, and all that is remembered of it. */
    boolean isFrozen(int index) {
        return !get(index).requiresGrad();
    }

    void zeroGrad() {
        for (Tensor tensor : tensors) {
            tensor.zeroGrad();
        }
    }

    /** One array of zeros per parameter, of its length. */
    float[][] zeros() {
        float[][] arrays = new float[size()][];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = new float[get(i).size()];
        }
        return arrays;
    }

    /** Adds the arrays as tensors of the parameters' shapes, without copying, named {@code "i.kind"}. */
    void name(String kind, float[][] arrays, Map<String, Tensor> into) {
        for (int i = 0; i < arrays.length; i++) {
            String name = i + "." + kind;
            into.put(name, Tensor.of(get(i).shape(), arrays[i]).named(name));
        }
    }

    /** Copies saved memory into what {@link #name} gave, all or nothing. */
    void load(Map<String, Tensor> named, OptimizerState state) {
        StateDict.load(
                optimizer,
                named,
                state.values(),
                "Was it saved from the same kind of optimiser with the same settings, for a network of the same layers?");
    }
}
