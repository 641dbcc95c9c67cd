package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.gradus.kernel.AdamCoefficients;
import org.gradus.kernel.Kernels;

/**
 * {@link Kernels#adamStep} on vectors. Of its two quotients and its root, which one unit of the processor makes one after the other, the
 * quotient by {@code sqrt(1 - beta2^t)} is made of products: that divisor c is the same for all numbers of a step.
 *
 * <pre>
 *   y  = 1 / c                            rounded, as everything below
 *   q1 = x y
 *   q2 = q1 + (x - c q1) y                each bracket and each sum one fma
 *   q  = q2 + (x - c q2) y
 * </pre>
 *
 * <p>q is {@code x / c} rounded, bit for bit. q1 is off by less than {@code 2^-22.9} of itself: half a unit in the last place of y and of
 * q1, which may be two units of q1. The first correction leaves {@code 2^-45} before it is rounded, so q2 is one of the two neighbours
 * of {@code x / c}, and then {@code x - c q2} is exact and the second correction rounds as the quotient does (P. W. Markstein,
 * "Computation of elementary functions on the IBM RISC System/6000 processor", IBM J. Res. Dev. 34, 1990, for y rounded to nearest). For
 * that nothing may overflow or underflow. x is a root: 0, infinite, or from 2^-75 to 2^64. With c from {@value #LEAST} to 1 all is
 * well, even the last bit of {@code c q}. An infinite x is put back at the end. -0 becomes +0, which a positive epsilon hides.
 * Steps whose c or epsilon is not so divide.
 *
 * <p>With all numbers in the first-level cache 16 of them take 5.8 ns instead of 8.2 (Intel Xeon with AVX-512, JDK 17 and 25). Where they
 * come from beyond the second-level cache it is 8.5 to 8.8 instead of 8.8 to 9.3: there memory is the limit, and the loop without
 * root and quotients takes 8.3.
 */
final class VectorAdam {

    /** 2^-40; beta2 would have to be nearer to 1 than any float but 1 is. */
    private static final float LEAST = 0x1p-40f;

    private VectorAdam() {}

    /** As far as whole vectors go; gives the first place that is left. */
    static int step(int from, int to, AdamCoefficients k, float[] p, float[] g, float[] m, float[] v) {
        float c = k.rootCorrection2();
        return c >= LEAST && c <= 1f && k.epsilon() > 0f
                ? byProducts(from, to, k, p, g, m, v)
                : byQuotients(from, to, k, p, g, m, v);
    }

