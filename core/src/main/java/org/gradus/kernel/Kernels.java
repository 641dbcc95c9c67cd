package org.gradus.kernel;

/**
 * The arithmetic of the library: loops over {@code float[]}, nothing else. Two implementations give the same bits:
 * {@code ScalarKernels}, ordinary Java loops, and {@code VectorKernels} on the Vector API. An object of this type serves
 * one thread, because it owns its scratch memory; {@link Engine} is the door that checks nothing, splits large work over
 * threads and owns one {@code Kernels} per thread.
 *
 * <p>Every method works on a range of its output, so that several threads can share one operation. The numerics contract,
 * the same on every machine, vector width and number of threads:
 *
 * <ul>
 *   <li>matrix products: each {@code C[i,j]} is one chain {@code s = fma(A[i,p], B[p,j], s)} over {@code p} in ascending
 *       order, started from 0 or from the stored {@code C[i,j]}. Only where {@link GemmKind#sumsInLanes} says so, {@code p}
 *       runs in {@value #LANES} such chains (lane {@code p % 16}) started from 0, which {@link #tree} adds up.
 *   <li>elementwise operations: the formula in the method's Javadoc with exactly the roundings it shows; {@code fma}
 *       means one rounding. {@code exp}, {@code log} and {@code tanh} are those of {@link FloatMath}.
 *   <li>reductions of a matrix: each row is cut into chunks of {@value #CHUNK} elements; inside a chunk element {@code i} is added
 *       to lane {@code i % 16}, then {@link #tree}; the chunks are added in ascending order in double by {@link #total}. So a row
 *       gives the same partial sums wherever it lies, and several rows can be summed side by side.
 *   <li>{@link #addColumnSums}: row {@code i} is added to lane {@code i % 16}, then {@link #tree}, then the stored value.
 * </ul>
 *
 * <p>Methods whose text says {@code +=} add into their output; all others overwrite it. Ranges {@code from..to} are half
 * open. Arguments are trusted: {@link org.gradus.autograd.Op#shapeOf} has checked them.
 */
public interface Kernels {

    /** Lanes of a reduction: the widest vector of today (512 bits of float), kept on every machine. */
    int LANES = 16;

    /** Elements of one reduction chunk: 64 per lane, 4 kB, so that it stays in the first-level cache. */
    int CHUNK = 1024;

    /** Products with at most this many columns are too thin to vectorise over columns. */
    int THIN = 3;

    /** Below this length a sum in lanes has too few terms per lane to pay for its tree. */
    int LANE_RULE_MIN_K = 32;

    /** Lower clamp of the logarithms of binary cross-entropy, as in PyTorch's {@code binary_cross_entropy}. */
    float LOG_CLAMP = -100f;

    /** Lower clamp of {@code p (1 - p)} in the gradient of binary cross-entropy, as in PyTorch. */
    float BCE_EPSILON = 1e-12f;

    /** Lower clamp of a row's length in {@code normalizeRows}, PyTorch's {@code eps} of {@code functional.normalize}. */
    float NORM_EPSILON = 1e-12f;

    /** The constant that stands for "no bias" in {@link #gemm}. */
    float[] NO_BIAS = {};

    /**
     * The plain kernels, ordinary Java loops: the definition of every bit, which can be had everywhere.
     *
     * @return new ones, for one thread
     */
    static Kernels plain() {
        return new ScalarKernels();
    }

    /**
     * Short name for logs and reports.
     *
     * @return {@code "scalar"} or {@code "vector"}
     */
    String name();

    /**
     * Width of the machine vectors in use.
     *
     * @return bits; 32 for the scalar kernels
     */
    int vectorBits();

    /**
     * A fresh object of the same kind for one more thread.
     *
     * @return kernels with scratch memory of their own
     */
    Kernels another();

