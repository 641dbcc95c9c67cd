package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * Binary cross-entropy of {@code p = sigmoid(z)}, computed from z without loss where p comes near 0 or 1.
 *
 * <pre>
 *   shapes    z any, N elements    y as z    L []
 *   forward   L = (1/N) sum_i max(z_i, 0) - z_i y_i + ln(1 + exp(-|z_i|))
 *   backward  dL/dz_i += G (sigmoid(z_i) - y_i) / N
 *             dL/dy_i += -G z_i / N
 *   cost      one exp and one logarithm per element forward, one exp backward; keeps z and y
 *   source    torch.nn.functional.binary_cross_entropy_with_logits
 * </pre>
 *
 * <p>{@code forward} refuses a y outside [0, 1] with a {@link org.gradus.autograd.DomainException}; NaN is let through.
 *
 * <p>For an infinite z the loss is NaN where the formula has {@code inf - inf} or {@code 0 * inf}, else infinite. PyTorch writes the
 * same function as {@code (1 - y) z + ln(1 + exp(-z))} and has its NaN at other targets; neither is a loss to train with. The
 * gradient for z is finite, and PyTorch's.
 */
public record BceWithLogitsOp() implements Op {

    @Override
    public String name() {
        return "bceWithLogits";
    }

    @Override
    public String formula() {
        return "L = (1/N) sum_i max(z_i, 0) - z_i y_i + ln(1 + exp(-|z_i|))";
    }

    @Override
    public List<String> roles() {
        return List.of("z", "y");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.loss(name(), in[0], in[1]);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        Probabilities.requireTargets(name(), engine, in[1]);
        int rows = in[0].shape().rows();
        int columns = in[0].shape().columns();
        float[] z = in[0].data();
        float[] y = in[1].data();
        double sum =
                engine.sum(rows, columns, (k, from, to, sums) -> k.bceWithLogitsChunks(from, to, columns, z, y, sums));
        out.data()[0] = (float) (sum / in[0].size());
    }

    /**
     * Looks at targets before they are used: those of a whole set, once.
     *
     * @param engine the arithmetic
     * @param y any number of samples along the first axis
     * @throws org.gradus.autograd.DomainException at the first number outside [0,1]
     */
    public void requireTargets(Engine engine, Tensor y) {
        Probabilities.requireTargets(name(), engine, y);
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        int n = in[0].size();
        float s = out.grad()[0] / n;
        float[] z = in[0].data();
        if (in[0].requiresGrad()) {
            float[] y = in[1].data();
            float[] gz = in[0].grad();
            engine.elements(n, Cost.EXPENSIVE, (k, from, to) -> k.bceWithLogitsGrad(from, to, s, z, y, gz));
        }
        if (in[1].requiresGrad()) {
            float[] gy = in[1].grad();
            engine.elements(n, Cost.CHEAP, (k, from, to) -> k.addScaled(from, to, -s, z, gy));
        }
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double sum = 0;
        for (int i = 0; i < in[0].length; i++) {
            double z = in[0][i];
            sum += Math.max(z, 0) - z * in[1][i] + Doubles.log1p(Doubles.exp(-Math.abs(z)));
        }
        return new double[] {sum / in[0].length};
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        double[] z = in[0];
        double[] y = in[1];
        int n = z.length;
        return new Rounding[] {
            Rounding.of(
                    n,
                    Doubles.SIGMOID + 3,
                    i -> (Doubles.sigmoid(z[i]) + Math.abs(Doubles.sigmoid(z[i]) - y[i])) / n,
                    i -> (Doubles.sigmoid(z[i]) - y[i]) / n,
                    g,
                    e),
            Rounding.of(n, 2, i -> z[i] / n, g, e)
        };
    }
}
