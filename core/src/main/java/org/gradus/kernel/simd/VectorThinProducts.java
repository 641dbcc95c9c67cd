package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;
import static org.gradus.kernel.simd.VectorMath.grown;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;

/**
 * Products of at most {@value Kernels#THIN} columns, whose sums run in lanes as {@link GemmKind#sumsInLanes} says. An object serves one
 * thread.
 */
final class VectorThinProducts {

    private static final int LANES = Kernels.LANES;

    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(SPECIES, i -> (2 * i) % LENGTH);
    private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % LENGTH);
    private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(SPECIES, -1L << (LENGTH / 2));

    private final float[] rowLanes = new float[LANES * LANES];
    private final float[] otherLanes = new float[LANES * LANES];
    private final float[] laneSums = new float[LANES * LENGTH];
    private float[] transposed = new float[0];
    private final Kernels plain;
    private final VectorLanes lanes;

    /** Products by sums in {@code lanes}; {@code plain} does the rows that fill no vector. */
    VectorThinProducts(Kernels plain, VectorLanes lanes) {
        this.plain = plain;
        this.lanes = lanes;
    }

    void inLanes(
            GemmKind kind,
            int n,
            int k,
            float[] a,
            float[] b,
            float[] c,
            boolean accumulate,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo) {
        float[] columns = b;
        if (kind == GemmKind.NN) {
            columns = transposed(n, k, b);
        }
        int i = rowFrom;
        for (; i + LANES <= rowTo; i += LANES) {
            int j = colFrom;
            for (; j + 2 <= colTo; j += 2) {
                for (int r = 0; r < LANES; r += 4) {
                    eightDots(k, a, (i + r) * k, columns, j * k, r * LANES);
                }
                storeSums(rowLanes, n, c, i * n + j, accumulate);
                storeSums(otherLanes, n, c, i * n + j + 1, accumulate);
            }
            for (; j < colTo; j++) {
                for (int r = 0; r < LANES; r += 4) {
                    fourDots(k, a, (i + r) * k, columns, j * k, r * LANES);
                }
                storeSums(rowLanes, n, c, i * n + j, accumulate);
            }
        }
        for (; i < rowTo; i++) {
            for (int j = colFrom; j < colTo; j++) {
                float sum = lanes.dot(k, a, i * k, columns, j * k);
                c[i * n + j] = accumulate ? c[i * n + j] + sum : sum;
            }
        }
    }

    /** The trees of the lanes of 16 rows go to a column of C. */
    private static void storeSums(float[] lanesOfRows, int n, float[] c, int at, boolean accumulate) {
        VectorLanes.treeAlongRows(lanesOfRows);
        for (int r = 0; r < LANES; r++) {
            c[at + r * n] = accumulate ? c[at + r * n] + lanesOfRows[r] : lanesOfRows[r];
        }
    }

    /** The lanes of four rows of A times two columns: eight sums that do not wait for each other. */
    private void eightDots(int k, float[] a, int at, float[] b, int bFrom, int to) {
        int whole = k - k % LANES;
        for (int l = 0; l < LANES; l += LENGTH) {
            eightDotLanes(l, whole, k, a, at, b, bFrom, rowLanes, otherLanes, to + l);
        }
        lastTerms(whole, k, a, at, b, bFrom, rowLanes, to);
        lastTerms(whole, k, a, at, b, bFrom + k, otherLanes, to);
    }

    /** The same with one column. */
    private void fourDots(int k, float[] a, int at, float[] b, int bFrom, int to) {
        int whole = k - k % LANES;
        for (int l = 0; l < LANES; l += LENGTH) {
            fourDotLanes(l, whole, k, a, at, b, bFrom, rowLanes, to + l);
        }
        lastTerms(whole, k, a, at, b, bFrom, rowLanes, to);
    }

    private static void lastTerms(int whole, int k, float[] a, int at, float[] b, int bFrom, float[] lanes, int to) {
        for (int p = whole; p < k; p++) {
            for (int r = 0; r < 4; r++) {
                int lane = to + r * LANES + p % LANES;
                lanes[lane] = Math.fma(a[at + r * k + p], b[bFrom + p], lanes[lane]);
            }
        }
    }

    private static void eightDotLanes(
            int lane,
            int whole,
            int k,
            float[] a,
            int at,
            float[] b,
            int bFrom,
            float[] lanes,
            float[] others,
            int to) {
        FloatVector s0 = broadcast(SPECIES, 0f);
        FloatVector s1 = broadcast(SPECIES, 0f);
        FloatVector s2 = broadcast(SPECIES, 0f);
        FloatVector s3 = broadcast(SPECIES, 0f);
        FloatVector t0 = broadcast(SPECIES, 0f);
        FloatVector t1 = broadcast(SPECIES, 0f);
        FloatVector t2 = broadcast(SPECIES, 0f);
        FloatVector t3 = broadcast(SPECIES, 0f);
        for (int p = lane; p < whole; p += LANES) {
            FloatVector y = FLOATS.cast(fromArray(SPECIES, b, bFrom + p));
            FloatVector z = FLOATS.cast(fromArray(SPECIES, b, bFrom + k + p));
            FloatVector x = FLOATS.cast(fromArray(SPECIES, a, at + p));
            s0 = x.fma(y, s0);
            t0 = x.fma(z, t0);
            x = FLOATS.cast(fromArray(SPECIES, a, at + k + p));
            s1 = x.fma(y, s1);
            t1 = x.fma(z, t1);
            x = FLOATS.cast(fromArray(SPECIES, a, at + 2 * k + p));
            s2 = x.fma(y, s2);
            t2 = x.fma(z, t2);
            x = FLOATS.cast(fromArray(SPECIES, a, at + 3 * k + p));
            s3 = x.fma(y, s3);
            t3 = x.fma(z, t3);
        }
        FLOATS.cast(s0).intoArray(lanes, to);
        FLOATS.cast(s1).intoArray(lanes, to + LANES);
        FLOATS.cast(s2).intoArray(lanes, to + 2 * LANES);
        FLOATS.cast(s3).intoArray(lanes, to + 3 * LANES);
        FLOATS.cast(t0).intoArray(others, to);
        FLOATS.cast(t1).intoArray(others, to + LANES);
        FLOATS.cast(t2).intoArray(others, to + 2 * LANES);
        FLOATS.cast(t3).intoArray(others, to + 3 * LANES);
    }

    private static void fourDotLanes(
            int lane, int whole, int k, float[] a, int at, float[] b, int bFrom, float[] lanes, int to) {
        FloatVector s0 = broadcast(SPECIES, 0f);
        FloatVector s1 = broadcast(SPECIES, 0f);
        FloatVector s2 = broadcast(SPECIES, 0f);
        FloatVector s3 = broadcast(SPECIES, 0f);
        for (int p = lane; p < whole; p += LANES) {
            FloatVector y = FLOATS.cast(fromArray(SPECIES, b, bFrom + p));
            s0 = FLOATS.cast(fromArray(SPECIES, a, at + p)).fma(y, s0);
            s1 = FLOATS.cast(fromArray(SPECIES, a, at + k + p)).fma(y, s1);
            s2 = FLOATS.cast(fromArray(SPECIES, a, at + 2 * k + p)).fma(y, s2);
            s3 = FLOATS.cast(fromArray(SPECIES, a, at + 3 * k + p)).fma(y, s3);
        }
        FLOATS.cast(s0).intoArray(lanes, to);
        FLOATS.cast(s1).intoArray(lanes, to + LANES);
        FLOATS.cast(s2).intoArray(lanes, to + 2 * LANES);
        FLOATS.cast(s3).intoArray(lanes, to + 3 * LANES);
    }

    /** {@code A^T B} with few columns: the rows of A lie along the vectors, so a lane of the sum is a whole vector. */
    void columnsInLanes(
            int m,
            int n,
            int k,
            float[] a,
            float[] b,
            float[] c,
            boolean accumulate,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo) {
        int i = rowFrom;
        for (; i <= rowTo - LENGTH; i += LENGTH) {
            for (int j = colFrom; j < colTo; j++) {
                for (int l = 0; l < LANES; l++) {
                    laneOfProducts(l, m, n, k, a, i, b, j, laneSums);
                }
                VectorLanes.treeOfLanes(laneSums);
                for (int r = 0; r < LENGTH; r++) {
                    int at = (i + r) * n + j;
                    c[at] = accumulate ? c[at] + laneSums[r] : laneSums[r];
                }
            }
        }
        plain.gemm(GemmKind.TN, m, n, k, a, b, Kernels.NO_BIAS, c, accumulate, i, rowTo, colFrom, colTo);
    }

    private static void laneOfProducts(
            int lane, int m, int n, int k, float[] a, int i, float[] b, int j, float[] laneSums) {
        FloatVector sum = broadcast(SPECIES, 0f);
        for (int p = lane; p < k; p += LANES) {
            sum = FLOATS.cast(fromArray(SPECIES, a, p * m + i)).fma(broadcast(SPECIES, b[p * n + j]), sum);
        }
        FLOATS.cast(sum).intoArray(laneSums, lane * LENGTH);
    }

    /** The k x n matrix b by columns. */
    float[] transposed(int n, int k, float[] b) {
        transposed = grown(transposed, n * k);
        int p = n == 2 ? splitPairs(k, b, transposed) : 0;
        for (; p < k; p++) {
            for (int j = 0; j < n; j++) {
                transposed[j * k + p] = b[p * n + j];
            }
        }
        return transposed;
    }

    /** Of k pairs the first numbers, then the second ones; of as many as fill vectors, and how many that is. */
    private static int splitPairs(int k, float[] pairs, float[] out) {
        int p = 0;
        for (; p <= k - LENGTH; p += LENGTH) {
            FloatVector x = FLOATS.cast(fromArray(SPECIES, pairs, 2 * p));
            FloatVector y = FLOATS.cast(fromArray(SPECIES, pairs, 2 * p + LENGTH));
            x.rearrange(EVEN).blend(y.rearrange(EVEN), UPPER_HALF).intoArray(out, p);
            x.rearrange(ODD).blend(y.rearrange(ODD), UPPER_HALF).intoArray(out, k + p);
        }
        return p;
    }
}
