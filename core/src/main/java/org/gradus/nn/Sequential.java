package org.gradus.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.gradus.autograd.HookHandle;
import org.gradus.autograd.Hooks;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;

/**
 * Layers one after another, {@code torch.nn.Sequential}. A layer may itself be a {@code Sequential}.
 *
 * <pre>
 *   formula     y = layer_k( .. layer_1(layer_0(x)))
 *   shapes      x what the first layer takes    y what the last one gives; without layers y = x
 *   parameters  those of layer i under its number: "i.weight", "i.bias"; one level deeper "i.j.weight"
 * </pre>
 *
 * <pre>{@code
 * TorchRandom random = new TorchRandom(0);
 * Sequential model = new Sequential(
 *         new Linear(784, 2, random), new PReLU(), new Linear(2, 784, random), new Sigmoid());
 * Sequential encoder = model.slice(0, 2);   // shares its parameters with the model
 * Sequential decoder = model.slice(2, 4);
 * }</pre>
 *
 * <p>What a layer records carries its number as {@link Tape.Step#layer}, joined by dots in nested networks.
 */
public final class Sequential implements Layer {

    private static final String INDENT = "  ";

    /** A layer and its number, which it keeps in a slice. */
    private static final class Place {
        private final String number;
        private final Layer layer;
        private final Hooks<BiConsumer<Tensor, Tensor>> hooks = new Hooks<>();

        Place(String number, Layer layer) {
            this.number = number;
            this.layer = layer;
        }

        Tensor forward(Tensor x) {
            Optional<Tape> tape = x.tape();
            if (tape.isPresent()) {
                return record(tape.get(), x);
            }
            Tensor y = layer.forward(x);
            if (!hooks.isEmpty()) {
                hooks.forEach(hook -> hook.accept(x, y));
            }
            return y;
        }

        private Tensor record(Tape tape, Tensor x) {
            tape.enterLayer(number);
            try {
                Tensor y = layer.forward(x);
                tape.afterLayer(hooks, x, y);
                return y;
            } finally {
                tape.leaveLayer();
            }
        }

        HookHandle attach(String path, ForwardHook hook) {
            return hooks.attach((x, y) -> hook.afterForward(path, x, y));
        }
    }

    private final List<Place> places;
    private final List<Layer> layers;

    /**
     * A network of these layers.
     *
     * @param layers in the order they are applied, first to last
     */
    public Sequential(Layer... layers) {
        this(Arrays.asList(layers));
    }

    /**
     * A network of these layers.
     *
     * @param layers in the order they are applied, first to last
     */
    public Sequential(List<? extends Layer> layers) {
        List<Place> numbered = new ArrayList<>();
        for (Layer layer : layers) {
            numbered.add(new Place(Integer.toString(numbered.size()), layer));
        }
        this.places = List.copyOf(numbered);
        this.layers = List.copyOf(layers);
    }

    /** A part of another network, its places included. */
    private Sequential(Sequential whole, int from, int to) {
        places = whole.places.subList(from, to);
        layers = whole.layers.subList(from, to);
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensor y = x;
        for (Place place : places) {
            y = place.forward(y);
        }
        return y;
    }

