package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * Product, element by element; a row as second operand is used for every row of the first.
 *
 * <pre>
 *   shapes    x [..,m]    y the same, or [m]    z as x
 *   forward   z = x * y
 *   backward  dL/dx += G * y
 *             dL/dy += G * x        summed over the rows if y is one row
 *   cost      one product per element; keeps x and y
 *   source    torch.mul
 * </pre>
 */
public record MulOp() implements Op {

    @Override
    public String name() {
        return "mul";
    }

    @Override
    public String formula() {
        return "z = x * y";
    }

    @Override
    public List<String> roles() {
        return List.of("x", "y");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.sameOrRow(name(), in[0], in[1]);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        float[] x = in[0].data();
        float[] y = Rows.repeated(engine, in[1], out);
        float[] z = out.data();
        engine.elements(out.size(), Cost.CHEAP, (k, from, to) -> k.mul(from, to, x, y, z));
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        int n = out.size();
        float[] g = out.grad();
        if (in[0].requiresGrad()) {
            float[] y = Rows.repeated(engine, in[1], out);
            float[] gx = in[0].grad();
            engine.elements(n, Cost.CHEAP, (k, from, to) -> k.addProduct(from, to, g, y, gx));
        }
        if (in[1].requiresGrad()) {
            float[] x = in[0].data();
            float[] gy = Rows.gradFor(engine, in[1], out);
            engine.elements(n, Cost.CHEAP, (k, from, to) -> k.addProduct(from, to, g, x, gy));
            Rows.collect(engine, gy, in[1], out);
        }
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double[] z = new double[in[0].length];
        for (int i = 0; i < z.length; i++) {
            z[i] = in[0][i] * in[1][i % in[1].length];
        }
        return z;
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        double[] x = in[0];
        double[] y = in[1];
        int rows = x.length == y.length ? 0 : x.length / y.length;
        return new Rounding[] {
            Rounding.of(x.length, 1, i -> y[i % y.length], g, e), Rounding.of(y.length, 1 + rows, i -> x[i], g, e)
        };
    }
}
