package org.gradus.autograd;

import java.util.List;
import org.gradus.kernel.Engine;
import org.gradus.kernel.GemmKind;

/**
 * Matrix product.
 *
 * <pre>
 *   shapes    x [n,k]    W [k,m]    y [n,m]         G = dL/dy has the shape of y
 *   forward   y = x W          y_ij = sum_p x_ip W_pj
 *   backward  dL/dx += G W^T   [n,m][m,k] -> [n,k]
 *             dL/dW += x^T G   [k,n][n,m] -> [k,m]
 *   cost      2nkm flops forward, 4nkm backward; keeps x and W
 *   source    Goodfellow, Bengio, Courville: Deep Learning, section 6.5; torch.matmul of matrices
 * </pre>
 */
public record MatMulOp() implements Op {

    @Override
    public String name() {
        return "matMul";
    }

    @Override
    public String formula() {
        return "y = x W";
    }

    @Override
    public List<String> roles() {
        return List.of("x", "W");
    }

    @Override
    public Shape shapeOf(Shape... in) {
        return ShapeRules.product(name(), in[0], in[1]);
    }

    @Override
    public void forward(Engine engine, Tensor[] in, Tensor out) {
        int n = in[0].shape().length(0);
        int k = in[0].shape().length(1);
        int m = in[1].shape().length(1);
        engine.gemm(GemmKind.NN, n, m, k, in[0].data(), in[1].data(), out.data(), false);
    }

    @Override
    public void backward(Engine engine, Tensor[] in, Tensor out) {
        Tensor x = in[0];
        Tensor w = in[1];
        int n = x.shape().length(0);
        int k = x.shape().length(1);
        int m = w.shape().length(1);
        float[] g = out.grad();
        if (x.requiresGrad()) {
            engine.gemm(GemmKind.NT, n, k, m, g, w.data(), x.grad(), true); // G W^T
        }
        if (w.requiresGrad()) {
            engine.gemm(GemmKind.TN, k, m, n, x.data(), g, w.grad(), true); // x^T G
        }
    }

    @Override
    public double[] textbook(Shape[] shapes, double[][] in) {
        int n = shapes[0].length(0);
        int k = shapes[0].length(1);
        int m = shapes[1].length(1);
        double[] y = new double[n * m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                for (int p = 0; p < k; p++) {
                    y[i * m + j] += in[0][i * k + p] * in[1][p * m + j];
                }
            }
        }
        return y;
    }
}
