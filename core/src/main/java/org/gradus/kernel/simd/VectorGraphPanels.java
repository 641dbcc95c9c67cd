package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.cephes.Cephes;

/**
 * What {@link VectorPanels} does where a number has several readers, whose gradients add up, and where outputs are classes or logits.
 * Methods store what they compute: a vector returned from a loop would go on the heap.
 */
final class VectorGraphPanels {

    private static final int WIDTH = PanelKernels.WIDTH;
    private static final int FEATURES = Kernels.CHUNK / WIDTH;

    private final VectorLosses losses;
    private final float[] sums = new float[WIDTH * WIDTH];
    private final float[] norms = new float[WIDTH];
    private final float[] along = new float[WIDTH];
    private final float[] tops = new float[WIDTH];
    private final float[] chosen = new float[WIDTH];

    VectorGraphPanels(VectorLosses losses) {
        this.losses = losses;
    }

    static void ontoZero(int from, int to, float[] g, float[] gx) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        for (int i = from; i < to; i += LENGTH) {
            zero.add(FLOATS.cast(fromArray(SPECIES, g, i))).intoArray(gx, i);
        }
    }

    // ---- normalised samples
    // ------------------------------------------------------------------------------------------

    void addNormalizeGrad(int panelFrom, int panelTo, int features, float[] x, float[] y, float[] g, float[] gx) {
        for (int q = panelFrom; q < panelTo; q++) {
            int from = q * features * WIDTH;
            for (int v = 0; v < WIDTH; v += LENGTH) {
                VectorPanels.norm(features, x, from + v, norms, v);
                VectorPanels.dot(features, g, y, from + v, along, v);
                addTangents(features, g, y, from + v, norms, along, v, gx);
            }
        }
    }

    private static void addTangents(
            int features, float[] g, float[] y, int from, float[] norms, float[] along, int at, float[] gx) {
        FloatVector norm = FLOATS.cast(fromArray(SPECIES, norms, at));
        FloatVector back = FLOATS.cast(fromArray(SPECIES, along, at)).neg();
        VectorMask<Float> clamped = norm.compare(VectorOperators.LT, Kernels.NORM_EPSILON);
        for (int j = 0; j < features; j++) {
            int i = from + j * WIDTH;
            FloatVector v = FLOATS.cast(fromArray(SPECIES, g, i));
            FloatVector tangent =
                    back.fma(FLOATS.cast(fromArray(SPECIES, y, i)), v).div(norm);
            FLOATS.cast(fromArray(SPECIES, gx, i))
                    .add(tangent.blend(v.div(Kernels.NORM_EPSILON), clamped))
                    .intoArray(gx, i);
        }
    }

    // ---- binary cross-entropy of logits
    // ------------------------------------------------------------------------------

    /** As {@link PanelKernels#bceChunks}: 64 features of 16 samples at a time; row l of the sums is lane l. */
    void bceWithLogitsChunks(int panelFrom, int panelTo, int features, float[] z, float[] y, float[] partial) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int j = 0; j < features; j += FEATURES) {
                int some = Math.min(FEATURES, features - j);
                losses.logitTermsOf(some * WIDTH, z, y, (q * features + j) * WIDTH);
                if (j % Kernels.CHUNK == 0) {
                    Arrays.fill(sums, 0f);
                }
                VectorPanels.addTerms(some * WIDTH, losses.terms(), sums);
                int done = j + some;
                if (done % Kernels.CHUNK == 0 || done == features) {
                    endChunk(q, done, features, partial);
                }
            }
        }
    }

    private void endChunk(int panel, int done, int features, float[] partial) {
        int perSample = Kernels.chunks(1, features);
        int chunk = (done - 1) / Kernels.CHUNK;
        VectorLanes.treeDownColumns(sums);
        for (int l = 0; l < WIDTH; l++) {
            partial[(panel * WIDTH + l) * perSample + chunk] = sums[l];
        }
    }

    // ---- cross-entropy of a softmax: a sample is a lane, its classes follow one another
    // ----------------------------------------

    void softmaxCrossEntropy(
            int panelFrom,
            int panelTo,
            int columns,
            float[] z,
            float[] classes,
            float[] exponentials,
            float[] sums,
            float[] loss) {
        for (int q = panelFrom; q < panelTo; q++) {
            int from = q * columns * WIDTH;
            for (int v = 0; v < WIDTH; v += LENGTH) {
                largest(columns, z, from + v, tops, v);
                belowTop(columns, z, from + v, tops, v, exponentials);
                ofClass(columns, z, from + v, classes, q * WIDTH + v, chosen, v);
            }
            VectorMath.exps(columns * WIDTH, exponentials, from, exponentials, from);
            for (int v = 0; v < WIDTH; v += LENGTH) {
                sum(columns, exponentials, from + v, sums, q * WIDTH + v);
            }
            for (int l = 0; l < WIDTH; l++) {
                loss[q * WIDTH + l] = Cephes.log(sums[q * WIDTH + l]) - (chosen[l] - tops[l]);
            }
        }
    }

    private static void largest(int columns, float[] z, int from, float[] tops, int at) {
        FloatVector top = FLOATS.cast(fromArray(SPECIES, z, from));
        for (int j = 1; j < columns; j++) {
            top = FLOATS.cast(fromArray(SPECIES, z, from + j * WIDTH)).max(top);
        }
        FLOATS.cast(top).intoArray(tops, at);
    }

    private static void belowTop(int columns, float[] z, int from, float[] tops, int at, float[] out) {
        FloatVector top = FLOATS.cast(fromArray(SPECIES, tops, at));
        for (int j = 0; j < columns; j++) {
            FLOATS.cast(fromArray(SPECIES, z, from + j * WIDTH)).sub(top).intoArray(out, from + j * WIDTH);
        }
    }

    /** Of each sample the number of its class. */
    private static void ofClass(
            int columns, float[] z, int from, float[] classes, int classesAt, float[] chosen, int at) {
        FloatVector wanted = FLOATS.cast(fromArray(SPECIES, classes, classesAt));
        FloatVector found = FLOATS.cast(fromArray(SPECIES, z, from));
        for (int j = 1; j < columns; j++) {
            found = FLOATS.cast(fromArray(SPECIES, z, from + j * WIDTH))
                    .blend(found, wanted.compare(VectorOperators.NE, (float) j));
        }
        FLOATS.cast(found).intoArray(chosen, at);
    }

    private static void sum(int columns, float[] x, int from, float[] sums, int at) {
        FloatVector sum = broadcast(SPECIES, 0f);
        for (int j = 0; j < columns; j++) {
            sum = FLOATS.cast(fromArray(SPECIES, x, from + j * WIDTH)).add(sum);
        }
        FLOATS.cast(sum).intoArray(sums, at);
    }

    static void softmaxCrossEntropyGrad(
            int panelFrom,
            int panelTo,
            int columns,
            float s,
            float[] exponentials,
            float[] sums,
            float[] classes,
            float[] g) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int v = 0; v < WIDTH; v += LENGTH) {
                errors(columns, s, exponentials, q * columns * WIDTH + v, sums, classes, q * WIDTH + v, g);
            }
        }
    }

    private static void errors(
            int columns, float s, float[] exponentials, int from, float[] sums, float[] classes, int at, float[] g) {
        FloatVector zero = FLOATS.cast(broadcast(SPECIES, 0f));
        FloatVector factor = FLOATS.cast(broadcast(SPECIES, s));
        FloatVector sum = FLOATS.cast(fromArray(SPECIES, sums, at));
        FloatVector wanted = FLOATS.cast(fromArray(SPECIES, classes, at));
        for (int j = 0; j < columns; j++) {
            FloatVector p = FLOATS.cast(fromArray(SPECIES, exponentials, from + j * WIDTH))
                    .div(sum);
            FloatVector error = p.blend(p.sub(1f), wanted.compare(VectorOperators.EQ, (float) j));
            factor.fma(error, zero).intoArray(g, from + j * WIDTH);
        }
    }
}
