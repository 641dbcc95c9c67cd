package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

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
public record LogOp() implements Op {

    @Override
    public String name() {
        return "log";
    }

    @Override
    public String formula() {
        return "y = ln(x)";
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
        engine.elements(out.size(), Cost.EXPENSIVE, (k, from, to) -> k.log(from, to, x, y));
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        float[] x = in[0].data();
        float[] g = out.grad();
        float[] gx = in[0].grad();
        engine.elements(out.size(), Cost.CHEAP, (k, from, to) -> k.addQuotient(from, to, g, x, gx));
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double x = in[0][i];
            y[i] = Doubles.log(x);
        }
        return y;
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        return new Rounding[] {Rounding.of(in[0].length, 1, i -> 1 / in[0][i], g, e)};
    }
}
