package org.gradus.linalg;

import java.util.Arrays;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.SingularOps_FDRM;
import org.ejml.dense.row.factory.DecompositionFactory_FDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F32;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.GemmKind;

/**
 * Principal component analysis: the k orthonormal directions in which the samples vary most. Of all linear autoencoders
 * with a bottleneck of k units, encoder and decoder made of these directions lose least (mean squared error).
 *
 * <pre>
 *   Xc = X - mean                       mean [d] of the columns
 *   Xc = U S V^T                        singular value decomposition, S descending; component i is row i of V^T
 *   variance_i = S_i^2 / (n - 1)        along component i; ratio_i = variance_i / sum of the variances of all columns
 *   codes = Xc V                        [n,k]
 * </pre>
 *
 * <p>This is scikit-learn's {@code PCA}. A component and its negative serve equally well; here its entry of largest
 * magnitude is positive (the first of several).
 *
 * <p>How it is computed. The decomposition is EJML's, in float. Where the work allows, it is that of Xc. Otherwise, if
 * there are more samples than features, it is that of the covariance matrix C = Xc^T Xc / (n - 1) [d,d], which needs
 * only one product over all samples; its sums run in float over blocks of 256 samples and in double over the blocks. In
 * both cases each component is then refined in double, with Xc or C as it is, until nothing is left of {@code C v -
 * variance v} (J. J. Dongarra, C. B. Moler and J. H. Wilkinson, "Improving the accuracy of computed eigenvalues and
 * eigenvectors", SIAM Journal on Numerical Analysis 20(1), 1983).
 *
 * <p>How accurate it is, with u = 2^-24:
 *
 * <ul>
 *   <li>Decomposing Xc, results are as good as the float input: rounding x turns component i by about u S_1 divided by
 *       the distance from S_i to its neighbours.
 *   <li>Through the covariance matrix, whose entries carry an error of typically 2 u variance_1, component i is turned
 *       by about 2 u variance_1 divided by the distance from variance_i to its neighbours. For leading components this
 *       is nothing: the first two of MNIST are right to 2e-8 in every entry. Components whose variance is below 1e-5 of
 *       the first are not reliable.
 *   <li>Components with (nearly) equal variances are some orthonormal basis of the space they span, in either case.
 *   <li>Codes and samples are computed in double, from the mean and components before they are rounded for {@link #mean} and
 *       {@link #components}: the mean is subtracted first, so that codes of data far from 0 keep their digits, and the result is
 *       rounded once, by at most u times itself.
 * </ul>
 */
public final class Pca {

    /** Products n d min(n,d) up to which Xc itself is decomposed: about half a second of EJML's time at most. */
    private static final long DIRECT_WORK = 1L << 27;

    /** Samples summed in float; the rounding of so short a sum is below that of the float decomposition. */
    private static final int BLOCK_ROWS = 256;

    /** Refinement gains a factor of 1000 or more each time, unless it cannot gain at all. */
    private static final int MAX_REFINEMENTS = 8;

    /** Change of an entry, in double, far below what a float can show. */
    private static final double REFINED = 1e-11;

    /**
     * A correction longer than this is no correction: the two variances are too close to tell their directions apart.
     */
    private static final double LARGEST_CORRECTION = 0.25;

    /** Samples whose codes are computed side by side. */
    private static final int CODED_ROWS = 64;

    /** Features taken at once: so many of so many samples are 16 kB, which stay in the first-level cache. */
    private static final int CODED_COLUMNS = 32;

    /** Products below which a thread is not worth waking. */
    private static final long WORTH_SPLITTING = 1L << 18;

    private final Engine engine;
    private final double[] mean;
    private final double[][] directions;
    private final Tensor components;
    private final Tensor singularValues;
    private final double[] variances;
    private final Tensor explainedVarianceRatio;

