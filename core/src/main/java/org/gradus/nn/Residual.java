package org.gradus.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;

/**
 * A connection past some layers, whose output is added to what went in.
 *
 * <pre>
 *   formula     y = x + layer_k( .. layer_1(layer_0(x)))
 *   shapes      x what the first layer takes    y the same; the last layer must give this shape
 *   parameters  those of layer i under its number, "i.weight", or its name; as {@link Sequential}
 * </pre>
 *
 * <p>In PyTorch, where there is no such module, {@code class Residual(nn.Sequential)} with {@code forward(x)} of {@code x +
 * super().forward(x)} has the same numbers and names.
 *
 * <p>Source: He, Zhang, Ren, Sun 2016, "Deep residual learning for image recognition", arXiv:1512.03385.
 *
 * <pre>{@code
 * Layer block = new Residual(new Linear(32, 32, random), new ReLU(), new Linear(32, 32, random));
 * }</pre>
 */
public final class Residual extends Composite {

    /**
     * A connection past these layers.
     *
     * @param layers in the order they are applied, first to last
     * @throws IllegalArgumentException if there are none
     */
    public Residual(Layer... layers) {
        this(Arrays.asList(Objects.requireNonNull(layers, "Residual: layers is null")));
    }

    /**
     * A connection past these layers.
     *
     * @param layers in the order they are applied, first to last
     * @throws IllegalArgumentException if there are none
     */
    public Residual(List<? extends Layer> layers) {
        super("Residual", layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "Residual: there are no layers to lead past; x + x would be left, which is x.scale(2)");
        }
    }

    private Residual(Composite before, String name, Layer layer) {
        super(before, name, layer);
    }

    /**
     * A connection past layers that have names; {@link #and} appends the others.
     *
     * @param name of the first layer, without a dot: {@code "body"}
     * @param layer the first layer
     * @return a connection past one layer
     * @throws IllegalArgumentException if the name is empty or has a dot
     */
    public static Residual named(String name, Layer layer) {
        return new Residual(new Sequential(), name, layer);
    }

    /**
     * The connection past these layers and one more. It holds the same layer objects, and hooks on them.
     *
     * @param name of the layer, without a dot
     * @param layer the last layer
     * @return a connection past one layer more; this one stays as it is
     * @throws IllegalArgumentException if the name is empty, has a dot, or is that of another layer
     */
    public Residual and(String name, Layer layer) {
        return new Residual(this, name, layer);
    }

    /**
     * {@inheritDoc}
     *
     * @throws ShapeException if the layers make another shape than they were given
     */
    @Override
    public Tensor forward(Tensor x) {
        Tensor y = through(x);
        if (!y.shape().equals(x.shape())) {
            throw new ShapeException("Residual: its layers make " + y.shape() + " of " + x.shape()
                    + ", which cannot be added to it; let the last layer give as many features as the first takes");
        }
        return x.add(y);
    }
}
