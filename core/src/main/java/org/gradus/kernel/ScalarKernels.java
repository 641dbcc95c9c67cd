package org.gradus.kernel;

import java.util.Arrays;
import org.gradus.kernel.cephes.Cephes;

/**
 * The kernels as ordinary Java loops: the definition of every bit, with the products of {@link ScalarGemm}, and what runs where the Vector
 * API is missing. Each loop does one thing with one index, which is what C2 turns into vector code by itself.
 */
final class ScalarKernels implements Kernels {

    /** Columns summed side by side: 16 lanes of 32 columns are 2 kB. */
    private static final int SUM_BLOCK = 32;

    private final float[] lanes = new float[LANES];
    private final float[] columnSums = new float[LANES * SUM_BLOCK];
    private final ScalarGemm gemm = new ScalarGemm();

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
        gemm.gemm(kind, m, n, k, a, b, bias, c, accumulate, rowFrom, rowTo, colFrom, colTo);
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
            y[i] = Cephes.sigmoid(x[i]);
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
            y[i] = Cephes.tanh(x[i]);
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
            y[i] = Cephes.exp(x[i]);
        }
    }

    @Override
    public void log(int from, int to, float[] x, float[] y) {
        for (int i = from; i < to; i++) {
            y[i] = Cephes.log(x[i]);
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
            loss[i] = Cephes.log(exponentials(columns, z, start, top)) - (z[start + (int) classes[i]] - top);
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
                float probability = Cephes.exp(z[start + j] - top) / sum;
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
            sum += Cephes.exp(z[j] - top);
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
                float l0 = atLeast(Cephes.log(p[i]), LOG_CLAMP);
                float l1 = atLeast(Cephes.log(1f - p[i]), LOG_CLAMP);
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
            float l0 = atLeast(Cephes.log(p[i]), LOG_CLAMP);
            float l1 = atLeast(Cephes.log(1f - p[i]), LOG_CLAMP);
            gy[i] = Math.fma(s, l1 - l0, gy[i]);
        }
    }

    @Override
    public void bceWithLogitsChunks(int chunkFrom, int chunkTo, int columns, float[] z, float[] y, float[] partial) {
        for (int c = chunkFrom; c < chunkTo; c++) {
            Arrays.fill(lanes, 0f);
            int start = Kernels.chunkStart(c, columns);
            for (int i = start; i < start + Kernels.chunkLength(c, columns); i++) {
                float softplus = Cephes.log1p(Cephes.exp(-Math.abs(z[i])));
                lanes[(i - start) % LANES] += Math.fma(-z[i], y[i], z[i] > 0f ? z[i] : 0f) + softplus;
            }
            partial[c] = Kernels.tree(lanes);
        }
    }

    @Override
    public void bceWithLogitsGrad(int from, int to, float s, float[] z, float[] y, float[] gz) {
        for (int i = from; i < to; i++) {
            gz[i] = Math.fma(s, Cephes.sigmoid(z[i]) - y[i], gz[i]);
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
