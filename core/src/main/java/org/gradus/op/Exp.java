package org.gradus.op;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * Exponential function.
 *
 * <pre>
 *   shapes    x any    y as x
 *   forward   y = exp(x)
 *   backward  dL/dx += G * y                the function is its own derivative
 *   cost      one exp per element; keeps y
 *   source    torch.exp
 * </pre>
 */
public record Exp() implements Op {

    @Override
    public String name() {
        return "exp";
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        engine.exp(out.size(), in[0].data(), out.data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.addProduct(out.size(), out.grad(), out.data(), in[0].grad());
    }
}
