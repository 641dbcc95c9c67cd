package org.gradus.op;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

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
 */
public record Mse() implements Op {

    @Override
    public String name() {
        return "mse";
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.loss(name(), in[0], in[1]);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        Shape shape = in[0].shape();
        double sum = engine.squaredError(shape.rows(), shape.columns(), in[0].data(), in[1].data());
        out.data()[0] = (float) (sum / shape.size());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        int n = in[0].size();
        float g = out.grad()[0];
        if (in[0].requiresGrad()) {
            engine.addScaledDifference(n, g * 2f / n, in[0].data(), in[1].data(), in[0].grad());
        }
        if (in[1].requiresGrad()) {
            engine.addScaledDifference(n, g * 2f / n, in[1].data(), in[0].data(), in[1].grad());
        }
    }
}
