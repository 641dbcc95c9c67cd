package org.gradus.exercises;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** By hand: two samples [1, 2] and [-1, 4], W = [[3, 4], [5, 6], [7, 8]]. */
class Exercise2LinearTest {

    private static final double[] X = {1, 2, -1, 4};
    private static final double[] W = {3, 4, 5, 6, 7, 8};
    private static final double[] G = {1, 10, 100, 2, 0, -3};
    private static final String CASE =
            " for x = [[1, 2], [-1, 4]], W = [[3, 4], [5, 6], [7, 8]], dL/dy = [[1, 10, 100], [2, 0, -3]]";

    @Test
    void backward() {
        givesTheThreeGradients();
        addsToWhatIsThere();
        leavesItsInputsAlone();
        agreesWithTheSlopesOfForward();
    }

    private static void givesTheThreeGradients() {
        double[] gradX = new double[4];
        double[] gradW = new double[6];
        double[] gradB = new double[3];
        Linear.backward(2, 2, 3, X, W, G, gradX, gradW, gradB);

        new Answer("Linear.backward: dL/dx [2,2]" + CASE, gradX)
                .mistake("Nothing was added to gradX. Write the loops of Linear.backward.", 0, 0, 0, 0)
                .mistake(
                        "This looks like reading W as if it were [in,out]. Its rows belong to outputs:"
                                + " W_jp is w[j * inputs + p].",
                        543,
                        876,
                        -9,
                        -12)
                .mistake(
                        "This looks like assigning instead of adding: x_ip goes into all outputs of its row, so the"
                                + " parts of all j add up.",
                        700,
                        800,
                        -21,
                        -24)
                .mistake(
                        "This looks like dL/dx of the mean over samples. Sum, do not divide by n.",
                        376.5,
                        432,
                        -7.5,
                        -8)
                .mistake(
                        "This looks like subtracting. A gradient is added; the optimiser subtracts.",
                        -753,
                        -864,
                        15,
                        16)
                .mistake("This looks like W without dL/dy: the chain rule multiplies by G_ij.", 15, 18, 15, 18)
                .mustBe(753, 864, -15, -16);

        new Answer("Linear.backward: dL/dW [3,2]" + CASE, gradW)
                .mistake("Nothing was added to gradW, though gradX is right. Next: G^T x.", 0, 0, 0, 0, 0, 0)
                .mistake(
                        "This looks like the transpose of dL/dW. A gradient has the shape of what it belongs to, here"
                                + " [out,in]: gradW[j * inputs + p].",
                        -1,
                        10,
                        103,
                        10,
                        20,
                        188)
                .mistake(
                        "This looks like assigning instead of adding: only the last sample is left. Every sample uses"
                                + " W, so the parts of all i add up.",
                        -2,
                        8,
                        0,
                        0,
                        3,
                        -12)
                .mistake(
                        "This looks like the mean over samples. Backward sums; dividing by n is the loss's business.",
                        -0.5,
                        5,
                        5,
                        10,
                        51.5,
                        94)
                .mistake("This looks like x without dL/dy: the chain rule multiplies by G_ij.", 0, 6, 0, 6, 0, 6)
                .mistake(
                        "This looks like subtracting. A gradient is added; the optimiser subtracts.",
                        1,
                        -10,
                        -10,
                        -20,
                        -103,
                        -188)
                .mustBe(-1, 10, 10, 20, 103, 188);

        new Answer("Linear.backward: dL/db [3]" + CASE, gradB)
                .mistake("Nothing was added to gradB, though gradX and gradW are right. Next: the bias.", 0, 0, 0)
                .mistake(
                        "This looks like assigning instead of adding: only the last sample is left. The bias is used by"
                                + " every sample.",
                        2,
                        0,
                        -3)
                .mistake("This looks like adding dL/db once per input: move it out of the innermost loop.", 6, 20, 194)
                .mistake("This looks like the mean over samples. Backward sums.", 1.5, 5, 48.5)
                .mistake("This looks like counting samples. Sum their dL/dy.", 2, 2, 2)
                .mustBe(3, 10, 97);
    }

    private static void addsToWhatIsThere() {
        double[] gradX = {1, 2};
        double[] gradW = {3, 4};
        double[] gradB = {5};
        Linear.backward(1, 2, 1, new double[] {10, 20}, new double[] {30, 40}, new double[] {2}, gradX, gradW, gradB);
        String assigning = "This looks like assigning instead of adding: use += and keep what was there.";
        String given = " for x = [10, 20], W = [30, 40], dL/dy = [2], when the array already holds ";
        new Answer("Linear.backward: dL/dx" + given + "[1, 2]", gradX)
                .mistake(assigning, 60, 80)
                .mustBe(61, 82);
        new Answer("Linear.backward: dL/dW" + given + "[3, 4]", gradW)
                .mistake(assigning, 20, 40)
                .mustBe(23, 44);
        new Answer("Linear.backward: dL/db" + given + "[5]", gradB)
                .mistake(assigning, 2)
                .mustBe(7);
    }

    private static void leavesItsInputsAlone() {
        double[] x = X.clone();
        double[] w = W.clone();
        double[] g = G.clone();
        Linear.backward(2, 2, 3, x, w, g, new double[4], new double[6], new double[3]);
        new Answer("Linear.backward: x after the call; others still need it", x).mustBe(X);
        new Answer("Linear.backward: W after the call; the optimiser changes it, not you", w).mustBe(W);
        new Answer("Linear.backward: dL/dy after the call; others still need it", g).mustBe(G);
    }

    /** L = sum of G y is linear in each single number, so differences over a step of 1 are its slopes. */
    private static void agreesWithTheSlopesOfForward() {
        Random random = new Random(2);
        int n = 4;
        int inputs = 5;
        int outputs = 3;
        double[] x = random.doubles(n * inputs, -1, 1).toArray();
        double[] w = random.doubles(outputs * inputs, -1, 1).toArray();
        double[] b = random.doubles(outputs, -1, 1).toArray();
        double[] g = random.doubles(n * outputs, -1, 1).toArray();
        double[] gradX = new double[x.length];
        double[] gradW = new double[w.length];
        double[] gradB = new double[b.length];
        Linear.backward(n, inputs, outputs, x, w, g, gradX, gradW, gradB);
        String what = " for 4 random samples of 5 numbers, against the slopes of L";
        new Answer("Linear.backward: dL/dx" + what, gradX).mustBe(slopes(x, outputs, x, w, b, g));
        new Answer("Linear.backward: dL/dW" + what, gradW).mustBe(slopes(w, outputs, x, w, b, g));
        new Answer("Linear.backward: dL/db" + what, gradB).mustBe(slopes(b, outputs, x, w, b, g));
    }

    private static double[] slopes(double[] moved, int outputs, double[] x, double[] w, double[] b, double[] g) {
        double[] slopes = new double[moved.length];
        double before = loss(outputs, x, w, b, g);
        for (int i = 0; i < moved.length; i++) {
            double value = moved[i];
            moved[i] = value + 1;
            slopes[i] = loss(outputs, x, w, b, g) - before;
            moved[i] = value;
        }
        return slopes;
    }

    private static double loss(int outputs, double[] x, double[] w, double[] b, double[] g) {
        int inputs = w.length / outputs;
        double loss = 0;
        for (int ij = 0; ij < g.length; ij++) {
            int i = ij / outputs;
            int j = ij % outputs;
            double y = b[j];
            for (int p = 0; p < inputs; p++) {
                y += x[i * inputs + p] * w[j * inputs + p];
            }
            loss += g[ij] * y;
        }
        return loss;
    }
}
