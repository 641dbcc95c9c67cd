package org.gradus.exercises;

import org.junit.jupiter.api.Test;

/** Three steps of {@code torch.optim.Adam} in double; eps is large, so that its place shows. */
class Exercise3AdamTest {

    private static final double LR = 0.1;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.99;
    private static final double EPS = 0.1;

    private static final double[] START = {1, -2, 0.5};
    private static final double[][] GRADIENTS = {{0.5, -1, 2}, {-1.5, 0.25, 1}, {3, 0.5, -0.125}};
    private static final double[][] PYTORCH = {
        {0.9166666666666666, -1.9090909090909092, 0.40476190476190477},
        {0.9619539789291394, -1.8677364551598084, 0.31697746859872455},
        {0.9252388543744381, -1.8636069438935896, 0.2532984988357529}
    };

    private enum Mistake {
        ASCENT("This looks like moving with the gradient: p goes against it, so subtract."),
        PLAIN("This looks like plain gradient descent, lr * grad. Divide the mean of the gradient by the root of the"
                + " mean of its square."),
        NO_CORRECTION("This looks like m and v without correction: divide them by 1 - beta1^t and 1 - beta2^t."),
        NO_CORRECTION_OF_M("This looks like m without correction: divide it by 1 - beta1^t."),
        NO_CORRECTION_OF_V("This looks like v without correction: divide it by 1 - beta2^t."),
        EPS_INSIDE("This looks like eps inside the root. It is added to the root: sqrt(vHat) + eps."),
        NO_EPS("This looks like a divisor without eps: sqrt(vHat) + eps."),
        NO_ROOT("This looks like dividing by vHat. Divide by its root."),
        NO_SQUARE("This looks like v as a mean of the gradient. It is the mean of its square."),
        BETAS_SWAPPED("This looks like beta1 and beta2 exchanged: beta1 belongs to m, beta2 to v."),
        FULL_GRADIENT("This looks like m = beta1 m + g. The gradient counts (1 - beta1), the same for v."),
        T_STAYS("This looks like t staying at 1: raise it in every step."),
        T_PER_PARAMETER("This looks like t raised for every parameter: raise it once per step, in front of the loop."),
        FORGETFUL("This looks like means that begin at 0 in every step: m and v are fields, keep them.");

        private final String explanation;

        Mistake(String explanation) {
            this.explanation = explanation;
        }
    }

    @Test
    void step() {
        Adam adam = new Adam(3, LR, BETA1, BETA2, EPS);
        double[] p = START.clone();
        for (int t = 1; t <= GRADIENTS.length; t++) {
            double[] g = GRADIENTS[t - 1].clone();
            double[] before = p.clone();
            adam.step(p, g);
            Answer answer = new Answer(
                            "Adam.step: the parameters after step " + t + ", when they were " + Answer.text(before)
                                    + " with gradient " + Answer.text(g)
                                    + " (lr 0.1, beta1 0.9, beta2 0.99, eps 0.1)",
                            p)
                    .mistake("The parameters have not moved. Write Adam.step.", before);
            for (Mistake mistake : Mistake.values()) {
                answer.mistake(mistake.explanation, after(t, mistake));
            }
            answer.mustBe(PYTORCH[t - 1]);
            new Answer("Adam.step: the gradient after the call; it is not yours to change", g).mustBe(GRADIENTS[t - 1]);
        }
    }

    /** Where the parameters stand after some steps with one thing wrong. */
    private static double[] after(int steps, Mistake mistake) {
        double[] p = START.clone();
        double[] m = new double[3];
        double[] v = new double[3];
        double beta1 = mistake == Mistake.BETAS_SWAPPED ? BETA2 : BETA1;
        double beta2 = mistake == Mistake.BETAS_SWAPPED ? BETA1 : BETA2;
        for (int t = 1; t <= steps; t++) {
            for (int i = 0; i < 3; i++) {
                double g = GRADIENTS[t - 1][i];
                boolean forgetful = mistake == Mistake.FORGETFUL;
                boolean full = mistake == Mistake.FULL_GRADIENT;
                m[i] = beta1 * (forgetful ? 0 : m[i]) + (full ? 1 : 1 - beta1) * g;
                v[i] = beta2 * (forgetful ? 0 : v[i])
                        + (full ? 1 : 1 - beta2) * g * (mistake == Mistake.NO_SQUARE ? 1 : g);
                int count = mistake == Mistake.T_STAYS ? 1 : mistake == Mistake.T_PER_PARAMETER ? 3 * t - 2 + i : t;
                boolean mRaw = mistake == Mistake.NO_CORRECTION || mistake == Mistake.NO_CORRECTION_OF_M;
                boolean vRaw = mistake == Mistake.NO_CORRECTION || mistake == Mistake.NO_CORRECTION_OF_V;
                double mHat = mRaw ? m[i] : m[i] / (1 - Math.pow(beta1, count));
                double vHat = vRaw ? v[i] : v[i] / (1 - Math.pow(beta2, count));
                double change = switch (mistake) {
                    case PLAIN -> LR * g;
                    case ASCENT -> -LR * mHat / (Math.sqrt(vHat) + EPS);
                    case EPS_INSIDE -> LR * mHat / Math.sqrt(vHat + EPS);
                    case NO_EPS -> LR * mHat / Math.sqrt(vHat);
                    case NO_ROOT -> LR * mHat / (vHat + EPS);
                    default -> LR * mHat / (Math.sqrt(vHat) + EPS);
                };
                p[i] -= change;
            }
        }
        return p;
    }
}
