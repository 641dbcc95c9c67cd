package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;

/** One step of each optimiser against its formula in double. */
class OptimiserStepTest {

    private static final double U = 0x1p-24;

    private static final int N = 1000;

    private final float[] p = Samples.uniform(1, N, -1, 1);
    private final float[] g = Samples.uniform(2, N, -1, 1);
    private final float[] m = Samples.uniform(3, N, -1, 1);
    private final float[] v = Samples.uniform(4, N, 0.01, 1);

    /** Each of the constants and each of at most four operations rounds once; the change is added with one more rounding. */
    @Test
    void sgdWithMomentumAndDecay() {
        for (boolean nesterov : new boolean[] {false, true}) {
            float[] after = p.clone();
            float[] velocity = m.clone();
            KernelProvider.kernels().sgdStep(0, N, 0.1f, 0.9f, 0.01f, nesterov, after, g, velocity);
            for (int i = 0; i < N; i++) {
                double d = g[i] + 0.01 * p[i];
                double expectedVelocity = 0.9 * m[i] + d;
                double direction = nesterov ? d + 0.9 * expectedVelocity : expectedVelocity;
                double size = Math.abs(g[i]) + 0.01 * Math.abs(p[i]) + Math.abs(m[i]);
                assertThat((double) velocity[i]).isEqualTo(expectedVelocity, within(4 * U * size));
                assertThat((double) after[i])
                        .isEqualTo(p[i] - 0.1 * direction, within(U * Math.abs(p[i]) + 8 * U * 0.1 * 2 * size));
            }
        }
    }

    @Test
    void sgdWithoutMomentumLeavesTheVelocityAlone() {
        float[] after = p.clone();
        float[] velocity = m.clone();
        KernelProvider.kernels().sgdStep(0, N, 0.5f, 0f, 0f, false, after, g, velocity);
        assertThat(velocity).isEqualTo(m);
        for (int i = 0; i < N; i++) {
            assertThat(after[i]).isEqualTo((float) (p[i] - 0.5 * g[i]));
        }
    }

    /** Kingma, Ba 2015, algorithm 1, with the decay of PyTorch's Adam (in the gradient) and of AdamW (off the parameter). */
    @Test
    void adamAndAdamW() {
        int t = 3;
        double lr = 0.01;
        for (boolean decoupled : new boolean[] {false, true}) {
            double decay = 0.1;
            AdamCoefficients coefficients = new AdamCoefficients(0.9, 0.999, 1e-8, decoupled ? 0 : decay);
            coefficients.step(
                    lr / (1 - Math.pow(0.9, t)), Math.sqrt(1 - Math.pow(0.999, t)), decoupled ? 1 - lr * decay : 1);
            float[] after = p.clone();
            float[] m1 = m.clone();
            float[] v1 = v.clone();
            KernelProvider.kernels().adamStep(0, N, coefficients, after, g, m1, v1);
            for (int i = 0; i < N; i++) {
                double start = decoupled ? p[i] - lr * decay * p[i] : p[i];
                double d = decoupled ? g[i] : g[i] + decay * p[i];
                double moment = 0.9 * m[i] + 0.1 * d;
                double second = 0.999 * v[i] + 0.001 * d * d;
                double correctedMoment = moment / (1 - Math.pow(0.9, t));
                double root = Math.sqrt(second / (1 - Math.pow(0.999, t))) + 1e-8;
                double momentSize = 0.9 * Math.abs(m[i]) + 0.1 * (Math.abs(g[i]) + decay * Math.abs(p[i]));
                double stepSize = lr * momentSize / (1 - Math.pow(0.9, t)) / root;
                assertThat((double) m1[i]).isEqualTo(moment, within(5 * U * momentSize));
                assertThat((double) v1[i]).isEqualTo(second, within(10 * U * second));
                assertThat((double) after[i])
                        .isEqualTo(
                                start - lr * correctedMoment / root,
                                within(3 * U * Math.abs(p[i]) + 18 * U * stepSize));
            }
        }
    }
}
