package org.gradus.nn;

import java.util.Arrays;
import java.util.Map;
import org.gradus.autograd.Tensor;

/**
 * A rectifier that learns its slope below 0, {@code torch.nn.PReLU}.
 *
 * <pre>
 *   formula     y = x where x > 0, else a x
 *   shapes      x [n,m]    y [n,m]
 *   parameters  weight [1], or [m] for one slope per column    a = 0.25, nothing is drawn
 * </pre>
 *
 * <p>Source: He, Zhang, Ren, Sun 2015, arXiv:1502.01852; see {@link org.gradus.autograd.PReluOp} for the derivatives.
 *
 * <pre>{@code
 * Layer layer = new PReLU();
 * layer.forward(Tensor.matrix(1, 2, -2, 3));   // [[-0.5, 3]]
 * }</pre>
 */
public final class PReLU implements Layer {

    /** Start of every slope; PyTorch's default and the paper's. */
    private static final float INITIAL_SLOPE = 0.25f;

    private final Tensor weight;

    /** One slope, shared by all columns. */
    public PReLU() {
        this(1);
    }

    /**
     * One slope, or one per column.
     *
     * @param numParameters 1, or the number of columns
     * @throws IllegalArgumentException if it is below 1
     */
    public PReLU(int numParameters) {
        if (numParameters < 1) {
            throw new IllegalArgumentException(
                    "PReLU: num_parameters " + numParameters + " must be 1, or the number of columns");
        }
        weight = Tensor.zeros(numParameters).trainable().named("weight");
        Arrays.fill(weight.data(), INITIAL_SLOPE);
    }

    /** {@return the slope or slopes a, the live tensor [1] or [m]} */
    public Tensor weight() {
        return weight;
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.prelu(weight);
    }

    @Override
    public Map<String, Tensor> namedParameters() {
        return Map.of("weight", weight);
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** PyTorch's text. */
    @Override
    public String toString() {
        return "PReLU(num_parameters=" + weight.size() + ")";
    }
}