    /**
     * Two vectors at a time, and so in more than 325 bytes, for the reason given at {@link VectorMath#logs}: a short last range would else be
     * inlined into a caller whose budget is spent, and its vectors be boxed.
     */
    private static int byProducts(int from, int to, AdamCoefficients k, float[] p, float[] g, float[] m, float[] v) {
        int i = from;
        FloatVector decay = FLOATS.cast(broadcast(SPECIES, k.weightDecay()));
        FloatVector oneMinusBeta1 = FLOATS.cast(broadcast(SPECIES, k.oneMinusBeta1()));
        FloatVector minusC = broadcast(SPECIES, -k.rootCorrection2());
        FloatVector y = broadcast(SPECIES, 1f / k.rootCorrection2());
        for (; i <= to - 2 * LENGTH; i += 2 * LENGTH) {
            int j = i + LENGTH;
            FloatVector shrunk = FLOATS.cast(fromArray(SPECIES, p, i)).mul(k.shrink());
            FloatVector nextShrunk = FLOATS.cast(fromArray(SPECIES, p, j)).mul(k.shrink());
            FloatVector d = decay.fma(shrunk, FLOATS.cast(fromArray(SPECIES, g, i)));
            FloatVector nextD = decay.fma(nextShrunk, FLOATS.cast(fromArray(SPECIES, g, j)));
            FloatVector first =
                    oneMinusBeta1.fma(d, FLOATS.cast(fromArray(SPECIES, m, i)).mul(k.beta1()));
            FloatVector nextFirst = oneMinusBeta1.fma(
                    nextD, FLOATS.cast(fromArray(SPECIES, m, j)).mul(k.beta1()));
            FloatVector second = d.mul(k.oneMinusBeta2())
                    .fma(d, FLOATS.cast(fromArray(SPECIES, v, i)).mul(k.beta2()));
            FloatVector nextSecond = nextD.mul(k.oneMinusBeta2())
                    .fma(nextD, FLOATS.cast(fromArray(SPECIES, v, j)).mul(k.beta2()));
            first.intoArray(m, i);
            nextFirst.intoArray(m, j);
            second.intoArray(v, i);
            nextSecond.intoArray(v, j);
            FloatVector x = second.sqrt();
            FloatVector nextX = nextSecond.sqrt();
            FloatVector q = x.mul(y);
            FloatVector nextQ = nextX.mul(y);
            q = q.fma(minusC, x).fma(y, q);
            nextQ = nextQ.fma(minusC, nextX).fma(y, nextQ);
            q = q.fma(minusC, x).fma(y, q);
            nextQ = nextQ.fma(minusC, nextX).fma(y, nextQ);
            q = q.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
            nextQ = nextQ.blend(nextX, nextX.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
            shrunk.sub(first.mul(k.stepSize()).div(q.add(k.epsilon()))).intoArray(p, i);
            nextShrunk
                    .sub(nextFirst.mul(k.stepSize()).div(nextQ.add(k.epsilon())))
                    .intoArray(p, j);
        }
        return i;
    }

    /** The same with the quotient as it stands in the formula. */
    private static int byQuotients(int from, int to, AdamCoefficients k, float[] p, float[] g, float[] m, float[] v) {
        int i = from;
        FloatVector decay = FLOATS.cast(broadcast(SPECIES, k.weightDecay()));
        FloatVector oneMinusBeta1 = FLOATS.cast(broadcast(SPECIES, k.oneMinusBeta1()));
        for (; i <= to - 2 * LENGTH; i += 2 * LENGTH) {
            int j = i + LENGTH;
            FloatVector shrunk = FLOATS.cast(fromArray(SPECIES, p, i)).mul(k.shrink());
            FloatVector nextShrunk = FLOATS.cast(fromArray(SPECIES, p, j)).mul(k.shrink());
            FloatVector d = decay.fma(shrunk, FLOATS.cast(fromArray(SPECIES, g, i)));
            FloatVector nextD = decay.fma(nextShrunk, FLOATS.cast(fromArray(SPECIES, g, j)));
            FloatVector first =
                    oneMinusBeta1.fma(d, FLOATS.cast(fromArray(SPECIES, m, i)).mul(k.beta1()));
            FloatVector nextFirst = oneMinusBeta1.fma(
                    nextD, FLOATS.cast(fromArray(SPECIES, m, j)).mul(k.beta1()));
            FloatVector second = d.mul(k.oneMinusBeta2())
                    .fma(d, FLOATS.cast(fromArray(SPECIES, v, i)).mul(k.beta2()));
            FloatVector nextSecond = nextD.mul(k.oneMinusBeta2())
                    .fma(nextD, FLOATS.cast(fromArray(SPECIES, v, j)).mul(k.beta2()));
            first.intoArray(m, i);
            nextFirst.intoArray(m, j);
            second.intoArray(v, i);
            nextSecond.intoArray(v, j);
            FloatVector denominator = second.sqrt().div(k.rootCorrection2()).add(k.epsilon());
            FloatVector nextDenominator =
                    nextSecond.sqrt().div(k.rootCorrection2()).add(k.epsilon());
            shrunk.sub(first.mul(k.stepSize()).div(denominator)).intoArray(p, i);
            nextShrunk.sub(nextFirst.mul(k.stepSize()).div(nextDenominator)).intoArray(p, j);
        }
        return i;
    }
}
