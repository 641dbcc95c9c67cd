package org.gradus.optim;

/**
 * The optimisers' formulas once more, number by number in plain float, one operation after another: what the fused
 * steps must equal bit for bit.
 */
final class WrittenOut {

    private WrittenOut() {}

    /** Algorithm 1 of arXiv:1412.6980 with both corrections taken out of the running means, as PyTorch does. */
    static final class AdamStep {

        private final AdamOptions options;
        private final boolean decoupled;
        private final float[] m;
        private final float[] v;
        private double beta1Power = 1;
        private double beta2Power = 1;

        AdamStep(AdamOptions options, boolean decoupled, int n) {
            this.options = options;
            this.decoupled = decoupled;
            m = new float[n];
            v = new float[n];
        }

        void apply(float[] p, float[] g) {
            beta1Power *= options.beta1();
            beta2Power *= options.beta2();
            float stepSize = (float) (options.learningRate() / (1 - beta1Power));
            float rootCorrection2 = (float) Math.sqrt(1 - beta2Power);
            float decay = decoupled ? 0 : (float) options.weightDecay();
            for (int i = 0; i < p.length; i++) {
                if (decoupled) {
                    p[i] = (float) (1 - options.learningRate() * options.weightDecay()) * p[i];
                }
                float d = Math.fma(decay, p[i], g[i]);
                float keptMean = (float) options.beta1() * m[i];
                m[i] = Math.fma((float) (1 - options.beta1()), d, keptMean);
                float keptSquare = (float) options.beta2() * v[i];
                float weighted = (float) (1 - options.beta2()) * d;
                v[i] = Math.fma(weighted, d, keptSquare);
                float root = (float) Math.sqrt(v[i]);
                float corrected = root / rootCorrection2;
                float denominator = corrected + (float) options.epsilon();
                float numerator = stepSize * m[i];
                float quotient = numerator / denominator;
                p[i] = p[i] - quotient;
            }
        }
    }

    /** Gradient descent with momentum, in PyTorch's form. */
    static final class SgdStep {

        private final SgdOptions options;
        private final float[] v;

        SgdStep(SgdOptions options, int n) {
            this.options = options;
            v = new float[n];
        }

        void apply(float[] p, float[] g) {
            float momentum = (float) options.momentum();
            for (int i = 0; i < p.length; i++) {
                float d = Math.fma((float) options.weightDecay(), p[i], g[i]);
                if (momentum != 0) {
                    v[i] = Math.fma(momentum, v[i], d);
                    d = options.nesterov() ? Math.fma(momentum, v[i], d) : v[i];
                }
                p[i] = Math.fma(-(float) options.learningRate(), d, p[i]);
            }
        }
    }
}
