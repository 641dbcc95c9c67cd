package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;
import static org.gradus.kernel.simd.VectorMath.atLeast;
import static org.gradus.kernel.simd.VectorMath.exps;
import static org.gradus.kernel.simd.VectorMath.logs;
import static org.gradus.kernel.simd.VectorMath.sigmoids;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.cephes.Cephes;

/**
 * The terms of the losses and of PReLU's slope, and the gradients of the losses. The terms of a chunk go into memory that the first-level
 * cache holds, and are then summed in lanes. An object serves one thread.
 */
final class VectorLosses {

    private final float[] terms = new float[Kernels.CHUNK];
    private final float[] logs = new float[Kernels.CHUNK];
    private final float[] exponentials = new float[Kernels.CHUNK];
    private final VectorLanes lanes;

    /** Losses summed in these lanes. */
    VectorLosses(VectorLanes lanes) {
        this.lanes = lanes;
    }

    void squaredErrorChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int start = Kernels.chunkStart(c, columns);
            int length = Kernels.chunkLength(c, columns);
            differences(length, x, y, start, terms);
            partial[c] = lanes.dot(length, terms, 0, terms, 0);
        }
    }

    private static void differences(int length, float[] x, float[] y, int from, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, x, from + i))
                    .sub(FLOATS.cast(fromArray(SPECIES, y, from + i)))
                    .intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = x[from + i] - y[from + i];
        }
    }

    /** {@link Kernels#addScaledDifference} as far as whole vectors go; gives the first place that is left. */
    int addScaledDifference(int from, int to, float s, float[] x, float[] y, float[] gx) {
        int i = from;
        FloatVector factor = FLOATS.cast(broadcast(SPECIES, s));
        for (; i <= to - LENGTH; i += LENGTH) {
            factor.fma(
                            FLOATS.cast(fromArray(SPECIES, x, i)).sub(FLOATS.cast(fromArray(SPECIES, y, i))),
                            FLOATS.cast(fromArray(SPECIES, gx, i)))
                    .intoArray(gx, i);
        }
        return i;
    }

    /**
     * Each logarithm in a loop of its own over memory in the first-level cache: C2 stops inlining at a number of nodes that one
     * logarithm nearly reaches, and the vectors of whatever follows would be boxed.
     */
    void bceChunks(int chunkFrom, int chunkTo, int columns, float[] p, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int start = Kernels.chunkStart(c, columns);
            int length = Kernels.chunkLength(c, columns);
            bceTermsOf(length, p, y, start);
            partial[c] = lanes.sumInLanes(length, terms, 0);
        }
    }

    /** The terms of the loss, at most {@value Kernels#CHUNK} of them, into {@link #terms}. */
    void bceTermsOf(int length, float[] p, float[] y, int from) {
        logs(length, p, from, logs);
        complements(length, p, from, terms);
        logs(length, terms, 0, terms);
        bceTerms(length, logs, y, from, terms);
    }

    /** Where {@link #bceTermsOf} and {@link #logitTermsOf} leave their result. */
    float[] terms() {
        return terms;
    }

    private static void complements(int length, float[] x, int from, float[] out) {
        int i = 0;
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        for (; i <= length - LENGTH; i += LENGTH) {
            one.sub(FLOATS.cast(fromArray(SPECIES, x, from + i))).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = 1f - x[from + i];
        }
    }

    /** From {@code ln p} and {@code ln(1 - p)} to the terms of the loss, in place of the latter. */
    private static void bceTerms(int length, float[] logs, float[] y, int from, float[] terms) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector l0 = FLOATS.cast(fromArray(SPECIES, logs, i));
            l0 = l0.blend(Kernels.LOG_CLAMP, l0.compare(VectorOperators.LT, Kernels.LOG_CLAMP));
            FloatVector l1 = FLOATS.cast(fromArray(SPECIES, terms, i));
            l1 = l1.blend(Kernels.LOG_CLAMP, l1.compare(VectorOperators.LT, Kernels.LOG_CLAMP));
            FloatVector target = FLOATS.cast(fromArray(SPECIES, y, from + i));
            target.sub(1f).fma(l1, target.mul(l0).neg()).intoArray(terms, i);
        }
        for (; i < length; i++) {
            float l0 = atLeast(logs[i], Kernels.LOG_CLAMP);
            float l1 = atLeast(terms[i], Kernels.LOG_CLAMP);
            terms[i] = Math.fma(y[from + i] - 1f, l1, -(y[from + i] * l0));
        }
    }

    /** {@link Kernels#bceGrad} as far as whole vectors go; gives the first place that is left. */
    int bceGrad(int from, int to, float s, float[] p, float[] y, float[] gp) {
        int i = from;
        FloatVector factor = FLOATS.cast(broadcast(SPECIES, s));
        FloatVector one = FLOATS.cast(broadcast(SPECIES, 1f));
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, p, i));
            FloatVector spread = one.sub(v).mul(v);
            spread = spread.blend(Kernels.BCE_EPSILON, spread.compare(VectorOperators.LT, Kernels.BCE_EPSILON));
            FloatVector quotient = v.sub(FLOATS.cast(fromArray(SPECIES, y, i))).div(spread);
            factor.fma(quotient, FLOATS.cast(fromArray(SPECIES, gp, i))).intoArray(gp, i);
        }
        return i;
    }

    void bceWithLogitsChunks(int chunkFrom, int chunkTo, int columns, float[] z, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int start = Kernels.chunkStart(c, columns);
            int length = Kernels.chunkLength(c, columns);
            logitTermsOf(length, z, y, start);
            partial[c] = lanes.sumInLanes(length, terms, 0);
        }
    }

    /** The terms of the loss, at most {@value Kernels#CHUNK} of them, into {@link #terms}. */
    void logitTermsOf(int length, float[] z, float[] y, int from) {
        negativeMagnitudes(length, z, from, exponentials);
        exps(length, exponentials, 0, exponentials, 0);
        plusOnes(length, exponentials, terms);
        logs(length, terms, 0, logs);
        softplus(length, exponentials, terms, logs);
        logitTerms(length, z, y, from, logs, terms);
    }

    private static void negativeMagnitudes(int length, float[] z, int from, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, z, from + i)).abs().neg().intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = -Math.abs(z[from + i]);
        }
    }

    private static void plusOnes(int length, float[] x, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, x, i)).add(1f).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = x[i] + 1f;
        }
    }

    /** What {@link Cephes#log1p} makes of {@code x}, {@code w = 1 + x} and {@code logs = ln w}; overwrites {@code logs}. */
    private static void softplus(int length, float[] x, float[] w, float[] logs) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, i));
            FloatVector next = FLOATS.cast(fromArray(SPECIES, w, i));
            FloatVector scaled = FLOATS.cast(fromArray(SPECIES, logs, i)).mul(v.div(next.sub(1f)));
            scaled.blend(v, next.compare(VectorOperators.EQ, 1f)).intoArray(logs, i);
        }
        for (; i < length; i++) {
            logs[i] = w[i] == 1f ? x[i] : logs[i] * (x[i] / (w[i] - 1f));
        }
    }

    private static void logitTerms(int length, float[] z, float[] y, int from, float[] softplus, float[] out) {
        int i = 0;
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, z, from + i));
            FloatVector positive = zero.blend(v, v.compare(VectorOperators.GT, 0f));
            v.neg()
                    .fma(FLOATS.cast(fromArray(SPECIES, y, from + i)), positive)
                    .add(FLOATS.cast(fromArray(SPECIES, softplus, i)))
                    .intoArray(out, i);
        }
        for (; i < length; i++) {
            float v = z[from + i];
            out[i] = Math.fma(-v, y[from + i], v > 0f ? v : 0f) + softplus[i];
        }
    }

    void bceWithLogitsGrad(int from, int to, float s, float[] z, float[] y, float[] gz) {
        for (int start = from; start < to; start += Kernels.CHUNK) {
            int length = Math.min(Kernels.CHUNK, to - start);
            sigmoids(length, z, start, terms, 0);
            addScaledErrors(length, s, terms, y, start, gz);
        }
    }

    private static void addScaledErrors(int length, float s, float[] p, float[] y, int from, float[] gz) {
        FloatVector factor = FLOATS.cast(broadcast(SPECIES, s));
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            factor.fma(
                            FLOATS.cast(fromArray(SPECIES, p, i)).sub(FLOATS.cast(fromArray(SPECIES, y, from + i))),
                            FLOATS.cast(fromArray(SPECIES, gz, from + i)))
                    .intoArray(gz, from + i);
        }
        for (; i < length; i++) {
            gz[from + i] = Math.fma(s, p[i] - y[from + i], gz[from + i]);
        }
    }

    void preluSlopeGradChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] g, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int start = Kernels.chunkStart(c, columns);
            int length = Kernels.chunkLength(c, columns);
            slopeTerms(length, x, g, start, terms);
            partial[c] = lanes.sumInLanes(length, terms, 0);
        }
    }

    private static void slopeTerms(int length, float[] x, float[] g, int from, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = FLOATS.cast(fromArray(SPECIES, x, from + i));
            FLOATS.cast(fromArray(SPECIES, g, from + i))
                    .mul(v)
                    .blend(0f, v.compare(VectorOperators.GT, 0f))
                    .intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = x[from + i] > 0f ? 0f : g[from + i] * x[from + i];
        }
    }
}
