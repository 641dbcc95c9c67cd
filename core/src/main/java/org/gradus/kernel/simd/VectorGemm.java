package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;
import static org.gradus.kernel.simd.VectorMath.grown;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * Products of matrices by rows, made of {@link VectorTiles}. B is copied into panels 16 columns wide, in the order in which a tile
 * reads it; A is read where it lies, whether transposed or not. Four shapes are better off otherwise: {@code A B^T} with fewer rows than
 * columns is computed as the transpose of {@code B A^T}, so that the smaller matrix is the one copied; products of few rows do not
 * repay any copy, nor do sums of two terms; those of few columns run in lanes. An object serves one thread.
 */
final class VectorGemm {

    /** Length of a piece of the sum over k: two panels of 512 steps are 64 kB, which the second-level cache streams in time. */
    private static final int DEPTH_BLOCK = 512;

    /** Columns whose panels are packed at once: 1024 columns of 512 steps are 2 MB, all that a thread takes for them. */
    private static final int COLUMN_BLOCK = 1024;

    /** Numbers of A or C that {@link #gemmSwapped} keeps in panels: 8 MB. */
    private static final int SWAP_LIMIT = 2_000_000;

    /** Rows of a product that repay no copy of B. */
    private static final int FEW_ROWS = 6;

    private final VectorPanelProducts panels;
    private final VectorLayouts layouts;
    private final VectorThinProducts thin;
    private float[] packed = new float[0];
    private float[] transposed = new float[0];

    /** Products by way of these panels and layouts. */
    VectorGemm(VectorPanelProducts panels, VectorLayouts layouts, VectorThinProducts thin) {
        this.panels = panels;
        this.layouts = layouts;
        this.thin = thin;
    }

