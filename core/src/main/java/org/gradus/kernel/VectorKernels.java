package org.gradus.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels on the Vector API, bit for bit equal to {@link ScalarKernels}, which also does the last few elements of each
 * loop. The only class that imports {@code jdk.incubator.vector}; {@link KernelProvider} loads it by name, and only where the
 * module is there.
 *
 * <p>How the product is made fast. C is computed in tiles of {@value #TILE_ROWS} rows and two vectors of columns, whose 12 sums
 * stay in registers while the sum over k runs: one step loads two vectors of B, spreads six numbers of A and does 12 fused
 * multiply-adds, none of which waits for another. B is copied into panels two vectors wide, in the order in which the tile reads
 * it, padded with zeros at the edge; A is read where it lies, whether transposed or not (copying it into strips as well made
 * narrow products three times slower). So there is one tile and no special case. Sums over k are cut into pieces of
 * {@value #DEPTH_BLOCK}, short enough that a panel of B stays in the first-level cache; a later piece continues from the stored C,
 * which is the same chain.
 *
 * <p>Loops are plain: the vectors' width comes from the machine, lanes never talk to each other, and sums in lanes are kept in
 * {@value #LANES} lanes whatever the width (a narrow machine makes several passes).
 */
public final class VectorKernels implements Kernels {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private static final int WIDTH = SPECIES.length();

    /** Rows of a register tile: 6 x 2 sums, 2 vectors of B and one of A fit the 16 registers of 256-bit machines. */
    private static final int TILE_ROWS = 6;

    /** Columns of a register tile. */
    private static final int TILE_COLUMNS = 2 * WIDTH;

    /** Length of a piece of the sum over k: 256 steps of a 32-column panel are 32 kB. */
    private static final int DEPTH_BLOCK = 256;

    private final ScalarKernels plain = new ScalarKernels();
    private final float[] lanes = new float[LANES];
    private final float[] terms = new float[CHUNK];
    private final float[] logs = new float[CHUNK];
    private final float[] exponentials = new float[CHUNK];
    private final float[] panel = new float[DEPTH_BLOCK * TILE_COLUMNS];
    private final float[] edge = new float[TILE_ROWS * TILE_COLUMNS];
    private float[] turned = new float[0];

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
        if (kind.sumsInLanes(n, k)) {
            gemmInLanes(kind, n, k, a, b, c, accumulate, rowFrom, rowTo, colFrom, colTo);
        } else if (kind == GemmKind.TN && n <= THIN) {
            gemmTurned(m, n, k, a, b, c, accumulate, rowFrom, rowTo, colFrom, colTo);
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
        for (; j <= to - WIDTH; j += WIDTH) {
            load(c, start + j).add(load(row, j)).intoArray(c, start + j);
        }
        for (; j < to; j++) {
            c[start + j] += row[j];
        }
    }

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
        if (!accumulate) {
            for (int i = rowFrom; i < rowTo; i++) {
                Arrays.fill(c, i * n + colFrom, i * n + colTo, 0f);
            }
        }
        int rowStep = kind.a(1, 0, m, k);
        int aStep = kind.a(0, 1, m, k);
        for (int p0 = 0; p0 < k; p0 += DEPTH_BLOCK) {
            int depth = Math.min(DEPTH_BLOCK, k - p0);
            for (int j0 = colFrom; j0 < colTo; j0 += TILE_COLUMNS) {
                int columns = Math.min(TILE_COLUMNS, colTo - j0);
                packPanel(kind, n, k, b, p0, depth, j0, columns);
                for (int i0 = rowFrom; i0 < rowTo; i0 += TILE_ROWS) {
                    int rows = Math.min(TILE_ROWS, rowTo - i0);
                    int at = kind.a(i0, p0, m, k);
                    int to = i0 * n + j0;
                    if (rows == TILE_ROWS && columns == TILE_COLUMNS) {
                        tile(depth, a, at, rowStep, rows, aStep, panel, c, to, n);
                    } else {
                        copy(rows, columns, c, to, n, edge, 0, TILE_COLUMNS);
                        tile(depth, a, at, rowStep, rows, aStep, panel, edge, 0, TILE_COLUMNS);
                        copy(rows, columns, edge, 0, TILE_COLUMNS, c, to, n);
                    }
                }
            }
        }
    }

    private static void copy(int rows, int columns, float[] x, int at, int step, float[] y, int to, int toStep) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(x, at + i * step, y, to + i * toStep, columns);
        }
    }

    /** Columns {@code j0..j0+columns} of B: element {@code [p][j]}; columns beyond are zero. */
    private void packPanel(GemmKind kind, int n, int k, float[] b, int p0, int depth, int j0, int columns) {
        if (columns < TILE_COLUMNS) {
            Arrays.fill(panel, 0, depth * TILE_COLUMNS, 0f);
        }
        if (kind == GemmKind.NT) {
            int j = 0;
            for (; j + 4 <= columns; j += 4) {
                turnFour(depth, b, (j0 + j) * k + p0, k, panel, j);
            }
            for (; j < columns; j++) {
                for (int p = 0; p < depth; p++) {
                    panel[p * TILE_COLUMNS + j] = b[(j0 + j) * k + p0 + p];
                }
            }
        } else {
            for (int p = 0; p < depth; p++) {
                System.arraycopy(b, (p0 + p) * n + j0, panel, p * TILE_COLUMNS, columns);
            }
        }
    }

    private static void turnFour(int depth, float[] b, int from, int k, float[] out, int at) {
        int r1 = from + k;
        int r2 = r1 + k;
        int r3 = r2 + k;
        for (int p = 0; p < depth; p++) {
            int o = at + p * TILE_COLUMNS;
            out[o] = b[from + p];
            out[o + 1] = b[r1 + p];
            out[o + 2] = b[r2 + p];
            out[o + 3] = b[r3 + p];
        }
    }

    /**
     * {@code c[r][j] = fma chain of a[at + last_r + p aStep] * panel[p][j]} over p, continued from c. A is read where it lies: six
     * numbers per step, each spread over a vector. Rows beyond {@code rows} repeat the last one; their sums are thrown away.
     */
    private static void tile(
            int depth,
            float[] a,
            int at,
            int rowStep,
            int rows,
            int aStep,
            float[] panel,
            float[] c,
            int to,
            int step) {
        int last = rows - 1;
        int a1 = at + Math.min(1, last) * rowStep;
        int a2 = at + Math.min(2, last) * rowStep;
        int a3 = at + Math.min(3, last) * rowStep;
        int a4 = at + Math.min(4, last) * rowStep;
        int a5 = at + Math.min(5, last) * rowStep;
        int c1 = to + step;
        int c2 = c1 + step;
        int c3 = c2 + step;
        int c4 = c3 + step;
        int c5 = c4 + step;
        FloatVector s00 = load(c, to);
        FloatVector s01 = load(c, to + WIDTH);
        FloatVector s10 = load(c, c1);
        FloatVector s11 = load(c, c1 + WIDTH);
        FloatVector s20 = load(c, c2);
        FloatVector s21 = load(c, c2 + WIDTH);
        FloatVector s30 = load(c, c3);
        FloatVector s31 = load(c, c3 + WIDTH);
        FloatVector s40 = load(c, c4);
        FloatVector s41 = load(c, c4 + WIDTH);
        FloatVector s50 = load(c, c5);
        FloatVector s51 = load(c, c5 + WIDTH);
        for (int p = 0; p < depth; p++) {
            FloatVector b0 = load(panel, p * TILE_COLUMNS);
            FloatVector b1 = load(panel, p * TILE_COLUMNS + WIDTH);
            int o = p * aStep;
            FloatVector x = FloatVector.broadcast(SPECIES, a[at + o]);
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            x = FloatVector.broadcast(SPECIES, a[a1 + o]);
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            x = FloatVector.broadcast(SPECIES, a[a2 + o]);
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            x = FloatVector.broadcast(SPECIES, a[a3 + o]);
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            x = FloatVector.broadcast(SPECIES, a[a4 + o]);
            s40 = x.fma(b0, s40);
            s41 = x.fma(b1, s41);
            x = FloatVector.broadcast(SPECIES, a[a5 + o]);
            s50 = x.fma(b0, s50);
            s51 = x.fma(b1, s51);
        }
        s00.intoArray(c, to);
        s01.intoArray(c, to + WIDTH);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + WIDTH);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + WIDTH);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + WIDTH);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + WIDTH);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + WIDTH);
    }

    /** A thin {@code A^T B} as the transpose of {@code B^T A}: the same chains, with the long side along the vectors. */
    private void gemmTurned(
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
        if (turned.length < m * n) {
            turned = new float[m * n];
        }
        if (accumulate) {
            for (int i = rowFrom; i < rowTo; i++) {
                for (int j = colFrom; j < colTo; j++) {
                    turned[j * m + i] = c[i * n + j];
                }
            }
        }
        gemmTiled(GemmKind.TN, n, m, k, b, a, turned, accumulate, colFrom, colTo, rowFrom, rowTo);
        for (int i = rowFrom; i < rowTo; i++) {
            for (int j = colFrom; j < colTo; j++) {
                c[i * n + j] = turned[j * m + i];
            }
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
        for (int i = rowFrom; i < rowTo; i++) {
            for (int j = colFrom; j < colTo; j++) {
                float sum = dot(k, a, i * k, columns, j * k);
                c[i * n + j] = accumulate ? c[i * n + j] + sum : sum;
            }
        }
    }

    private float[] transposed(int n, int k, float[] b) {
        if (turned.length < n * k) {
            turned = new float[n * k];
        }
        for (int j = 0; j < n; j++) {
            for (int p = 0; p < k; p++) {
                turned[j * k + p] = b[p * n + j];
            }
        }
        return turned;
    }

    private float dot(int k, float[] a, int aFrom, float[] b, int bFrom) {
        int whole = k - k % LANES;
        for (int l = 0; l < LANES; l += WIDTH) {
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

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    @Override
    public void add(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            load(x, i).add(load(y, i)).intoArray(out, i);
        }
        plain.add(i, to, x, y, out);
    }

    @Override
    public void sub(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            load(x, i).sub(load(y, i)).intoArray(out, i);
        }
        plain.sub(i, to, x, y, out);
    }

    @Override
    public void mul(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            load(x, i).mul(load(y, i)).intoArray(out, i);
        }
        plain.mul(i, to, x, y, out);
    }

    @Override
    public void div(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            load(x, i).div(load(y, i)).intoArray(out, i);
        }
        plain.div(i, to, x, y, out);
    }

    @Override
    public void scale(int from, int to, float s, float[] x, float[] out) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            load(x, i).mul(s).intoArray(out, i);
        }
        plain.scale(i, to, s, x, out);
    }

    @Override
    public void addScaled(int from, int to, float s, float[] x, float[] out) {
        int i = from;
        FloatVector factor = all(s);
        for (; i <= to - WIDTH; i += WIDTH) {
            factor.fma(load(x, i), load(out, i)).intoArray(out, i);
        }
        plain.addScaled(i, to, s, x, out);
    }

    @Override
    public void addConstant(int from, int to, float s, float[] out) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            load(out, i).add(s).intoArray(out, i);
        }
        plain.addConstant(i, to, s, out);
    }

    @Override
    public void addProduct(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            load(x, i).fma(load(y, i), load(out, i)).intoArray(out, i);
        }
        plain.addProduct(i, to, x, y, out);
    }

    @Override
    public void addQuotient(int from, int to, float[] x, float[] y, float[] out) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            load(out, i).add(load(x, i).div(load(y, i))).intoArray(out, i);
        }
        plain.addQuotient(i, to, x, y, out);
    }

    @Override
    public void divideGrad(int from, int to, float[] q, float[] y, float[] g, float[] gy) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            load(gy, i).sub(load(g, i).mul(load(q, i)).div(load(y, i))).intoArray(gy, i);
        }
        plain.divideGrad(i, to, q, y, g, gy);
    }

    @Override
    public void relu(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            FloatVector v = load(x, i);
            v.blend(0f, v.compare(VectorOperators.LE, 0f)).intoArray(y, i);
        }
        plain.relu(i, to, x, y);
    }

    @Override
    public void reluGrad(int from, int to, float[] x, float[] g, float[] gx) {
        int i = from;
        FloatVector zero = FloatVector.zero(SPECIES);
        for (; i <= to - WIDTH; i += WIDTH) {
            FloatVector passed = zero.blend(load(g, i), load(x, i).compare(VectorOperators.GT, 0f));
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
        FloatVector a = all(slope[0]);
        for (; i <= to - WIDTH; i += WIDTH) {
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
        FloatVector a = all(slope[0]);
        for (; i <= to - WIDTH; i += WIDTH) {
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
        for (; i <= to - WIDTH; i += WIDTH) {
            sigmoid(load(x, i)).intoArray(y, i);
        }
        plain.sigmoid(i, to, x, y);
    }

    @Override
    public void sigmoidGrad(int from, int to, float[] y, float[] g, float[] gx) {
        int i = from;
        FloatVector one = all(1f);
        for (; i <= to - WIDTH; i += WIDTH) {
            FloatVector v = load(y, i);
            load(g, i).mul(v).fma(one.sub(v), load(gx, i)).intoArray(gx, i);
        }
        plain.sigmoidGrad(i, to, y, g, gx);
    }

    @Override
    public void tanh(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
            tanh(load(x, i)).intoArray(y, i);
        }
        plain.tanh(i, to, x, y);
    }

    @Override
    public void tanhGrad(int from, int to, float[] y, float[] g, float[] gx) {
        int i = from;
        FloatVector one = all(1f);
        for (; i <= to - WIDTH; i += WIDTH) {
            FloatVector v = load(y, i);
            load(g, i).fma(v.neg().fma(v, one), load(gx, i)).intoArray(gx, i);
        }
        plain.tanhGrad(i, to, y, g, gx);
    }

    @Override
    public void exp(int from, int to, float[] x, float[] y) {
        int i = from;
        for (; i <= to - WIDTH; i += WIDTH) {
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
        FloatVector c = x.blend(FloatMath.EXP_MIN, x.compare(VectorOperators.LT, FloatMath.EXP_MIN));
        c = c.blend(FloatMath.EXP_MAX, c.compare(VectorOperators.GT, FloatMath.EXP_MAX));
        FloatVector shifted = c.fma(all(FloatMath.LOG2_E), all(FloatMath.ROUND));
        FloatVector n = shifted.sub(FloatMath.ROUND);
        FloatVector r = n.fma(all(-FloatMath.LN2_HIGH), c);
        r = n.fma(all(-FloatMath.LN2_LOW), r);
        FloatVector p = r.fma(all(FloatMath.EXP_C0), all(FloatMath.EXP_C1));
        p = p.fma(r, all(FloatMath.EXP_C2));
        p = p.fma(r, all(FloatMath.EXP_C3));
        p = p.fma(r, all(FloatMath.EXP_C4));
        p = p.fma(r, all(FloatMath.EXP_C5));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector exponent = shifted.reinterpretAsInts().sub(FloatMath.ROUND_BITS);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
    }

    private static FloatVector powerOfTwo(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    /** {@link FloatMath#tanh} lane by lane. */
    private static FloatVector tanh(FloatVector x) {
        FloatVector magnitude = x.abs();
        FloatVector square = x.mul(x);
        FloatVector p = square.fma(all(FloatMath.TANH_C0), all(FloatMath.TANH_C1));
        p = p.fma(square, all(FloatMath.TANH_C2));
        p = p.fma(square, all(FloatMath.TANH_C3));
        p = p.fma(square, all(FloatMath.TANH_C4));
        FloatVector small = p.mul(square).fma(x, x);
        FloatVector one = all(1f);
        FloatVector large = one.sub(all(2f).div(exp(magnitude.add(magnitude)).add(one)));
        large = large.blend(large.neg(), x.compare(VectorOperators.LT, 0f));
        return large.blend(small, magnitude.compare(VectorOperators.LT, FloatMath.TANH_SPLIT));
    }

    /** {@link FloatMath#sigmoid} lane by lane. */
    private static FloatVector sigmoid(FloatVector x) {
        FloatVector one = all(1f);
        return one.div(one.add(exp(x.neg())));
    }

    private static FloatVector atLeast(FloatVector x, float low) {
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
        for (; j <= colTo - WIDTH; j += WIDTH) {
            columnSum(rows, columns, x, out, j);
        }
        plain.addColumnSums(rows, columns, x, out, j, colTo);
    }

    private static void columnSum(int rows, int columns, float[] x, float[] out, int j) {
        FloatVector sum = load(out, j);
        for (int i = 0; i < rows; i++) {
            sum = sum.add(load(x, i * columns + j));
        }
        sum.intoArray(out, j);
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

    private static int length(int chunk, int n) {
        return Math.min(CHUNK, n - chunk * CHUNK);
    }

    private float sumInLanes(int length, float[] x, int from) {
        int whole = length - length % LANES;
        for (int l = 0; l < LANES; l += WIDTH) {
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
    public void sumChunks(int chunkFrom, int chunkTo, int n, float[] x, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            partial[c] = sumInLanes(length(c, n), x, c * CHUNK);
        }
    }

    @Override
    public void squaredErrorChunks(int chunkFrom, int chunkTo, int n, float[] x, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int length = length(c, n);
            differences(length, x, y, c * CHUNK, terms);
            partial[c] = dot(length, terms, 0, terms, 0);
        }
    }

    private static void differences(int length, float[] x, float[] y, int from, float[] out) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            load(x, from + i).sub(load(y, from + i)).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = x[from + i] - y[from + i];
        }
    }

    @Override
    public void addScaledDifference(int from, int to, float s, float[] x, float[] y, float[] gx) {
        int i = from;
        FloatVector factor = all(s);
        for (; i <= to - WIDTH; i += WIDTH) {
            factor.fma(load(x, i).sub(load(y, i)), load(gx, i)).intoArray(gx, i);
        }
        plain.addScaledDifference(i, to, s, x, y, gx);
    }

    /**
     * Each logarithm in a loop of its own over memory in the first-level cache: C2 stops inlining at a number of nodes that one
     * logarithm nearly reaches, and the vectors of whatever follows would be boxed.
     */
    @Override
    public void bceChunks(int chunkFrom, int chunkTo, int n, float[] p, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int length = length(c, n);
            logs(length, p, c * CHUNK, logs);
            complements(length, p, c * CHUNK, terms);
            logs(length, terms, 0, terms);
            bceTerms(length, logs, y, c * CHUNK, terms);
            partial[c] = sumInLanes(length, terms, 0);
        }
    }

    /**
     * {@link FloatMath#log} lane by lane, {@code out[i] = ln x[from + i]}. Written out in one method of more than 325 bytes on
     * purpose: C2 inlines no larger one, so this loop is always compiled by itself, within its limits.
     */
    private static void logs(int length, float[] x, int from, float[] out) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector v = load(x, from + i);
            VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
            IntVector bits = v.blend(v.mul(FloatMath.SUBNORMAL_LIFT), subnormal).reinterpretAsInts();
            IntVector exponent = bits.sub(FloatMath.ROOT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
            IntVector mantissa = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23));
            FloatVector f = mantissa.reinterpretAsFloats().sub(1f);
            FloatVector e =
                    exponent.add(FloatMath.ROUND_BITS).reinterpretAsFloats().sub(FloatMath.ROUND);
            e = e.blend(e.sub(25f), subnormal);
            FloatVector square = f.mul(f);
            FloatVector p = f.fma(all(FloatMath.LOG_C0), all(FloatMath.LOG_C1));
            p = p.fma(f, all(FloatMath.LOG_C2));
            p = p.fma(f, all(FloatMath.LOG_C3));
            p = p.fma(f, all(FloatMath.LOG_C4));
            p = p.fma(f, all(FloatMath.LOG_C5));
            p = p.fma(f, all(FloatMath.LOG_C6));
            p = p.fma(f, all(FloatMath.LOG_C7));
            p = p.fma(f, all(FloatMath.LOG_C8));
            FloatVector y = f.mul(square).mul(p);
            y = e.fma(all(FloatMath.LN2_LOW), y);
            y = square.fma(all(-0.5f), y);
            FloatVector result = e.fma(all(FloatMath.LN2_HIGH), f.add(y));
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
        FloatVector one = all(1f);
        for (; i <= length - WIDTH; i += WIDTH) {
            one.sub(load(x, from + i)).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = 1f - x[from + i];
        }
    }

    /** From {@code ln p} and {@code ln(1 - p)} to the terms of the loss, in place of the latter. */
    private static void bceTerms(int length, float[] logs, float[] y, int from, float[] terms) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            FloatVector l0 = atLeast(load(logs, i), LOG_CLAMP);
            FloatVector l1 = atLeast(load(terms, i), LOG_CLAMP);
            FloatVector target = load(y, from + i);
            target.sub(1f).fma(l1, target.mul(l0).neg()).intoArray(terms, i);
        }
        for (; i < length; i++) {
            float l0 = ScalarKernels.atLeast(logs[i], LOG_CLAMP);
            float l1 = ScalarKernels.atLeast(terms[i], LOG_CLAMP);
            terms[i] = Math.fma(y[from + i] - 1f, l1, -(y[from + i] * l0));
        }
    }

    @Override
    public void bceGrad(int from, int to, float s, float[] p, float[] y, float[] gp) {
        int i = from;
        FloatVector factor = all(s);
        FloatVector one = all(1f);
        for (; i <= to - WIDTH; i += WIDTH) {
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
    public void bceWithLogitsChunks(int chunkFrom, int chunkTo, int n, float[] z, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int length = length(c, n);
            negativeMagnitudes(length, z, c * CHUNK, exponentials);
            exp(0, length, exponentials, exponentials);
            plusOnes(length, exponentials, terms);
            logs(length, terms, 0, logs);
            softplus(length, exponentials, terms, logs);
            logitTerms(length, z, y, c * CHUNK, logs, terms);
            partial[c] = sumInLanes(length, terms, 0);
        }
    }

    private static void negativeMagnitudes(int length, float[] z, int from, float[] out) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            load(z, from + i).abs().neg().intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = -Math.abs(z[from + i]);
        }
    }

    private static void plusOnes(int length, float[] x, float[] out) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
            load(x, i).add(1f).intoArray(out, i);
        }
        for (; i < length; i++) {
            out[i] = x[i] + 1f;
        }
    }

    /** What {@link FloatMath#log1p} makes of {@code x}, {@code w = 1 + x} and {@code logs = ln w}; overwrites {@code logs}. */
    private static void softplus(int length, float[] x, float[] w, float[] logs) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
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
        for (; i <= length - WIDTH; i += WIDTH) {
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
        FloatVector factor = all(s);
        for (; i <= to - WIDTH; i += WIDTH) {
            factor.fma(sigmoid(load(z, i)).sub(load(y, i)), load(gz, i)).intoArray(gz, i);
        }
        plain.bceWithLogitsGrad(i, to, s, z, y, gz);
    }

    @Override
    public void preluSlopeGradChunks(int chunkFrom, int chunkTo, int n, float[] x, float[] g, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            int length = length(c, n);
            slopeTerms(length, x, g, c * CHUNK, terms);
            partial[c] = sumInLanes(length, terms, 0);
        }
    }

    private static void slopeTerms(int length, float[] x, float[] g, int from, float[] out) {
        int i = 0;
        for (; i <= length - WIDTH; i += WIDTH) {
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

    @Override
    public void adamStep(int from, int to, AdamCoefficients k, float[] p, float[] g, float[] m, float[] v) {
        int i = from;
        FloatVector decay = all(k.weightDecay);
        FloatVector oneMinusBeta1 = all(k.oneMinusBeta1);
        for (; i <= to - WIDTH; i += WIDTH) {
            FloatVector shrunk = load(p, i).mul(k.shrink);
            FloatVector d = decay.fma(shrunk, load(g, i));
            FloatVector first = oneMinusBeta1.fma(d, load(m, i).mul(k.beta1));
            FloatVector second = d.mul(k.oneMinusBeta2).fma(d, load(v, i).mul(k.beta2));
            first.intoArray(m, i);
            second.intoArray(v, i);
            FloatVector denominator = second.sqrt().div(k.rootCorrection2).add(k.epsilon);
            shrunk.sub(first.mul(k.stepSize).div(denominator)).intoArray(p, i);
        }
        plain.adamStep(i, to, k, p, g, m, v);
    }
}
