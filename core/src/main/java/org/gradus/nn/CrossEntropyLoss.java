package org.gradus.nn;

import org.gradus.autograd.SoftmaxCrossEntropyOp;
import org.gradus.autograd.Tensor;

/**
 * Cross-entropy of a softmax over each row, {@code torch.nn.CrossEntropyLoss} with class numbers.
 *
 * <pre>
 *   formula     L = (1/n) sum_i ln(sum_j exp(z_ij)) - z_ik    k the class of row i
 *   shapes      output z [n,c]    target k [n], whole numbers from 0 to c-1    L []
 *   parameters  none
 * </pre>
 *
 * <p>See {@link org.gradus.autograd.SoftmaxCrossEntropyOp} for the derivative.
 *
 * <pre>{@code
 * new CrossEntropyLoss().of(Tensor.matrix(1, 2, 0, 0), Tensor.vector(1));   // ln 2 = 0.6931
 * }</pre>
 */
public record CrossEntropyLoss() implements Loss {

    @Override
    public Tensor of(Tensor output, Tensor target) {
        return output.softmaxCrossEntropy(target);
    }

    @Override
    public void requireTargets(Tensor targets) {
        new SoftmaxCrossEntropyOp().requireTargets(targets);
    }

    @Override
    public String name() {
        return "crossEntropy";
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    /** PyTorch's text. */
    @Override
    public String toString() {
        return "CrossEntropyLoss()";
    }
}
