package org.gradus.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.kernel.FloatMath;
import org.gradus.kernel.cephes.Cephes;

/**
 * Vectors of this machine, and the functions of {@link FloatMath} lane by lane: the same roundings in the same order, so the same bits.
 */
final class VectorMath {

    /** The widest vectors of this machine. */
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Numbers in a vector. */
    static final int LENGTH = SPECIES.length();

    private VectorMath() {}

    /** An array that is at least so long: this one, or a new one. */
    static float[] grown(float[] array, int length) {
        return array.length < length ? new float[length] : array;
    }

    static FloatVector load(float[] x, int i) {
        return FloatVector.fromArray(SPECIES, x, i);
    }

    static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    static float atLeast(float x, float low) {
        return x < low ? low : x;
    }

    static FloatVector atLeast(FloatVector x, float low) {
        return x.blend(low, x.compare(VectorOperators.LT, low));
    }

    // ---- one vector
    // ----------------------------------------------------------------------------------------------------------------

    /** {@link FloatMath#exp} lane by lane. */
    static FloatVector exp(FloatVector x) {
        FloatVector c = x.blend(Cephes.EXP_MIN, x.compare(VectorOperators.LT, Cephes.EXP_MIN));
        c = c.blend(Cephes.EXP_MAX, c.compare(VectorOperators.GT, Cephes.EXP_MAX));
        FloatVector shifted = c.fma(broadcast(Cephes.LOG2_E), broadcast(Cephes.ROUND));
        FloatVector n = shifted.sub(Cephes.ROUND);
        FloatVector r = n.fma(broadcast(-Cephes.LN2_HIGH), c);
        r = n.fma(broadcast(-Cephes.LN2_LOW), r);
        FloatVector p = r.fma(broadcast(Cephes.EXP_C0), broadcast(Cephes.EXP_C1));
        p = p.fma(r, broadcast(Cephes.EXP_C2));
        p = p.fma(r, broadcast(Cephes.EXP_C3));
        p = p.fma(r, broadcast(Cephes.EXP_C4));
        p = p.fma(r, broadcast(Cephes.EXP_C5));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector exponent = shifted.reinterpretAsInts().sub(Cephes.ROUND_BITS);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(Cephes.EXPONENT_BIAS)
                .lanewise(VectorOperators.LSHL, Cephes.MANTISSA_BITS)
                .reinterpretAsFloats();
    }

    /** {@link FloatMath#tanh} lane by lane. */
    static FloatVector tanh(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector square = x.mul(x);
        FloatVector p = square.fma(broadcast(Cephes.TANH_C0), broadcast(Cephes.TANH_C1));
        p = p.fma(square, broadcast(Cephes.TANH_C2));
        p = p.fma(square, broadcast(Cephes.TANH_C3));
        p = p.fma(square, broadcast(Cephes.TANH_C4));
        FloatVector small = p.mul(square).fma(magnitude, magnitude);
        FloatVector one = broadcast(1f);
        FloatVector large =
                one.sub(broadcast(2f).div(exp(magnitude.add(magnitude)).add(one)));
        FloatVector result = large.blend(small, magnitude.compare(VectorOperators.LT, Cephes.TANH_SPLIT));
        IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        return result.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    /** {@link FloatMath#sigmoid} lane by lane. */
    static FloatVector sigmoid(FloatVector x) {
        FloatVector one = broadcast(1f);
        return one.div(one.add(exp(x.neg())));
    }

    // ---- arrays
    // ----------------------------------------------------------------------------------------------------------------

    /** {@code y = exp(x)}, as far as whole vectors go; gives the first place that is left. */
    static int exps(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            exp(load(x, i)).intoArray(y, i);
        }
        return i;
    }

