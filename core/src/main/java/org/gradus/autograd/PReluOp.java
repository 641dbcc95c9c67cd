package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * Parametric rectified linear unit: below 0 a learned slope instead of 0.
 *
 * <pre>
 *   shapes    x [..,m]    a [1] or [m]    y as x
 *   forward   y = x where x &gt; 0, else a x
 *   backward  dL/dx += G where x &gt; 0, else a G
 *             dL/da += sum of G x where x is not above 0, over all elements or over each column
 *   cost      one product per element; keeps x
 *   source    He, Zhang, Ren, Sun 2015, arXiv:1502.01852; torch.nn.functional.prelu of matrices.
 *             At x = 0: value 0, derivative a for x and 0 for a
 * </pre>
 */
public record PReluOp() implements Op {

    @Override
    public String name() {
        return "prelu";
    }

    @Override
    public String formula() {
        return "y = x where x > 0, else a x";
    }

    @Override
    public List<String> roles() {
        return List.of("x", "a");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.slope(name(), in[0], in[1]);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        int rows = out.shape().rows();
        int columns = out.shape().columns();
        float[] x = in[0].data();
        float[] a = in[1].data();
        float[] y = out.data();
        engine.rows(
                rows, columns, Cost.CHEAP, (k, from, to) -> k.prelu(from * columns, to * columns, columns, x, a, y));
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        int rows = out.shape().rows();
        int columns = out.shape().columns();
        float[] x = in[0].data();
        float[] g = out.grad();
        if (in[0].requiresGrad()) {
            float[] a = in[1].data();
            float[] gx = in[0].grad();
            engine.rows(
                    rows,
                    columns,
                    Cost.CHEAP,
                    (k, from, to) -> k.preluGrad(from * columns, to * columns, columns, x, a, g, gx));
        }
        if (in[1].requiresGrad()) {
            engine.preluSlopeGrad(rows, columns, x, g, in[1].grad());
        }
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double x = in[0][i];
            y[i] = x > 0 ? x : in[1][i % in[1].length] * x;
        }
        return y;
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        double[] x = in[0];
        double[] a = in[1];
        int terms = x.length / a.length;
        return new Rounding[] {
            Rounding.of(x.length, 1, i -> x[i] > 0 ? 1 : a[i % a.length], g, e),
            Rounding.of(a.length, terms, i -> x[i] > 0 ? 0 : x[i], g, e)
        };
    }
}
