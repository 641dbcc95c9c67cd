package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * Sum of all elements.
 *
 * <pre>
 *   shapes    x any, N elements    y []
 *   forward   y = sum_i x_i
 *   backward  dL/dx_i += G
 *   cost      one addition per element
 *   source    torch.sum
 * </pre>
 *
 * <p>The sum is infinite if that of some of the elements exceeds a float: of which depends on the order, which is not PyTorch's.
 */
public record SumOp() implements Op {

    @Override
    public String name() {
        return "sum";
    }

    @Override
    public String formula() {
        return "y = sum_i x_i";
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
        out.data()[0] = (float) engine.sum(1, n, (k, from, to, sums) -> k.sumChunks(from, to, n, x, sums));
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        float g = out.grad()[0];
        float[] gx = in[0].grad();
        engine.elements(in[0].size(), Cost.CHEAP, (k, from, to) -> k.addConstant(from, to, g, gx));
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double sum = 0;
        for (double x : in[0]) {
            sum += x;
        }
        return new double[] {sum};
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        return new Rounding[] {Rounding.of(in[0].length, 0, i -> 1, g, e)};
    }
}
