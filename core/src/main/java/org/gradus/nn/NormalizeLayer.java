package org.gradus.nn;

import org.gradus.autograd.Tensor;

/**
 * Each row divided by its length, {@code torch.nn.functional.normalize(x, p=2, dim=1)}: puts codes on the unit sphere.
 * See {@link org.gradus.autograd.NormalizeRowsOp} for the derivative.
 *
 * <pre>
 *   formula     y_i = x_i / max(||x_i||, 1e-12)
 *   shapes      x [n,m]    y as x
 *   parameters  none
 * </pre>
 *
 * <p>As in PyTorch a row of length 1.84e19 or more, the square of which no float holds, becomes zeros.
 *
 * <pre>{@code
 * new NormalizeLayer().forward(Tensor.matrix(1, 2, 3, 4));   // [[0.6, 0.8]]
 * }</pre>
 */
public record NormalizeLayer() implements Layer {

    @Override
    public Tensor forward(Tensor x) {
        return x.normalizeRows();
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** The text of the PyTorch module of this name in the tutorials. */
    @Override
    public String toString() {
        return "NormalizeLayer()";
    }
}
