package org.gradus.exercises;

/**
 * Exercise 1: the gradient of a rectified linear unit.
 *
 * <p><b>Task.</b> {@link #forward} is given. Write {@link #backward}.
 *
 * <p><b>Where you are.</b> Somewhere above, a loss L was computed from y. Its gradient has come down to y: {@code gradY[i]}
 * says by how much L grows per unit of {@code y[i]}. Now it is your turn to say by how much L grows per unit of {@code x[i]}.
 * This is the chain rule, one element at a time:
 *
 * <pre>
 *   dL/dx_i += dL/dy_i * dy_i/dx_i       dy_i/dx_i = 1 where x_i &gt; 0
 *                                                    0 elsewhere, also at 0
 * </pre>
 *
 * <p><b>Why {@code +=}.</b> x may have been used in several places. Each of them sends back its part of the gradient, and the
 * parts add up. Whoever assigns wipes out the parts that came before.
 *
 * <p><b>Example.</b> x = [-2, 3], gradY = [10, 20]: the first element was cut off, so L does not notice when x_0 moves a
 * little; the second went through unchanged, so its gradient does, too. gradX grows by [0, 20].
 *
 * <p><b>Hint.</b> One loop and one {@code if}. Ask yourself which of the two arrays the {@code if} has to look at.
 *
 * <p><b>Where to read.</b> {@code Relu} and {@code ScalarKernels.reluGrad} in the core module do the same on floats; PyTorch
 * calls it {@code torch.nn.functional.relu}.
 */
public final class Relu {

    private Relu() {}

    /**
     * {@code y = max(x, 0)}.
     *
     * @param x any number of elements
     * @return y, as many
     */
    public static double[] forward(double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.max(x[i], 0);
        }
        return y;
    }

    /**
     * Adds this step's part of the gradient to {@code gradX}.
     *
     * @param x what went into {@link #forward}
     * @param gradY dL/dy, as long as x
     * @param gradX dL/dx so far, as long as x; what is in it already stays in it
     */
    public static void backward(double[] x, double[] gradY, double[] gradX) {
        // Your loop goes here.
    }
}
