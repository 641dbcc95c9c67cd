package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

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
        float[] x = in[0].data();
        float[] y = out.data();
        engine.elements(out.size(), Cost.EXPENSIVE, (k, from, to) -> k.sigmoid(from, to, x, y));
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        float[] y = out.data();
        float[] g = out.grad();
        float[] gx = in[0].grad();
        engine.elements(out.size(), Cost.CHEAP, (k, from, to) -> k.sigmoidGrad(from, to, y, g, gx));
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double x = in[0][i];
            y[i] = Doubles.sigmoid(x);
        }
        return y;
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        // 1 - y cancels: its error is that of y, however small the difference
        return new Rounding[] {
            Rounding.of(in[0].length, 2 * Doubles.SIGMOID + 3, i -> out[i], i -> out[i] * (1 - out[i]), g, e)
        };
    }
}
