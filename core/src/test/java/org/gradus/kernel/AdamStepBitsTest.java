package org.gradus.kernel;

import java.util.ArrayList;
import java.util.List;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;

/**
 * Adam's step against its definition, bit for bit, where SIMD kernels make a quotient of products: every exponent of the second moment,
 * divisors of all sizes, and those for which they have to divide.
 */
class AdamStepBitsTest {

    private static final int N = 16 * 300 + 5;

    private final NaiveKernels naive = new NaiveKernels();

    /** sqrt(1 - beta2^t) for many t and beta2, then the borders of what products can do, and beyond. */
    private static List<Float> divisors() {
        List<Float> divisors = new ArrayList<>();
        for (double beta2 : new double[] {0, 0.5, 0.9, 0.999, 1 - 0x1p-24}) {
            double power = beta2;
            for (int t = 1; t < 60; t++) {
                divisors.add((float) Math.sqrt(1 - power));
                power *= beta2;
            }
        }
        for (float x : Samples.uniform(77, 200, 0, 1)) {
            divisors.add(x);
            divisors.add(
                    Float.intBitsToFloat(Float.floatToRawIntBits(0x1p-39f) + Float.floatToRawIntBits(x) % (1 << 23)));
        }
        for (float border : new float[] {0x1p-40f, 1f, 0.5f, Float.MIN_NORMAL, 2f, 3f}) {
            divisors.add(Math.nextDown(border));
            divisors.add(border);
            divisors.add(Math.nextUp(border));
        }
        divisors.add(Float.MIN_VALUE);
        divisors.add(0f);
        divisors.add(Float.NaN);
        divisors.add(Float.POSITIVE_INFINITY);
        return divisors;
    }

    private static float[] everyExponent(long seed) {
        float[] v = Samples.uniform(seed, N, 1, 2);
        for (int i = 0; i < N; i++) {
            int exponent = i % 255; // 0 is subnormal
            v[i] = Float.intBitsToFloat((exponent << 23) | (Float.floatToRawIntBits(v[i]) & ((1 << 23) - 1)));
        }
        return v;
    }

    private void compare(
            String what, float epsilon, float divisor, float decay, float[] p, float[] g, float[] m, float[] v) {
        AdamCoefficients k = new AdamCoefficients(0.9, 0.999, epsilon, decay);
        k.step(0.01, divisor, 1 - decay);
        float[][] actual = {p.clone(), m.clone(), v.clone()};
        float[][] expected = {p.clone(), m.clone(), v.clone()};
        KernelProvider.kernels().adamStep(0, N, k, actual[0], g, actual[1], actual[2]);
        naive.adamStep(0, N, k, expected[0], g, expected[1], expected[2]);
        String how = what + ", epsilon " + epsilon + ", divisor " + divisor;
        Bits.assertSame("parameter, " + how, actual[0], expected[0]);
        Bits.assertSame("first moment, " + how, actual[1], expected[1]);
        Bits.assertSame("second moment, " + how, actual[2], expected[2]);
    }

    /** The parameter is 0, so that the last bit of the quotient reaches the result. */
    @Test
    void everyDivisorAndExponent() {
        float[] zero = new float[N];
        float[] ones = Samples.uniform(5, N, 1, 2);
        float[] v = everyExponent(6);
        for (float divisor : divisors()) {
            for (float epsilon : new float[] {1e-8f, Float.MIN_VALUE, 0f}) {
                compare("no gradient", epsilon, divisor, 0f, zero, zero, ones, v);
            }
        }
    }

    @Test
    void numbersThatAreNone() {
        for (float divisor : new float[] {1f, 0.03f, 0x1p-40f, 0x1p-41f}) {
            for (float epsilon : new float[] {1e-8f, 0f}) {
                for (float decay : new float[] {0f, 0.1f}) {
                    compare(
                            "special",
                            epsilon,
                            divisor,
                            decay,
                            Samples.special(1, N),
                            Samples.special(2, N),
                            Samples.special(3, N),
                            Samples.special(4, N));
                }
            }
        }
    }

    /** The moments of rows whose gradient is exactly zero decay, and the parameter goes on. */
    @Test
    void zeroGradientsOfEitherSign() {
        float[] g = new float[N];
        for (int i = 0; i < N; i += 2) {
            g[i] = -0f;
        }
        compare(
                "zero gradient",
                1e-8f,
                0.5f,
                0f,
                Samples.edges(1, N),
                g,
                Samples.edges(2, N),
                Samples.uniform(3, N, 0, 1));
        float[] minusZero = g.clone();
        compare("zero moments", 1e-8f, 0.5f, 0f, g, g, g, minusZero);
        compare("zero moments", 0f, 0.5f, 0f, g, g, g, minusZero);
    }
}
