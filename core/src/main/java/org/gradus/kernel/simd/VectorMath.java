package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.kernel.cephes.Cephes;

/**
 * Vectors of this machine, and the functions of {@link Cephes} lane by lane: the same roundings in the same order, so the same bits.
 */
final class VectorMath {

    /** The widest vectors of this machine. */
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Numbers in a vector. */
    static final int LENGTH = SPECIES.length();

    static final Class<? extends FloatVector> FLOATS = SPECIES.vectorType().asSubclass(FloatVector.class);
    static final Class<? extends Vector<Integer>> INTS =
            SPECIES.withLanes(int.class).vectorType();

    private VectorMath() {}

    // ---- vectors whose class C2 knows
    //
    // FloatVector's methods are a subclass's, one for each width. C2 inlines them where it knows the receiver's class,
    // or where a profile says which it was. The callers are mostly the Vector API's own methods, which on a busy
    // machine are compiled without a profile for a while (Tier3DelayOn). What C2 compiles then keeps calls, whose
    // vectors are on the heap, for good. So C2 has to know the class by itself:
    //
    // - JDK 25 does, save of a sum that a loop carries: that is an argument, x.add(sum), and never the receiver.
    // - JDK 17 does not after fromArray, broadcast and reinterpret: there the receiver is cast to the class, a
    //   constant, and the cast folds away. Still without a profile on JDK 17, the end of a logarithm is beyond C2's
    //   count of nodes.
    // - Methods of ours neither take nor give vectors, not even to load or spread a number: the Vector API's methods
    //   are marked for C2 to inline always, ours are not, and it may keep their calls.

    /** An array that is at least so long: this one, or a new one. */
    static float[] grown(float[] array, int length) {
        return array.length < length ? new float[length] : array;
    }

    static float atLeast(float x, float low) {
        return x < low ? low : x;
    }

    // ---- functions of arrays
    //
    // Each is one loop, written out in one method of more than 325 bytes on purpose. C2 inlines no method larger than
    // that (its FreqInlineSize), so the loop is always compiled by itself, within the number of nodes at which C2 stops
    // inlining. And it calls no method of ours that C2 may have compiled already: such a one, if its code is large
    // (InlineSmallCode), is left as a call, whose vectors are on the heap: 192 bytes for every 16 numbers, for good,
    // once there were some thousand calls with few numbers (JDK 17).

