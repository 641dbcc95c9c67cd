package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * Each row divided by its Euclidean length: points on the unit sphere. Each row's gradient is tangent to the sphere.
 *
 * <pre>
 *   shapes    x [..,m]    y as x
 *   forward   y_i = x_i / max(||x_i||, 1e-12)
 *   backward  dL/dx_i += (G_i - (G_i . y_i) y_i) / ||x_i||
 *             where the clamp acts, dL/dx_i += G_i / 1e-12
 *   cost      4 flops and one quotient per element; keeps x and y
 *   source    torch.nn.functional.normalize with p=2 on the last axis
 * </pre>
 *
 * <p>The squares are summed in float, as PyTorch does. A row of length 1.84e19 or more has infinite squares: it becomes zeros, and
 * so does its gradient. Divide such data by a constant first.
 */
public record NormalizeRowsOp() implements Op {

    @Override
    public String name() {
        return "normalizeRows";
    }

    @Override
    public String formula() {
        return "y_i = x_i / max(||x_i||, 1e-12)";
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
        int rows = out.shape().rows();
        int columns = out.shape().columns();
        float[] x = in[0].data();
        float[] y = out.data();
        engine.rows(rows, columns, Cost.EXPENSIVE, (k, from, to) -> k.normalizeRows(from, to, columns, x, y));
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        int rows = out.shape().rows();
        int columns = out.shape().columns();
        float[] x = in[0].data();
        float[] y = out.data();
        float[] g = out.grad();
        float[] gx = in[0].grad();
        engine.rows(
                rows, columns, Cost.EXPENSIVE, (k, from, to) -> k.normalizeRowsGrad(from, to, columns, x, y, g, gx));
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        int columns = shapes[0].columns();
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            y[i] = in[0][i] / norm(columns, in[0], i / columns);
        }
        return y;
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        int columns = shapes[0].columns();
        double norm = columns / 2.0 + 1; // of the length: half of those of the sum of squares, and its root
        double value = norm + 1;
        return new Rounding[] {
            new Rounding(columns + 2 * value + norm + 2, terms(columns, in[0], out, g), carried(columns, in[0], out, e))
        };
    }

    private static double norm(int columns, double[] x, int row) {
        double squares = 0;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            squares += x[i] * x[i];
        }
        return Math.max(Math.sqrt(squares), 1e-12);
    }

    /** {@code (g_i + (g_i . |y_i|) |y_i|) / ||x_i||}. */
    private static double[] terms(int columns, double[] x, double[] y, double[] g) {
        double[] terms = new double[g.length];
        for (int start = 0; start < g.length; start += columns) {
            double along = 0;
            for (int i = start; i < start + columns; i++) {
                along += g[i] * Math.abs(y[i]);
            }
            for (int i = start; i < start + columns; i++) {
                terms[i] = (g[i] + along * Math.abs(y[i])) / norm(columns, x, start / columns);
            }
        }
        return terms;
    }

    /** {@code sqrt(sum_j ((i == j) - y_i y_j)^2 e_j^2) / ||x_i||}. */
    private static double[] carried(int columns, double[] x, double[] y, double[] e) {
        double[] carried = new double[e.length];
        for (int i = 0; i < e.length; i++) {
            int start = i / columns * columns;
            double squares = 0;
            for (int j = start; j < start + columns; j++) {
                double error = ((i == j ? 1 : 0) - y[i] * y[j]) * e[j];
                squares += error * error;
            }
            carried[i] = Math.sqrt(squares) / norm(columns, x, i / columns);
        }
        return carried;
    }
}
