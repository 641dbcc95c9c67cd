package org.gradus.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Tensor;

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
     * @throws IllegalArgumentException naming every missing, unexpected and misshapen entry; then nothing was copied
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
        List<String> problems = new ArrayList<>();
        describe(problems, "missing", missing);
        describe(problems, "of another shape", misshapen);
        describe(problems, "unexpected", unexpected);
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

    private static void describe(List<String> problems, String kind, List<String> entries) {
        if (!entries.isEmpty()) {
            problems.add(kind + ": " + String.join(", ", entries));
        }
    }
}
