package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;
import org.gradus.kernel.GemmKind;

/**
 * A linear layer's map: matrix product with a transposed weight, plus a bias row. The same numbers as a product followed by
 * {@link AddOp}, in one pass.
 *
 * <pre>
 *   shapes    x [n,in]    W [out,in]    b [out]    y [n,out]
 *   forward   y = x W^T + b       y_ij = sum_p x_ip W_jp + b_j
 *   backward  dL/dx += G W        [n,out][out,in] -> [n,in]
 *             dL/dW += G^T x      [out,n][n,in] -> [out,in]
 *             dL/db += sum_i G_ij
 *   cost      2 n in out flops forward, 4 n in out backward; keeps x and W
 *   source    torch.nn.functional.linear
 * </pre>
 */
public record AffineOp() implements Op {

    @Override
    public String name() {
        return "affine";
    }

    @Override
    public String formula() {
        return "y = x W^T + b";
    }

    @Override
    public List<String> roles() {
        return List.of("x", "W", "b");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.affine(name(), in[0], in[1], in[2]);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        int n = in[0].shape().length(0);
        int inputs = in[1].shape().length(1);
        int outputs = in[1].shape().length(0);
        engine.affine(n, outputs, inputs, in[0].data(), in[1].data(), in[2].data(), out.data());
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        Tensor x = in[0];
        Tensor w = in[1];
        Tensor b = in[2];
        int n = x.shape().length(0);
        int inputs = w.shape().length(1);
        int outputs = w.shape().length(0);
        float[] g = out.grad();
        if (x.requiresGrad()) {
            engine.gemm(GemmKind.NN, n, inputs, outputs, g, w.data(), x.grad(), true); // G W
        }
        if (w.requiresGrad()) {
            engine.gemm(GemmKind.TN, outputs, inputs, n, g, x.data(), w.grad(), true); // G^T x
        }
        if (b.requiresGrad()) {
            float[] gb = b.grad();
            engine.columns(n, outputs, Cost.COPY, (k, from, to) -> k.addColumnSums(n, outputs, g, gb, from, to));
        }
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        int n = shapes[0].length(0);
        int inputs = shapes[1].length(1);
        int outputs = shapes[1].length(0);
        double[] y = new double[n * outputs];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < outputs; j++) {
                double sum = in[2][j];
                for (int p = 0; p < inputs; p++) {
                    sum += in[0][i * inputs + p] * in[1][j * inputs + p];
                }
                y[i * outputs + j] = sum;
            }
        }
        return y;
    }

    @Override
    public Rounding[] rounding(Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        int n = shapes[0].length(0);
        int inputs = shapes[1].length(1);
        int outputs = shapes[1].length(0);
        return new Rounding[] {
            new Rounding(
                    outputs,
                    Doubles.absoluteProduct(GemmKind.NN, n, inputs, outputs, g, in[1]),
                    Doubles.rootOfSquaredProduct(GemmKind.NN, n, inputs, outputs, e, in[1])),
            new Rounding(
                    n,
                    Doubles.absoluteProduct(GemmKind.TN, outputs, inputs, n, g, in[0]),
                    Doubles.rootOfSquaredProduct(GemmKind.TN, outputs, inputs, n, e, in[0])),
            Rounding.of(outputs, n, i -> 1, g, e)
        };
    }
}
