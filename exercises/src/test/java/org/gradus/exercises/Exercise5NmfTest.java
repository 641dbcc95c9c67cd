package org.gradus.exercises;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Exercise5NmfTest {

    private static final double[] V = {1, 2, 3, 4, 0, 1};
    private static final double[] W = {1, 2, 0.5, 1};
    private static final double[] H = {1, 0, 2, 3, 1, 0};

    @Test
    void updateW() {
        givesTheNumbersOfScikitLearn();
        leavesItsInputsAlone();
        survivesABlackImage();
        neverRaisesTheError();
    }

    /** Two updates by scikit-learn: {@code non_negative_factorization(init="custom", solver="mu", max_iter=1)} with this H. */
    private static void givesTheNumbersOfScikitLearn() {
        double[] w = W.clone();
        Nmf.updateW(2, 3, 2, V, w, H);
        String given = " for V = [[1, 2, 3], [4, 0, 1]], W = [[1, 2], [0.5, 1]], H = [[1, 0, 2], [3, 1, 0]]";
        new Answer("Nmf.updateW: W" + given, w)
                .mistake("W has not changed. Write Nmf.updateW.", W)
                .mistake(
                        "This looks like writing into w while later entries of the row still need the old ones:"
                                + " compute W H of the row first.",
                        mixture())
                .mistake(
                        "This looks like the fraction upside down: V H^T stands above.",
                        11 / 7.0,
                        2 * 23 / 5.0,
                        0.5 * 5.5 / 6,
                        11.5 / 12)
                .mistake(
                        "This looks like the quotient alone. Multiply the old W by it.",
                        7 / 11.0,
                        5 / 23.0,
                        6 / 5.5,
                        12 / 11.5)
                .mistake("This looks like W * (V H^T) without the division by W H H^T.", 7, 10, 3, 12)
                .mistake("This looks like V H^T alone. It is multiplied by W and divided by W H H^T.", 7, 5, 6, 12)
                .mistake(
                        "This looks like W plus the quotient. Multiply by it.",
                        1 + 7 / 11.0,
                        2 + 5 / 23.0,
                        0.5 + 6 / 5.5,
                        1 + 12 / 11.5)
                .mistake(
                        "This looks like a step along the gradient, W + V H^T - W H H^T. The update multiplies.",
                        -3,
                        -16,
                        1,
                        1.5)
                .mustBe(0.6363636363636364, 0.43478260869565216, 0.5454545454545454, 1.0434782608695652);

        Nmf.updateW(2, 3, 2, V, w, H);
        new Answer("Nmf.updateW: W after a second update" + given, w)
                .mustBe(0.9929515418502204, 0.3474415666456096, 0.5587044534412955, 1.037328094302554);
    }

    /** What becomes of W when each entry already sees the new ones in front of it in its row. */
    private static double[] mixture() {
        double[] w = W.clone();
        for (int i = 0; i < 2; i++) {
            for (int a = 0; a < 2; a++) {
                double above = 0;
                double below = 0;
                for (int p = 0; p < 3; p++) {
                    above += V[3 * i + p] * H[3 * a + p];
                    below += (w[2 * i] * H[p] + w[2 * i + 1] * H[3 + p]) * H[3 * a + p];
                }
                w[2 * i + a] *= above / below;
            }
        }
        return w;
    }

    private static void leavesItsInputsAlone() {
        double[] v = V.clone();
        double[] h = H.clone();
        Nmf.updateW(2, 3, 2, v, W.clone(), h);
        new Answer("Nmf.updateW: V after the call; it is given", v).mustBe(V);
        new Answer("Nmf.updateW: H after the call; only W is updated", h).mustBe(H);
    }

    private static void survivesABlackImage() {
        double[] w = {1, 2};
        double[] black = new double[3];
        Nmf.updateW(1, 3, 2, black, w, H);
        Nmf.updateW(1, 3, 2, black, w, H);
        String zeroByZero = "This looks like 0 / 0. Divide by Math.max(denominator, EPSILON).";
        new Answer("Nmf.updateW: W of a black image, V = [0, 0, 0], after two updates", w)
                .mistake(zeroByZero, Double.NaN, Double.NaN)
                .mistake(zeroByZero, 0, Double.NaN)
                .mistake(zeroByZero, Double.NaN, 0)
                .mustBe(0, 0);
    }

    /** The theorem of Lee and Seung. */
    private static void neverRaisesTheError() {
        Random random = new Random(5);
        int n = 6;
        int d = 8;
        int k = 3;
        double[] v = random.doubles(n * d).toArray();
        double[] w = random.doubles(n * k).toArray();
        double[] h = random.doubles(k * d).toArray();
        double before = Nmf.error(n, d, k, v, w, h);
        for (int update = 1; update <= 20; update++) {
            Nmf.updateW(n, d, k, v, w, h);
            double now = Nmf.error(n, d, k, v, w, h);
            if (!(now <= before * (1 + 1e-12))) {
                throw new NotYet("Nmf.updateW: the error ||V - W H|| of a random matrix rose from " + before + " to "
                        + now + " in update " + update + ".\n  This update never raises it. Check the indices of a"
                        + " matrix that is not square: H_ap is h[a * d + p], W_ia is w[i * k + a].");
            }
            before = now;
        }
    }
}
