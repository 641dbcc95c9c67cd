package org.gradus.linalg;

import java.util.Arrays;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Engine.Cost;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;
import org.gradus.random.NumpyRandom;

/**
 * Non-negative matrix factorisation: a matrix V [n,d] without negative entries is approximated by W H, W [n,k] and H
 * [k,d] without negative entries either, so that {@code error = ||V - W H||}, the root of the sum of all squares
 * (Frobenius norm), is small. The rows of H are the components; a row of W says how much of each a sample holds.
 *
 * <p>Multiplicative updates never subtract, so nothing becomes negative, and no update raises the error:
 *
 * <pre>
 *   in each iteration                        times, quotients and products element by element
 *     A = V H^T,  B = H H^T                  [n,k] and [k,k]
 *     innerUpdates times:  W = W * A / (W B)
 *     A = W^T V,  B = W^T W                  [k,d] and [k,k]
 *     innerUpdates times:  H = H * A / (B H)
 * </pre>
 *
 * <p>With one inner update these are the rules of D. D. Lee and H. S. Seung, "Algorithms for non-negative matrix
 * factorization", NIPS 13, 2000, and the numbers are those of scikit-learn's {@code NMF(solver="mu")}. Almost all time
 * goes into the two products with V; updating several times before computing them anew, as N. Gillis and F. Glineur
 * propose in "Accelerated multiplicative updates and hierarchical ALS algorithms for nonnegative matrix factorization",
 * Neural Computation 24(4), 2012, costs little and converges in far fewer passes over V.
 *
 * <p>What is found depends on the start, and the order of the components means nothing. An entry that is 0 stays 0.
 *
 * <p>The size of the numbers means nothing either. The work is done on {@code 2^-e V}, each component {@code 2^-b} times its
 * row of H and {@code 2^(b-e)} times its column of W, with e and b such that the largest entry of V and of each row of the first
 * H is in [1,2). Powers of two are exact, and the rules say the same at every scale, so that factors are those of ordinary
 * numbers to the last bit where a product of three entries of V, W and H would overflow or vanish: V times {@code 2^2q} gives W
 * and H times {@code 2^q} and the error times {@code 2^2q}, subnormal V included as far as its digits go. Within one V, an entry
 * of W or H is kept down to {@code 2^-90} of the largest.
 */
public final class Nmf {

    /** Iterations between two looks at the tolerance; scikit-learn's number. */
    private static final int CHECK_INTERVAL = 10;

    /** Errors for which there is room at first; most fits end long before their last iteration. */
    private static final int FEW_ERRORS = 64;

    /** Elements of V in one block: with as many of W H, 2 MB, they stay in the second or third level cache. */
    private static final int BLOCK = 1 << 18;

    /** Says that there is no entry above 0 that could have an exponent. */
    private static final int NO_EXPONENT = Integer.MIN_VALUE;

    /**
     * Numerators and denominators are multiplied by this, which changes no bit of their quotients. A small entry times its small
     * numerator then stays a normal float down to entries of 2^-95, and there is room for sums of 2^60 terms above.
     */
    private static final float LIFT = 0x1p64f;

    /** The longest array that HotSpot allocates, whatever the heap. */
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final Engine engine;
    private final NmfOptions options;
    private final Tensor w;
    private final Tensor h;
    private final double[] errors;

    private Nmf(Engine engine, NmfOptions options, Tensor w, Tensor h, double[] errors) {
        this.engine = engine;
        this.options = options;
        this.w = w;
        this.h = h;
        this.errors = errors;
    }

    /**
     * Factorises from a random start, which is scikit-learn's {@code init="random"}: first H, then W, row after row,
     *
     * <pre>  |sqrt(mean(V) / k) z|      z standard normal</pre>
     *
     * @param v [n,d], no entry negative
     * @param options size and length of the work
     * @param random draws k d + n k normal values
     * @return the factors
     * @throws IllegalArgumentException if v is no matrix, or has negative, infinite or NaN entries, or if more than min(n,d)
     *     components are asked of it
     */
    public static Nmf fit(Tensor v, NmfOptions options, NumpyRandom random) {
        return fit(Engine.shared(), v, options, random);
    }

