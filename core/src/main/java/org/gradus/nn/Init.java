package org.gradus.nn;

import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.random.TorchRandom;

/**
 * Initialisers for weights, {@code torch.nn.init}: they overwrite a weight [out,in] with random values whose spread
 * fits its shape. Uniform values equal PyTorch's bit for bit, normal ones lie within 5 ulp (see {@link TorchRandom}).
 * With more than two axes [out,in,..] the further axes count with both sides.
 *
 * <pre>{@code
 * TorchRandom random = new TorchRandom(0);
 * Linear layer = new Linear(784, 392, random);
 * Init.kaimingNormal(layer.weight(), random);
 * }</pre>
 */
public final class Init {

    /**
     * Gain that makes up for a ReLU, which halves the mean square of what passes it: sqrt 2. PyTorch's default for both
     * Kaiming initialisers.
     */
    public static final double RELU_GAIN = Math.sqrt(2);

    private Init() {}

    /**
     * The gain of a leaky or parametric ReLU, {@code calculate_gain('leaky_relu', slope)}.
     *
     * <pre>  gain = sqrt(2 / (1 + slope^2))</pre>
     *
     * @param slope the slope below 0; 0 gives {@link #RELU_GAIN}
     * @return the gain for the Kaiming initialisers
     */
    public static double leakyReluGain(double slope) {
        return Math.sqrt(2 / (1 + slope * slope));
    }

    /**
     * {@link #kaimingUniform(Tensor, TorchRandom, FanMode, double)} with fan-in and the gain of a ReLU, PyTorch's
     * defaults.
     *
     * @param weight the weight [out,in] to be overwritten
     * @param random the stream to draw from
     */
    public static void kaimingUniform(Tensor weight, TorchRandom random) {
        kaimingUniform(weight, random, FanMode.FAN_IN, RELU_GAIN);
    }

    /**
     * Uniform values, {@code kaiming_uniform_}; He, Zhang, Ren, Sun 2015, arXiv:1502.01852.
     *
     * <pre>  W_ij ~ U(-L, L),  L = gain sqrt(3 / fan)</pre>
     *
     * @param weight the weight [out,in] to be overwritten
     * @param random the stream to draw from, one word per value in row-major order
     * @param mode what fan is: in or out
     * @param gain makes up for the activation behind the layer
     * @throws ShapeException if the weight has fewer than two axes
     */
    public static void kaimingUniform(Tensor weight, TorchRandom random, FanMode mode, double gain) {
        uniform(weight, random, gain / Math.sqrt(fan("kaimingUniform", weight, mode)));
    }

    /**
     * {@link #kaimingNormal(Tensor, TorchRandom, FanMode, double)} with fan-in and the gain of a ReLU, PyTorch's
     * defaults.
     *
     * @param weight the weight [out,in] to be overwritten
     * @param random the stream to draw from
     */
    public static void kaimingNormal(Tensor weight, TorchRandom random) {
        kaimingNormal(weight, random, FanMode.FAN_IN, RELU_GAIN);
    }

    /**
     * Normal values, {@code kaiming_normal_}; He, Zhang, Ren, Sun 2015, arXiv:1502.01852.
     *
     * <pre>  W_ij ~ N(0, sigma^2),  sigma = gain / sqrt(fan)</pre>
     *
     * @param weight the weight [out,in] to be overwritten
     * @param random the stream to draw from
     * @param mode what fan is: in or out
     * @param gain makes up for the activation behind the layer
     * @throws ShapeException if the weight has fewer than two axes
     */
    public static void kaimingNormal(Tensor weight, TorchRandom random, FanMode mode, double gain) {
        random.normal(weight.data(), 0, gain / Math.sqrt(fan("kaimingNormal", weight, mode)));
    }

    /**
     * {@link #xavierUniform(Tensor, TorchRandom, double)} with gain 1.
     *
     * @param weight the weight [out,in] to be overwritten
     * @param random the stream to draw from
     */
    public static void xavierUniform(Tensor weight, TorchRandom random) {
        xavierUniform(weight, random, 1);
    }

    /**
     * Uniform values, {@code xavier_uniform_}; Glorot and Bengio, "Understanding the difficulty of training deep
     * feedforward neural networks", AISTATS 2010.
     *
     * <pre>  W_ij ~ U(-L, L),  L = gain sqrt(6 / (in + out))</pre>
     *
     * @param weight the weight [out,in] to be overwritten
     * @param random the stream to draw from, one word per value in row-major order
     * @param gain makes up for the activation behind the layer
     * @throws ShapeException if the weight has fewer than two axes
     */
    public static void xavierUniform(Tensor weight, TorchRandom random, double gain) {
        uniform(weight, random, gain * Math.sqrt(2.0 / fans("xavierUniform", weight)));
    }

    /**
     * {@link #xavierNormal(Tensor, TorchRandom, double)} with gain 1.
     *
     * @param weight the weight [out,in] to be overwritten
     * @param random the stream to draw from
     */
    public static void xavierNormal(Tensor weight, TorchRandom random) {
        xavierNormal(weight, random, 1);
    }

    /**
     * Normal values, {@code xavier_normal_}; Glorot and Bengio, AISTATS 2010.
     *
     * <pre>  W_ij ~ N(0, sigma^2),  sigma = gain sqrt(2 / (in + out))</pre>
     *
     * @param weight the weight [out,in] to be overwritten
     * @param random the stream to draw from
     * @param gain makes up for the activation behind the layer
     * @throws ShapeException if the weight has fewer than two axes
     */
    public static void xavierNormal(Tensor weight, TorchRandom random, double gain) {
        random.normal(weight.data(), 0, gain * Math.sqrt(2.0 / fans("xavierNormal", weight)));
    }

    /**
     * A uniform distribution of this standard deviation; in the order of PyTorch's roundings, which decide the last
     * bit.
     */
    private static void uniform(Tensor weight, TorchRandom random, double deviation) {
        double bound = Math.sqrt(3) * deviation;
        random.uniform(weight.data(), -bound, bound);
    }

    private static long fans(String method, Tensor weight) {
        return (long) fan(method, weight, FanMode.FAN_IN) + fan(method, weight, FanMode.FAN_OUT);
    }

    private static int fan(String method, Tensor weight, FanMode mode) {
        Shape shape = weight.shape();
        if (shape.rank() < 2) {
            throw new ShapeException(method + ": weight " + shape
                    + " has no inputs and outputs to count: needs at least two axes [out,in]");
        }
        int otherSide = shape.length(mode == FanMode.FAN_IN ? 0 : 1);
        return shape.size() / otherSide;
    }
}
