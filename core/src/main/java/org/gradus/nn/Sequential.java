package org.gradus.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
 * <p>Layers may have names instead of numbers, PyTorch's {@code Sequential(OrderedDict(..))}: then the parameters are {@code
 * "encoder.0.weight"} and so on.
 *
 * <pre>{@code
 * Sequential model = Sequential.named("encoder", encoder).and("decoder", decoder);
 * Layer first = model.get("encoder.0");
 * }</pre>
 *
 * <p>A layer object may stand in several places. Then its parameters are learned once, from the gradients of all places, and the state
 * dict has them under each name, as PyTorch's has.
 *
 * <p>What a layer records carries its name as {@link Tape.Step#layer}, joined by dots in nested networks.
 */
public final class Sequential extends Composite {

    /**
     * A network of these layers.
     *
     * @param layers in the order they are applied, first to last
     */
    public Sequential(Layer... layers) {
        this(Arrays.asList(Objects.requireNonNull(layers, "Sequential: layers is null")));
    }

    /**
     * A network of these layers.
     *
     * @param layers in the order they are applied, first to last
     */
    public Sequential(List<? extends Layer> layers) {
        super("Sequential", layers);
    }

    private Sequential(Sequential whole, int from, int to) {
        super(whole, from, to);
    }

    private Sequential(Sequential before, String name, Layer layer) {
        super(before, name, layer);
    }

    /**
     * A network whose layers have names; {@link #and} appends the others.
     *
     * @param name of the first layer, without a dot: {@code "encoder"}
     * @param layer the first layer
     * @return a network of one layer
     * @throws IllegalArgumentException if the name is empty or has a dot
     */
    public static Sequential named(String name, Layer layer) {
        return new Sequential().and(name, layer);
    }

    /**
     * This network with one more layer at its end, PyTorch's {@code add_module}. It holds the same layer objects, and hooks on them.
     *
     * @param name of the layer, without a dot
     * @param layer the last layer
     * @return a network of one layer more; this one stays as it is
     * @throws IllegalArgumentException if the name is empty, has a dot, or is that of another layer
     */
    public Sequential and(String name, Layer layer) {
        return new Sequential(this, name, layer);
    }

    @Override
    public Tensor forward(Tensor x) {
        return through(x);
    }

    /** {@return the number of layers, those inside a nested network not counted} */
    public int size() {
        return layers().size();
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
        return layers().get(index);
    }

    /**
     * A part of this network, PyTorch's {@code model[from:to]}. It holds the same layer objects, so training one trains
     * the other, and they keep their names in printed text and state dict.
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
}
