package org.gradus.kernel;

import java.util.Arrays;

/**
 * The kernels as ordinary Java loops: the definition of every bit, and what runs where the Vector API is missing. Each
 * loop does one thing with one index, which is what C2 turns into vector code by itself.
 *
 * <p>The matrix product goes through four rows of B at a time, copied into arrays of their own: C2 vectorises
 * {@code c[j] = fma(a, b[j], c[j])} when all arrays share the index j, but not when their offsets differ.
 */
final class ScalarKernels implements Kernels {

    /** Rows of B that one pass over a row of C takes; the chain of a C element then stays in a register for four steps. */
    private static final int UNROLL = 4;

    /** Columns of C in one pass: four packed rows of B and two of C, 12 kB, fit the first-level cache. */
    private static final int COLUMN_BLOCK = 512;

    /** Rows of B packed at once: 256 kB of them stay in the second-level cache while all rows of C pass by. */
    private static final int DEPTH_BLOCK = 128;

    /** Columns summed side by side: 16 lanes of 32 columns are 2 kB. */
    private static final int SUM_BLOCK = 32;

    private final float[] lanes = new float[LANES];
    private final float[] columnSums = new float[LANES * SUM_BLOCK];
    private final float[][] packed = new float[DEPTH_BLOCK][COLUMN_BLOCK];
    private final float[] sums0 = new float[COLUMN_BLOCK];
    private final float[] sums1 = new float[COLUMN_BLOCK];

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int vectorBits() {
        return Float.SIZE;
    }

