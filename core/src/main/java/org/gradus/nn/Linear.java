package org.gradus.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.random.TorchRandom;

/**
 * A fully connected layer, {@code torch.nn.Linear}: every output is a weighted sum of all inputs, plus a bias.
 *
 * <pre>
 *   formula     y = x W^T + b
 *   shapes      x [n,in]    y [n,out]
 *   parameters  weight [out,in]    W ~ U(-1/sqrt(in), 1/sqrt(in))
 *               bias [out]         b ~ U(-1/sqrt(in), 1/sqrt(in)), drawn after W
 * </pre>
 *
 * <p>Both are drawn as PyTorch draws them: from the same seed, the same bits.
 *
 * <pre>{@code
 * Linear layer = new Linear(784, 2, new TorchRandom(0));
 * Tensor codes = layer.forward(images);   // [64,784] -> [64,2]
 * }</pre>
 */
public final class Linear implements Layer {

    /**
     * PyTorch writes the weight's bound as that of Kaiming-uniform for this slope, which makes it 1/sqrt(in) but for
     * roundings.
     */
    private static final double SLOPE = Math.sqrt(5);

    private final int inFeatures;
    private final int outFeatures;
    private final Tensor weight;
    private final Tensor bias;

    /**
     * A layer with PyTorch's initial values.
     *
     * @param inFeatures length of an input row
     * @param outFeatures length of an output row
     * @param random the stream to draw from
     * @throws IllegalArgumentException if a width is below 1
     */
    public Linear(int inFeatures, int outFeatures, TorchRandom random) {
        if (inFeatures < 1 || outFeatures < 1) {
            throw new IllegalArgumentException("Linear: in_features " + inFeatures + " and out_features " + outFeatures
                    + " must both be at least 1");
        }
        this.inFeatures = inFeatures;
        this.outFeatures = outFeatures;
        weight = Tensor.zeros(outFeatures, inFeatures).trainable().named("weight");
        bias = Tensor.zeros(outFeatures).trainable().named("bias");
        Init.kaimingUniform(weight, random, FanMode.FAN_IN, Init.leakyReluGain(SLOPE));
        double bound = 1 / Math.sqrt(inFeatures);
        random.uniform(bias.data(), -bound, bound);
    }

    /** {@return the length of an input row, at least 1} */
    public int inFeatures() {
        return inFeatures;
    }

    /** {@return the length of an output row, at least 1} */
    public int outFeatures() {
        return outFeatures;
    }

    /** {@return the weight W, the live tensor [out,in]: row j holds the weights of output j} */
    public Tensor weight() {
        return weight;
    }

    /** {@return the bias b, the live tensor [out]} */
    public Tensor bias() {
        return bias;
    }

    @Override
    public Tensor forward(Tensor x) {
        return x.affine(weight, bias);
    }

    @Override
    public Map<String, Tensor> namedParameters() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        named.put("weight", weight);
        named.put("bias", bias);
        return Collections.unmodifiableMap(named);
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** PyTorch's text. */
    @Override
    public String toString() {
        return "Linear(in_features=" + inFeatures + ", out_features=" + outFeatures + ", bias=True)";
    }
}
