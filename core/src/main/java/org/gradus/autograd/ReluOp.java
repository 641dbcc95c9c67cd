package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * Rectified linear unit.
 *
 * <pre>
 *   shapes    x any    y as x
 *   forward   y = max(x, 0)
 *   backward  dL/dx += 0 where x &lt;= 0, else G
 *   cost      one comparison per element; keeps x
 *   source    torch.nn.functional.relu; the derivative at 0 is 0
 * </pre>
 *
 * <p>NaN is handed on in both directions: y is NaN where x is, and G passes there. -0 stays -0. Both as in PyTorch.
 */
public record ReluOp() implements Op {

    @Override
    public String name() {
        return "relu";
    }

    @Override
    public String formula() {
        return "y = max(x, 0)";
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
        engine.elements(out.size(), Cost.CHEAP, (k, from, to) -> k.relu(from, to, x, y));
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        float[] x = in[0].data();
        float[] g = out.grad();
        float[] gx = in[0].grad();
        engine.elements(out.size(), Cost.CHEAP, (k, from, to) -> k.reluGrad(from, to, x, g, gx));
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double[] y = new double[in[0].length];
        for (int i = 0; i < y.length; i++) {
            double x = in[0][i];
            y[i] = x < 0 ? 0 : x;
        }
        return y;
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        return new Rounding[] {Rounding.of(in[0].length, 0, i -> in[0][i] <= 0 ? 0 : 1, g, e)};
    }
}
