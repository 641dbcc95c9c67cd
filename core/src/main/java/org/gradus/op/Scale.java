package org.gradus.op;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * A multiple by a constant.
 *
 * <pre>
 *   shapes    x any    y as x
 *   forward   y = s x
 *   backward  dL/dx += s G
 *   cost      one product per element
 *   source    torch.mul by a number
 * </pre>
 *
 * @param factor the constant s
 */
public record Scale(float factor) implements Op {

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        engine.scale(out.size(), factor, in[0].data(), out.data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.addScaled(out.size(), factor, out.grad(), in[0].grad());
    }
}