    @Override
    public Kernels another() {
        return new ScalarKernels();
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
            addScaled(0, width, a[at], packed[p], sums0);
            addScaled(0, width, a[at + next], packed[p], sums1);
            at += step;
        }
        System.arraycopy(sums0, 0, c, i * n + j0, width);
        System.arraycopy(sums1, 0, c, (i + 1) * n + j0, width);
    }

    private void oneRow(
            GemmKind kind, int m, int n, int k, float[] a, float[] c, int i, int p0, int depth, int j0, int width) {
        System.arraycopy(c, i * n + j0, sums0, 0, width);
        for (int p = 0; p < depth; p++) {
            addScaled(0, width, a[kind.a(i, p0 + p, m, k)], packed[p], sums0);
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
                    lanes[p % LANES] = Math.fma(a[kind.a(i, p, m, k)], b[kind.b(p, j, n, k)], lanes[p % LANES]);
                }
                float sum = Kernels.tree(lanes);
                c[i * n + j] = accumulate ? c[i * n + j] + sum : sum;
            }
        }
    }

    // ---- elementwise
    // -------------------------------------------------------------------------------------------------

    @Override
    public void add(int from, int to, float[] x, float[] y, float[] out) {
        for (int i = from; i < to; i++) {
            out[i] = x[i] + y[i];
        }
    }

    @Override
    public void sub(int from, int to, float[] x, float[] y, float[] out) {
        for (int i = from; i < to; i++) {
            out[i] = x[i] - y[i];
        }
    }

    @Override
    public void mul(int from, int to, float[] x, float[] y, float[] out) {
        for (int i = from; i < to; i++) {
            out[i] = x[i] * y[i];
        }
    }

    @Override
    public void div(int from, int to, float[] x, float[] y, float[] out) {
        for (int i = from; i < to; i++) {
            out[i] = x[i] / y[i];
        }
    }

    @Override
    public void scale(int from, int to, float s, float[] x, float[] out) {
        for (int i = from; i < to; i++) {
            out[i] = s * x[i];
        }
    }

    @Override
    public void addScaled(int from, int to, float s, float[] x, float[] out) {
        for (int i = from; i < to; i++) {
            out[i] = Math.fma(s, x[i], out[i]);
        }
    }

    @Override
    public void addConstant(int from, int to, float s, float[] out) {
        for (int i = from; i < to; i++) {
            out[i] += s;
        }
    }

    @Override
    public void addProduct(int from, int to, float[] x, float[] y, float[] out) {
        for (int i = from; i < to; i++) {
            out[i] = Math.fma(x[i], y[i], out[i]);
        }
    }

    @Override
    public void addQuotient(int from, int to, float[] x, float[] y, float[] out) {
        for (int i = from; i < to; i++) {
            out[i] += x[i] / y[i];
        }
    }

    @Override
    public void divideGrad(int from, int to, float[] q, float[] y, float[] g, float[] gy) {
        for (int i = from; i < to; i++) {
            gy[i] -= g[i] * (q[i] / y[i]);
        }
    }

    @Override
    public void relu(int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = x[i] < 0f ? 0f : x[i];
        }
    }

    @Override
    public void reluGrad(int from, int to, float[] x, float[] g, float[] gx) {
        for (int i = from; i < to; i++) {
            gx[i] += x[i] <= 0f ? 0f : g[i];
        }
    }

    @Override
    public void prelu(int from, int to, int columns, float[] x, float[] slope, float[] y) {
        if (slope.length == 1) {
            float a = slope[0];
            for (int i = from; i < to; i++) {
                y[i] = x[i] > 0f ? x[i] : a * x[i];
            }
        } else {
            for (int start = from; start < to; start += columns) {
                for (int j = 0; j < columns; j++) {
                    float v = x[start + j];
                    y[start + j] = v > 0f ? v : slope[j] * v;
                }
            }
        }
    }

    @Override
    public void preluGrad(int from, int to, int columns, float[] x, float[] slope, float[] g, float[] gx) {
        if (slope.length == 1) {
            float a = slope[0];
            for (int i = from; i < to; i++) {
                gx[i] += x[i] > 0f ? g[i] : a * g[i];
            }
        } else {
            for (int start = from; start < to; start += columns) {
                for (int j = 0; j < columns; j++) {
                    float v = g[start + j];
                    gx[start + j] += x[start + j] > 0f ? v : slope[j] * v;
                }
            }
        }
    }

    @Override
    public void preluColumnSlopeGrad(int rows, int columns, float[] x, float[] g, float[] ga, int colFrom, int colTo) {
        for (int i = 0; i < rows; i++) {
            for (int j = colFrom; j < colTo; j++) {
                float v = x[i * columns + j];
                ga[j] += v > 0f ? 0f : g[i * columns + j] * v;
            }
        }
    }

    @Override
    public void sigmoid(int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = FloatMath.sigmoid(x[i]);
        }
    }

    @Override
    public void sigmoidGrad(int from, int to, float[] y, float[] g, float[] gx) {
        for (int i = from; i < to; i++) {
            gx[i] = Math.fma(g[i] * y[i], 1f - y[i], gx[i]);
        }
    }

    @Override
    public void tanh(int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = FloatMath.tanh(x[i]);
        }
    }

    @Override
    public void tanhGrad(int from, int to, float[] y, float[] g, float[] gx) {
        for (int i = from; i < to; i++) {
            gx[i] = Math.fma(g[i], Math.fma(-y[i], y[i], 1f), gx[i]);
        }
    }

    @Override
    public void exp(int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = FloatMath.exp(x[i]);
        }
    }

    @Override
    public void log(int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = FloatMath.log(x[i]);
        }
    }

    // ---- rows and columns
    // --------------------------------------------------------------------------------------------

    @Override
    public void repeatRow(int rowFrom, int rowTo, int columns, float[] row, float[] out) {
        for (int i = rowFrom; i < rowTo; i++) {
            System.arraycopy(row, 0, out, i * columns, columns);
        }
    }

    @Override
    public void addColumnSums(int rows, int columns, float[] x, float[] out, int colFrom, int colTo) {
        for (int j0 = colFrom; j0 < colTo; j0 += SUM_BLOCK) {
            int width = Math.min(SUM_BLOCK, colTo - j0);
            Arrays.fill(columnSums, 0f);
            for (int i = 0; i < rows; i++) {
                int lane = i % LANES * SUM_BLOCK;
                for (int j = 0; j < width; j++) {
                    columnSums[lane + j] += x[i * columns + j0 + j];
                }
            }
            for (int half = LANES / 2 * SUM_BLOCK; half >= SUM_BLOCK; half /= 2) {
                for (int e = 0; e < half; e++) {
                    columnSums[e] += columnSums[half + e];
                }
            }
            for (int j = 0; j < width; j++) {
                out[j0 + j] += columnSums[j];
            }
        }
    }

    @Override
    public void normalizeRows(int rowFrom, int rowTo, int columns, float[] x, float[] y) {
        for (int i = rowFrom; i < rowTo; i++) {
            int start = i * columns;
            float divisor = atLeast(norm(columns, x, start), NORM_EPSILON);
            for (int j = start; j < start + columns; j++) {
                y[j] = x[j] / divisor;
            }
        }
    }

    @Override
    public void normalizeRowsGrad(int rowFrom, int rowTo, int columns, float[] x, float[] y, float[] g, float[] gx) {
        for (int i = rowFrom; i < rowTo; i++) {
            int start = i * columns;
            float norm = norm(columns, x, start);
            boolean clamped = norm < NORM_EPSILON;
            float along = 0f;
            for (int j = start; j < start + columns; j++) {
                along = Math.fma(g[j], y[j], along);
            }
            for (int j = start; j < start + columns; j++) {
                gx[j] += clamped ? g[j] / NORM_EPSILON : Math.fma(-along, y[j], g[j]) / norm;
            }
        }
    }

    private static float norm(int columns, float[] x, int start) {
        float squares = 0f;
        for (int j = start; j < start + columns; j++) {
            squares = Math.fma(x[j], x[j], squares);
        }
        return (float) Math.sqrt(squares);
    }

    private static float atLeast(float x, float low) {
        return x < low ? low : x;
    }

    @Override
    public void softmaxCrossEntropy(int rowFrom, int rowTo, int columns, float[] z, float[] classes, float[] loss) {
        for (int i = rowFrom; i < rowTo; i++) {
            int start = i * columns;
            float top = largest(columns, z, start);
            loss[i] = FloatMath.log(exponentials(columns, z, start, top)) - (z[start + (int) classes[i]] - top);
        }
    }

    @Override
    public void softmaxCrossEntropyGrad(
            int rowFrom, int rowTo, int columns, float s, float[] z, float[] classes, float[] gz) {
        for (int i = rowFrom; i < rowTo; i++) {
            int start = i * columns;
            float top = largest(columns, z, start);
            float sum = exponentials(columns, z, start, top);
            for (int j = 0; j < columns; j++) {
                float probability = FloatMath.exp(z[start + j] - top) / sum;
                float error = j == (int) classes[i] ? probability - 1f : probability;
                gz[start + j] = Math.fma(s, error, gz[start + j]);
            }
        }
    }

    private static float largest(int columns, float[] z, int start) {
        float top = z[start];
        for (int j = start + 1; j < start + columns; j++) {
            top = Math.max(top, z[j]);
        }
        return top;
    }

    private static float exponentials(int columns, float[] z, int start, float top) {
        float sum = 0f;
        for (int j = start; j < start + columns; j++) {
            sum += FloatMath.exp(z[j] - top);
        }
        return sum;
    }

    // ---- reductions
    // --------------------------------------------------------------------------------------------------

    @Override
    public void sumChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            Arrays.fill(lanes, 0f);
            int start = Kernels.chunkStart(c, columns);
            for (int i = start; i < start + Kernels.chunkLength(c, columns); i++) {
                lanes[(i - start) % LANES] += x[i];
            }
            partial[c] = Kernels.tree(lanes);
        }
    }

    @Override
    public void squaredErrorChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            Arrays.fill(lanes, 0f);
            int start = Kernels.chunkStart(c, columns);
            for (int i = start; i < start + Kernels.chunkLength(c, columns); i++) {
                float d = x[i] - y[i];
                lanes[(i - start) % LANES] = Math.fma(d, d, lanes[(i - start) % LANES]);
            }
            partial[c] = Kernels.tree(lanes);
        }
    }

    @Override
    public void addScaledDifference(int from, int to, float s, float[] x, float[] y, float[] gx) {
        for (int i = from; i < to; i++) {
            gx[i] = Math.fma(s, x[i] - y[i], gx[i]);
        }
    }

    @Override
    public void bceChunks(int chunkFrom, int chunkTo, int columns, float[] p, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            Arrays.fill(lanes, 0f);
            int start = Kernels.chunkStart(c, columns);
            for (int i = start; i < start + Kernels.chunkLength(c, columns); i++) {
                float l0 = atLeast(FloatMath.log(p[i]), LOG_CLAMP);
                float l1 = atLeast(FloatMath.log(1f - p[i]), LOG_CLAMP);
                lanes[(i - start) % LANES] += Math.fma(y[i] - 1f, l1, -(y[i] * l0));
            }
            partial[c] = Kernels.tree(lanes);
        }
    }

    @Override
    public int firstOutside(int from, int to, float low, float high, float[] x) {
        int i = from;
        while (i < to && !(x[i] < low || x[i] > high)) {
            i++;
        }
        return i;
    }

    @Override
    public void bceGrad(int from, int to, float s, float[] p, float[] y, float[] gp) {
        for (int i = from; i < to; i++) {
            gp[i] = Math.fma(s, (p[i] - y[i]) / atLeast((1f - p[i]) * p[i], BCE_EPSILON), gp[i]);
        }
    }

    @Override
    public void bceTargetGrad(int from, int to, float s, float[] p, float[] gy) {
        for (int i = from; i < to; i++) {
            float l0 = atLeast(FloatMath.log(p[i]), LOG_CLAMP);
            float l1 = atLeast(FloatMath.log(1f - p[i]), LOG_CLAMP);
            gy[i] = Math.fma(s, l1 - l0, gy[i]);
        }
    }

    @Override
    public void bceWithLogitsChunks(int chunkFrom, int chunkTo, int columns, float[] z, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            Arrays.fill(lanes, 0f);
            int start = Kernels.chunkStart(c, columns);
            for (int i = start; i < start + Kernels.chunkLength(c, columns); i++) {
                float softplus = FloatMath.log1p(FloatMath.exp(-Math.abs(z[i])));
                lanes[(i - start) % LANES] += Math.fma(-z[i], y[i], z[i] > 0f ? z[i] : 0f) + softplus;
            }
            partial[c] = Kernels.tree(lanes);
        }
    }

    @Override
    public void bceWithLogitsGrad(int from, int to, float s, float[] z, float[] y, float[] gz) {
        for (int i = from; i < to; i++) {
            gz[i] = Math.fma(s, FloatMath.sigmoid(z[i]) - y[i], gz[i]);
        }
    }

    @Override
    public void preluSlopeGradChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] g, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            Arrays.fill(lanes, 0f);
            int start = Kernels.chunkStart(c, columns);
            for (int i = start; i < start + Kernels.chunkLength(c, columns); i++) {
                lanes[(i - start) % LANES] += x[i] > 0f ? 0f : g[i] * x[i];
            }
            partial[c] = Kernels.tree(lanes);
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
        for (int i = from; i < to; i++) {
            float d = Math.fma(weightDecay, p[i], g[i]);
            if (momentum != 0f) {
                v[i] = Math.fma(momentum, v[i], d);
                d = nesterov ? Math.fma(momentum, v[i], d) : v[i];
            }
            p[i] = Math.fma(-lr, d, p[i]);
        }
    }

    @Override
    public void adamStep(int from, int to, AdamCoefficients k, float[] p, float[] g, float[] m, float[] v) {
        for (int i = from; i < to; i++) {
            float shrunk = k.shrink() * p[i];
            float d = Math.fma(k.weightDecay(), shrunk, g[i]);
            m[i] = Math.fma(k.oneMinusBeta1(), d, k.beta1() * m[i]);
            v[i] = Math.fma(k.oneMinusBeta2() * d, d, k.beta2() * v[i]);
            float denominator = (float) Math.sqrt(v[i]) / k.rootCorrection2() + k.epsilon();
            p[i] = shrunk - (k.stepSize() * m[i]) / denominator;
        }
    }
}
