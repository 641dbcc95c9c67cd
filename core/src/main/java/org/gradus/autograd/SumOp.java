package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;

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
        out.data()[0] = (float) engine.sum(in[0].size(), in[0].data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.addConstant(in[0].size(), out.grad()[0], in[0].grad());
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double sum = 0;
        for (double x : in[0]) {
            sum += x;
        }
        return new double[] {sum};
    }
}
