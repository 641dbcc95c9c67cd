package org.gradus.exercises;

/**
 * Exercise 5: learning without a gradient step, the multiplicative update of NMF.
 *
 * <p><b>Task.</b> {@link #error} is given. Write {@link #updateW}.
 *
 * <p><b>Where you are.</b> A matrix V [n,d] of images, no entry negative, is to be written as W H: H [k,d] holds k component
 * images, row i of W [n,k] says how much of each makes up image i. Lee and Seung's rule for W, with H as it is:
 *
 * <pre>
 *   W_ia = W_ia * (V H^T)_ia / (W H H^T)_ia        (V H^T)_ia   = sum_p V_ip H_ap
 *                                                  (W H H^T)_ia = sum_p (W H)_ip H_ap
 * </pre>
 *
 * <p>The two products have the same shape as W, and the rule works element by element. All matrices lie in memory row by row:
 * H_ap is {@code h[a * d + p]}.
 *
 * <p><b>How to see it.</b> The gradient of 1/2 ||V - W H||^2 by W is W H H^T - V H^T. A step of gradient descent subtracts a part
 * of it, and W could become negative. With the step W / (W H H^T), another one for each entry, everything but the quotient
 * cancels, and a product of numbers that are not negative is not negative. Where W H is too small the quotient is above 1.
 *
 * <p><b>Two traps.</b> All entries are updated from the W of before: if you write into w while later entries of the row still
 * need it, they see a mixture. And an image that is black everywhere makes both products 0, sooner or later; 0/0 is NaN. Divide
 * by {@code Math.max(denominator, EPSILON)}.
 *
 * <p><b>Where to read.</b> D. D. Lee and H. S. Seung, "Algorithms for non-negative matrix factorization", NIPS 13, 2000;
 * {@code Nmf} in the linalg module; scikit-learn calls it {@code NMF(solver="mu")}.
 */
public final class Nmf {

    /** The smallest number to divide by: enough for 0 / 0, too small to change the quotient of small data. */
    public static final double EPSILON = Double.MIN_NORMAL;

    private Nmf() {}

    /**
     * What the factors miss: the root of the sum of all squares of V - W H.
     *
     * @param n rows of V
     * @param d columns of V
     * @param k components
     * @param v [n,d]
     * @param w [n,k]
     * @param h [k,d]
     * @return {@code ||V - W H||}
     */
    public static double error(int n, int d, int k, double[] v, double[] w, double[] h) {
        double squares = 0;
        for (int i = 0; i < n; i++) {
            for (int p = 0; p < d; p++) {
                double difference = v[i * d + p];
                for (int a = 0; a < k; a++) {
                    difference -= w[i * k + a] * h[a * d + p];
                }
                squares += difference * difference;
            }
        }
        return Math.sqrt(squares);
    }

    /**
     * Updates W once; V and H stay as they are.
     *
     * @param n rows of V
     * @param d columns of V
     * @param k components
     * @param v [n,d], no entry negative
     * @param w [n,k], no entry negative; changed
     * @param h [k,d], no entry negative
     */
    public static void updateW(int n, int d, int k, double[] v, double[] w, double[] h) {
        for (int i = 0; i < n; i++) {
            double[] approximation = new double[d];
            for (int a = 0; a < k; a++) {
                for (int p = 0; p < d; p++) {
                    approximation[p] += w[i * k + a] * h[a * d + p];
                }
            }
            for (int a = 0; a < k; a++) {
                double numerator = 0;
                double denominator = 0;
                for (int p = 0; p < d; p++) {
                    numerator += v[i * d + p] * h[a * d + p];
                    denominator += approximation[p] * h[a * d + p];
                }
                w[i * k + a] *= numerator / Math.max(denominator, EPSILON);
            }
        }
    }
}