    /**
     * Matrix product, rows {@code rowFrom..rowTo} and columns {@code colFrom..colTo} of it: {@code C = A B + bias}, or
     * {@code C += A B} if {@code accumulate}, with A and B read as {@code kind} says. The bias row is added after the sum,
     * in one rounding; it cannot be combined with {@code accumulate}.
     *
     * @param kind which operand is transposed
     * @param m rows of C
     * @param n columns of C
     * @param k length of the sums
     * @param a first operand
     * @param b second operand
     * @param bias {@code n} numbers, or {@link #NO_BIAS}
     * @param c the product, {@code m*n}
     * @param accumulate whether to continue from the stored C
     * @param rowFrom first row
     * @param rowTo row after the last
     * @param colFrom first column
     * @param colTo column after the last
     */
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
            int colTo);

    /** {@code out = x + y}. */
    void add(int from, int to, float[] x, float[] y, float[] out);

    /** {@code out = x - y}. */
    void sub(int from, int to, float[] x, float[] y, float[] out);

    /** {@code out = x * y}. */
    void mul(int from, int to, float[] x, float[] y, float[] out);

    /** {@code out = x / y}. */
    void div(int from, int to, float[] x, float[] y, float[] out);

    /** {@code out = s * x}. */
    void scale(int from, int to, float s, float[] x, float[] out);

    /** {@code out += s * x}, as {@code fma(s, x, out)}. */
    void addScaled(int from, int to, float s, float[] x, float[] out);

    /** {@code out += s}. */
    void addConstant(int from, int to, float s, float[] out);

    /** {@code out += x * y}, as {@code fma(x, y, out)}. */
    void addProduct(int from, int to, float[] x, float[] y, float[] out);

    /** {@code out += x / y}. */
    void addQuotient(int from, int to, float[] x, float[] y, float[] out);

    /** Gradient of a quotient {@code q = x / y} for its denominator: {@code gy -= g * (q / y)}. */
    void divideGrad(int from, int to, float[] q, float[] y, float[] g, float[] gy);

    /** {@code y = x < 0 ? 0 : x}; NaN stays NaN, and -0 stays -0. */
    void relu(int from, int to, float[] x, float[] y);

    /** {@code gx += x <= 0 ? 0 : g}; where x is NaN, g passes. */
    void reluGrad(int from, int to, float[] x, float[] g, float[] gx);

    /**
     * {@code y = x > 0 ? x : a * x}. {@code a} is {@code slope[0]} if there is one slope, else that of the element's column;
     * with one slope per column the range must begin and end at a row.
     */
    void prelu(int from, int to, int columns, float[] x, float[] slope, float[] y);

    /** {@code gx += x > 0 ? g : a * g}; ranges as for {@link #prelu}. */
    void preluGrad(int from, int to, int columns, float[] x, float[] slope, float[] g, float[] gx);

    /** Slopes per column, columns {@code colFrom..colTo}: {@code ga_j += sum_i (x_ij > 0 ? 0 : g_ij * x_ij)}, one chain from the stored value, rows ascending. */
    void preluColumnSlopeGrad(int rows, int columns, float[] x, float[] g, float[] ga, int colFrom, int colTo);

    /** One shared slope: sums of {@code x > 0 ? 0 : g * x} over chunks {@code chunkFrom..chunkTo} of rows of {@code columns}. */
    void preluSlopeGradChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] g, float[] partial);

    /** {@code y = 1 / (1 + exp(-x))}. */
    void sigmoid(int from, int to, float[] x, float[] y);

    /** {@code gx += (g * y) * (1 - y)}, as {@code fma(g * y, 1 - y, gx)}, with {@code y = sigmoid(x)}. */
    void sigmoidGrad(int from, int to, float[] y, float[] g, float[] gx);

    /** {@code y = tanh(x)}. */
    void tanh(int from, int to, float[] x, float[] y);

    /** {@code gx += g * (1 - y * y)}, as {@code fma(g, fma(-y, y, 1), gx)}, with {@code y = tanh(x)}. */
    void tanhGrad(int from, int to, float[] y, float[] g, float[] gx);

    /** {@code y = exp(x)}. */
    void exp(int from, int to, float[] x, float[] y);

    /** {@code y = ln(x)}. */
    void log(int from, int to, float[] x, float[] y);

    /** Rows {@code rowFrom..rowTo}: {@code out_ij = row_j}. */
    void repeatRow(int rowFrom, int rowTo, int columns, float[] row, float[] out);

    /** Columns {@code colFrom..colTo} of {@code rows x columns}: {@code out_j += tree of lanes, lane l: x_lj + x_(l+16)j + ...}. */
    void addColumnSums(int rows, int columns, float[] x, float[] out, int colFrom, int colTo);

    /** Sums of {@code x} over chunks of rows of {@code columns} elements. */
    void sumChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] partial);

    /** Sums of {@code (x - y)^2} over chunks of rows of {@code columns}; a lane takes {@code fma(d, d, lane)}. */
    void squaredErrorChunks(int chunkFrom, int chunkTo, int columns, float[] x, float[] y, float[] partial);

    /** {@code gx += s * (x - y)}, as {@code fma(s, x - y, gx)}. */
    void addScaledDifference(int from, int to, float s, float[] x, float[] y, float[] gx);

    /**
     * Sums of {@code (y - 1) * max(ln(1 - p), -100) - y * max(ln p, -100)} over chunks of rows of {@code columns}; the terms as
     * {@code fma(y - 1, l1, -(y * l0))}.
     */
    void bceChunks(int chunkFrom, int chunkTo, int columns, float[] p, float[] y, float[] partial);

    /** The first of {@code from..to} with {@code x < low} or {@code x > high}, or {@code to} if there is none; NaN is neither. */
    int firstOutside(int from, int to, float low, float high, float[] x);

    /** {@code gp += s * ((p - y) / max((1 - p) * p, 1e-12))}, the outer product as {@code fma}. */
    void bceGrad(int from, int to, float s, float[] p, float[] y, float[] gp);

    /** Gradient for the targets: {@code gy += s * (max(ln(1 - p), -100) - max(ln p, -100))}, as {@code fma}. */
    void bceTargetGrad(int from, int to, float s, float[] p, float[] gy);

    /**
     * Sums of {@code (z > 0 ? z : 0) - z * y + ln(1 + exp(-|z|))} over chunks of rows of {@code columns}; the terms as
     * {@code fma(-z, y, z > 0 ? z : 0) + log1p(exp(-|z|))}.
     */
    void bceWithLogitsChunks(int chunkFrom, int chunkTo, int columns, float[] z, float[] y, float[] partial);

    /** {@code gz += s * (sigmoid(z) - y)}, as {@code fma}. */
    void bceWithLogitsGrad(int from, int to, float s, float[] z, float[] y, float[] gz);

    /** Rows {@code rowFrom..rowTo}: {@code y_i = x_i / max(||x_i||, 1e-12)}; the squares as one chain of {@code fma}, infinite from 3.4e38. */
    void normalizeRows(int rowFrom, int rowTo, int columns, float[] x, float[] y);

    /**
     * Rows {@code rowFrom..rowTo}: {@code gx_i += (g_i - y_i (g_i . y_i)) / ||x_i||}; where the clamp acts,
     * {@code gx_i += g_i / 1e-12}.
     */
    void normalizeRowsGrad(int rowFrom, int rowTo, int columns, float[] x, float[] y, float[] g, float[] gx);

    /**
     * Rows {@code rowFrom..rowTo}: {@code loss_i = ln(sum_j exp(z_ij - z_max)) - (z_ic - z_max)} with {@code c = classes[i]}.
     */
    void softmaxCrossEntropy(int rowFrom, int rowTo, int columns, float[] z, float[] classes, float[] loss);

    /** Rows {@code rowFrom..rowTo}: {@code gz_ij += s * (softmax(z_i)_j - (j == c))}, as {@code fma}. */
    void softmaxCrossEntropyGrad(int rowFrom, int rowTo, int columns, float s, float[] z, float[] classes, float[] gz);

    /**
     * One step of stochastic gradient descent, PyTorch's {@code SGD} with dampening 0:
     *
     * <pre>
     *   d = fma(weightDecay, p, g)
     *   v = fma(momentum, v, d);  d = nesterov ? fma(momentum, v, d) : v      only if momentum is not 0
     *   p = fma(-lr, d, p)
     * </pre>
     */
    void sgdStep(
            int from,
            int to,
            float lr,
            float momentum,
            float weightDecay,
            boolean nesterov,
            float[] p,
            float[] g,
            float[] v);

    /**
     * One step of Adam or AdamW as PyTorch computes it:
     *
     * <pre>
     *   p = shrink * p                                  shrink = 1 - lr * weightDecay for AdamW, else 1
     *   d = fma(weightDecay, p, g)                      weightDecay is 0 for AdamW; p is the shrunk one
     *   m = fma(1 - beta1, d, beta1 * m)
     *   v = fma((1 - beta2) * d, d, beta2 * v)
     *   p = p - (stepSize * m) / (sqrt(v) / rootCorrection2 + epsilon)
     * </pre>
     */
    void adamStep(int from, int to, AdamCoefficients coefficients, float[] p, float[] g, float[] m, float[] v);

    /**
     * Adds the lanes pairwise: {@code l} and {@code l+8}, then {@code l+4}, {@code l+2}, {@code l+1}. Overwrites its argument.
     *
     * @param lanes {@value #LANES} partial sums
     * @return their sum in this fixed order
     */
    static float tree(float[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }

    /**
     * The number of reduction chunks of a matrix.
     *
     * @param rows its rows; 1 for an array
     * @param columns elements of a row
     * @return {@code rows * ceil(columns / CHUNK)}
     */
    static int chunks(int rows, int columns) {
        return rows * ((columns + CHUNK - 1) / CHUNK);
    }

    /**
     * Where a reduction chunk begins.
     *
     * @param chunk its number
     * @param columns elements of a row
     * @return index of its first element
     */
    static int chunkStart(int chunk, int columns) {
        int perRow = chunks(1, columns);
        return chunk / perRow * columns + chunk % perRow * CHUNK;
    }

    /**
     * The length of a reduction chunk.
     *
     * @param chunk its number
     * @param columns elements of a row
     * @return {@code CHUNK}, or what is left of the row
     */
    static int chunkLength(int chunk, int columns) {
        return Math.min(CHUNK, columns - chunk % chunks(1, columns) * CHUNK);
    }

    /**
     * Adds chunk sums in ascending order in double.
     *
     * @param chunks their number
     * @param partial the chunk sums
     * @return the sum
     */
    static double total(int chunks, float[] partial) {
        double sum = 0;
        for (int c = 0; c < chunks; c++) {
            sum += partial[c];
        }
        return sum;
    }
}
