package org.gradus.op;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * Mean of all elements.
 *
 * <pre>
 *   shapes    x any, N elements    y []
 *   forward   y = (1/N) sum_i x_i
 *   backward  dL/dx_i += G / N
 *   cost      one addition per element
 *   source    torch.mean
 * </pre>
 */
public record Mean() implements Op {

    @Override
    public String name() {
        return "mean";
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return Shape.SCALAR;
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        out.data()[0] = (float) (engine.sum(in[0].size(), in[0].data()) / in[0].size());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.addConstant(in[0].size(), out.grad()[0] / in[0].size(), in[0].grad());
    }
}
