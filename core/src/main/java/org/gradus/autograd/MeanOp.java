package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * Mean of all elements.
 *
 * <pre>
 *   shapes    x any, N elements    y []
 *   forward   y = (1/N) sum_i x_i
 *   backward  dL/dx_i += G / N
 *   cost      one addition per element
 *   source    torch.mean
 * </pre>
 *
 * <p>The elements are summed and then divided, as in PyTorch: the mean is infinite if the sum of some exceeds a float.
 */
public record MeanOp() implements Op {

    @Override
    public String name() {
        return "mean";
    }

    @Override
    public String formula() {
        return "y = (1/N) sum_i x_i";
    }

    @Override
    public List<String> roles() {
        return List.of("x");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return Shape.SCALAR;
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        int n = in[0].size();
        float[] x = in[0].data();
        double sum = engine.sum(1, n, (k, from, to, sums) -> k.sumChunks(from, to, n, x, sums));
        out.data()[0] = (float) (sum / n);
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        int n = in[0].size();
        float g = out.grad()[0] / n;
        float[] gx = in[0].grad();
        engine.elements(n, Cost.CHEAP, (k, from, to) -> k.addConstant(from, to, g, gx));
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double sum = 0;
        for (double x : in[0]) {
            sum += x;
        }
        return new double[] {sum / in[0].length};
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        double n = in[0].length;
        return new Rounding[] {Rounding.of(in[0].length, 1, i -> 1 / n, g, e)};
    }
}
