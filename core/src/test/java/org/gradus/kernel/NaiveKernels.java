package org.gradus.kernel;

/**
 * The numerics contract of {@link Kernels} written down once more, one element at a time and without a thought for speed: the oracle of
 * bits, of which roundings there are and in which order a sum is added up, for both implementations. Whether the formulas are the right
 * ones is not for it to say: of that PyTorch's fixtures and the textbook formulas in double are the oracle. It shares with the
 * implementations the functions of one number of {@link FloatMath}, which have a test of their own.
 */
public final class NaiveKernels implements Kernels {

    @Override
    public String name() {
        return "naive";
    }

    @Override
    public int vectorBits() {
        return 32;
    }

    @Override
    public Kernels another() {
        return new NaiveKernels();
    }

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
        boolean lanes = n <= 3 && k >= 32;
        for (int i = rowFrom; i < rowTo; i++) {
            for (int j = colFrom; j < colTo; j++) {
                float stored = accumulate ? c[i * n + j] : 0f;
                float sum = lanes ? inLanes(kind, m, n, k, a, b, i, j) : stored;
                if (lanes) {
                    sum = accumulate ? stored + sum : sum;
                } else {
                    for (int p = 0; p < k; p++) {
                        sum = Math.fma(left(kind, m, k, a, i, p), right(kind, n, k, b, p, j), sum);
                    }
                }
                c[i * n + j] = bias.length > 0 ? sum + bias[j] : sum;
            }
        }
    }

    private static float left(GemmKind kind, int m, int k, float[] a, int i, int p) {
        return kind == GemmKind.TN ? a[p * m + i] : a[i * k + p];
    }

    private static float right(GemmKind kind, int n, int k, float[] b, int p, int j) {
        return kind == GemmKind.NT ? b[j * k + p] : b[p * n + j];
    }

    private static float inLanes(GemmKind kind, int m, int n, int k, float[] a, float[] b, int i, int j) {
        float[] lane = new float[16];
        for (int p = 0; p < k; p++) {
            lane[p % 16] = Math.fma(left(kind, m, k, a, i, p), right(kind, n, k, b, p, j), lane[p % 16]);
        }
        return tree(lane);
    }

    /** Eight pairs, four pairs, two pairs, one pair. */
    private static float tree(float[] l) {
        float s0 = ((l[0] + l[8]) + (l[4] + l[12])) + ((l[2] + l[10]) + (l[6] + l[14]));
        float s1 = ((l[1] + l[9]) + (l[5] + l[13])) + ((l[3] + l[11]) + (l[7] + l[15]));
        return s0 + s1;
    }

    /** The number at a place, from those at the same place. */
    private interface Formula {
        float at(int i);
    }

    private static void each(int from, int to, float[] result, Formula formula) {
        for (int i = from; i < to; i++) {
            result[i] = formula.at(i);
        }
    }

    // ---- elementwise ----------------------------------------------------------------------------------------------

    @Override
    public void add(int from, int to, float[] x, float[] y, float[] out) {
        each(from, to, out, i -> x[i] + y[i]);
    }

    @Override
    public void sub(int from, int to, float[] x, float[] y, float[] out) {
        each(from, to, out, i -> x[i] - y[i]);
    }

    @Override
    public void mul(int from, int to, float[] x, float[] y, float[] out) {
        each(from, to, out, i -> x[i] * y[i]);
    }

    @Override
    public void div(int from, int to, float[] x, float[] y, float[] out) {
        each(from, to, out, i -> x[i] / y[i]);
    }

    @Override
    public void scale(int from, int to, float s, float[] x, float[] out) {
        each(from, to, out, i -> s * x[i]);
    }

    @Override
    public void addScaled(int from, int to, float s, float[] x, float[] out) {
        each(from, to, out, i -> Math.fma(s, x[i], out[i]));
    }

    @Override
    public void addConstant(int from, int to, float s, float[] out) {
        each(from, to, out, i -> out[i] + s);
    }

    @Override
    public void addProduct(int from, int to, float[] x, float[] y, float[] out) {
        each(from, to, out, i -> Math.fma(x[i], y[i], out[i]));
    }

    @Override
    public void addQuotient(int from, int to, float[] x, float[] y, float[] out) {
        each(from, to, out, i -> out[i] + x[i] / y[i]);
    }

    @Override
    public void divideGrad(int from, int to, float[] q, float[] y, float[] g, float[] gy) {
        each(from, to, gy, i -> gy[i] - g[i] * (q[i] / y[i]));
    }

    @Override
    public void relu(int from, int to, float[] x, float[] y) {
        each(from, to, y, i -> x[i] < 0f ? 0f : x[i]);
    }

    @Override
    public void reluGrad(int from, int to, float[] x, float[] g, float[] gx) {
        each(from, to, gx, i -> gx[i] + (x[i] <= 0f ? 0f : g[i]));
    }

    private static float slopeOf(float[] slope, int columns, int i) {
        return slope.length == 1 ? slope[0] : slope[i % columns];
    }

    @Override
    public void prelu(int from, int to, int columns, float[] x, float[] slope, float[] y) {
        each(from, to, y, i -> x[i] > 0f ? x[i] : slopeOf(slope, columns, i) * x[i]);
    }

    @Override
    public void preluGrad(int from, int to, int columns, float[] x, float[] slope, float[] g, float[] gx) {
        each(from, to, gx, i -> gx[i] + (x[i] > 0f ? g[i] : slopeOf(slope, columns, i) * g[i]));
    }

    @Override
    public void preluColumnSlopeGrad(int rows, int columns, float[] x, float[] g, float[] ga, int colFrom, int colTo) {
        for (int j = colFrom; j < colTo; j++) {
            for (int i = 0; i < rows; i++) {
                int e = i * columns + j;
                ga[j] = ga[j] + (x[e] > 0f ? 0f : g[e] * x[e]);
            }
        }
    }

    @Override
    public void sigmoid(int from, int to, float[] x, float[] y) {
        each(from, to, y, i -> 1f / (1f + FloatMath.exp(-x[i])));
    }

    @Override
    public void sigmoidGrad(int from, int to, float[] y, float[] g, float[] gx) {
        each(from, to, gx, i -> Math.fma(g[i] * y[i], 1f - y[i], gx[i]));
    }

    @Override
    public void tanh(int from, int to, float[] x, float[] y) {
        each(from, to, y, i -> FloatMath.tanh(x[i]));
    }

    @Override
    public void tanhGrad(int from, int to, float[] y, float[] g, float[] gx) {
        each(from, to, gx, i -> Math.fma(g[i], Math.fma(-y[i], y[i], 1f), gx[i]));
    }

    @Override
    public void exp(int from, int to, float[] x, float[] y) {
        each(from, to, y, i -> FloatMath.exp(x[i]));
    }

    @Override
    public void log(int from, int to, float[] x, float[] y) {
        each(from, to, y, i -> FloatMath.log(x[i]));
    }

    // ---- rows and columns -----------------------------------------------------------------------------------------

    @Override
    public void repeatRow(int rowFrom, int rowTo, int columns, float[] row, float[] out) {
        for (int e = rowFrom * columns; e < rowTo * columns; e++) {
            out[e] = row[e % columns];
        }
    }

    @Override
    public void addColumnSums(int rows, int columns, float[] x, float[] out, int colFrom, int colTo) {
        for (int j = colFrom; j < colTo; j++) {
            float[] lane = new float[16];
            for (int i = 0; i < rows; i++) {
                lane[i % 16] += x[i * columns + j];
            }
            out[j] = out[j] + tree(lane);
        }
    }

    private static float length(int row, int columns, float[] x) {
        float squares = 0f;
        for (int e = row * columns; e < (row + 1) * columns; e++) {
            squares = Math.fma(x[e], x[e], squares);
        }
        return (float) Math.sqrt(squares);
    }

    @Override
    public void normalizeRows(int rowFrom, int rowTo, int columns, float[] x, float[] y) {
        for (int i = rowFrom; i < rowTo; i++) {
            float length = length(i, columns, x);
            for (int e = i * columns; e < (i + 1) * columns; e++) {
                y[e] = x[e] / (length < 1e-12f ? 1e-12f : length);
            }
        }
    }

    @Override
    public void normalizeRowsGrad(int rowFrom, int rowTo, int columns, float[] x, float[] y, float[] g, float[] gx) {
        for (int i = rowFrom; i < rowTo; i++) {
            float length = length(i, columns, x);
            float along = 0f;
            for (int e = i * columns; e < (i + 1) * columns; e++) {
                along = Math.fma(g[e], y[e], along);
            }
            for (int e = i * columns; e < (i + 1) * columns; e++) {
                gx[e] = gx[e] + (length < 1e-12f ? g[e] / 1e-12f : Math.fma(-along, y[e], g[e]) / length);
            }
        }
    }

    private static float top(int row, int columns, float[] z) {
        float top = Float.NEGATIVE_INFINITY;
        for (int e = row * columns; e < (row + 1) * columns; e++) {
            top = Math.max(top, z[e]);
        }
        return top;
    }

    private static float exponentials(int row, int columns, float[] z) {
        float sum = 0f;
        for (int e = row * columns; e < (row + 1) * columns; e++) {
            sum = sum + FloatMath.exp(z[e] - top(row, columns, z));
        }
        return sum;
    }

    @Override
    public void softmaxCrossEntropy(int rowFrom, int rowTo, int columns, float[] z, float[] classes, float[] loss) {
        for (int i = rowFrom; i < rowTo; i++) {
            float right = z[i * columns + (int) classes[i]];
            loss[i] = FloatMath.log(exponentials(i, columns, z)) - (right - top(i, columns, z));
        }
    }

    @Override
    public void softmaxCrossEntropyGrad(
            int rowFrom, int rowTo, int columns, float s, float[] z, float[] classes, float[] gz) {
        for (int i = rowFrom; i < rowTo; i++) {
            float sum = exponentials(i, columns, z);
            for (int j = 0; j < columns; j++) {
                int e = i * columns + j;
                float probability = FloatMath.exp(z[e] - top(i, columns, z)) / sum;
                gz[e] = Math.fma(s, j == (int) classes[i] ? probability - 1f : probability, gz[e]);
            }
        }
    }

    // ---- reductions -----------------------------------------------------------------------------------------------

    /** One element's contribution: takes the lane so far, gives the new one. */
    private interface Term {
        float after(float lane, int i);
    }

    private static void chunks(int chunkFrom, int chunkTo, int columns, float[] partial, Term term) {
        int perRow = (columns + 1023) / 1024;
        for (int chunk = chunkFrom; chunk < chunkTo; chunk++) {
            float[] lane = new float[16];
            int row = chunk / perRow;
            int start = row * columns + chunk % perRow * 1024;
            for (int i = start; i < Math.min(start + 1024, (row + 1) * columns); i++) {
                lane[(i - start) % 16] = term.after(lane[(i - start) % 16], i);
            }
            partial[chunk] = tree(lane);
        }
    }

    @Override
    public void sumChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] partial) {
        chunks(chunkFrom, chunkTo, columns, partial, (lane, i) -> lane + x[i]);
    }

    @Override
    public void squaredErrorChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] y, float[] partial) {
        chunks(chunkFrom, chunkTo, columns, partial, (lane, i) -> Math.fma(x[i] - y[i], x[i] - y[i], lane));
    }

    @Override
    public void preluSlopeGradChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] g, float[] partial) {
        chunks(chunkFrom, chunkTo, columns, partial, (lane, i) -> lane + (x[i] > 0f ? 0f : g[i] * x[i]));
    }

    private static float clampedLog(float p) {
        float log = FloatMath.log(p);
        return log < -100f ? -100f : log;
    }

    @Override
    public void bceChunks(int chunkFrom, int chunkTo, int columns, float[] p, float[] y, float[] partial) {
        chunks(chunkFrom, chunkTo, columns, partial, (lane, i) -> {
            float l0 = clampedLog(p[i]);
            float l1 = clampedLog(1f - p[i]);
            return lane + Math.fma(y[i] - 1f, l1, -(y[i] * l0));
        });
    }

    @Override
    public void bceWithLogitsChunks(int chunkFrom, int chunkTo, int columns, float[] z, float[] y, float[] partial) {
        chunks(chunkFrom, chunkTo, columns, partial, (lane, i) -> {
            float linear = Math.fma(-z[i], y[i], z[i] > 0f ? z[i] : 0f);
            return lane + (linear + FloatMath.log1p(FloatMath.exp(-Math.abs(z[i]))));
        });
    }

    @Override
    public void addScaledDifference(int from, int to, float s, float[] x, float[] y, float[] gx) {
        each(from, to, gx, i -> Math.fma(s, x[i] - y[i], gx[i]));
    }

    @Override
    public int firstOutside(int from, int to, float low, float high, float[] x) {
        for (int i = from; i < to; i++) {
            if (x[i] < low || x[i] > high) {
                return i;
            }
        }
        return to;
    }

    @Override
    public void bceGrad(int from, int to, float s, float[] p, float[] y, float[] gp) {
        for (int i = from; i < to; i++) {
            float spread = (1f - p[i]) * p[i];
            gp[i] = Math.fma(s, (p[i] - y[i]) / (spread < 1e-12f ? 1e-12f : spread), gp[i]);
        }
    }

    @Override
    public void bceTargetGrad(int from, int to, float s, float[] p, float[] gy) {
        each(from, to, gy, i -> Math.fma(s, clampedLog(1f - p[i]) - clampedLog(p[i]), gy[i]));
    }

    @Override
    public void bceWithLogitsGrad(int from, int to, float s, float[] z, float[] y, float[] gz) {
        each(from, to, gz, i -> Math.fma(s, 1f / (1f + FloatMath.exp(-z[i])) - y[i], gz[i]));
    }

    // ---- optimiser steps ------------------------------------------------------------------------------------------

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
    public void adamStep(int from, int to, AdamCoefficients c, float[] p, float[] g, float[] m, float[] v) {
        for (int i = from; i < to; i++) {
            p[i] = c.shrink() * p[i];
            float d = Math.fma(c.weightDecay(), p[i], g[i]);
            m[i] = Math.fma(c.oneMinusBeta1(), d, c.beta1() * m[i]);
            v[i] = Math.fma(c.oneMinusBeta2() * d, d, c.beta2() * v[i]);
            p[i] = p[i] - (c.stepSize() * m[i]) / ((float) Math.sqrt(v[i]) / c.rootCorrection2() + c.epsilon());
        }
    }
}
