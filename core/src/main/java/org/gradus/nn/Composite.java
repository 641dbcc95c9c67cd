package org.gradus.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.gradus.autograd.HookHandle;
import org.gradus.autograd.Hooks;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;

/** Layers one after another, each under a name, and what is done with the last one's output. */
abstract sealed class Composite implements Layer permits Sequential, Residual {

    private static final String INDENT = "  ";
    private static final String ON_FORWARD = "onForward";

    /** A layer and its name, which it keeps in a slice. */
    private static final class Place {
        private final String name;
        private final Layer layer;
        private final Hooks<BiConsumer<Tensor, Tensor>> hooks = new Hooks<>();

        Place(String name, Layer layer) {
            this.name = name;
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
            tape.enterLayer(name);
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

    private Composite(List<Place> places, int from, int to) {
        this.places = List.copyOf(places.subList(from, to));
        layers = this.places.stream().map(place -> place.layer).toList();
    }

    /** Layers under their numbers. */
    Composite(String type, List<? extends Layer> layers) {
        this(numbered(type, layers), 0, layers.size());
    }

    /** A part of another network, its places included. */
    Composite(Composite whole, int from, int to) {
        this(whole.places, from, to);
    }

    /** Another network, its places included, and one layer more. */
    Composite(Composite before, String name, Layer layer) {
        this(before.with(name, layer), 0, before.places.size() + 1);
    }

    private static List<Place> numbered(String type, List<? extends Layer> layers) {
        List<Place> numbered = new ArrayList<>();
        for (Layer layer : Objects.requireNonNull(layers, type + ": layers is null")) {
            int number = numbered.size();
            Objects.requireNonNull(layer, () -> type + ": layer " + number + " is null");
            numbered.add(new Place(Integer.toString(number), layer));
        }
        return numbered;
    }

    private List<Place> with(String name, Layer layer) {
        Objects.requireNonNull(name, "named layer: name is null");
        Objects.requireNonNull(layer, () -> "named layer: the layer '" + Printable.text(name) + "' is null");
        String wrong = name.isEmpty()
                ? "the name of a layer must not be empty"
                : name.contains(".")
                        ? "the name '" + Printable.text(name)
                                + "' has a dot, which stands between the names of nested layers; nest a Sequential instead"
                        : named(name).isPresent()
                                ? "there is a layer '" + Printable.text(name) + "' already, among "
                                        + children().keySet().stream()
                                                .map(Printable::text)
                                                .toList()
                                        + "; give this one another name"
                                : "";
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("named layer: " + wrong);
        }
        List<Place> more = new ArrayList<>(places);
        more.add(new Place(name, layer));
        return more;
    }

    /** All layers, one after another. */
    final Tensor through(Tensor x) {
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
     * @param layer its name as in the state dict: {@code "2"}, or {@code "encoder.1"} in a nested network
     * @param hook called after those attached before
     * @return removes it
     * @throws IllegalArgumentException if there is no such layer
     */
    public HookHandle onForward(String layer, ForwardHook hook) {
        Objects.requireNonNull(hook, ON_FORWARD + ": hook is null");
        return place(ON_FORWARD, layer).attach(layer, hook);
    }

    /**
     * One layer by its name, PyTorch's {@code get_submodule}.
     *
     * @param name as in the state dict: {@code "2"}, {@code "encoder"}, or {@code "encoder.1"} in a nested network
     * @return the layer itself
     * @throws IllegalArgumentException if there is no such layer
     */
    public Layer get(String name) {
        return place("get", name).layer;
    }

    private Place place(String method, String path) {
        Objects.requireNonNull(path, () -> method + ": the layer's name is null");
        Composite net = this;
        String rest = path;
        for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
            Optional<Place> outer = net.named(rest.substring(0, dot));
            if (outer.isEmpty() || !(outer.get().layer instanceof Composite nested)) {
                throw noLayer(method, path);
            }
            net = nested;
            rest = rest.substring(dot + 1);
        }
        return net.named(rest).orElseThrow(() -> noLayer(method, path));
    }

