package org.gradus.kernel.simd;

import java.util.Arrays;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.kernel.AdamCoefficients;
import org.gradus.kernel.FloatMath;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.cephes.Cephes;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * The kernels on the Vector API, bit for bit equal to the plain ones, which also does the last few elements of each
 * loop. Only the {@code Vector} classes of this package import {@code jdk.incubator.vector}; {@link org.gradus.kernel.KernelProvider} loads this one by
 * name, and only where the module is there.
 *
 * <p>Products are computed in {@link VectorTiles}. B is copied into panels 16 columns wide, in the order in which a tile reads it; A
 * is read where it lies, whether transposed or not. Four shapes are better off otherwise: {@code A B^T} with fewer rows than
 * columns is computed as the transpose of {@code B A^T}, so that the smaller matrix is the one copied; products of few rows do not
 * repay any copy, nor do sums of two terms; those of few columns run in lanes.
 *
 * <p>Loops are plain: the vectors' width comes from the machine, lanes never talk to each other, and sums in lanes are kept in
 * {@value #LANES} lanes whatever the width (a narrow machine makes several passes).
 */
public final class VectorKernels implements Kernels, WithPanels {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private static final int LENGTH = SPECIES.length();

    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(SPECIES, i -> (2 * i) % LENGTH);
    private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % LENGTH);
    private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(SPECIES, -1L << (LENGTH / 2));

    /** Length of a piece of the sum over k: two panels of 512 steps are 64 kB, which the second-level cache streams in time. */
    private static final int DEPTH_BLOCK = 512;

    /** Columns whose panels are packed at once: 1024 columns of 512 steps are 2 MB, all that a thread takes for them. */
    private static final int COLUMN_BLOCK = 1024;

    /** Numbers of A or C that {@link #gemmSwapped} keeps in panels: 8 MB. */
    private static final int SWAP_LIMIT = 2_000_000;

    /** Rows of a product that repay no copy of B. */
    private static final int FEW_ROWS = 6;

    private final Kernels plain = Kernels.plain();
    private final VectorPanels panels = new VectorPanels(this);
    private final Optional<PanelKernels> door = Optional.of(panels);
    private final float[] lanes = new float[LANES];
    private final float[] rowLanes = new float[LANES * LANES];
    private final float[] otherLanes = new float[LANES * LANES];
    private final float[] laneSums = new float[LANES * LENGTH];
    private final float[] terms = new float[CHUNK];
    private final float[] logs = new float[CHUNK];
    private final float[] exponentials = new float[CHUNK];
    private float[] packed = new float[0];
    private float[] transposed = new float[0];

    /** Kernels for one thread. */
    public VectorKernels() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    @Override
    public Kernels another() {
        return new VectorKernels();
    }

    @Override
    public Optional<PanelKernels> panels() {
        return door;
    }

    // ---- matrix product
    // ----------------------------------------------------------------------------------------------

    @Override
    public void gemm(
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
            gemmColumnsInLanes(m, n, k, a, b, c, accumulate, rowFrom, rowTo, colFrom, colTo);
        } else if (GemmKind.sumsInLanes(n, k)) {
            gemmInLanes(kind, n, k, a, b, c, accumulate, rowFrom, rowTo, colFrom, colTo);
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
            load(c, start + j).add(load(row, j)).intoArray(c, start + j);
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
            int rowBlock = VectorPanels.rowBlock(depth);
            for (int j0 = colFrom; j0 < colTo; j0 += COLUMN_BLOCK) {
                int columns = Math.min(COLUMN_BLOCK, colTo - j0);
                int count = PanelKernels.count(columns);
                packed = grown(packed, count * depth * PanelKernels.WIDTH);
                for (int q = 0; q < count; q++) {
                    packPanel(kind, n, k, b, p0, depth, j0 + q * PanelKernels.WIDTH, colTo, q);
                }
                Product product = new Product(order, aStep, k, columns, n, PanelKernels.WIDTH);
                int xPanel = depth * PanelKernels.WIDTH;
                boolean onto = accumulate || p0 > 0;
                for (int i0 = rowFrom; i0 < rowTo; i0 += rowBlock) {
                    int i1 = Math.min(rowTo, i0 + rowBlock);
                    panels.products(
                            product,
                            i0,
                            i1,
                            0,
                            count,
                            p0,
                            p0 + depth,
                            a,
                            packed,
                            -p0 * PanelKernels.WIDTH,
                            xPanel,
                            onto,
                            c,
                            j0);
                }
            }
        }
    }

    private static float[] grown(float[] array, int length) {
        return array.length < length ? new float[length] : array;
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
            panels.panelOfRows(j, columns, k, p0, depth, b, packed, to);
        }
    }

    private static void packRows(int depth, float[] b, int from, int step, float[] out, int to) {
        for (int p = 0; p < depth; p++) {
            for (int v = 0; v < PanelKernels.WIDTH; v += LENGTH) {
                load(b, from + p * step + v).intoArray(out, to + p * PanelKernels.WIDTH + v);
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
            panels.panelOfRows(from, some, k, 0, k, a, packed, q * k * PanelKernels.WIDTH);
        }
        Product product = new Product(
                Order.ROWS, k, k, count * PanelKernels.WIDTH, PanelKernels.WIDTH, columns * PanelKernels.WIDTH);
        int block = VectorPanels.rowBlock(k);
        int before = -colFrom * PanelKernels.WIDTH;
        for (int j = colFrom; j < colTo; j += block) {
            int end = Math.min(colTo, j + block);
            int xPanel = k * PanelKernels.WIDTH;
            panels.products(product, j, end, 0, count, 0, k, b, packed, 0, xPanel, false, transposed, before);
        }
        panels.rowsOfPanels(rows, columns, transposed, c, rowFrom * n + colFrom, n);
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
        FloatVector s0 = load(c, to);
        FloatVector s1 = load(c, to + LENGTH);
        FloatVector s2 = load(c, to + 2 * LENGTH);
        FloatVector s3 = load(c, to + 3 * LENGTH);
        FloatVector t0 = load(c, to + n);
        FloatVector t1 = load(c, to + n + LENGTH);
        FloatVector t2 = load(c, to + n + 2 * LENGTH);
        FloatVector t3 = load(c, to + n + 3 * LENGTH);
        for (int p = 0; p < k; p++) {
            FloatVector w = broadcast(a[at + p * aStep]);
            FloatVector v = broadcast(a[at + aRow + p * aStep]);
            int o = from + p * n;
            FloatVector x = load(b, o);
            s0 = w.fma(x, s0);
            t0 = v.fma(x, t0);
            x = load(b, o + LENGTH);
            s1 = w.fma(x, s1);
            t1 = v.fma(x, t1);
            x = load(b, o + 2 * LENGTH);
            s2 = w.fma(x, s2);
            t2 = v.fma(x, t2);
            x = load(b, o + 3 * LENGTH);
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
        FloatVector s0 = load(c, to);
        FloatVector s1 = load(c, to + LENGTH);
        FloatVector s2 = load(c, to + 2 * LENGTH);
        FloatVector s3 = load(c, to + 3 * LENGTH);
        for (int p = 0; p < k; p++) {
            FloatVector w = broadcast(a[at + p * aStep]);
            int o = from + p * n;
            s0 = w.fma(load(b, o), s0);
            s1 = w.fma(load(b, o + LENGTH), s1);
            s2 = w.fma(load(b, o + 2 * LENGTH), s2);
            s3 = w.fma(load(b, o + 3 * LENGTH), s3);
        }
        s0.intoArray(c, to);
        s1.intoArray(c, to + LENGTH);
        s2.intoArray(c, to + 2 * LENGTH);
        s3.intoArray(c, to + 3 * LENGTH);
    }

    private static void oneVector(int k, float[] a, int at, int aStep, float[] b, int from, int n, float[] c, int to) {
        FloatVector sum = load(c, to);
        for (int p = 0; p < k; p++) {
            sum = broadcast(a[at + p * aStep]).fma(load(b, from + p * n), sum);
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
        float[] rows = kind == GemmKind.NT ? transposed(2, n, b) : b;
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
        FloatVector u0 = broadcast(a[at]);
        FloatVector u1 = broadcast(a[at + aRow]);
        FloatVector u2 = broadcast(a[at + 2 * aRow]);
        FloatVector u3 = broadcast(a[at + 3 * aRow]);
        FloatVector v0 = broadcast(a[at + step]);
        FloatVector v1 = broadcast(a[at + aRow + step]);
        FloatVector v2 = broadcast(a[at + 2 * aRow + step]);
        FloatVector v3 = broadcast(a[at + 3 * aRow + step]);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int j = from; j < to; j += LENGTH) {
            FloatVector x = load(b, j);
            FloatVector y = load(b, n + j);
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

    private void gemmInLanes(
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
                float sum = dot(k, a, i * k, columns, j * k);
                c[i * n + j] = accumulate ? c[i * n + j] + sum : sum;
            }
        }
    }

    /** The trees of the lanes of 16 rows go to a column of C. */
    private static void storeSums(float[] lanesOfRows, int n, float[] c, int at, boolean accumulate) {
        VectorPanels.treeAlongRows(lanesOfRows);
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
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        FloatVector t0 = FloatVector.zero(SPECIES);
        FloatVector t1 = FloatVector.zero(SPECIES);
        FloatVector t2 = FloatVector.zero(SPECIES);
        FloatVector t3 = FloatVector.zero(SPECIES);
        for (int p = lane; p < whole; p += LANES) {
            FloatVector y = load(b, bFrom + p);
            FloatVector z = load(b, bFrom + k + p);
            FloatVector x = load(a, at + p);
            s0 = x.fma(y, s0);
            t0 = x.fma(z, t0);
            x = load(a, at + k + p);
            s1 = x.fma(y, s1);
            t1 = x.fma(z, t1);
            x = load(a, at + 2 * k + p);
            s2 = x.fma(y, s2);
            t2 = x.fma(z, t2);
            x = load(a, at + 3 * k + p);
            s3 = x.fma(y, s3);
            t3 = x.fma(z, t3);
        }
        s0.intoArray(lanes, to);
        s1.intoArray(lanes, to + LANES);
        s2.intoArray(lanes, to + 2 * LANES);
        s3.intoArray(lanes, to + 3 * LANES);
        t0.intoArray(others, to);
        t1.intoArray(others, to + LANES);
        t2.intoArray(others, to + 2 * LANES);
        t3.intoArray(others, to + 3 * LANES);
    }

    private static void fourDotLanes(
            int lane, int whole, int k, float[] a, int at, float[] b, int bFrom, float[] lanes, int to) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        for (int p = lane; p < whole; p += LANES) {
            FloatVector y = load(b, bFrom + p);
            s0 = load(a, at + p).fma(y, s0);
            s1 = load(a, at + k + p).fma(y, s1);
            s2 = load(a, at + 2 * k + p).fma(y, s2);
            s3 = load(a, at + 3 * k + p).fma(y, s3);
        }
        s0.intoArray(lanes, to);
        s1.intoArray(lanes, to + LANES);
        s2.intoArray(lanes, to + 2 * LANES);
        s3.intoArray(lanes, to + 3 * LANES);
    }

    /** {@code A^T B} with few columns: the rows of A lie along the vectors, so a lane of the sum is a whole vector. */
    private void gemmColumnsInLanes(
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
                treeOfLanes(laneSums);
                for (int r = 0; r < LENGTH; r++) {
                    int at = (i + r) * n + j;
                    c[at] = accumulate ? c[at] + laneSums[r] : laneSums[r];
                }
            }
        }
        plain.gemm(GemmKind.TN, m, n, k, a, b, NO_BIAS, c, accumulate, i, rowTo, colFrom, colTo);
    }

    private static void laneOfProducts(
            int lane, int m, int n, int k, float[] a, int i, float[] b, int j, float[] laneSums) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int p = lane; p < k; p += LANES) {
            sum = load(a, p * m + i).fma(broadcast(b[p * n + j]), sum);
        }
        sum.intoArray(laneSums, lane * LENGTH);
    }

    /** The k x n matrix b by columns. */
    private float[] transposed(int n, int k, float[] b) {
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
            FloatVector x = load(pairs, 2 * p);
            FloatVector y = load(pairs, 2 * p + LENGTH);
            x.rearrange(EVEN).blend(y.rearrange(EVEN), UPPER_HALF).intoArray(out, p);
            x.rearrange(ODD).blend(y.rearrange(ODD), UPPER_HALF).intoArray(out, k + p);
        }
        return p;
    }

    private float dot(int k, float[] a, int aFrom, float[] b, int bFrom) {
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
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int p = lane; p < whole; p += LANES) {
            sum = load(a, aFrom + p).fma(load(b, bFrom + p), sum);
        }
        sum.intoArray(lanes, lane);
    }

    // ---- elementwise
    // -------------------------------------------------------------------------------------------------

    private static FloatVector load(float[] x, int i) {
        return FloatVector.fromArray(SPECIES, x, i);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    @Override
    public void add(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            load(x, i).add(load(y, i)).intoArray(out, i);
        }
        plain.add(i, to, x, y, out);
    }

    @Override
    public void sub(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            load(x, i).sub(load(y, i)).intoArray(out, i);
        }
        plain.sub(i, to, x, y, out);
    }

    @Override
    public void mul(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            load(x, i).mul(load(y, i)).intoArray(out, i);
        }
        plain.mul(i, to, x, y, out);
    }

    @Override
    public void div(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            load(x, i).div(load(y, i)).intoArray(out, i);
        }
        plain.div(i, to, x, y, out);
    }

    @Override
    public void scale(int from, int to, float s, float[] x, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            load(x, i).mul(s).intoArray(out, i);
        }
        plain.scale(i, to, s, x, out);
    }

    @Override
    public void addScaled(int from, int to, float s, float[] x, float[] out) {
        int i = from;
        FloatVector factor = broadcast(s);
        for (; i <= to - LENGTH; i += LENGTH) {
            factor.fma(load(x, i), load(out, i)).intoArray(out, i);
        }
        plain.addScaled(i, to, s, x, out);
    }

    @Override
    public void addConstant(int from, int to, float s, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            load(out, i).add(s).intoArray(out, i);
        }
        plain.addConstant(i, to, s, out);
    }

    @Override
    public void addProduct(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            load(x, i).fma(load(y, i), load(out, i)).intoArray(out, i);
        }
        plain.addProduct(i, to, x, y, out);
    }

    @Override
    public void addQuotient(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            load(out, i).add(load(x, i).div(load(y, i))).intoArray(out, i);
        }
        plain.addQuotient(i, to, x, y, out);
    }

    @Override
    public void divideGrad(int from, int to, float[] q, float[] y, float[] g, float[] gy) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            load(gy, i).sub(load(g, i).mul(load(q, i).div(load(y, i)))).intoArray(gy, i);
        }
        plain.divideGrad(i, to, q, y, g, gy);
    }

    @Override
    public void relu(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = load(x, i);
            v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoArray(y, i);
        }
        plain.relu(i, to, x, y);
    }

    @Override
    public void reluGrad(int from, int to, float[] x, float[] g, float[] gx) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector passed = load(g, i).blend(0f, load(x, i).compare(VectorOperators.LE, 0f));
            load(gx, i).add(passed).intoArray(gx, i);
        }
        plain.reluGrad(i, to, x, g, gx);
    }

    @Override
    public void prelu(int from, int to, int columns, float[] x, float[] slope, float[] y) {
        if (slope.length > 1) {
            plain.prelu(from, to, columns, x, slope, y);
            return;
        }
        int i = from;
        FloatVector a = broadcast(slope[0]);
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = load(x, i);
            a.mul(v).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(y, i);
        }
        plain.prelu(i, to, columns, x, slope, y);
    }

    @Override
    public void preluGrad(int from, int to, int columns, float[] x, float[] slope, float[] g, float[] gx) {
        if (slope.length > 1) {
            plain.preluGrad(from, to, columns, x, slope, g, gx);
            return;
        }
        int i = from;
        FloatVector a = broadcast(slope[0]);
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = load(g, i);
            FloatVector passed = a.mul(v).blend(v, load(x, i).compare(VectorOperators.GT, 0f));
            load(gx, i).add(passed).intoArray(gx, i);
        }
        plain.preluGrad(i, to, columns, x, slope, g, gx);
    }

    @Override
    public void preluColumnSlopeGrad(int rows, int columns, float[] x, float[] g, float[] ga, int colFrom, int colTo) {
        plain.preluColumnSlopeGrad(rows, columns, x, g, ga, colFrom, colTo);
    }

    @Override
    public void sigmoid(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            sigmoid(load(x, i)).intoArray(y, i);
        }
        plain.sigmoid(i, to, x, y);
    }

    @Override
    public void sigmoidGrad(int from, int to, float[] y, float[] g, float[] gx) {
        int i = from;
        FloatVector one = broadcast(1f);
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = load(y, i);
            load(g, i).mul(v).fma(one.sub(v), load(gx, i)).intoArray(gx, i);
        }
        plain.sigmoidGrad(i, to, y, g, gx);
    }

    @Override
    public void tanh(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            tanh(load(x, i)).intoArray(y, i);
        }
        plain.tanh(i, to, x, y);
    }

    @Override
    public void tanhGrad(int from, int to, float[] y, float[] g, float[] gx) {
        int i = from;
        FloatVector one = broadcast(1f);
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = load(y, i);
            load(g, i).fma(v.neg().fma(v, one), load(gx, i)).intoArray(gx, i);
        }
        plain.tanhGrad(i, to, y, g, gx);
    }

    @Override
    public void exp(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - LENGTH; i += LENGTH) {
            exp(load(x, i)).intoArray(y, i);
        }
        plain.exp(i, to, x, y);
    }

    @Override
    public void log(int from, int to, float[] x, float[] y) {
        for (int start = from; start < to; start += CHUNK) {
            int length = Math.min(CHUNK, to - start);
            logs(length, x, start, logs);
            System.arraycopy(logs, 0, y, start, length);
        }
    }

    /** {@link FloatMath#exp} lane by lane. */
    private static FloatVector exp(FloatVector x) {
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
    private static FloatVector tanh(FloatVector x) {
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
    private static FloatVector sigmoid(FloatVector x) {
        FloatVector one = broadcast(1f);
        return one.div(one.add(exp(x.neg())));
    }

    private static float atLeast(float x, float low) {
        return x < low ? low : x;
    }

    static FloatVector atLeast(FloatVector x, float low) {
        return x.blend(low, x.compare(VectorOperators.LT, low));
    }

    // ---- rows and columns: few columns, or memory-bound as they are
    // --------------------------------------------------

    @Override
    public void repeatRow(int rowFrom, int rowTo, int columns, float[] row, float[] out) {
        plain.repeatRow(rowFrom, rowTo, columns, row, out);
    }

    @Override
    public void addColumnSums(int rows, int columns, float[] x, float[] out, int colFrom, int colTo) {
        int j = colFrom;
        for (; j <= colTo - LENGTH; j += LENGTH) {
            for (int l = 0; l < LANES; l++) {
                laneOfColumns(l, rows, columns, x, j, laneSums);
            }
            treeOfLanes(laneSums);
            load(out, j).add(load(laneSums, 0)).intoArray(out, j);
        }
        plain.addColumnSums(rows, columns, x, out, j, colTo);
    }

    private static void laneOfColumns(int lane, int rows, int columns, float[] x, int j, float[] laneSums) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = lane; i < rows; i += LANES) {
            sum = sum.add(load(x, i * columns + j));
        }
        sum.intoArray(laneSums, lane * LENGTH);
    }

    /** {@link Kernels#tree} over lanes that are whole vectors, one behind the other, into the first. */
    private static void treeOfLanes(float[] laneSums) {
        for (int half = LANES / 2 * LENGTH; half >= LENGTH; half /= 2) {
            for (int e = 0; e < half; e += LENGTH) {
                load(laneSums, e).add(load(laneSums, half + e)).intoArray(laneSums, e);
            }
        }
    }

    @Override
    public void normalizeRows(int rowFrom, int rowTo, int columns, float[] x, float[] y) {
        plain.normalizeRows(rowFrom, rowTo, columns, x, y);
    }

    @Override
    public void normalizeRowsGrad(int rowFrom, int rowTo, int columns, float[] x, float[] y, float[] g, float[] gx) {
        plain.normalizeRowsGrad(rowFrom, rowTo, columns, x, y, g, gx);
    }

    @Override
    public void softmaxCrossEntropy(int rowFrom, int rowTo, int columns, float[] z, float[] classes, float[] loss) {
        plain.softmaxCrossEntropy(rowFrom, rowTo, columns, z, classes, loss);
    }

    @Override
    public void softmaxCrossEntropyGrad(
            int rowFrom, int rowTo, int columns, float s, float[] z, float[] classes, float[] gz) {
        plain.softmaxCrossEntropyGrad(rowFrom, rowTo, columns, s, z, classes, gz);
    }

    // ---- reductions: the terms of a chunk into memory, then their sum in lanes
    // ---------------------------------------

    private float sumInLanes(int length, float[] x, int from) {
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
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = lane; i < whole; i += LANES) {
            sum = sum.add(load(x, from + i));
        }
        sum.intoArray(lanes, lane);
    }

    @Override
    public void sumChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            partial[c] = sumInLanes(Kernels.chunkLength(c, columns), x, Kernels.chunkStart(c, columns));
        }
    }

    @Override
    public void squaredErrorChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int start = Kernels.chunkStart(c, columns);
            int length = Kernels.chunkLength(c, columns);
            differences(length, x, y, start, terms);
            partial[c] = dot(length, terms, 0, terms, 0);
        }
    }

    private static void differences(int length, float[] x, float[] y, int from, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            load(x, from + i).sub(load(y, from + i)).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = x[from + i] - y[from + i];
        }
    }

    @Override
    public void addScaledDifference(int from, int to, float s, float[] x, float[] y, float[] gx) {
        int i = from;
        FloatVector factor = broadcast(s);
        for (; i <= to - LENGTH; i += LENGTH) {
            factor.fma(load(x, i).sub(load(y, i)), load(gx, i)).intoArray(gx, i);
        }
        plain.addScaledDifference(i, to, s, x, y, gx);
    }

    /**
     * Each logarithm in a loop of its own over memory in the first-level cache: C2 stops inlining at a number of nodes that one
     * logarithm nearly reaches, and the vectors of whatever follows would be boxed.
     */
    @Override
    public void bceChunks(int chunkFrom, int chunkTo, int columns, float[] p, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int start = Kernels.chunkStart(c, columns);
            int length = Kernels.chunkLength(c, columns);
            bceTermsOf(length, p, y, start);
            partial[c] = sumInLanes(length, terms, 0);
        }
    }

    /** The terms of the loss, at most {@value #CHUNK} of them, into {@link #terms}. */
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

    /**
     * {@link FloatMath#log} lane by lane, {@code out[i] = ln x[from + i]}. Written out in one method of more than 325 bytes
     * on purpose: C2 inlines no larger one (its {@code FreqInlineSize}), so this loop is always compiled by itself, within its limits.
     */
    private static void logs(int length, float[] x, int from, float[] out) {
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

    private static void complements(int length, float[] x, int from, float[] out) {
        int i = 0;
        FloatVector one = broadcast(1f);
        for (; i <= length - LENGTH; i += LENGTH) {
            one.sub(load(x, from + i)).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = 1f - x[from + i];
        }
    }

    /** From {@code ln p} and {@code ln(1 - p)} to the terms of the loss, in place of the latter. */
    private static void bceTerms(int length, float[] logs, float[] y, int from, float[] terms) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector l0 = atLeast(load(logs, i), LOG_CLAMP);
            FloatVector l1 = atLeast(load(terms, i), LOG_CLAMP);
            FloatVector target = load(y, from + i);
            target.sub(1f).fma(l1, target.mul(l0).neg()).intoArray(terms, i);
        }
        for (; i < length; i++) {
            float l0 = atLeast(logs[i], LOG_CLAMP);
            float l1 = atLeast(terms[i], LOG_CLAMP);
            terms[i] = Math.fma(y[from + i] - 1f, l1, -(y[from + i] * l0));
        }
    }

    private static VectorMask<Float> outside(float low, float high, float[] x, int i) {
        FloatVector v = load(x, i);
        return v.compare(VectorOperators.LT, low).or(v.compare(VectorOperators.GT, high));
    }

    @Override
    public int firstOutside(int from, int to, float low, float high, float[] x) {
        int i = from;
        for (; i <= to - 4 * LENGTH; i += 4 * LENGTH) {
            VectorMask<Float> two = outside(low, high, x, i).or(outside(low, high, x, i + LENGTH));
            VectorMask<Float> more = outside(low, high, x, i + 2 * LENGTH).or(outside(low, high, x, i + 3 * LENGTH));
            if (two.or(more).anyTrue()) {
                break;
            }
        }
        return plain.firstOutside(i, to, low, high, x);
    }

    @Override
    public void bceGrad(int from, int to, float s, float[] p, float[] y, float[] gp) {
        int i = from;
        FloatVector factor = broadcast(s);
        FloatVector one = broadcast(1f);
        for (; i <= to - LENGTH; i += LENGTH) {
            FloatVector v = load(p, i);
            FloatVector quotient = v.sub(load(y, i)).div(atLeast(one.sub(v).mul(v), BCE_EPSILON));
            factor.fma(quotient, load(gp, i)).intoArray(gp, i);
        }
        plain.bceGrad(i, to, s, p, y, gp);
    }

    @Override
    public void bceTargetGrad(int from, int to, float s, float[] p, float[] gy) {
        plain.bceTargetGrad(from, to, s, p, gy);
    }

    @Override
    public void bceWithLogitsChunks(int chunkFrom, int chunkTo, int columns, float[] z, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int start = Kernels.chunkStart(c, columns);
            int length = Kernels.chunkLength(c, columns);
            logitTermsOf(length, z, y, start);
            partial[c] = sumInLanes(length, terms, 0);
        }
    }

    /** The terms of the loss, at most {@value #CHUNK} of them, into {@link #terms}. */
    void logitTermsOf(int length, float[] z, float[] y, int from) {
        negativeMagnitudes(length, z, from, exponentials);
        exponentials(length, exponentials, 0);
        plusOnes(length, exponentials, terms);
        logs(length, terms, 0, logs);
        softplus(length, exponentials, terms, logs);
        logitTerms(length, z, y, from, logs, terms);
    }

    /**
     * {@link FloatMath#exp} lane by lane, in place. Written out in more than 325 bytes for the reason given at {@link #logs}: as a part
     * of a caller that has other loops, its vectors were put on the heap, 600 bytes per step of a classifier.
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

    private static void negativeMagnitudes(int length, float[] z, int from, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            load(z, from + i).abs().neg().intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = -Math.abs(z[from + i]);
        }
    }

    private static void plusOnes(int length, float[] x, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            load(x, i).add(1f).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = x[i] + 1f;
        }
    }

    /** What {@link FloatMath#log1p} makes of {@code x}, {@code w = 1 + x} and {@code logs = ln w}; overwrites {@code logs}. */
    private static void softplus(int length, float[] x, float[] w, float[] logs) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = load(x, i);
            FloatVector next = load(w, i);
            FloatVector scaled = load(logs, i).mul(v.div(next.sub(1f)));
            scaled.blend(v, next.compare(VectorOperators.EQ, 1f)).intoArray(logs, i);
        }
        for (; i < length; i++) {
            logs[i] = w[i] == 1f ? x[i] : logs[i] * (x[i] / (w[i] - 1f));
        }
    }

    private static void logitTerms(int length, float[] z, float[] y, int from, float[] softplus, float[] out) {
        int i = 0;
        FloatVector zero = FloatVector.zero(SPECIES);
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = load(z, from + i);
            FloatVector positive = zero.blend(v, v.compare(VectorOperators.GT, 0f));
            v.neg().fma(load(y, from + i), positive).add(load(softplus, i)).intoArray(out, i);
        }
        for (; i < length; i++) {
            float v = z[from + i];
            out[i] = Math.fma(-v, y[from + i], v > 0f ? v : 0f) + softplus[i];
        }
    }

    @Override
    public void bceWithLogitsGrad(int from, int to, float s, float[] z, float[] y, float[] gz) {
        int i = from;
        FloatVector factor = broadcast(s);
        for (; i <= to - LENGTH; i += LENGTH) {
            factor.fma(sigmoid(load(z, i)).sub(load(y, i)), load(gz, i)).intoArray(gz, i);
        }
        plain.bceWithLogitsGrad(i, to, s, z, y, gz);
    }

    @Override
    public void preluSlopeGradChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] g, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int start = Kernels.chunkStart(c, columns);
            int length = Kernels.chunkLength(c, columns);
            slopeTerms(length, x, g, start, terms);
            partial[c] = sumInLanes(length, terms, 0);
        }
    }

    private static void slopeTerms(int length, float[] x, float[] g, int from, float[] out) {
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            FloatVector v = load(x, from + i);
            load(g, from + i)
                    .mul(v)
                    .blend(0f, v.compare(VectorOperators.GT, 0f))
                    .intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = x[from + i] > 0f ? 0f : g[from + i] * x[from + i];
        }
    }

    // ---- optimiser steps
    // ---------------------------------------------------------------------------------------------

    @Override
    public void sgdStep(
            int from,
            int to,
            float lr,
            float momentum,
            float weightDecay,
            boolean nesterov,
            float[] p,
            float[] g,
            float[] v) {
        plain.sgdStep(from, to, lr, momentum, weightDecay, nesterov, p, g, v);
    }

    /**
     * Two vectors at a time, and so in more than 325 bytes, for the reason given at {@link #logs}: a short last range would else be
     * inlined into a caller whose budget is spent, and its vectors be boxed.
     */
    @Override
    public void adamStep(int from, int to, AdamCoefficients k, float[] p, float[] g, float[] m, float[] v) {
        int i = from;
        FloatVector decay = broadcast(k.weightDecay());
        FloatVector oneMinusBeta1 = broadcast(k.oneMinusBeta1());
        for (; i <= to - 2 * LENGTH; i += 2 * LENGTH) {
            int j = i + LENGTH;
            FloatVector shrunk = load(p, i).mul(k.shrink());
            FloatVector nextShrunk = load(p, j).mul(k.shrink());
            FloatVector d = decay.fma(shrunk, load(g, i));
            FloatVector nextD = decay.fma(nextShrunk, load(g, j));
            FloatVector first = oneMinusBeta1.fma(d, load(m, i).mul(k.beta1()));
            FloatVector nextFirst = oneMinusBeta1.fma(nextD, load(m, j).mul(k.beta1()));
            FloatVector second = d.mul(k.oneMinusBeta2()).fma(d, load(v, i).mul(k.beta2()));
            FloatVector nextSecond =
                    nextD.mul(k.oneMinusBeta2()).fma(nextD, load(v, j).mul(k.beta2()));
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
        plain.adamStep(i, to, k, p, g, m, v);
    }
}