    /** {@code y = tanh(x)}, as far as whole vectors go; gives the first place that is left. */
    static int tanhs(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            tanh(load(x, i)).intoArray(y, i);
        }
        return i;
    }

    /** {@code y = 1 / (1 + exp(-x))}, as far as whole vectors go; gives the first place that is left. */
    static int sigmoids(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            sigmoid(load(x, i)).intoArray(y, i);
        }
        return i;
    }

    /**
     * {@link FloatMath#exp} lane by lane, in place. Written out in more than 325 bytes for the reason given at {@link #logs}: as a part
     * of a caller with other loops, its vectors were put on the heap, 600 bytes per step of a classifier.
     */
    static void exponentials(int length, float[] x, int from) {
        int i = from;
        int to = from + length;
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = load(x, i);
            FloatVector c = v.blend(Cephes.EXP_MIN, v.compare(VectorOperators.LT, Cephes.EXP_MIN));
            c = c.blend(Cephes.EXP_MAX, c.compare(VectorOperators.GT, Cephes.EXP_MAX));
            FloatVector shifted = c.fma(broadcast(Cephes.LOG2_E), broadcast(Cephes.ROUND));
            FloatVector n = shifted.sub(Cephes.ROUND);
            FloatVector r = n.fma(broadcast(-Cephes.LN2_HIGH), c);
            r = n.fma(broadcast(-Cephes.LN2_LOW), r);
            FloatVector p = r.fma(broadcast(Cephes.EXP_C0), broadcast(Cephes.EXP_C1));
            p = p.fma(r, broadcast(Cephes.EXP_C2));
            p = p.fma(r, broadcast(Cephes.EXP_C3));
            p = p.fma(r, broadcast(Cephes.EXP_C4));
            p = p.fma(r, broadcast(Cephes.EXP_C5));
            p = p.fma(r.mul(r), r).add(1f);
            IntVector exponent = shifted.reinterpretAsInts().sub(Cephes.ROUND_BITS);
            IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = exponent.sub(half);
            IntVector halfBits = half.add(Cephes.EXPONENT_BIAS).lanewise(VectorOperators.LSHL, Cephes.MANTISSA_BITS);
            IntVector restBits = rest.add(Cephes.EXPONENT_BIAS).lanewise(VectorOperators.LSHL, Cephes.MANTISSA_BITS);
            p = p.mul(halfBits.reinterpretAsFloats());
            p.mul(restBits.reinterpretAsFloats()).intoArray(x, i);
        }
        for (; i < to; i++) {
            x[i] = FloatMath.exp(x[i]);
        }
    }

    /**
     * {@link FloatMath#log} lane by lane, {@code out[i] = ln x[from + i]}. Written out in one method of more than 325 bytes
     * on purpose: C2 inlines no larger one (its {@code FreqInlineSize}), so this loop is always compiled by itself, within its limits.
     */
    static void logs(int length, float[] x, int from, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = load(x, from + i);
            VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits = v.blend(v.mul(Cephes.SUBNORMAL_LIFT), subnormal).reinterpretAsInts();
            IntVector exponent = bits.sub(Cephes.ROOT_HALF_BITS).lanewise(VectorOperators.ASHR, Cephes.MANTISSA_BITS);
            IntVector mantissa = bits.sub(exponent.lanewise(VectorOperators.LSHL, Cephes.MANTISSA_BITS));
            FloatVector f = mantissa.reinterpretAsFloats().sub(1f);
            FloatVector e =
                    exponent.add(Cephes.ROUND_BITS).reinterpretAsFloats().sub(Cephes.ROUND);
            e = e.blend(e.sub(Cephes.SUBNORMAL_EXPONENT), subnormal);
            FloatVector square = f.mul(f);
            FloatVector p = f.fma(broadcast(Cephes.LOG_C0), broadcast(Cephes.LOG_C1));
            p = p.fma(f, broadcast(Cephes.LOG_C2));
            p = p.fma(f, broadcast(Cephes.LOG_C3));
            p = p.fma(f, broadcast(Cephes.LOG_C4));
            p = p.fma(f, broadcast(Cephes.LOG_C5));
            p = p.fma(f, broadcast(Cephes.LOG_C6));
            p = p.fma(f, broadcast(Cephes.LOG_C7));
            p = p.fma(f, broadcast(Cephes.LOG_C8));
            FloatVector y = f.mul(square).mul(p);
            y = e.fma(broadcast(Cephes.LN2_LOW), y);
            y = square.fma(broadcast(-0.5f), y);
            FloatVector result = e.fma(broadcast(Cephes.LN2_HIGH), f.add(y));
            result = v.blend(result, v.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
            result = result.blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0f));
            result.blend(Float.NaN, v.compare(VectorOperators.LT, 0f)).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = FloatMath.log(x[from + i]);
        }
    }
}
