package org.gradus.op;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * Each row divided by its Euclidean length: points on the unit sphere. Each row's gradient is tangent to the sphere.
 *
 * <pre>
 *   shapes    x [..,m]    y as x
 *   forward   y_i = x_i / max(||x_i||, 1e-12)
 *   backward  dL/dx_i += (G_i - (G_i . y_i) y_i) / ||x_i||
 *             where the clamp acts, dL/dx_i += G_i / 1e-12
 *   cost      4 flops and one quotient per element; keeps x and y
 *   source    torch.nn.functional.normalize with p=2 on the last axis
 * </pre>
 */
public record NormalizeRows() implements Op {

    @Override
    public String name() {
        return "normalizeRows";
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        engine.normalizeRows(out.shape().rows(), out.shape().columns(), in[0].data(), out.data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.normalizeRowsGrad(
                out.shape().rows(), out.shape().columns(), in[0].data(), out.data(), out.grad(), in[0].grad());
    }
}
