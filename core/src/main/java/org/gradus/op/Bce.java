package org.gradus.op;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * Binary cross-entropy of probabilities p and targets y, both in [0, 1]. Targets between 0 and 1 leave a loss above 0 even
 * where p equals y.
 *
 * <pre>
 *   shapes    p any, N elements    y as p    L []
 *   forward   L = (1/N) sum_i -(y_i ln p_i + (1 - y_i) ln(1 - p_i))    each logarithm at least -100
 *   backward  dL/dp_i += G (p_i - y_i) / max(p_i (1 - p_i), 1e-12) / N    also where the clamp of the logarithms acts
 *             dL/dy_i += G (ln(1 - p_i) - ln p_i) / N
 *   cost      two logarithms per element forward, one quotient backward; keeps p and y
 *   source    torch.nn.functional.binary_cross_entropy
 * </pre>
 */
public record Bce() implements Op {

    @Override
    public String name() {
        return "bce";
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.loss(name(), in[0], in[1]);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        Shape shape = in[0].shape();
        double sum = engine.bce(shape.rows(), shape.columns(), in[0].data(), in[1].data());
        out.data()[0] = (float) (sum / shape.size());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        int n = in[0].size();
        float g = out.grad()[0];
        if (in[0].requiresGrad()) {
            engine.bceGrad(n, g / n, in[0].data(), in[1].data(), in[0].grad());
        }
        if (in[1].requiresGrad()) {
            engine.bceTargetGrad(n, g / n, in[0].data(), in[1].grad());
        }
    }
}
