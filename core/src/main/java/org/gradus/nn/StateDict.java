package org.gradus.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Loading values by name, strictly: what does not fit exactly is refused as a whole, and every reason is given at once.
 */
public final class StateDict {

    private StateDict() {}

    /**
     * Copies values into tensors of the same names.
     *
     * @param owner whose tensors they are, for the message
     * @param own the tensors to be filled
     * @param values one value for each of them, of the same shape, and nothing else
     * @param hint a question that may help if they do not fit, for the message
     * @throws IllegalArgumentException naming every missing, unexpected and misshapen entry, and those that give one tensor, which
     *     has several names, different values; then nothing was copied
     */
    public static void load(String owner, Map<String, Tensor> own, Map<String, Tensor> values, String hint) {
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        List<String> unexpected = new ArrayList<>();
        own.forEach((name, tensor) -> {
            Tensor value = values.get(name);
            if (value == null) {
                missing.add("'" + Printable.text(name) + "' " + tensor.shape());
            } else if (!value.shape().equals(tensor.shape())) {
                misshapen.add("'" + Printable.text(name) + "' " + value.shape() + " instead of " + tensor.shape());
            }
        });
        values.forEach((name, value) -> {
            if (!own.containsKey(name)) {
                unexpected.add("'" + Printable.text(name) + "' " + value.shape());
            }
        });
        List<String> contradictory = missing.isEmpty() && misshapen.isEmpty() ? contradictions(own, values) : List.of();
        List<String> problems = new ArrayList<>();
        describe(problems, "missing", missing);
        describe(problems, "of another shape", misshapen);
        describe(problems, "unexpected", unexpected);
        describe(problems, "different values for one tensor", contradictory);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("state dict does not fit " + owner + " and nothing was loaded; "
                    + String.join("; ", problems) + ". " + hint);
        }
        own.forEach((name, tensor) -> {
            Tensor value = values.get(name);
            if (value != null) {
                System.arraycopy(value.data(), 0, tensor.data(), 0, tensor.size());
            }
        });
    }

    /** The layer object that stands in two places has its tensors under two names. */
    private static List<String> contradictions(Map<String, Tensor> own, Map<String, Tensor> values) {
        Map<Tensor, String> first = new HashMap<>(); // a tensor equals itself alone
        List<String> contradictions = new ArrayList<>();
        own.forEach((name, tensor) -> {
            String before = first.putIfAbsent(tensor, name);
            if (before != null && !sameNumbers(values.get(before), values.get(name))) {
                contradictions.add("'" + Printable.text(before) + "' and '" + Printable.text(name) + "'");
            }
        });
        return contradictions;
    }

    private static boolean sameNumbers(@Nullable Tensor a, @Nullable Tensor b) {
        return a == null || b == null || Arrays.equals(a.data(), b.data());
    }

    private static void describe(List<String> problems, String kind, List<String> entries) {
        if (!entries.isEmpty()) {
            problems.add(kind + ": " + String.join(", ", entries));
        }
    }
}
