package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

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
        float[] g = out.grad();
        float[] gx = in[0].grad();
        engine.elements(out.size(), Cost.CHEAP, (k, from, to) -> k.addScaled(from, to, 1f, g, gx));
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        return in[0].clone();
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        return new Rounding[] {Rounding.of(in[0].length, 0, i -> 1, g, e)};
    }
}
