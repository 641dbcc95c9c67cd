package org.gradus.exercises;

import java.util.Arrays;

/**
 * Exercise 3: one step of Adam.
 *
 * <p><b>Task.</b> The constructor is given. Write {@link #step}.
 *
 * <p><b>Where you are.</b> Backpropagation has filled {@code grad}. Plain gradient descent would take {@code p -= lr * grad}. Adam
 * keeps two running means for every parameter, of the gradient and of its square, and divides one by the root of the other:
 * a parameter with large gradients and one with small gradients then move about equally far.
 *
 * <pre>
 *   t += 1
 *   m  = beta1 m + (1 - beta1) g           mean of the gradient
 *   v  = beta2 v + (1 - beta2) g^2         mean of its square
 *   mHat = m / (1 - beta1^t)               both means start at 0 and are too small at first;
 *   vHat = v / (1 - beta2^t)               this makes up for it
 *   p -= lr * mHat / (sqrt(vHat) + eps)
 * </pre>
 *
 * <p><b>Example.</b> In the very first step mHat = g and vHat = g^2, so every parameter moves by almost exactly lr, against the
 * sign of its gradient and whatever its size, if that is well above eps. If your first step is about three times too long (with the usual betas), the
 * corrections are missing.
 *
 * <p><b>Hint.</b> t counts steps, not parameters: raise it once, in front of the loop. {@code Math.pow(beta1, t)} is good enough
 * here. Note on which side of the root eps stands.
 *
 * <p><b>Where to read.</b> D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2014, arXiv:1412.6980,
 * Algorithm 1; {@code Adam} in the core module; PyTorch calls it {@code torch.optim.Adam}.
 */
public final class Adam {

    private final double lr;
    private final double beta1;
    private final double beta2;
    private final double eps;
    private final double[] m;
    private final double[] v;
    private int t;

    /**
     * Means of 0, no step done.
     *
     * @param size number of parameters
     * @param lr the learning rate
     * @param beta1 how much of the mean of the gradient stays in each step, 0 to below 1
     * @param beta2 the same for the mean of its square
     * @param eps keeps the divisor from being 0
     */
    public Adam(int size, double lr, double beta1, double beta2, double eps) {
        this.lr = lr;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.eps = eps;
        m = new double[size];
        v = new double[size];
    }

    /**
     * Moves the parameters one step. What m, v and t hold stays for the next one.
     *
     * @param p the parameters; changed
     * @param grad dL/dp, as long as p
     */
    public void step(double[] p, double[] grad) {
        t++;
        double correction1 = 1 - Math.pow(beta1, t);
        double correction2 = 1 - Math.pow(beta2, t);
        for (int i = 0; i < p.length; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * grad[i];
            v[i] = beta2 * v[i] + (1 - beta2) * grad[i] * grad[i];
            p[i] -= lr * (m[i] / correction1) / (Math.sqrt(v[i] / correction2) + eps);
        }
    }

    /** For the debugger. */
    @Override
    public String toString() {
        return "step " + t + ", lr " + lr + ", beta1 " + beta1 + ", beta2 " + beta2 + ", eps " + eps + ", m "
                + Arrays.toString(m) + ", v " + Arrays.toString(v);
    }
}