    static Nmf fit(Engine engine, Tensor v, NmfOptions options, NumpyRandom random) {
        requireFactorable(v, options.components());
        double scale = startScale(v, options.components());
        Tensor h = randomStart(options.components(), v.shape().columns(), scale, random);
        Tensor w = randomStart(v.shape().rows(), options.components(), scale, random);
        return run(engine, v, options, w, h);
    }

    /**
     * Factorises from given factors, which stay as they are; scikit-learn's {@code init="custom"}.
     *
     * @param v [n,d], no entry negative
     * @param options size and length of the work
     * @param w0 [n,k], no entry negative
     * @param h0 [k,d], no entry negative
     * @return the factors
     * @throws IllegalArgumentException as {@link #fit(Tensor, NmfOptions, NumpyRandom)}, and likewise for w0 and h0; also if
     *     w0 and h0 are of such sizes that a factor is beyond the range of a float
     */
    public static Nmf fit(Tensor v, NmfOptions options, Tensor w0, Tensor h0) {
        return fit(Engine.shared(), v, options, w0, h0);
    }

    static Nmf fit(Engine engine, Tensor v, NmfOptions options, Tensor w0, Tensor h0) {
        int k = options.components();
        requireFactorable(v, k);
        requireStart("w0", w0, v.shape().rows(), k, v);
        requireStart("h0", h0, k, v.shape().columns(), v);
        return run(engine, v, options, w0, h0);
    }

    private static void requireFactorable(Tensor v, int components) {
        Samples.requireMatrix("Nmf.fit", "v", v);
        Samples.requireComponents("Nmf.fit", v, components);
        Samples.requireNotNegative("Nmf.fit", "v", v);
    }

    private static void requireStart(String role, Tensor start, int rows, int columns, Tensor v) {
        Samples.requireMatrix("Nmf.fit", role, start);
        if (start.shape().rows() != rows || start.shape().columns() != columns) {
            throw new ShapeException("Nmf.fit: " + role + " " + start.shape() + " must be [" + rows + "," + columns
                    + "] for v " + v.shape());
        }
        Samples.requireNotNegative("Nmf.fit", role, start);
    }

    /** With both factors of this size, an entry of W H is on average about as large as one of V. */
    private static double startScale(Tensor v, int components) {
        double sum = 0;
        for (float value : v.data()) {
            sum += value;
        }
        return Math.sqrt(sum / v.size() / components);
    }

    private static Tensor randomStart(int rows, int columns, double scale, NumpyRandom random) {
        float[] start = new float[rows * columns];
        for (int i = 0; i < start.length; i++) {
            start[i] = (float) Math.abs(scale * random.normal());
        }
        return Tensor.matrix(rows, columns, start);
    }

    private static Nmf run(Engine engine, Tensor v, NmfOptions options, Tensor w0, Tensor h0) {
        Work work = new Work(engine, "Nmf.fit", "bring v, w0 and h0 nearer to 1", v, w0, h0);
        double[] errors = new double[FEW_ERRORS];
        errors[0] = work.multiplyByH();
        int done = 0;
        while (done < options.maxIterations() && !converged(errors, done, options)) {
            work.updateW(options.innerUpdates());
            work.multiplyByW();
            work.updateH(options.innerUpdates());
            done++;
            if (done == errors.length) {
                errors = Arrays.copyOf(errors, (int) Math.min(2L * done, LONGEST_ARRAY));
            }
            errors[done] = work.multiplyByH();
            options.listener().onIteration(done, options.maxIterations(), errors[done]);
        }
        Tensor w = done == 0 ? w0.copy() : work.w();
        Tensor h = done == 0 ? h0.copy() : work.h();
        return new Nmf(engine, options, w, h, Arrays.copyOf(errors, done + 1));
    }

