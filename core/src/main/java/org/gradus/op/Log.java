package org.gradus.op;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * Natural logarithm; negative infinity at 0, NaN below.
 *
 * <pre>
 *   shapes    x any    y as x
 *   forward   y = ln(x)
 *   backward  dL/dx += G / x
 *   cost      one log per element; keeps x
 *   source    torch.log
 * </pre>
 */
public record Log() implements Op {

    @Override
    public String name() {
        return "log";
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        engine.log(out.size(), in[0].data(), out.data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.addQuotient(out.size(), out.grad(), in[0].data(), in[0].grad());
    }
}
