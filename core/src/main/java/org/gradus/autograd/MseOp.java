package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * Mean squared error.
 *
 * <pre>
 *   shapes    p any, N elements    y as p    L []
 *   forward   L = (1/N) sum_i (p_i - y_i)^2
 *   backward  dL/dp_i += G 2 (p_i - y_i) / N
 *             dL/dy_i += G 2 (y_i - p_i) / N
 *   cost      2 flops per element; keeps p and y
 *   source    torch.nn.functional.mse_loss
 * </pre>
 *
 * <p>The squares are summed in float, as PyTorch does: the loss is infinite from differences of 1.84e19 on, and 0 where all are below
 * 2.6e-23, though the gradient is right.
 */
public record MseOp() implements Op {

    @Override
    public String name() {
        return "mse";
    }

    @Override
    public String formula() {
        return "L = (1/N) sum_i (p_i - y_i)^2";
    }

    @Override
    public List<String> roles() {
        return List.of("p", "y");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.loss(name(), in[0], in[1]);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        int rows = in[0].shape().rows();
        int columns = in[0].shape().columns();
        float[] x = in[0].data();
        float[] y = in[1].data();
        double sum =
                engine.sum(rows, columns, (k, from, to, sums) -> k.squaredErrorChunks(from, to, columns, x, y, sums));
        out.data()[0] = (float) (sum / in[0].size());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        int n = in[0].size();
        float s = out.grad()[0] * 2f / n;
        float[] x = in[0].data();
        float[] y = in[1].data();
        if (in[0].requiresGrad()) {
            float[] gx = in[0].grad();
            engine.elements(n, Cost.CHEAP, (k, from, to) -> k.addScaledDifference(from, to, s, x, y, gx));
        }
        if (in[1].requiresGrad()) {
            float[] gy = in[1].grad();
            engine.elements(n, Cost.CHEAP, (k, from, to) -> k.addScaledDifference(from, to, s, y, x, gy));
        }
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double sum = 0;
        for (int i = 0; i < in[0].length; i++) {
            double error = in[0][i] - in[1][i];
            sum += error * error;
        }
        return new double[] {sum / in[0].length};
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        int n = in[0].length;
        Rounding both = Rounding.of(n, 4, i -> 2 * (in[0][i] - in[1][i]) / n, g, e);
        return new Rounding[] {both, both};
    }
}
