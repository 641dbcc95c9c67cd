package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import org.gradus.kernel.Kernels;

/**
 * Sums in {@value Kernels#LANES} lanes, whatever the vectors' width: a narrow machine makes several passes. Then the lanes are added up as
 * {@link Kernels#tree} does, of one sum or of 16 sums side by side. An object serves one thread.
 */
final class VectorLanes {

    private static final int LANES = Kernels.LANES;

    private static final VectorShuffle<Float> CROSS_1 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 1) & (LENGTH - 1));
    private static final VectorShuffle<Float> CROSS_2 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 2) & (LENGTH - 1));
    private static final VectorShuffle<Float> CROSS_4 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 4) & (LENGTH - 1));
    private static final VectorShuffle<Float> CROSS_8 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 8) & (LENGTH - 1));
    static final VectorMask<Float> ODD_1 = VectorMask.fromLong(SPECIES, 0xAAAA);
    static final VectorMask<Float> ODD_2 = VectorMask.fromLong(SPECIES, 0xCCCC);
    static final VectorMask<Float> ODD_4 = VectorMask.fromLong(SPECIES, 0xF0F0);
    static final VectorMask<Float> ODD_8 = VectorMask.fromLong(SPECIES, 0xFF00);

    private final float[] lanes = new float[LANES];
    private final float[] laneSums = new float[LANES * LENGTH];

    // ---- one sum
    // ----------------------------------------------------------------------------------------------------------------

    float sumInLanes(int length, float[] x, int from) {
        int whole = length - length % LANES;
        for (int l = 0; l < LANES; l += LENGTH) {
            sumLanes(l, whole, x, from, lanes);
        }
        for (int i = whole; i < length; i++) {
            lanes[i % LANES] += x[from + i];
        }
        return Kernels.tree(lanes);
    }

    private static void sumLanes(int lane, int whole, float[] x, int from, float[] lanes) {
        FloatVector sum = broadcast(SPECIES, 0f);
        for (int i = lane; i < whole; i += LANES) {
            sum = FLOATS.cast(fromArray(SPECIES, x, from + i)).add(sum);
        }
        FLOATS.cast(sum).intoArray(lanes, lane);
    }

    float dot(int k, float[] a, int aFrom, float[] b, int bFrom) {
        int whole = k - k % LANES;
        for (int l = 0; l < LANES; l += LENGTH) {
            dotLanes(l, whole, a, aFrom, b, bFrom, lanes);
        }
        for (int p = whole; p < k; p++) {
            lanes[p % LANES] = Math.fma(a[aFrom + p], b[bFrom + p], lanes[p % LANES]);
        }
        return Kernels.tree(lanes);
    }

    private static void dotLanes(int lane, int whole, float[] a, int aFrom, float[] b, int bFrom, float[] lanes) {
        FloatVector sum = broadcast(SPECIES, 0f);
        for (int p = lane; p < whole; p += LANES) {
            sum = FLOATS.cast(fromArray(SPECIES, a, aFrom + p)).fma(FLOATS.cast(fromArray(SPECIES, b, bFrom + p)), sum);
        }
        FLOATS.cast(sum).intoArray(lanes, lane);
    }

    // ---- sums of columns, side by side
    // ----------------------------------------------------------------------------------------------------------------

    /** {@link Kernels#addColumnSums} as far as whole vectors go; gives the first column that is left. */
    int addColumnSums(int rows, int columns, float[] x, float[] out, int colFrom, int colTo) {
        int j = colFrom;
        for (; j <= colTo - LENGTH; j += LENGTH) {
            for (int l = 0; l < LANES; l++) {
                laneOfColumns(l, rows, columns, x, j, laneSums);
            }
            treeOfLanes(laneSums);
            FLOATS.cast(fromArray(SPECIES, out, j))
                    .add(FLOATS.cast(fromArray(SPECIES, laneSums, 0)))
                    .intoArray(out, j);
        }
        return j;
    }

    private static void laneOfColumns(int lane, int rows, int columns, float[] x, int j, float[] laneSums) {
        FloatVector sum = broadcast(SPECIES, 0f);
        for (int i = lane; i < rows; i += LANES) {
            sum = FLOATS.cast(fromArray(SPECIES, x, i * columns + j)).add(sum);
        }
        FLOATS.cast(sum).intoArray(laneSums, lane * LENGTH);
    }

    /** {@link Kernels#tree} over lanes that are whole vectors, one behind the other, into the first. */
    static void treeOfLanes(float[] laneSums) {
        for (int half = LANES / 2 * LENGTH; half >= LENGTH; half /= 2) {
            for (int e = 0; e < half; e += LENGTH) {
                FLOATS.cast(fromArray(SPECIES, laneSums, e))
                        .add(FLOATS.cast(fromArray(SPECIES, laneSums, half + e)))
                        .intoArray(laneSums, e);
            }
        }
    }

    // ---- 16 sums of 16 lanes
    // ----------------------------------------------------------------------------------------------------------------

    /**
     * {@link Kernels#tree} along each of the 16 rows of the sums; row r's goes to place r. At each level two rows become one: the
     * halves of both that are to be added lie side by side, so that 15 additions do what would be 64 exchanges after turning.
     */
    static void treeAlongRows(float[] sums) {
        for (int width = LANES; width > LENGTH; width /= 2) {
            addHalves(width, sums);
        }
        for (int group = 0; group < LANES * LENGTH; group += LENGTH * LENGTH) {
            if (LENGTH >= 16) {
                merge8(sums, group);
            }
            if (LENGTH >= 8) {
                merge4(sums, group);
            }
            merge2(sums, group);
            merge1(sums, group, sums, group / LENGTH);
        }
    }

    private static void addHalves(int width, float[] x) {
        for (int r = 0; r < LANES; r++) {
            for (int e = 0; e < width / 2; e += LENGTH) {
                FLOATS.cast(fromArray(SPECIES, x, r * width + e))
                        .add(FLOATS.cast(fromArray(SPECIES, x, r * width + width / 2 + e)))
                        .intoArray(x, r * width / 2 + e);
            }
        }
    }

    private static void merge8(float[] x, int at) {
        for (int i = at; i < at + 8 * LENGTH; i += LENGTH) {
            FloatVector a = FLOATS.cast(fromArray(SPECIES, x, i));
            FloatVector b = FLOATS.cast(fromArray(SPECIES, x, i + 8 * LENGTH));
            a.blend(b, ODD_8).add(b.blend(a, ODD_8).rearrange(CROSS_8)).intoArray(x, i);
        }
    }

    private static void merge4(float[] x, int at) {
        for (int i = at; i < at + 4 * LENGTH; i += LENGTH) {
            FloatVector a = FLOATS.cast(fromArray(SPECIES, x, i));
            FloatVector b = FLOATS.cast(fromArray(SPECIES, x, i + 4 * LENGTH));
            a.blend(b, ODD_4).add(b.blend(a, ODD_4).rearrange(CROSS_4)).intoArray(x, i);
        }
    }

    private static void merge2(float[] x, int at) {
        for (int i = at; i < at + 2 * LENGTH; i += LENGTH) {
            FloatVector a = FLOATS.cast(fromArray(SPECIES, x, i));
            FloatVector b = FLOATS.cast(fromArray(SPECIES, x, i + 2 * LENGTH));
            a.blend(b, ODD_2).add(b.blend(a, ODD_2).rearrange(CROSS_2)).intoArray(x, i);
        }
    }

    private static void merge1(float[] x, int at, float[] y, int to) {
        FloatVector a = FLOATS.cast(fromArray(SPECIES, x, at));
        FloatVector b = FLOATS.cast(fromArray(SPECIES, x, at + LENGTH));
        a.blend(b, ODD_1).add(b.blend(a, ODD_1).rearrange(CROSS_1)).intoArray(y, to);
    }

    /**
     * {@link Kernels#tree} of 16 rows of 16 numbers into the first one. Without vectors: written with them, JDK 17 put them on
     * the heap in one run of nine (5440 bytes per step of an autoencoder with a code of 2).
     */
    static void treeDownColumns(float[] sums) {
        for (int half = LANES / 2 * LANES; half >= LANES; half /= 2) {
            for (int e = 0; e < half; e++) {
                sums[e] += sums[half + e];
            }
        }
    }
}
