package org.gradus.kernel;

import java.util.Arrays;

/**
 * The plain matrix product. It goes through four rows of B at a time, copied into arrays of their own: C2 vectorises {@code c[j] =
 * fma(a, b[j], c[j])} when all arrays share the index j, but not when their offsets differ. An object serves one thread.
 */
final class ScalarGemm {

    /** Rows of B that one pass over a row of C takes; the chain of a C element then stays in a register for four steps. */
    private static final int UNROLL = 4;

    /** Columns of C in one pass: four packed rows of B and two of C, 12 kB, fit the first-level cache. */
    private static final int COLUMN_BLOCK = 512;

    /** Rows of B packed at once: 256 kB of them stay in the second-level cache while all rows of C pass by. */
    private static final int DEPTH_BLOCK = 128;

    private final float[] lanes = new float[Kernels.LANES];
    private final float[][] packed = new float[DEPTH_BLOCK][COLUMN_BLOCK];
    private final float[] sums0 = new float[COLUMN_BLOCK];
    private final float[] sums1 = new float[COLUMN_BLOCK];

    /** {@link Kernels#gemm}. */
    void gemm(
            GemmKind kind,
            int m,
            int n,
            int k,
            float[] a,
            float[] b,
            float[] bias,
            float[] c,
            boolean accumulate,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo) {
        if (GemmKind.sumsInLanes(n, k)) {
            gemmInLanes(kind, m, n, k, a, b, c, accumulate, rowFrom, rowTo, colFrom, colTo);
        } else {
            if (!accumulate) {
                for (int i = rowFrom; i < rowTo; i++) {
                    Arrays.fill(c, i * n + colFrom, i * n + colTo, 0f);
                }
            }
            for (int p0 = 0; p0 < k; p0 += DEPTH_BLOCK) {
                int depth = Math.min(DEPTH_BLOCK, k - p0);
                for (int j0 = colFrom; j0 < colTo; j0 += COLUMN_BLOCK) {
                    int width = Math.min(COLUMN_BLOCK, colTo - j0);
                    pack(kind, n, k, b, p0, depth, j0, width);
                    for (int i = rowFrom; i < rowTo; i += 2) {
                        if (i + 1 < rowTo) {
                            twoRows(kind, m, n, k, a, c, i, p0, depth, j0, width);
                        } else {
                            oneRow(kind, m, n, k, a, c, i, p0, depth, j0, width);
                        }
                    }
                }
            }
        }
        if (bias.length > 0) {
            for (int i = rowFrom; i < rowTo; i++) {
                for (int j = colFrom; j < colTo; j++) {
                    c[i * n + j] += bias[j];
                }
            }
        }
    }

    private void pack(GemmKind kind, int n, int k, float[] b, int p0, int depth, int j0, int width) {
        for (int p = 0; p < depth; p++) {
            float[] row = packed[p];
            if (kind == GemmKind.NT) {
                for (int j = 0; j < width; j++) {
                    row[j] = b[(j0 + j) * k + p0 + p];
                }
            } else {
                System.arraycopy(b, (p0 + p) * n + j0, row, 0, width);
            }
        }
    }

    private void twoRows(
            GemmKind kind, int m, int n, int k, float[] a, float[] c, int i, int p0, int depth, int j0, int width) {
        System.arraycopy(c, i * n + j0, sums0, 0, width);
        System.arraycopy(c, (i + 1) * n + j0, sums1, 0, width);
        int step = kind.a(0, 1, m, k);
        int next = kind.a(1, 0, m, k);
        int at = kind.a(i, p0, m, k);
        int p = 0;
        for (; p + UNROLL <= depth; p += UNROLL) {
            fourTerms(
                    width,
                    a[at],
                    a[at + step],
                    a[at + 2 * step],
                    a[at + 3 * step],
                    a[at + next],
                    a[at + next + step],
                    a[at + next + 2 * step],
                    a[at + next + 3 * step],
                    packed[p],
                    packed[p + 1],
                    packed[p + 2],
                    packed[p + 3],
                    sums0,
                    sums1);
            at += UNROLL * step;
        }
        for (; p < depth; p++) {
            addScaled(width, a[at], packed[p], sums0);
            addScaled(width, a[at + next], packed[p], sums1);
            at += step;
        }
        System.arraycopy(sums0, 0, c, i * n + j0, width);
        System.arraycopy(sums1, 0, c, (i + 1) * n + j0, width);
    }

    private void oneRow(
            GemmKind kind, int m, int n, int k, float[] a, float[] c, int i, int p0, int depth, int j0, int width) {
        System.arraycopy(c, i * n + j0, sums0, 0, width);
        for (int p = 0; p < depth; p++) {
            addScaled(width, a[kind.a(i, p0 + p, m, k)], packed[p], sums0);
        }
        System.arraycopy(sums0, 0, c, i * n + j0, width);
    }

    private static void fourTerms(
            int width,
            float a00,
            float a01,
            float a02,
            float a03,
            float a10,
            float a11,
            float a12,
            float a13,
            float[] b0,
            float[] b1,
            float[] b2,
            float[] b3,
            float[] c0,
            float[] c1) {
        for (int j = 0; j < width; j++) {
            c0[j] = Math.fma(a03, b3[j], Math.fma(a02, b2[j], Math.fma(a01, b1[j], Math.fma(a00, b0[j], c0[j]))));
            c1[j] = Math.fma(a13, b3[j], Math.fma(a12, b2[j], Math.fma(a11, b1[j], Math.fma(a10, b0[j], c1[j]))));
        }
    }

    private void gemmInLanes(
            GemmKind kind,
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
        for (int i = rowFrom; i < rowTo; i++) {
            for (int j = colFrom; j < colTo; j++) {
                Arrays.fill(lanes, 0f);
                for (int p = 0; p < k; p++) {
                    lanes[p % Kernels.LANES] =
                            Math.fma(a[kind.a(i, p, m, k)], b[kind.b(p, j, n, k)], lanes[p % Kernels.LANES]);
                }
                float sum = Kernels.tree(lanes);
                c[i * n + j] = accumulate ? c[i * n + j] + sum : sum;
            }
        }
    }

    private static void addScaled(int width, float s, float[] x, float[] out) {
        for (int j = 0; j < width; j++) {
            out[j] = Math.fma(s, x[j], out[j]);
        }
    }
}
