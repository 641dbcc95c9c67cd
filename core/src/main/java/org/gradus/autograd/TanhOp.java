package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;

/**
 * Hyperbolic tangent: maps any number into (-1, 1).
 *
 * <pre>
 *   shapes    x any    y as x
 *   forward   y = tanh(x)
 *   backward  dL/dx += G * (1 - y^2)        the derivative needs only the output
 *   cost      one exp and one quotient per element; keeps y
 *   source    torch.tanh
 * </pre>
 */
public record TanhOp() implements Op {

    @Override
    public String name() {
        return "tanh";
    }

    @Override
    public String formula() {
        return "y = tanh(x)";
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
        engine.tanh(out.size(), in[0].data(), out.data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.tanhGrad(out.size(), out.data(), out.grad(), in[0].grad());
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double x = in[0][i];
            y[i] = StrictMath.tanh(x);
        }
        return y;
    }
}