    private Pca(Engine engine, double[] mean, double[][] directions, double[] variances, double totalVariance, int n) {
        int k = directions.length;
        int d = mean.length;
        float[] rows = new float[k * d];
        float[] singular = new float[k];
        float[] ratio = new float[k];
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < d; j++) {
                rows[i * d + j] = (float) directions[i][j];
            }
            singular[i] = (float) Math.sqrt(variances[i] * (n - 1));
            ratio[i] = totalVariance > 0 ? (float) Math.min(1, variances[i] / totalVariance) : 0f;
        }
        this.engine = engine;
        this.mean = mean;
        this.directions = directions;
        this.variances = variances;
        components = Tensor.matrix(k, d, rows);
        singularValues = Tensor.vector(singular);
        explainedVarianceRatio = Tensor.vector(ratio);
    }

    /**
     * Finds the leading components of samples.
     *
     * @param x [n,d], a sample per row, at least 2
     * @param components their number k, 1 to min(n,d)
     * @return mean, components and variances
     * @throws IllegalArgumentException if x is no matrix, has fewer than 2 rows, infinite or NaN entries, or entries
     *     whose variance is more than a float holds, or if more than min(n,d) components are asked of it
     */
    public static Pca fit(Tensor x, int components) {
        return fit(Engine.shared(), x, components);
    }

    static Pca fit(Engine engine, Tensor x, int components) {
        requireSamples(x, components);
        long work = (long) x.size() * Math.min(x.shape().rows(), x.shape().columns());
        boolean tall = x.shape().rows() > x.shape().columns();
        return work <= DIRECT_WORK || !tall
                ? fitDirectly(engine, x, components)
                : fitByCovariance(engine, x, components);
    }

    private static void requireSamples(Tensor x, int components) {
        Samples.requireMatrix("Pca.fit", "x", x);
        if (x.shape().rows() < 2) {
            throw new IllegalArgumentException(
                    "Pca.fit: x " + x.shape() + " has one sample; variance needs at least 2");
        }
        Samples.requireComponents("Pca.fit", x, components);
        Samples.requireFinite("Pca.fit", "x", x);
    }

    /** By the decomposition of Xc. */
    static Pca fitDirectly(Engine engine, Tensor x, int components) {
        Centred centred = new Centred(x);
        int n = centred.n;
        int d = centred.d;
        FMatrixRMaj matrix = new FMatrixRMaj(n, d);
        centred.copyScaled(0, n, matrix.data);
        double[] values = new double[Math.min(n, d)];
        double[][] basis = decompose(matrix, values);
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] * values[i] / (n - 1);
        }
        return refined(engine, centred, centred::timesCovariance, basis, values, components);
    }

    /** By the decomposition of the covariance matrix. */
    static Pca fitByCovariance(Engine engine, Tensor x, int components) {
        Centred centred = new Centred(x);
        int d = centred.d;
        double[] covariance = covariance(engine, centred);
        double[] values = new double[d];
        double[][] basis = decompose(FMatrixRMaj.wrap(d, d, toFloats(covariance)), values);
        return refined(engine, centred, v -> product(covariance, v), basis, values, components);
    }

    /** {@code Xc^T Xc / (n - 1)} of the scaled samples. */
    private static double[] covariance(Engine engine, Centred centred) {
        int d = centred.d;
        double[] sum = new double[d * d];
        float[] block = new float[BLOCK_ROWS * d];
        float[] part = new float[d * d];
        for (int row = 0; row < centred.n; row += BLOCK_ROWS) {
            int rows = Math.min(BLOCK_ROWS, centred.n - row);
            centred.copyScaled(row, rows, block);
            engine.gemm(GemmKind.TN, d, d, rows, block, block, part, false);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += part[i];
            }
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= centred.n - 1;
        }
        return sum;
    }

    /** The right singular vectors as rows, most important first, and the singular values. */
    private static double[][] decompose(FMatrixRMaj matrix, double[] values) {
        SingularValueDecomposition_F32<FMatrixRMaj> svd =
                DecompositionFactory_FDRM.svd(matrix.numRows, matrix.numCols, false, true, true);
        if (!svd.decompose(matrix)) {
            throw new AssertionError("Pca.fit: EJML's singular value decomposition did not converge");
        }
        FMatrixRMaj s = svd.getW(new FMatrixRMaj(1, 1));
        FMatrixRMaj vt = svd.getV(new FMatrixRMaj(1, 1), true);
        SingularOps_FDRM.descendingOrder(null, false, s, vt, true);
        double[][] basis = new double[values.length][vt.numCols];
        for (int i = 0; i < values.length; i++) {
            values[i] = s.get(i, i);
            for (int j = 0; j < vt.numCols; j++) {
                basis[i][j] = vt.get(i, j);
            }
        }
        return basis;
    }

    // ---- refinement, in double
    // ---------------------------------------------------------------------------------------

    /** A product with the covariance matrix. */
    private interface Covariance {
        double[] times(double[] v);
    }

    /**
     * Improves the first k rows of an almost exact basis of eigenvectors. What is left of {@code r = C v_i - t_i v_i}
     * says by how much, to first order, the other rows are mixed into v_i:
     *
     * <pre>  v_i += sum_j v_j (v_j . r) / (t_i - t_j)      and r's part outside the basis, where C is 0, / t_i</pre>
     */
    private static Pca refined(
            Engine engine, Centred centred, Covariance covariance, double[][] basis, double[] values, int components) {
        double change = 1;
        for (int pass = 0; pass < MAX_REFINEMENTS && change > REFINED; pass++) {
            change = 0;
            for (int i = 0; i < components; i++) {
                change = Math.max(change, refine(i, covariance, basis, values));
            }
            orthonormalise(basis, components);
        }
        for (int i = 0; i < components; i++) {
            values[i] = Math.max(0, dot(basis[i], covariance.times(basis[i])));
        }
        double unit = centred.scale * centred.scale;
        double[][] directions = new double[components][];
        double[] variances = new double[components];
        boolean[] taken = new boolean[components];
        for (int i = 0; i < components; i++) {
            int largest = largestLeft(values, taken);
            taken[largest] = true;
            directions[i] = withPositivePeak(basis[largest]);
            variances[i] = values[largest] / unit;
        }
        double total = centred.totalVariance();
        if (!(total <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "Pca.fit: the variance of x, " + total + ", is more than a float holds; divide x by a constant");
        }
        return new Pca(engine, centred.mean, directions, variances, total, centred.n);
    }

    /** Refines row i and its value; gives the largest change of an entry. */
    private static double refine(int i, Covariance covariance, double[][] basis, double[] values) {
        double[] v = basis[i];
        double[] rest = covariance.times(v);
        values[i] = dot(v, rest) / dot(v, v);
        addScaled(-values[i], v, rest);
        double[] correction = new double[v.length];
        for (int j = 0; j < basis.length; j++) {
            if (j != i) {
                double mixed = dot(basis[j], rest);
                addScaled(-mixed, basis[j], rest);
                addIfSmall(mixed, values[i] - values[j], basis[j], correction);
            }
        }
        addIfSmall(1, values[i], rest, correction);
        double change = 0;
        for (int c = 0; c < v.length; c++) {
            v[c] += correction[c];
            change = Math.max(change, Math.abs(correction[c]));
        }
        return change;
    }

    private static void addIfSmall(double numerator, double denominator, double[] direction, double[] correction) {
        double factor = numerator / denominator;
        if (Math.abs(factor) * Math.sqrt(dot(direction, direction)) < LARGEST_CORRECTION) {
            addScaled(factor, direction, correction);
        }
    }

    /** Gram and Schmidt's method; the rows are almost orthonormal already, so once is enough. */
    private static void orthonormalise(double[][] basis, int rows) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < i; j++) {
                addScaled(-dot(basis[i], basis[j]), basis[j], basis[i]);
            }
            double length = Math.sqrt(dot(basis[i], basis[i]));
            for (int c = 0; c < basis[i].length; c++) {
                basis[i][c] /= length;
            }
        }
    }

    private static int largestLeft(double[] values, boolean[] taken) {
        int best = -1;
        for (int i = 0; i < taken.length; i++) {
            if (!taken[i] && (best < 0 || values[i] > values[best])) {
                best = i;
            }
        }
        return best;
    }

    private static double[] withPositivePeak(double[] v) {
        double peak = 0;
        for (double value : v) {
            if (Math.abs(value) > Math.abs(peak)) {
                peak = value;
            }
        }
        double[] turned = new double[v.length];
        addScaled(peak < 0 ? -1 : 1, v, turned);
        return turned;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void addScaled(double factor, double[] x, double[] out) {
        for (int i = 0; i < x.length; i++) {
            out[i] += factor * x[i];
        }
    }

    private static double[] product(double[] square, double[] v) {
        double[] out = new double[v.length];
        for (int i = 0; i < v.length; i++) {
            double sum = 0;
            for (int j = 0; j < v.length; j++) {
                sum += square[i * v.length + j] * v[j];
            }
            out[i] = sum;
        }
        return out;
    }

    private static float[] toFloats(double[] x) {
        float[] out = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            out[i] = (float) x[i];
        }
        return out;
    }

    /**
     * The samples, with what centring needs. Scaled means: multiplied by a power of 2, so that the largest entry is in
     * [1,2).
     */
    private static final class Centred {

        private final int n;
        private final int d;
        private final float[] x;
        private final double[] mean;
        private final double scale;

        Centred(Tensor samples) {
            n = samples.shape().rows();
            d = samples.shape().columns();
            x = samples.data();
            mean = new double[d];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < d; j++) {
                    mean[j] += x[i * d + j];
                }
            }
            for (int j = 0; j < d; j++) {
                mean[j] /= n;
            }
            double largest = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < d; j++) {
                    largest = Math.max(largest, Math.abs(x[i * d + j] - mean[j]));
                }
            }
            scale = largest > 0 ? Math.scalb(1.0, -Math.getExponent(largest)) : 1;
        }

        /** Centred and scaled samples in float. */
        void copyScaled(int row, int rows, float[] out) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < d; j++) {
                    out[i * d + j] = (float) ((x[(row + i) * d + j] - mean[j]) * scale);
                }
            }
        }

        /** {@code Xc^T (Xc v) / (n - 1)} of the scaled samples. */
        double[] timesCovariance(double[] v) {
            double[] out = new double[d];
            double[] sample = new double[d];
            double factor = scale * scale / (n - 1);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < d; j++) {
                    sample[j] = x[i * d + j] - mean[j];
                }
                addScaled(dot(sample, v) * factor, sample, out);
            }
            return out;
        }

        /** The sum of the variances of all columns. */
        double totalVariance() {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < d; j++) {
                    double difference = x[i * d + j] - mean[j];
                    sum += difference * difference;
                }
            }
            return sum / (n - 1);
        }
    }

    // ---- results
    // -----------------------------------------------------------------------------------------------------

    /** {@return the directions, most important first: [k,d], rows orthonormal, a copy} */
    public Tensor components() {
        return components.copy();
    }

    /**
     * The mean of the samples, rounded to float. Of data far from 0 it lacks digits that {@link #transform} has: subtract it from
     * such data in your own code and the codes are off by its rounding.
     *
     * @return [d], a copy
     */
    public Tensor mean() {
        return Tensor.vector(toFloats(mean));
    }

    /** {@return the largest singular values of the centred samples: [k], descending, a copy} */
    public Tensor singularValues() {
        return singularValues.copy();
    }

    /**
     * The variance of the samples along each component, with n - 1 in the denominator.
     *
     * @return [k], descending, a copy
     * @throws IllegalStateException if the first is above 0 but below 1.2e-38, where floats lose their digits: the variance of
     *     numbers of 1e-20 is 1e-40
     */
    public Tensor explainedVariance() {
        if (variances[0] > 0 && variances[0] < Float.MIN_NORMAL) {
            throw new IllegalStateException("Pca.explainedVariance: the largest variance, " + variances[0]
                    + ", is less than a float holds; take the squares of singularValues() / sqrt(n - 1) in double,"
                    + " or fit the data times a constant");
        }
        return Tensor.vector(toFloats(variances));
    }

    /**
     * {@return the part of the whole variance that lies along each component: [k], descending, between 0 and 1, a copy;
     * zeros if all samples are equal}
     */
    public Tensor explainedVarianceRatio() {
        return explainedVarianceRatio.copy();
    }

    /**
     * The codes of samples: {@code (x - mean) components^T}, in double and in this order, and then rounded.
     *
     * @param x [m,d]
     * @return [m,k]
     * @throws IllegalArgumentException if x is no matrix of the width that was fitted, or has infinite or NaN entries, or if a
     *     code is more than a float holds
     */
    public Tensor transform(Tensor x) {
        int k = directions.length;
        int d = mean.length;
        Samples.requireColumns("Pca.transform", "x", x, d, "the fitted data");
        Samples.requireFinite("Pca.transform", "x", x);
        float[] samples = x.data();
        float[] codes = new float[x.shape().rows() * k];
        byRows(x.shape().rows(), (from, to) -> encode(samples, from, to, codes));
        return Samples.requireHeld(
                "Pca.transform", "x", "code", Tensor.matrix(x.shape().rows(), k, codes));
    }

    /**
     * The samples that codes stand for: {@code mean + codes components}, the nearest points of the plane through the
     * mean that the components span. In double, and then rounded.
     *
     * @param codes [m,k]
     * @return [m,d]
     * @throws IllegalArgumentException if codes is no matrix with k columns, or has infinite or NaN entries, or if a sample is
     *     more than a float holds
     */
    public Tensor inverseTransform(Tensor codes) {
        int k = directions.length;
        int d = mean.length;
        Samples.requireColumns("Pca.inverseTransform", "codes", codes, k, "a code of this fit");
        Samples.requireFinite("Pca.inverseTransform", "codes", codes);
        float[] amounts = codes.data();
        float[] samples = new float[codes.shape().rows() * d];
        byRows(codes.shape().rows(), (from, to) -> {
            double[] sample = new double[d];
            for (int row = from; row < to; row++) {
                System.arraycopy(mean, 0, sample, 0, d);
                for (int c = 0; c < k; c++) {
                    addScaled(amounts[row * k + c], directions[c], sample);
                }
                for (int j = 0; j < d; j++) {
                    samples[row * d + j] = (float) sample[j];
                }
            }
        });
        Tensor x = Tensor.matrix(codes.shape().rows(), d, samples);
        return Samples.requireHeld("Pca.inverseTransform", "codes", "sample", x);
    }

    /** Work on some of the rows. */
    private interface RowWork {
        void run(int from, int to);
    }

    /** Divides rows among threads; what is computed for a row does not depend on the others. */
    private void byRows(int rows, RowWork work) {
        boolean small = (long) rows * mean.length * directions.length < WORTH_SPLITTING;
        engine.together(
                small ? 1 : engine.threads(),
                (kernels, part, parts) ->
                        work.run(Engine.border(rows, 1, part, parts), Engine.border(rows, 1, part + 1, parts)));
    }

    /**
     * Codes of some samples. The sums of many samples are formed side by side, in loops that C2 turns into vector code: along one
     * sample it may not, since that would change the order of the sum.
     */
    private void encode(float[] samples, int from, int to, float[] codes) {
        int k = directions.length;
        int d = mean.length;
        int block = Math.min(CODED_ROWS, to - from);
        double[][] columns = new double[Math.min(CODED_COLUMNS, d)][block];
        double[][] sums = new double[k][block];
        for (int row = from; row < to; row += block) {
            int rows = Math.min(block, to - row);
            for (int first = 0; first < d; first += CODED_COLUMNS) {
                int width = Math.min(CODED_COLUMNS, d - first);
                for (int r = 0; r < rows; r++) {
                    for (int j = 0; j < width; j++) {
                        columns[j][r] = samples[(row + r) * d + first + j] - mean[first + j];
                    }
                }
                for (int c = 0; c < k; c++) {
                    addProducts(width, directions[c], first, columns, sums[c]);
                }
            }
            for (int c = 0; c < k; c++) {
                for (int r = 0; r < rows; r++) {
                    codes[(row + r) * k + c] = (float) sums[c][r];
                }
                Arrays.fill(sums[c], 0);
            }
        }
    }

    /** {@code sums += sum_j factors[first + j] columns[j]}, four terms at a time. */
    private static void addProducts(int width, double[] factors, int first, double[][] columns, double[] sums) {
        int j = 0;
        for (; j + 4 <= width; j += 4) {
            addFour(
                    factors[first + j],
                    columns[j],
                    factors[first + j + 1],
                    columns[j + 1],
                    factors[first + j + 2],
                    columns[j + 2],
                    factors[first + j + 3],
                    columns[j + 3],
                    sums);
        }
        for (; j < width; j++) {
            addScaled(factors[first + j], columns[j], sums);
        }
    }

    private static void addFour(
            double f0,
            double[] x0,
            double f1,
            double[] x1,
            double f2,
            double[] x2,
            double f3,
            double[] x3,
            double[] sums) {
        for (int r = 0; r < sums.length; r++) {
            sums[r] += f0 * x0[r] + f1 * x1[r] + (f2 * x2[r] + f3 * x3[r]);
        }
    }
}