    /** {@link Cephes#exp} lane by lane, {@code out[at + i] = exp(x[from + i])}. */
    static void exps(int length, float[] x, int from, float[] out, int at) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, from + i));
            FloatVector c = v.blend(Cephes.EXP_MIN, v.compare(VectorOperators.LT, Cephes.EXP_MIN));
            c = c.blend(Cephes.EXP_MAX, c.compare(VectorOperators.GT, Cephes.EXP_MAX));
            FloatVector shifted = c.fma(broadcast(SPECIES, Cephes.LOG2_E), broadcast(SPECIES, Cephes.ROUND));
            FloatVector n = shifted.sub(Cephes.ROUND);
            FloatVector r = n.fma(broadcast(SPECIES, -Cephes.LN2_HIGH), c);
            r = n.fma(broadcast(SPECIES, -Cephes.LN2_LOW), r);
            FloatVector e = r.fma(broadcast(SPECIES, Cephes.EXP_C0), broadcast(SPECIES, Cephes.EXP_C1));
            e = e.fma(r, broadcast(SPECIES, Cephes.EXP_C2));
            e = e.fma(r, broadcast(SPECIES, Cephes.EXP_C3));
            e = e.fma(r, broadcast(SPECIES, Cephes.EXP_C4));
            e = e.fma(r, broadcast(SPECIES, Cephes.EXP_C5));
            e = e.fma(r.mul(r), r).add(1f);
            IntVector exponent = ((IntVector) INTS.cast(shifted.reinterpretAsInts())).sub(Cephes.ROUND_BITS);
            IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = exponent.sub(half);
            half = half.add(Cephes.EXPONENT_BIAS).lanewise(VectorOperators.LSHL, Cephes.MANTISSA_BITS);
            rest = rest.add(Cephes.EXPONENT_BIAS).lanewise(VectorOperators.LSHL, Cephes.MANTISSA_BITS);
            e = e.mul(FLOATS.cast(half.reinterpretAsFloats())).mul(FLOATS.cast(rest.reinterpretAsFloats()));
            e.intoArray(out, at + i);
        }
        for (; i < length; i++) {
            out[at + i] = Cephes.exp(x[from + i]);
        }
    }

    /** {@link Cephes#sigmoid} lane by lane, {@code out[at + i] = 1 / (1 + exp(-x[from + i]))}. */
    static void sigmoids(int length, float[] x, int from, float[] out, int at) {
        int i = 0;
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, from + i)).neg();
            FloatVector c = v.blend(Cephes.EXP_MIN, v.compare(VectorOperators.LT, Cephes.EXP_MIN));
            c = c.blend(Cephes.EXP_MAX, c.compare(VectorOperators.GT, Cephes.EXP_MAX));
            FloatVector shifted = c.fma(broadcast(SPECIES, Cephes.LOG2_E), broadcast(SPECIES, Cephes.ROUND));
            FloatVector n = shifted.sub(Cephes.ROUND);
            FloatVector r = n.fma(broadcast(SPECIES, -Cephes.LN2_HIGH), c);
            r = n.fma(broadcast(SPECIES, -Cephes.LN2_LOW), r);
            FloatVector e = r.fma(broadcast(SPECIES, Cephes.EXP_C0), broadcast(SPECIES, Cephes.EXP_C1));
            e = e.fma(r, broadcast(SPECIES, Cephes.EXP_C2));
            e = e.fma(r, broadcast(SPECIES, Cephes.EXP_C3));
            e = e.fma(r, broadcast(SPECIES, Cephes.EXP_C4));
            e = e.fma(r, broadcast(SPECIES, Cephes.EXP_C5));
            e = e.fma(r.mul(r), r).add(1f);
            IntVector exponent = ((IntVector) INTS.cast(shifted.reinterpretAsInts())).sub(Cephes.ROUND_BITS);
            IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
            IntVector rest = exponent.sub(half);
            half = half.add(Cephes.EXPONENT_BIAS).lanewise(VectorOperators.LSHL, Cephes.MANTISSA_BITS);
            rest = rest.add(Cephes.EXPONENT_BIAS).lanewise(VectorOperators.LSHL, Cephes.MANTISSA_BITS);
            e = e.mul(FLOATS.cast(half.reinterpretAsFloats())).mul(FLOATS.cast(rest.reinterpretAsFloats()));
            one.div(one.add(e)).intoArray(out, at + i);
        }
        for (; i < length; i++) {
            out[at + i] = Cephes.sigmoid(x[from + i]);
        }
    }

    /** {@link Cephes#log} lane by lane, {@code out[i] = ln x[from + i]}. */
    static void logs(int length, float[] x, int from, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, from + i));
            VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits = (IntVector)
                    INTS.cast(v.blend(v.mul(Cephes.SUBNORMAL_LIFT), subnormal).reinterpretAsInts());
            IntVector exponent = bits.sub(Cephes.ROOT_HALF_BITS).lanewise(VectorOperators.ASHR, Cephes.MANTISSA_BITS);
            IntVector mantissa = bits.sub(exponent.lanewise(VectorOperators.LSHL, Cephes.MANTISSA_BITS));
            FloatVector f = FLOATS.cast(mantissa.reinterpretAsFloats()).sub(1f);
            FloatVector e = ((FloatVector)
                            FLOATS.cast(exponent.add(Cephes.ROUND_BITS).reinterpretAsFloats()))
                    .sub(Cephes.ROUND);
            e = e.blend(e.sub(Cephes.SUBNORMAL_EXPONENT), subnormal);
            FloatVector square = f.mul(f);
            FloatVector p = f.fma(broadcast(SPECIES, Cephes.LOG_C0), broadcast(SPECIES, Cephes.LOG_C1));
            p = p.fma(f, broadcast(SPECIES, Cephes.LOG_C2));
            p = p.fma(f, broadcast(SPECIES, Cephes.LOG_C3));
            p = p.fma(f, broadcast(SPECIES, Cephes.LOG_C4));
            p = p.fma(f, broadcast(SPECIES, Cephes.LOG_C5));
            p = p.fma(f, broadcast(SPECIES, Cephes.LOG_C6));
            p = p.fma(f, broadcast(SPECIES, Cephes.LOG_C7));
            p = p.fma(f, broadcast(SPECIES, Cephes.LOG_C8));
            FloatVector y = f.mul(square).mul(p);
            y = e.fma(broadcast(SPECIES, Cephes.LN2_LOW), y);
            y = square.fma(broadcast(SPECIES, -0.5f), y);
            FloatVector result = e.fma(broadcast(SPECIES, Cephes.LN2_HIGH), f.add(y));
            result = v.blend(result, v.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
            result = result.blend(Float.NEGATIVE_INFINITY, v.compare(VectorOperators.EQ, 0f));
            result.blend(Float.NaN, v.compare(VectorOperators.LT, 0f)).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = Cephes.log(x[from + i]);
        }
    }
}
