package org.gradus.autograd;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where in a network a recording stands. Paths are kept, so that a training loop builds no strings. */
final class LayerPath {

    private final @Nullable LayerPath outer;
    private final String path;
    private final Map<String, LayerPath> inner = new HashMap<>();

    private LayerPath(@Nullable LayerPath outer, String path) {
        this.outer = outer;
        this.path = path;
    }

    /** Outside of all layers. */
    static LayerPath outside() {
        return new LayerPath(null, "");
    }

    LayerPath enter(String name) {
        LayerPath layer = inner.get(name);
        if (layer == null) {
            layer = new LayerPath(this, path.isEmpty() ? name : path + "." + name);
            inner.put(name, layer);
        }
        return layer;
    }

    LayerPath leave() {
        if (outer == null) {
            throw new IllegalStateException(
                    "leaveLayer: no layer was entered; each enterLayer() needs one leaveLayer(), "
                            + "in a finally block");
        }
        return outer;
    }

    /** As in the state dict: {@code "0.1"}, or empty outside. */
    @Override
    public String toString() {
        return path;
    }
}
