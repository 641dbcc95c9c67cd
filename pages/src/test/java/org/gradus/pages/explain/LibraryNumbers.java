package org.gradus.pages.explain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Loss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;

/** The numbers of a step as the library has them, by the addresses that a page gives them; computed here apart from the page. */
final class LibraryNumbers {

    private static final Pattern ADDRESS = Pattern.compile("(.+)\\[(\\d+)(?:,(\\d+))?]");

    private final Map<String, float[]> arrays = new HashMap<>();
    private final Map<String, Integer> columns = new HashMap<>();

    /** Takes the steps. */
    LibraryNumbers(Sequential model, Loss loss, Tensor image, long steps) {
        Adam adam = new Adam(model.parameters());
        for (long s = 1; s < steps; s++) {
            Tape tape = Tape.fresh();
            Tensor x = tape.input(image);
            adam.zeroGrad();
            loss.of(model.forward(x), x).backward();
            adam.step();
        }
        Tape tape = Tape.fresh();
        Tensor x = tape.input(image);
        adam.zeroGrad();
        loss.of(model.forward(x), x).backward();
        put("x", image.data());
        List<Tape.Step> recorded = tape.steps();
        for (int k = 1; k <= recorded.size(); k++) {
            put("y" + k, recorded.get(k - 1).out().data());
            put("g" + k, recorded.get(k - 1).out().grad());
        }
        Map<String, Tensor> parameters = model.namedParameters();
        parameters.forEach((name, tensor) -> {
            put(name, tensor.data());
            put(name + ".grad", tensor.grad());
            columns.put(name, tensor.shape().columns());
        });
        memory(parameters, adam, "-before");
        adam.step();
        memory(parameters, adam, "");
        parameters.forEach((name, tensor) -> put(name + ".after", tensor.data()));
        Tensor output = model.forward(image);
        put("output-after", output.data());
        put("loss-after", loss.of(output, image).data());
        float[] before = array("y" + (recorded.size() - 1));
        float[] change = new float[before.length];
        for (int i = 0; i < change.length; i++) {
            change[i] = output.data()[i] - before[i];
        }
        put("output-change", change);
    }

    private void memory(Map<String, Tensor> parameters, Adam adam, String when) {
        Map<String, Tensor> state = adam.state().values();
        int index = 0;
        for (String name : parameters.keySet()) {
            put(name + ".m" + when, state.get(index + ".exp_avg").data());
            put(name + ".v" + when, state.get(index + ".exp_avg_sq").data());
            index++;
        }
    }

    private void put(String name, float[] values) {
        arrays.put(name, values.clone());
    }

    private float[] array(String name) {
        float[] found = arrays.get(name);
        if (found == null) {
            throw new AssertionError("the library has no " + name + " but " + arrays.keySet());
        }
        return found;
    }

    /** The number at an address such as {@code 0.weight[1,12]} or {@code y3[7]}. */
    float at(String address) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw new AssertionError("no address: " + address);
        }
        int index = Integer.parseInt(parts.group(2));
        if (parts.group(3) != null) {
            index = index * columnsOf(parts.group(1)) + Integer.parseInt(parts.group(3));
        }
        return array(parts.group(1))[index];
    }

    private int columnsOf(String name) {
        return columns.get(name.replaceAll("(weight|bias)\\..*", "$1"));
    }

    /** The array of a picture: a whole one, or a row of a matrix such as {@code 0.weight[1]}. */
    float[] picture(String name) {
        Matcher parts = ADDRESS.matcher(name);
        if (!parts.matches()) {
            return array(name);
        }
        int width = columnsOf(parts.group(1));
        int row = Integer.parseInt(parts.group(2));
        return java.util.Arrays.copyOfRange(array(parts.group(1)), row * width, (row + 1) * width);
    }
}
