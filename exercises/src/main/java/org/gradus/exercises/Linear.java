package org.gradus.exercises;

/**
 * Exercise 2: the three gradients of a linear layer.
 *
 * <p><b>Task.</b> {@link #forward} is given. Write {@link #backward}.
 *
 * <p><b>Where you are.</b> A batch of n samples went through the layer. Row i of x is one sample, row i of y what became of it.
 * {@code gradY} [n,out] has come down from the loss. Three arrays wait for their part: x, because the layers below want to
 * learn as well, and W and b, because this layer does.
 *
 * <pre>
 *   forward    y_ij = sum_p x_ip W_jp + b_j      x [n,in]   W [out,in]   b [out]   y [n,out]
 *
 *   backward   dL/dx_ip += sum_j G_ij W_jp       G W        [n,out] [out,in] -> [n,in]
 *              dL/dW_jp += sum_i G_ij x_ip       G^T x      [out,n] [n,in]   -> [out,in]
 *              dL/db_j  += sum_i G_ij
 * </pre>
 *
 * <p>All matrices lie in memory row by row: W_jp is {@code w[j * inputs + p]}.
 *
 * <p><b>How to see it.</b> Take one term of the forward sum, {@code x_ip * W_jp}. It goes into y_ij and nowhere else. Move x_ip
 * by a little: y_ij moves W_jp times as much, and L moves G_ij times that. Now collect: x_ip goes into all y_ij of its row, so
 * its gradient sums over j. W_jp is used once by every sample, so its gradient sums over i.
 *
 * <p><b>Hint.</b> The same three loops as in forward; in the innermost place two additions. For b a line one loop further out.
 * The shapes leave only one way to multiply: a gradient always has the shape of what it belongs to.
 *
 * <p><b>Where to read.</b> {@code Affine} in the core module does the same with three calls of the matrix product; PyTorch
 * calls it {@code torch.nn.functional.linear}.
 */
public final class Linear {

    private Linear() {}

    /**
     * {@code y = x W^T + b}.
     *
     * @param n samples
     * @param inputs numbers per sample
     * @param outputs numbers per sample of the result
     * @param x [n,inputs]
     * @param w [outputs,inputs]
     * @param b [outputs]
     * @return y [n,outputs]
     */
    public static double[] forward(int n, int inputs, int outputs, double[] x, double[] w, double[] b) {
        double[] y = new double[n * outputs];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < outputs; j++) {
                double sum = b[j];
                for (int p = 0; p < inputs; p++) {
                    sum += x[i * inputs + p] * w[j * inputs + p];
                }
                y[i * outputs + j] = sum;
            }
        }
        return y;
    }

    /**
     * Adds this step's parts to the three gradients.
     *
     * @param n samples
     * @param inputs numbers per sample
     * @param outputs numbers per sample of the result
     * @param x what went into {@link #forward} [n,inputs]
     * @param w what went into {@link #forward} [outputs,inputs]
     * @param gradY dL/dy [n,outputs]
     * @param gradX dL/dx so far [n,inputs]
     * @param gradW dL/dW so far [outputs,inputs]
     * @param gradB dL/db so far [outputs]
     */
    public static void backward(
            int n,
            int inputs,
            int outputs,
            double[] x,
            double[] w,
            double[] gradY,
            double[] gradX,
            double[] gradW,
            double[] gradB) {
        // Your loops go here.
    }
}