    private Optional<Place> named(String name) {
        return places.stream().filter(place -> place.name.equals(name)).findFirst();
    }

    private IllegalArgumentException noLayer(String method, String path) {
        return new IllegalArgumentException(
                method + ": no layer '" + Printable.text(path) + "'; the layers of this network are " + names());
    }

    private List<String> names() {
        List<String> all = new ArrayList<>();
        forEachLayer("", (name, place) -> all.add(Printable.text(name)));
        return all;
    }

    /**
     * Has a hook called whenever any layer has computed its output, layers of nested networks included; see {@link
     * #onForward(String, ForwardHook)}. A nested network as a whole is no layer here, but can be watched by its name.
     *
     * @param hook told which layer it is
     * @return removes it from all layers
     */
    public HookHandle onForward(ForwardHook hook) {
        Objects.requireNonNull(hook, ON_FORWARD + ": hook is null");
        List<HookHandle> handles = new ArrayList<>();
        forEachLayer("", (name, place) -> handles.add(place.attach(name, hook)));
        return () -> handles.forEach(HookHandle::remove);
    }

    /** Nested networks are opened, as in {@link #parameterTable()}. */
    private void forEachLayer(String prefix, BiConsumer<String, Place> action) {
        for (Place place : places) {
            String name = prefix + place.name;
            if (place.layer instanceof Composite nested) {
                nested.forEachLayer(name + ".", action);
            } else {
                action.accept(name, place);
            }
        }
    }

    /**
     * The layers.
     *
     * @return an unmodifiable list, in the order they are applied
     */
    public List<Layer> layers() {
        return layers;
    }

    @Override
    public Map<String, Layer> children() {
        Map<String, Layer> named = new LinkedHashMap<>();
        places.forEach(place -> named.put(place.name, place.layer));
        return Collections.unmodifiableMap(named);
    }

    @Override
    public Map<String, Tensor> namedParameters() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (Place place : places) {
            place.layer.namedParameters().forEach((name, parameter) -> named.put(place.name + "." + name, parameter));
        }
        return Collections.unmodifiableMap(named);
    }

    /**
     * How many parameters each layer has, as text: name, count and layer, line by line, then the total, in which a layer that stands in
     * several places counts once. Nested networks are listed layer by layer, named as in the state dict.
     *
     * @return lines that end with a line feed
     */
    public String parameterTable() {
        int[] width = {"Layer".length()};
        forEachLayer(
                "",
                (name, place) ->
                        width[0] = Math.max(width[0], Printable.text(name).length()));
        int names = width[0] + 3;
        StringBuilder table = new StringBuilder();
        table.append(row(names, "Layer", "Parameters", ""));
        forEachLayer(
                "",
                (name, place) -> table.append(row(
                        names,
                        Printable.text(name),
                        Long.toString(place.layer.parameterCount()),
                        place.layer.toString())));
        table.append(row(names, "Total", Long.toString(parameterCount()), ""));
        return table.toString();
    }

    private static String row(int names, String name, String count, String layer) {
        return (pad(name, -names) + pad(count, 10) + INDENT + layer).stripTrailing() + "\n";
    }

    /** Fills up with blanks: on the left to {@code width}, on the right if {@code width} is negative. */
    private static String pad(String text, int width) {
        String blanks = " ".repeat(Math.max(0, Math.abs(width) - text.length()));
        return width < 0 ? text + blanks : blanks + text;
    }

    /** PyTorch's text: one line per layer, nested networks indented. */
    @Override
    public String toString() {
        String type = getClass().getSimpleName();
        if (layers.isEmpty()) {
            return type + "()";
        }
        StringBuilder text = new StringBuilder(type).append("(\n");
        for (Place place : places) {
            String layer = place.layer.toString().replace("\n", "\n" + INDENT);
            text.append(INDENT)
                    .append('(')
                    .append(Printable.text(place.name))
                    .append("): ")
                    .append(layer)
                    .append('\n');
        }
        return text.append(')').toString();
    }
}
