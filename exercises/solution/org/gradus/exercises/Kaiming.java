package org.gradus.exercises;

/**
 * Exercise 4: how large the first weights should be.
 *
 * <p><b>Task.</b> Write {@link #bound}: one line.
 *
 * <p><b>Where you are.</b> Before training, the weights of a layer are drawn uniformly from [-L, L]. If L is too small the signal dies
 * away from layer to layer, if it is too large it explodes; the gradients do the same on their way back. He and others ask for
 * the L that keeps the size of the signal:
 *
 * <pre>
 *   one output is a sum of `in` products:     E[y^2] = in * Var(W) * E[x^2]
 *   a ReLU drops the negative half of it:     E[relu(y)^2] = E[y^2] / 2
 *   both together shall change nothing:       in * Var(W) / 2 = 1      so   Var(W) = 2 / in
 *   uniform numbers from [-L, L] have         Var(W) = L^2 / 3
 * </pre>
 *
 * <p>Solve the last two lines for L.
 *
 * <p><b>Example.</b> A layer from 784 pixels: L = 0.0875.
 *
 * <p><b>Hint.</b> {@code in} is an int; an int divided by an int is an int in Java.
 *
 * <p><b>Where to read.</b> K. He, X. Zhang, S. Ren, J. Sun, "Delving Deep into Rectifiers", 2015, arXiv:1502.01852, section 2.2;
 * {@code Init.kaimingUniform} in the core module; PyTorch calls it {@code torch.nn.init.kaiming_uniform_} (with
 * {@code nonlinearity="relu"}).
 */
public final class Kaiming {

    private Kaiming() {}

    /**
     * The L of the uniform distribution on [-L, L] for the weight of a layer with a ReLU behind it.
     *
     * @param outputs rows of the weight [outputs,inputs]
     * @param inputs its columns
     * @return L
     */
    public static double bound(int outputs, int inputs) {
        return Math.sqrt(6.0 / inputs);
    }
}
