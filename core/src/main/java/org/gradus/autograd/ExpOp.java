package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

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
public record ExpOp() implements Op {

    @Override
    public String name() {
        return "exp";
    }

    @Override
    public String formula() {
        return "y = exp(x)";
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
        engine.elements(out.size(), Cost.EXPENSIVE, (k, from, to) -> k.exp(from, to, x, y));
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        float[] y = out.data();
        float[] g = out.grad();
        float[] gx = in[0].grad();
        engine.elements(out.size(), Cost.CHEAP, (k, from, to) -> k.addProduct(from, to, g, y, gx));
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double x = in[0][i];
            y[i] = Doubles.exp(x);
        }
        return y;
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        return new Rounding[] {Rounding.of(in[0].length, Doubles.EXP + 1, i -> out[i], g, e)};
    }
}
