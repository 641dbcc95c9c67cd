package org.gradus.op;

import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.GemmKind;

/**
 * A linear layer's map: matrix product with a transposed weight, plus a bias row. The same numbers as a product followed by
 * {@link Add}, in one pass.
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
public record Affine() implements Op {

    @Override
    public String name() {
        return "affine";
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
            engine.addColumnSums(n, outputs, g, b.grad());
        }
    }
}
