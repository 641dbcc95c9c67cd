package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;

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
        Shape shape = out.shape();
        engine.prelu(shape.rows(), shape.columns(), in[0].data(), in[1].data(), out.data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        int rows = out.shape().rows();
        int columns = out.shape().columns();
        float[] x = in[0].data();
        if (in[0].requiresGrad()) {
            engine.preluGrad(rows, columns, x, in[1].data(), out.grad(), in[0].grad());
        }
        if (in[1].requiresGrad()) {
            engine.preluSlopeGrad(rows, columns, x, out.grad(), in[1].grad());
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
}
