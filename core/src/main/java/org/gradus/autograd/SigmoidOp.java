package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;

/**
 * Logistic function: maps any number into (0, 1).
 *
 * <pre>
 *   shapes    x any    y as x
 *   forward   y = 1 / (1 + exp(-x))
 *   backward  dL/dx += G * y * (1 - y)      the derivative needs only the output
 *   cost      one exp and one quotient per element; keeps y
 *   source    torch.sigmoid
 * </pre>
 */
public record SigmoidOp() implements Op {

    @Override
    public String name() {
        return "sigmoid";
    }

    @Override
    public String formula() {
        return "y = 1 / (1 + exp(-x))";
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
        engine.sigmoid(out.size(), in[0].data(), out.data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        engine.sigmoidGrad(out.size(), out.data(), out.grad(), in[0].grad());
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double x = in[0][i];
            y[i] = 1 / (1 + StrictMath.exp(-x));
        }
        return y;
    }
}
