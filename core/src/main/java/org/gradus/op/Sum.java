package org.gradus.op;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * Sum of all elements.
 *
 * <pre>
 *   shapes    x any, N elements    y []
 *   forward   y = sum_i x_i
 *   backward  dL/dx_i += G
 *   cost      one addition per element
 *   source    torch.sum
 * </pre>
 */
public record Sum() implements Op {

    @Override
    public String name() {
        return "sum";
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return Shape.SCALAR;
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        out.data()[0] = (float) engine.sum(in[0].size(), in[0].data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.addConstant(in[0].size(), out.grad()[0], in[0].grad());
    }
}
