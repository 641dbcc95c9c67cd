package org.gradus.op;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * Hyperbolic tangent: maps any number into (-1, 1).
 *
 * <pre>
 *   shapes    x any    y as x
 *   forward   y = tanh(x)
 *   backward  dL/dx += G * (1 - y^2)        the derivative needs only the output
 *   cost      one exp and one quotient per element; keeps y
 *   source    torch.tanh
 * </pre>
 */
public record Tanh() implements Op {

    @Override
    public String name() {
        return "tanh";
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        engine.tanh(out.size(), in[0].data(), out.data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.tanhGrad(out.size(), out.data(), out.grad(), in[0].grad());
    }
}
