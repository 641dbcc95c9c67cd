package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;

/**
 * Cross-entropy of a softmax over each row against the number of the right class.
 *
 * <pre>
 *   shapes    z [n,c]    k [n], whole numbers from 0 to c-1    L []
 *   forward   L = (1/n) sum_i ln(sum_j exp(z_ij)) - z_ik    with the row's largest z taken off first
 *   backward  dL/dz_ij += G (softmax(z_i)_j - (j == k_i)) / n
 *   cost      one exp per element forward, two backward; keeps z
 *   source    torch.nn.functional.cross_entropy with class indices
 * </pre>
 *
 * <p>No gradient flows to the classes. {@code forward} throws {@link DomainException} if one is not a whole number
 * from 0 to c-1.
 */
public record SoftmaxCrossEntropyOp() implements Op {

    @Override
    public String name() {
        return "softmaxCrossEntropy";
    }

    @Override
    public String formula() {
        return "L = (1/n) sum_i ln(sum_j exp(z_ij)) - z_ik";
    }

    @Override
    public List<String> roles() {
        return List.of("z", "k");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.classes(name(), in[0], in[1]);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        int n = in[0].shape().length(0);
        int columns = in[0].shape().length(1);
        requireClasses(in[1], columns);
        out.data()[0] = (float) (engine.softmaxCrossEntropy(n, columns, in[0].data(), in[1].data()) / n);
    }

    private void requireClasses(Tensor k, int columns) {
        float[] classes = k.data();
        for (int i = 0; i < classes.length; i++) {
            if (!(classes[i] >= 0 && classes[i] < columns && classes[i] == (int) classes[i])) {
                int sample = k.shape().sampleOf(i);
                String largest = columns == Integer.MAX_VALUE ? " on" : " to " + (columns - 1);
                throw new DomainException(
                        name() + ": class" + k.shape().place(i) + " is " + classes[i]
                                + ", expected a whole number from 0" + largest,
                        sample,
                        k.shape().samples());
            }
        }
    }

    /**
     * Looks at classes before they are used: those of a whole set, once. How many there are is not known yet.
     *
     * @param k any number of samples
     * @throws DomainException at the first that is not a whole number from 0 on
     */
    public void requireTargets(Tensor k) {
        requireClasses(k, Integer.MAX_VALUE);
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        if (in[0].requiresGrad()) {
            int n = in[0].shape().length(0);
            int columns = in[0].shape().length(1);
            float s = out.grad()[0] / n;
            float[] z = in[0].data();
            float[] classes = in[1].data();
            float[] gz = in[0].grad();
            engine.rows(
                    n,
                    columns,
                    Cost.EXPENSIVE,
                    (k, from, to) -> k.softmaxCrossEntropyGrad(from, to, columns, s, z, classes, gz));
        }
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        int columns = shapes[0].columns();
        int n = shapes[0].rows();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Doubles.logSumExp(columns, in[0], i) - in[0][i * columns + (int) in[1][i]];
        }
        return new double[] {sum / n};
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        int columns = shapes[0].columns();
        int n = shapes[0].rows();
        double[] z = in[0];
        double[] p = new double[z.length];
        double[] slope = new double[z.length];
        double[] size = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            int row = i / columns;
            p[i] = Doubles.exp(z[i] - Doubles.logSumExp(columns, z, row));
            slope[i] = (p[i] - (i % columns == (int) in[1][row] ? 1 : 0)) / n;
            // z - max rounds once, which moves its exponential by u times its size: hence the spread
            size[i] = p[i] * (1 + Doubles.spread(columns, z, row)) / n + Math.abs(slope[i]);
        }
        return new Rounding[] {
            Rounding.of(z.length, columns + 2 * Doubles.EXP + 4, i -> size[i], i -> slope[i], g, e),
            Rounding.of(n, 0, i -> 0, g, e)
        };
    }
}