    /** The e with {@code 2^e <= x < 2^(e+1)} for the largest x of a range, subnormal or not. */
    private static int exponent(float[] values, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, values[i]);
        }
        return largest == 0 ? NO_EXPONENT : Math.getExponent((double) largest);
    }

    private static boolean converged(double[] errors, int done, NmfOptions options) {
        return options.tolerance() > 0
                && done > 0
                && done % CHECK_INTERVAL == 0
                && errors[done - CHECK_INTERVAL] - errors[done] < options.tolerance() * errors[0];
    }

    /** {@return how much of each component every sample holds: W [n,k], a copy} */
    public Tensor w() {
        return w.copy();
    }

    /** {@return the components: H [k,d], a copy} */
    public Tensor h() {
        return h.copy();
    }

    /** {@return what the factors miss, {@code ||V - W H||}} */
    public double error() {
        return errors[errors.length - 1];
    }

    /**
     * The error before the first iteration and after each one. It falls, up to the rounding of W H.
     *
     * @return {@code iterations() + 1} numbers
     */
    public double[] errorHistory() {
        return errors.clone();
    }

    /** {@return how long it took: iterations done, at most {@link NmfOptions#maxIterations}} */
    public int iterations() {
        return errors.length - 1;
    }

    /**
     * The codes of other samples: W for the given V with H as it is, by the updates of W alone. They start from {@code
     * sqrt(mean(V) / k)} everywhere, as in scikit-learn, and V H^T never changes, so it is computed once. Ends like
     * {@code fit}, after maxIterations times innerUpdates updates or when ten iterations have not lowered the error by
     * the tolerance.
     *
     * @param v [m,d], no entry negative
     * @return W [m,k]
     * @throws IllegalArgumentException if v is no matrix of the width that was fitted, or has negative, infinite or NaN
     *     entries, or if it is so much larger or smaller than the fitted data that no float holds its codes
     */
    public Tensor transform(Tensor v) {
        Samples.requireColumns("Nmf.transform", "v", v, h.shape().columns(), "the fitted data");
        Samples.requireNotNegative("Nmf.transform", "v", v);
        float[] codes = new float[v.shape().rows() * options.components()];
        Arrays.fill(codes, (float) startScale(v, options.components()));
        Tensor start = Tensor.matrix(v.shape().rows(), options.components(), codes);
        Work work = new Work(engine, "Nmf.transform", "scale v to the size of the fitted data", v, start, h);
        double first = work.multiplyByH();
        double before = first;
        for (int done = 1; done <= options.maxIterations(); done++) {
            work.updateW(options.innerUpdates());
            if (options.tolerance() > 0 && done % CHECK_INTERVAL == 0) {
                double now = work.multiplyByH();
                if (before - now < options.tolerance() * first) {
                    break;
                }
                before = now;
            }
        }
        return options.maxIterations() == 0 ? start : work.w();
    }

    /**
     * The samples that codes stand for.
     *
     * @param codes [m,k]
     * @return {@code codes H}, [m,d]
     * @throws IllegalArgumentException if codes is no matrix with k columns, or has infinite or NaN entries, or if a sample is
     *     more than a float holds
     */
    public Tensor inverseTransform(Tensor codes) {
        Samples.requireColumns("Nmf.inverseTransform", "codes", codes, options.components(), "a code of this fit");
        Samples.requireFinite("Nmf.inverseTransform", "codes", codes);
        int rows = codes.shape().rows();
        int columns = h.shape().columns();
        float[] v = new float[rows * columns];
        engine.gemm(GemmKind.NN, rows, columns, options.components(), codes.data(), h.data(), v, false);
        return Samples.requireHeld("Nmf.inverseTransform", "codes", "sample", Tensor.matrix(rows, columns, v));
    }

    /**
     * A factor under change: H [k,d], or W transposed [k,n], so that both are updated alike and along their long side.
     */
    private static final class Factor {

        private final Engine engine;
        private final int k;
        private final int length;
        private final float[] values;
        private final float[] numerator;
        private final float[] denominator;
        private final float[] square;

        /** Of component c, {@code values} times 2 to this are what they stand for. */
        private final int[] exponents;

        Factor(Engine engine, int k, int length, float[] values) {
            this.engine = engine;
            this.k = k;
            this.length = length;
            this.values = values;
            numerator = new float[k * length];
            denominator = new float[k * length];
            square = new float[k * k];
            exponents = new int[k];
        }

        /** The exponent of the largest entry of component c. */
        int exponent(int c) {
            return Nmf.exponent(values, c * length, (c + 1) * length);
        }

        void divideByPower(int c, int exponent) {
            for (int i = c * length; i < (c + 1) * length; i++) {
                values[i] = Math.scalb(values[i], -exponent);
            }
        }

        void clear(int c) {
            Arrays.fill(values, c * length, (c + 1) * length, 0f);
        }

        /** What the values stand for, {@code [k,length]}. Refuses numbers of which a float has lost all or the last digits. */
        float[] numbers(String method, String name, String remedy) {
            float[] numbers = new float[k * length];
            float largest = 0;
            boolean nothing = true;
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Math.scalb(values[i], exponents[i / length]);
                largest = Math.max(largest, numbers[i]);
                nothing &= values[i] == 0;
            }
            if (!(largest <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        method + ": entries of " + name + " are more than a float holds; " + remedy);
            }
            if (largest < Float.MIN_NORMAL && !nothing) {
                throw new IllegalArgumentException(method + ": all entries of " + name
                        + " are below 1.2e-38, where floats have fewer digits or none; " + remedy);
            }
            return numbers;
        }

        void lift() {
            scale(engine, k * length, LIFT, numerator);
            scale(engine, k * k, LIFT, square);
        }

        /**
         * {@code x = x * numerator / (square x)}. A denominator is 0 only where x or all numerators of its component
         * are 0: the product with the numerator comes first and is 0 there, and the smallest normal float makes the
         * quotient 0 instead of NaN. It changes no denominator above 2e-31, which with LIFT is 1e-50.
         */
        void update(int times) {
            for (int t = 0; t < times; t++) {
                engine.gemm(GemmKind.NN, k, length, k, square, values, denominator, false);
                engine.elements(k * length, Cost.CHEAP, this::quotients);
            }
        }

        private void quotients(Kernels kernels, int from, int to) {
            kernels.addConstant(from, to, Float.MIN_NORMAL, denominator);
            kernels.mul(from, to, values, numerator, values);
            kernels.div(from, to, values, denominator, values);
        }
    }

    private static void scale(Engine engine, int n, float s, float[] x) {
        engine.elements(n, Cost.CHEAP, (kernels, from, to) -> kernels.scale(from, to, s, x, x));
    }

    private static void add(Engine engine, int n, float[] x, float[] sum) {
        engine.elements(n, Cost.CHEAP, (kernels, from, to) -> kernels.add(from, to, sum, x, sum));
    }

    /** The arrays of one factorisation. */
    private static final class Work {

        private final Engine engine;
        private final String method;
        private final String remedy;
        private final int n;
        private final int d;
        private final int k;
        private final float[] v;
        private final Factor w;
        private final Factor h;

        /** What is factorised is V times 2 to the minus this. */
        private final int exponent;

        /** The factors of V that do it. */
        private final float[] scales;

        /**
         * By this exponent W is larger than what its own say. The first update cancels any factor that all of W has, so that W can
         * start near 1 even where W H is far from V.
         */
        private int excess;

        private final int blockRows;
        private final float[] blockV;
        private final float[] blockW;
        private final float[] blockVH;
        private final float[] blockWH;
        private final float[] blockNumerator;
        private final float[] blockSquare;

        /** Works on copies of W and H. */
        Work(Engine engine, String method, String remedy, Tensor v, Tensor w, Tensor h) {
            this.engine = engine;
            this.method = method;
            this.remedy = remedy;
            n = v.shape().rows();
            d = v.shape().columns();
            k = h.shape().rows();
            this.v = v.data();
            this.w = new Factor(engine, k, n, transposed(n, k, w.data()));
            this.h = new Factor(engine, k, d, h.data().clone());
            int largest = exponent(this.v, 0, this.v.length);
            exponent = largest == NO_EXPONENT ? 0 : largest;
            scales = powers(-exponent);
            scaleFactors();
            blockRows = Math.min(n, Math.max(1, BLOCK / d));
            blockV = new float[blockRows * d];
            blockW = new float[k * blockRows];
            blockVH = new float[blockRows * k];
            blockWH = new float[blockRows * d];
            blockNumerator = new float[k * d];
            blockSquare = new float[k * k];
        }

        /** Floats whose product is 2 to this; two where one cannot be it. */
        private static float[] powers(int exponent) {
            if (exponent == 0) {
                return new float[0];
            }
            int first = Math.min(exponent, Float.MAX_EXPONENT);
            float power = Math.scalb(1f, first);
            return first == exponent ? new float[] {power} : new float[] {power, Math.scalb(1f, exponent - first)};
        }

        /** A component without entries in H ends with none in W, so it is left out from the start. */
        private void scaleFactors() {
            int most = NO_EXPONENT;
            for (int c = 0; c < k; c++) {
                int ofH = h.exponent(c);
                if (ofH == NO_EXPONENT) {
                    w.clear(c);
                } else {
                    h.divideByPower(c, ofH);
                    h.exponents[c] = ofH;
                    w.exponents[c] = exponent - ofH;
                    int ofW = w.exponent(c);
                    most = ofW == NO_EXPONENT ? most : Math.max(most, ofW - w.exponents[c]);
                }
            }
            excess = most == NO_EXPONENT ? 0 : most;
            for (int c = 0; c < k; c++) {
                w.divideByPower(c, w.exponents[c] + excess);
            }
        }

        /** Gives W as it is after an update. */
        Tensor w() {
            return Tensor.matrix(n, k, transposed(k, n, w.numbers(method, "W", remedy)));
        }

        /** Gives H as it is now. */
        Tensor h() {
            return Tensor.matrix(k, d, h.numbers(method, "H", remedy));
        }

        /**
         * Computes what stays the same while W changes and, because that takes V through the cache anyway, the error.
         * It comes from the differences themselves: the expanded square would lose the digits of a good fit.
         *
         * @return {@code ||V - W H||}
         */
        double multiplyByH() {
            engine.gemm(GemmKind.NT, k, k, d, h.values, h.values, w.square, false);
            float scaleV = Math.scalb(1f, Math.min(0, -excess));
            float scaleWH = Math.scalb(1f, Math.min(0, excess));
            double sum = 0;
            for (int row = 0; row < n; row += blockRows) {
                int rows = load(row);
                engine.gemm(GemmKind.NT, rows, k, d, blockV, h.values, blockVH, false);
                for (int i = 0; i < rows; i++) {
                    for (int c = 0; c < k; c++) {
                        w.numerator[c * n + row + i] = blockVH[i * k + c];
                    }
                }
                engine.gemm(GemmKind.TN, rows, d, k, blockW, h.values, blockWH, false);
                if (excess != 0) {
                    scale(engine, rows * d, scaleV, blockV);
                    scale(engine, rows * d, scaleWH, blockWH);
                }
                sum += engine.sum(rows, d, this::squaredErrors);
            }
            w.lift();
            return Math.scalb(Math.sqrt(sum), exponent + Math.max(0, excess));
        }

        private void squaredErrors(Kernels kernels, int from, int to, float[] sums) {
            kernels.squaredErrorChunks(from, to, d, blockV, blockWH, sums);
        }

        void updateW(int times) {
            w.update(times);
            excess = 0;
        }

        /** What stays the same while H changes. Summed block by block, so that rounding does not grow with all of n. */
        void multiplyByW() {
            Arrays.fill(h.numerator, 0f);
            Arrays.fill(h.square, 0f);
            for (int row = 0; row < n; row += blockRows) {
                int rows = load(row);
                engine.gemm(GemmKind.NN, k, d, rows, blockW, blockV, blockNumerator, false);
                add(engine, k * d, blockNumerator, h.numerator);
                engine.gemm(GemmKind.NT, k, k, rows, blockW, blockW, blockSquare, false);
                add(engine, k * k, blockSquare, h.square);
            }
            h.lift();
        }

        void updateH(int times) {
            h.update(times);
        }

        /** Copies rows of V, scaled, and columns of W transposed to the front of the blocks; gives their number. */
        private int load(int row) {
            int rows = Math.min(blockRows, n - row);
            System.arraycopy(v, row * d, blockV, 0, rows * d);
            for (float scale : scales) {
                scale(engine, rows * d, scale, blockV);
            }
            for (int c = 0; c < k; c++) {
                System.arraycopy(w.values, c * n + row, blockW, c * rows, rows);
            }
            return rows;
        }

        private static float[] transposed(int rows, int columns, float[] matrix) {
            float[] turned = new float[matrix.length];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    turned[j * rows + i] = matrix[i * columns + j];
                }
            }
            return turned;
        }
    }
}
