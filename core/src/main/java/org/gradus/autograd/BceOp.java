package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * Binary cross-entropy of probabilities p and targets y, both in [0, 1]. Targets between 0 and 1 leave a loss above 0 even
 * where p equals y.
 *
 * <pre>
 *   shapes    p any, N elements    y as p    L []
 *   forward   L = (1/N) sum_i -(y_i ln p_i + (1 - y_i) ln(1 - p_i))    each logarithm at least -100
 *   backward  dL/dp_i += G (p_i - y_i) / max(p_i (1 - p_i), 1e-12) / N    also where the clamp of the logarithms acts
 *             dL/dy_i += G (ln(1 - p_i) - ln p_i) / N    with the same clamps: the derivative of L
 *   cost      two logarithms per element forward, one quotient backward; keeps p and y
 *   source    torch.nn.functional.binary_cross_entropy
 * </pre>
 *
 * <p>{@code forward} refuses a p outside [0, 1], which has no logarithms, as PyTorch does, and a y outside, with a
 * {@link org.gradus.autograd.DomainException}. End the network with {@link org.gradus.nn.Sigmoid}, or use
 * {@link org.gradus.nn.BCEWithLogitsLoss}, whose z may be any numbers. NaN is let through, and makes L NaN; PyTorch refuses a p that
 * is NaN, but not a y.
 *
 * <p>PyTorch does not clamp the logarithms of {@code dL/dy_i}, which is infinite there at p of 0 and 1 though its L is not; here it is
 * 100 and -100 times G / N.
 */
public record BceOp() implements Op {

    @Override
    public String name() {
        return "bce";
    }

    @Override
    public String formula() {
        return "L = (1/N) sum_i -(y_i ln p_i + (1 - y_i) ln(1 - p_i))";
    }

    @Override
    public List<String> roles() {
        return List.of("p", "y");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.loss(name(), in[0], in[1]);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        Probabilities.requireTargets(name(), engine, in[1]);
        int rows = in[0].shape().rows();
        int columns = in[0].shape().columns();
        float[] p = in[0].data();
        float[] y = in[1].data();
        double sum = engine.sum(rows, columns, (k, from, to, sums) -> k.bceChunks(from, to, columns, p, y, sums));
        if (Double.isNaN(sum)) {
            // outside [0,1] a logarithm is NaN, and so is every sum it enters: a finite loss vouches for the outputs
            Probabilities.requireOutputs(name(), engine, in[0]);
        }
        out.data()[0] = (float) (sum / in[0].size());
    }

    /**
     * Looks at targets before they are used: those of a whole set, once.
     *
     * @param engine the arithmetic
     * @param y any number of samples along the first axis
     * @throws org.gradus.autograd.DomainException at the first number outside [0,1]
     */
    public void requireTargets(Engine engine, Tensor y) {
        Probabilities.requireTargets(name(), engine, y);
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        int n = in[0].size();
        float s = out.grad()[0] / n;
        float[] p = in[0].data();
        if (in[0].requiresGrad()) {
            float[] y = in[1].data();
            float[] gp = in[0].grad();
            engine.elements(n, Cost.EXPENSIVE, (k, from, to) -> k.bceGrad(from, to, s, p, y, gp));
        }
        if (in[1].requiresGrad()) {
            float[] gy = in[1].grad();
            engine.elements(n, Cost.EXPENSIVE, (k, from, to) -> k.bceTargetGrad(from, to, s, p, gy));
        }
    }

    /** Beyond 0 and 1 the logarithms stay at their clamp, unlike those of {@code forward}: differences at the ends reach there. */
    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        double sum = 0;
        for (int i = 0; i < in[0].length; i++) {
            double p = in[0][i];
            double y = in[1][i];
            sum -= y * clampedLog(p) + (1 - y) * clampedLog(1 - p);
        }
        return new double[] {sum / in[0].length};
    }

    private static double clampedLog(double x) {
        return x <= 0 ? -100 : Math.max(StrictMath.log(x), -100);
    }
}
