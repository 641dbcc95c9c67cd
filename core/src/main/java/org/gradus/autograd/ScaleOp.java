package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

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
public record ScaleOp(float factor) implements Op {

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public String formula() {
        return "y = s x";
    }

    @Override
    public List<String> roles() {
        return List.of("x");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return in[0];
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        float[] x = in[0].data();
        float[] y = out.data();
        engine.elements(out.size(), Cost.CHEAP, (k, from, to) -> k.scale(from, to, factor, x, y));
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        float[] g = out.grad();
        float[] gx = in[0].grad();
        engine.elements(out.size(), Cost.CHEAP, (k, from, to) -> k.addScaled(from, to, factor, g, gx));
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double x = in[0][i];
            y[i] = factor * x;
        }
        return y;
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        return new Rounding[] {Rounding.of(in[0].length, 1, i -> factor, g, e)};
    }
}