    /** {@link org.gradus.kernel.Kernels#gemm}. */
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
        if (GemmKind.sumsInLanes(n, k) && kind == GemmKind.TN) {
            thin.columnsInLanes(m, n, k, a, b, c, accumulate, rowFrom, rowTo, colFrom, colTo);
        } else if (GemmKind.sumsInLanes(n, k)) {
            thin.inLanes(kind, n, k, a, b, c, accumulate, rowFrom, rowTo, colFrom, colTo);
        } else if (kind != GemmKind.NT && rowTo - rowFrom <= FEW_ROWS) {
            gemmFewRows(kind, m, n, k, a, b, c, accumulate, rowFrom, rowTo, colFrom, colTo);
        } else if (k == 2 && !accumulate) {
            gemmOfTwoTerms(kind, m, n, a, b, c, rowFrom, rowTo, colFrom, colTo);
        } else if (kind == GemmKind.NT && !accumulate && swapPays(k, rowFrom, rowTo, colFrom, colTo)) {
            gemmSwapped(n, k, a, b, c, rowFrom, rowTo, colFrom, colTo);
        } else {
            gemmTiled(kind, m, n, k, a, b, c, accumulate, rowFrom, rowTo, colFrom, colTo);
        }
        if (bias.length > 0) {
            for (int i = rowFrom; i < rowTo; i++) {
                addRow(colFrom, colTo, bias, c, i * n);
            }
        }
    }

    private static void addRow(int from, int to, float[] row, float[] c, int start) {
        int j = from;
        for (; j <= to - LENGTH; j += LENGTH) {
            FLOATS.cast(fromArray(SPECIES, c, start + j))
                    .add(FLOATS.cast(fromArray(SPECIES, row, j)))
                    .intoArray(c, start + j);
        }
        for (; j < to; j++) {
            c[start + j] += row[j];
        }
    }

    /**
     * Pieces of the sums, blocks of columns, blocks of rows: B is copied into panels once per piece and block of columns, and a
     * block of A stays in the second-level cache while all panels pass by.
     */
    private void gemmTiled(
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
        if (k == 0 && !accumulate) {
            for (int i = rowFrom; i < rowTo; i++) {
                Arrays.fill(c, i * n + colFrom, i * n + colTo, 0f);
            }
        }
        Order order = kind == GemmKind.TN ? Order.COLUMNS : Order.ROWS;
        int aStep = kind == GemmKind.TN ? m : k;
        for (int p0 = 0; p0 < k; p0 += DEPTH_BLOCK) {
            int depth = Math.min(DEPTH_BLOCK, k - p0);
            for (int j0 = colFrom; j0 < colTo; j0 += COLUMN_BLOCK) {
                int columns = Math.min(COLUMN_BLOCK, colTo - j0);
                int count = PanelKernels.count(columns);
                packed = grown(packed, count * depth * PanelKernels.WIDTH);
                for (int q = 0; q < count; q++) {
                    packPanel(kind, n, k, b, p0, depth, j0 + q * PanelKernels.WIDTH, colTo, q);
                }
                boolean onto = accumulate || p0 > 0;
                Product piece = new Product(order, aStep, p0, p0 + depth, onto, columns, n, PanelKernels.WIDTH);
                panels.products(piece, rowFrom, rowTo, 0, count, a, packed, c, j0);
            }
        }
    }

    /** Columns {@code j..j+16} of B, those from {@code colTo} on left alone: element {@code [p][l]}. */
    private void packPanel(GemmKind kind, int n, int k, float[] b, int p0, int depth, int j, int colTo, int panel) {
        int to = panel * depth * PanelKernels.WIDTH;
        int columns = Math.min(PanelKernels.WIDTH, colTo - j);
        if (kind != GemmKind.NT && columns == PanelKernels.WIDTH) {
            packRows(depth, b, p0 * n + j, n, packed, to);
        } else if (kind != GemmKind.NT) {
            for (int p = 0; p < depth; p++) {
                System.arraycopy(b, (p0 + p) * n + j, packed, to + p * PanelKernels.WIDTH, columns);
            }
        } else {
            layouts.panelOfRows(j, columns, k, p0, depth, b, packed, to);
        }
    }

    private static void packRows(int depth, float[] b, int from, int step, float[] out, int to) {
        for (int p = 0; p < depth; p++) {
            for (int v = 0; v < PanelKernels.WIDTH; v += LENGTH) {
                FLOATS.cast(fromArray(SPECIES, b, from + p * step + v)).intoArray(out, to + p * PanelKernels.WIDTH + v);
            }
        }
    }

    /**
     * {@code A B^T} as the transpose of {@code B A^T}: the same chains, B read where it lies and A copied into panels. Pays where
     * turning A and C is less work than turning B.
     */
    private void gemmSwapped(
            int n, int k, float[] a, float[] b, float[] c, int rowFrom, int rowTo, int colFrom, int colTo) {
        int rows = rowTo - rowFrom;
        int columns = colTo - colFrom;
        int count = PanelKernels.count(rows);
        packed = grown(packed, PanelKernels.size(rows, k));
        transposed = grown(transposed, PanelKernels.size(rows, columns));
        for (int q = 0; q < count; q++) {
            int from = rowFrom + q * PanelKernels.WIDTH;
            int some = Math.min(PanelKernels.WIDTH, rowTo - from);
            layouts.panelOfRows(from, some, k, 0, k, a, packed, q * k * PanelKernels.WIDTH);
        }
        Product product = new Product(
                Order.ROWS, k, k, count * PanelKernels.WIDTH, PanelKernels.WIDTH, columns * PanelKernels.WIDTH);
        panels.products(product, colFrom, colTo, 0, count, b, packed, transposed, -colFrom * PanelKernels.WIDTH);
        layouts.rowsOfPanels(rows, columns, transposed, c, rowFrom * n + colFrom, n);
    }

    private static boolean swapPays(int k, int rowFrom, int rowTo, int colFrom, int colTo) {
        int rows = rowTo - rowFrom;
        int columns = colTo - colFrom;
        return k > 0
                && (long) rows * (k + columns) < (long) columns * k
                && (long) PanelKernels.count(rows) * PanelKernels.WIDTH * Math.max(k, columns) < SWAP_LIMIT;
    }

    /** A product with few rows: two at a time, four vectors of columns side by side, B read where it lies. */
    private void gemmFewRows(
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
        int step = kind == GemmKind.TN ? m : 1;
        int aRow = kind == GemmKind.TN ? 1 : k;
        for (int i = rowFrom; i < rowTo && !accumulate; i++) {
            Arrays.fill(c, i * n + colFrom, i * n + colTo, 0f);
        }
        int j = colFrom;
        for (; j + 4 * LENGTH <= colTo; j += 4 * LENGTH) {
            int i = rowFrom;
            for (; i + 2 <= rowTo; i += 2) {
                fourVectorsOfTwoRows(k, a, i * aRow, aRow, step, b, j, n, c, i * n + j);
            }
            if (i < rowTo) {
                fourVectors(k, a, i * aRow, step, b, j, n, c, i * n + j);
            }
        }
        for (; j + LENGTH <= colTo; j += LENGTH) {
            for (int i = rowFrom; i < rowTo; i++) {
                oneVector(k, a, i * aRow, step, b, j, n, c, i * n + j);
            }
        }
        for (; j < colTo; j++) {
            for (int i = rowFrom; i < rowTo; i++) {
                float sum = c[i * n + j];
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(a[i * aRow + p * step], b[p * n + j], sum);
                }
                c[i * n + j] = sum;
            }
        }
    }

    private static void fourVectorsOfTwoRows(
            int k, float[] a, int at, int aRow, int aStep, float[] b, int from, int n, float[] c, int to) {
        FloatVector s0 = FLOATS.cast(fromArray(SPECIES, c, to));
        FloatVector s1 = FLOATS.cast(fromArray(SPECIES, c, to + LENGTH));
        FloatVector s2 = FLOATS.cast(fromArray(SPECIES, c, to + 2 * LENGTH));
        FloatVector s3 = FLOATS.cast(fromArray(SPECIES, c, to + 3 * LENGTH));
        FloatVector t0 = FLOATS.cast(fromArray(SPECIES, c, to + n));
        FloatVector t1 = FLOATS.cast(fromArray(SPECIES, c, to + n + LENGTH));
        FloatVector t2 = FLOATS.cast(fromArray(SPECIES, c, to + n + 2 * LENGTH));
        FloatVector t3 = FLOATS.cast(fromArray(SPECIES, c, to + n + 3 * LENGTH));
        for (int p = 0; p < k; p++) {
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[at + p * aStep]));
            FloatVector v = FLOATS.cast(broadcast(SPECIES, a[at + aRow + p * aStep]));
            int o = from + p * n;
            FloatVector x = FLOATS.cast(fromArray(SPECIES, b, o));
            s0 = w.fma(x, s0);
            t0 = v.fma(x, t0);
            x = FLOATS.cast(fromArray(SPECIES, b, o + LENGTH));
            s1 = w.fma(x, s1);
            t1 = v.fma(x, t1);
            x = FLOATS.cast(fromArray(SPECIES, b, o + 2 * LENGTH));
            s2 = w.fma(x, s2);
            t2 = v.fma(x, t2);
            x = FLOATS.cast(fromArray(SPECIES, b, o + 3 * LENGTH));
            s3 = w.fma(x, s3);
            t3 = v.fma(x, t3);
        }
        s0.intoArray(c, to);
        s1.intoArray(c, to + LENGTH);
        s2.intoArray(c, to + 2 * LENGTH);
        s3.intoArray(c, to + 3 * LENGTH);
        t0.intoArray(c, to + n);
        t1.intoArray(c, to + n + LENGTH);
        t2.intoArray(c, to + n + 2 * LENGTH);
        t3.intoArray(c, to + n + 3 * LENGTH);
    }

    private static void fourVectors(
            int k, float[] a, int at, int aStep, float[] b, int from, int n, float[] c, int to) {
        FloatVector s0 = FLOATS.cast(fromArray(SPECIES, c, to));
        FloatVector s1 = FLOATS.cast(fromArray(SPECIES, c, to + LENGTH));
        FloatVector s2 = FLOATS.cast(fromArray(SPECIES, c, to + 2 * LENGTH));
        FloatVector s3 = FLOATS.cast(fromArray(SPECIES, c, to + 3 * LENGTH));
        for (int p = 0; p < k; p++) {
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[at + p * aStep]));
            int o = from + p * n;
            s0 = w.fma(FLOATS.cast(fromArray(SPECIES, b, o)), s0);
            s1 = w.fma(FLOATS.cast(fromArray(SPECIES, b, o + LENGTH)), s1);
            s2 = w.fma(FLOATS.cast(fromArray(SPECIES, b, o + 2 * LENGTH)), s2);
            s3 = w.fma(FLOATS.cast(fromArray(SPECIES, b, o + 3 * LENGTH)), s3);
        }
        s0.intoArray(c, to);
        s1.intoArray(c, to + LENGTH);
        s2.intoArray(c, to + 2 * LENGTH);
        s3.intoArray(c, to + 3 * LENGTH);
    }

    private static void oneVector(int k, float[] a, int at, int aStep, float[] b, int from, int n, float[] c, int to) {
        FloatVector sum = FLOATS.cast(fromArray(SPECIES, c, to));
        for (int p = 0; p < k; p++) {
            sum = FLOATS.cast(fromArray(SPECIES, b, from + p * n)).fma(broadcast(SPECIES, a[at + p * aStep]), sum);
        }
        sum.intoArray(c, to);
    }

    /** Sums of two terms are over before a tile's registers are loaded and stored: along four rows of C instead. */
    private void gemmOfTwoTerms(
            GemmKind kind,
            int m,
            int n,
            float[] a,
            float[] b,
            float[] c,
            int rowFrom,
            int rowTo,
            int colFrom,
            int colTo) {
        float[] rows = kind == GemmKind.NT ? thin.transposed(2, n, b) : b;
        int step = kind == GemmKind.TN ? m : 1;
        int aRow = kind == GemmKind.TN ? 1 : 2;
        int whole = colTo - (colTo - colFrom) % LENGTH;
        int i = rowFrom;
        for (; i + 4 <= rowTo; i += 4) {
            fourRowsOfTwoTerms(colFrom, whole, a, i * aRow, aRow, step, rows, n, c, i * n);
        }
        for (int r = rowFrom; r < rowTo; r++) {
            twoTerms(r < i ? whole : colFrom, colTo, a[r * aRow], a[r * aRow + step], rows, n, c, r * n);
        }
    }

    /** Columns {@code from..to}, which fill vectors. */
    private static void fourRowsOfTwoTerms(
            int from, int to, float[] a, int at, int aRow, int step, float[] b, int n, float[] c, int cAt) {
        FloatVector u0 = FLOATS.cast(broadcast(SPECIES, a[at]));
        FloatVector u1 = FLOATS.cast(broadcast(SPECIES, a[at + aRow]));
        FloatVector u2 = FLOATS.cast(broadcast(SPECIES, a[at + 2 * aRow]));
        FloatVector u3 = FLOATS.cast(broadcast(SPECIES, a[at + 3 * aRow]));
        FloatVector v0 = FLOATS.cast(broadcast(SPECIES, a[at + step]));
        FloatVector v1 = FLOATS.cast(broadcast(SPECIES, a[at + aRow + step]));
        FloatVector v2 = FLOATS.cast(broadcast(SPECIES, a[at + 2 * aRow + step]));
        FloatVector v3 = FLOATS.cast(broadcast(SPECIES, a[at + 3 * aRow + step]));
        FloatVector zero = broadcast(SPECIES, 0f);
        for (int j = from; j < to; j += LENGTH) {
            FloatVector x = FLOATS.cast(fromArray(SPECIES, b, j));
            FloatVector y = FLOATS.cast(fromArray(SPECIES, b, n + j));
            int o = cAt + j;
            v0.fma(y, u0.fma(x, zero)).intoArray(c, o);
            v1.fma(y, u1.fma(x, zero)).intoArray(c, o + n);
            v2.fma(y, u2.fma(x, zero)).intoArray(c, o + 2 * n);
            v3.fma(y, u3.fma(x, zero)).intoArray(c, o + 3 * n);
        }
    }

    private static void twoTerms(int from, int to, float u, float v, float[] b, int n, float[] c, int at) {
        for (int j = from; j < to; j++) {
            c[at + j] = Math.fma(v, b[n + j], Math.fma(u, b[j], 0f));
        }
    }
}