    /** If all layers promise it. */
    @Override
    public boolean isRepeatable() {
        for (int i = 0; i < layers.size(); i++) {
            if (!layers.get(i).isRepeatable()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Has a hook called whenever a layer has computed its output, PyTorch's {@code register_forward_hook} on that layer: with and
     * without a tape, in a replay, and when a slice of this network runs. A layer that stands in several places is
     * watched in this one. What the hook computes is not recorded.
     *
     * <pre>{@code
     * HookHandle handle = model.onForward("2", (layer, x, y) -> System.out.println(layer + " " + y.shape()));
     * }</pre>
     *
     * @param layer its number as in the state dict: {@code "2"}, or {@code "0.1"} in a nested network
     * @param hook called after those attached before
     * @return removes it
     * @throws IllegalArgumentException if there is no such layer
     */
    public HookHandle onForward(String layer, ForwardHook hook) {
        return place(layer).attach(layer, hook);
    }

    private Place place(String path) {
        Sequential net = this;
        String rest = path;
        for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
            Optional<Place> outer = net.numbered(rest.substring(0, dot));
            if (outer.isEmpty() || !(outer.get().layer instanceof Sequential nested)) {
                throw noLayer(path);
            }
            net = nested;
            rest = rest.substring(dot + 1);
        }
        return net.numbered(rest).orElseThrow(() -> noLayer(path));
    }

    private Optional<Place> numbered(String number) {
        return places.stream().filter(place -> place.number.equals(number)).findFirst();
    }

    private IllegalArgumentException noLayer(String path) {
        List<String> all = new ArrayList<>();
        forEachLayer("", (name, place) -> all.add(name));
        return new IllegalArgumentException(
                "onForward: no layer '" + path + "'; the layers of this network are " + all);
    }

    /**
     * Has a hook called whenever any layer has computed its output, layers of nested networks included; see {@link
     * #onForward(String, ForwardHook)}. A nested network as a whole is no layer here, but can be watched by its number.
     *
     * @param hook told which layer it is
     * @return removes it from all layers
     */
    public HookHandle onForward(ForwardHook hook) {
        List<HookHandle> handles = new ArrayList<>();
        forEachLayer("", (name, place) -> handles.add(place.attach(name, hook)));
        return () -> handles.forEach(HookHandle::remove);
    }

    /** Nested networks are opened, as in {@link #parameterTable()}. */
    private void forEachLayer(String prefix, BiConsumer<String, Place> action) {
        for (Place place : places) {
            String name = prefix + place.number;
            if (place.layer instanceof Sequential nested) {
                nested.forEachLayer(name + ".", action);
            } else {
                action.accept(name, place);
            }
        }
    }

    /** {@return the number of layers, those inside a nested network not counted} */
    public int size() {
        return layers.size();
    }

    /**
     * One layer.
     *
     * @param index its place in this network, from 0
     * @return the layer itself
     * @throws IllegalArgumentException if there is no such layer
     */
    public Layer get(int index) {
        if (index < 0 || index >= size()) {
            throw new IllegalArgumentException("get: no layer " + index + " in a network of " + size() + " layers");
        }
        return layers.get(index);
    }

    /** {@return the layers, an unmodifiable list in the order they are applied} */
    public List<Layer> layers() {
        return layers;
    }

    /**
     * A part of this network, PyTorch's {@code model[from:to]}. It holds the same layer objects, so training one trains
     * the other, and they keep their numbers in printed text and state dict.
     *
     * @param from place of the first layer, from 0
     * @param to place after the last layer
     * @return a network of {@code to - from} layers
     * @throws IllegalArgumentException unless {@code 0 <= from <= to <= size()}
     */
    public Sequential slice(int from, int to) {
        if (from < 0 || from > to || to > size()) {
            throw new IllegalArgumentException("slice: layers " + from + " to " + to + " are not part of a network of "
                    + size() + " layers: needs 0 <= from <= to <= " + size());
        }
        return new Sequential(this, from, to);
    }

    @Override
    public Map<String, Tensor> namedParameters() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < size(); i++) {
            String prefix = number(i) + ".";
            layers.get(i).namedParameters().forEach((name, parameter) -> named.put(prefix + name, parameter));
        }
        return Collections.unmodifiableMap(named);
    }

    @Override
    public Map<String, Layer> children() {
        Map<String, Layer> named = new LinkedHashMap<>();
        places.forEach(place -> named.put(place.number, place.layer));
        return Collections.unmodifiableMap(named);
    }

    private String number(int index) {
        return places.get(index).number;
    }

    /**
     * How many parameters each layer has, as text: number, count and layer, line by line, then the total. Nested
     * networks are listed layer by layer, numbered as in the state dict.
     *
     * @return lines that end with a line feed
     */
    public String parameterTable() {
        StringBuilder table = new StringBuilder();
        table.append(row("Layer", "Parameters", ""));
        forEachLayer(
                "",
                (name, place) ->
                        table.append(row(name, Long.toString(place.layer.parameterCount()), place.layer.toString())));
        table.append(row("Total", Long.toString(parameterCount()), ""));
        return table.toString();
    }

    private static String row(String number, String count, String layer) {
        return (pad(number, -8) + pad(count, 10) + INDENT + layer).stripTrailing() + "\n";
    }

    /** Fills up with blanks: on the left to {@code width}, on the right if {@code width} is negative. */
    private static String pad(String text, int width) {
        String blanks = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
        return width < 0 ? text + blanks : blanks + text;
    }

    /** PyTorch's text: one line per layer, nested networks indented. */
    @Override
    public String toString() {
        if (layers.isEmpty()) {
            return "Sequential()";
        }
        StringBuilder text = new StringBuilder("Sequential(\n");
        for (int i = 0; i < size(); i++) {
            String layer = layers.get(i).toString().replace("\n", "\n" + INDENT);
            text.append(INDENT)
                    .append('(')
                    .append(number(i))
                    .append("): ")
                    .append(layer)
                    .append('\n');
        }
        return text.append(')').toString();
    }
}
