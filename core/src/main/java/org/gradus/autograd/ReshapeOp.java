package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;

/**
 * The same numbers, in the same order, under another shape. They are copied: there are no views.
 *
 * <pre>
 *   shapes    x any, N elements    y any of N elements
 *   forward   y_i = x_i
 *   backward  dL/dx_i += G_i
 *   cost      one copy per element
 *   source    torch.reshape
 * </pre>
 *
 * @param shape the new shape
 */
public record ReshapeOp(Shape shape) implements Op {

    @Override
    public String name() {
        return "reshape";
    }

    @Override
    public String formula() {
        return "y_i = x_i";
    }

    @Override
    public List<String> roles() {
        return List.of("x");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.sameSize(name(), in[0], shape);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        System.arraycopy(in[0].data(), 0, out.data(), 0, out.size());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.addScaled(out.size(), 1f, out.grad(), in[0].grad());
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        return in[0].clone();
    }
}
