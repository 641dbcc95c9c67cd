package org.gradus.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.random.NumpyRandom;
import org.junit.jupiter.api.Test;

/** NMF against scikit-learn, against the rules written out in double, and against problems with known answers. */
class NmfTest {

    private static final Tensor V = Matrices.uniform(1, 12, 7);

    private static NmfOptions plain(int components, int iterations) {
        return NmfOptions.of(components).withMaxIterations(iterations).withTolerance(0);
    }

    /** 200 updates round 400 times and contract most of it again: 1e-4 is 1,700 u of the largest entry. */
    @Test
    void equalsScikitLearn() {
        ScikitLearn examples = ScikitLearn.examples();
        List<String> runs = examples.keys("nmf mu ");
        assertThat(runs).contains("nmf mu 1", "nmf mu 10", "nmf mu 200");
        for (String run : runs) {
            ScikitLearn expected = examples.at(run);
            int iterations = Integer.parseInt(run.substring("nmf mu ".length()));
            Tensor v = expected.matrix("v");
            Tensor w0 = expected.matrix("w0");
            Tensor h0 = expected.matrix("h0");
            Nmf nmf = Nmf.fit(v, plain(w0.shape().columns(), iterations), w0, h0);
            double error = expected.number("error");
            assertThat(nmf.iterations()).isEqualTo(iterations);
            assertThat(nmf.error()).as(run).isCloseTo(error, Offset.offset(1e-6 * error));
            double[] w = expected.numbers("w");
            double[] h = expected.numbers("h");
            Matrices.assertClose(run + " w", nmf.w().data(), w, 1e-4 * Matrices.largest(w));
            Matrices.assertClose(run + " h", nmf.h().data(), h, 1e-4 * Matrices.largest(h));
        }
    }

    /** The first normal values of {@code numpy.random.seed(0)}; the mean of v is 4 and k is 1, so the scale is 2. */
    @Test
    void drawsFirstHThenW() {
        Tensor v = Tensor.matrix(2, 2, 1, 3, 5, 7);
        Nmf nmf = Nmf.fit(v, plain(1, 0), new NumpyRandom(0));
        assertThat(nmf.h().data()).containsExactly((float) (2 * 1.764052345967664), (float) (2 * 0.4001572083672233));
        assertThat(nmf.w().data()).containsExactly((float) (2 * 0.9787379841057392), (float) (2 * 2.240893199201458));
        assertThat(nmf.errorHistory()).hasSize(1);
        assertThat(nmf.error()).isCloseTo(Matrices.error(v, nmf.w(), nmf.h()), Offset.offset(1e-5));
    }

    /** Also the absolute value, and the scale for several components. */
    @Test
    void startsFromMagnitudesOfNormalValues() {
        int k = 3;
        Nmf nmf = Nmf.fit(V, plain(k, 0), new NumpyRandom(5));
        double sum = 0;
        for (float value : V.data()) {
            sum += value;
        }
        double scale = Math.sqrt(sum / V.size() / k);
        NumpyRandom random = new NumpyRandom(5);
        for (Tensor factor : List.of(nmf.h(), nmf.w())) {
            for (float value : factor.data()) {
                assertThat(value).isEqualTo((float) Math.abs(scale * random.normal()));
            }
        }
    }

    @Test
    void equalsTheRulesWrittenOut() {
        for (int inner : new int[] {1, 2, 7}) {
            for (int k : new int[] {1, 2, 3, 4, 7}) {
                Tensor w0 = Matrices.uniform(2, 12, k);
                Tensor h0 = Matrices.uniform(3, k, 7);
                int iterations = 5;
                Nmf nmf = Nmf.fit(V, plain(k, iterations).withInnerUpdates(inner), w0, h0);
                double[][] v = rows(V);
                double[][] w = rows(w0);
                double[][] h = rows(h0);
                for (int i = 0; i < iterations; i++) {
                    update(v, w, h, inner);
                    double[][] ht = transposed(h);
                    update(transposed(v), ht, transposed(w), inner);
                    h = transposed(ht);
                }
                // each update rounds sums of up to 12 positive terms twice, and contracts the errors before it
                double bound = 2 * (12 + 7 + k + 3) * inner * iterations * Matrices.U;
                Matrices.assertClose("w", nmf.w().data(), flat(w), bound * Matrices.largest(flat(w)));
                Matrices.assertClose("h", nmf.h().data(), flat(h), bound * Matrices.largest(flat(h)));
            }
        }
    }

    /** {@code times} updates of w, in double, with the sums as in the formula and no products shared. */
    private static void update(double[][] v, double[][] w, double[][] h, int times) {
        for (int t = 0; t < times; t++) {
            double[][] next = new double[w.length][w[0].length];
            for (int i = 0; i < w.length; i++) {
                for (int a = 0; a < w[0].length; a++) {
                    double numerator = 0;
                    double denominator = 0;
                    for (int j = 0; j < v[0].length; j++) {
                        double approximation = 0;
                        for (int b = 0; b < w[0].length; b++) {
                            approximation += w[i][b] * h[b][j];
                        }
                        numerator += v[i][j] * h[a][j];
                        denominator += approximation * h[a][j];
                    }
                    next[i][a] = w[i][a] * numerator / denominator;
                }
            }
            System.arraycopy(next, 0, w, 0, w.length);
        }
    }

    private static double[][] rows(Tensor x) {
        double[][] rows = new double[x.shape().rows()][x.shape().columns()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = x.get(i, j);
            }
        }
        return rows;
    }

    private static double[][] transposed(double[][] x) {
        double[][] turned = new double[x[0].length][x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x[0].length; j++) {
                turned[j][i] = x[i][j];
            }
        }
        return turned;
    }

    private static double[] flat(double[][] x) {
        return Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
    }

    /** With one component each update is an exact least-squares solution, so a matrix of rank 1 is found at once. */
    @Test
    void findsRankOneInOneIteration() {
        Tensor w = Matrices.uniform(4, 9, 1);
        Tensor h = Matrices.uniform(5, 1, 6);
        Tensor v = w.matMul(h);
        Nmf nmf = Nmf.fit(v, plain(1, 1), new NumpyRandom(1));
        assertThat(nmf.error()).isLessThan((9 + 6) * Matrices.U * Matrices.norm(v));
        assertThat(nmf.inverseTransform(nmf.w()).shape()).isEqualTo(v.shape());
        assertThat(Matrices.distance(v, nmf.inverseTransform(nmf.w())))
                .isCloseTo(nmf.error(), Offset.offset(4 * Matrices.U * Matrices.norm(v)));
    }

    /** For two components the least-squares solution without negative entries can be written down. */
    @Test
    void transformSolvesNonNegativeLeastSquares() {
        Nmf nmf = Nmf.fit(
                Matrices.uniform(6, 30, 8),
                plain(2, 400).withInnerUpdates(5),
                Matrices.uniform(7, 30, 2),
                Matrices.uniform(8, 2, 8));
        Tensor v = Matrices.uniform(9, 50, 8);
        Tensor codes = nmf.transform(v);
        Tensor h = nmf.h();
        int atBorder = 0;
        for (int i = 0; i < 50; i++) {
            double[] best = bestOfTwo(v, i, h);
            atBorder += best[0] == 0 || best[1] == 0 ? 1 : 0;
            for (int c = 0; c < 2; c++) {
                // 2000 updates bring entries that fall like a power of the step, and float rounding, within this
                assertThat((double) codes.get(i, c)).isCloseTo(best[c], Offset.offset(2e-3));
            }
        }
        assertThat(atBorder).as("samples whose solution has a 0").isBetween(1, 49);
    }

    private static double[] bestOfTwo(Tensor v, int row, Tensor h) {
        double aa = 0;
        double ab = 0;
        double bb = 0;
        double va = 0;
        double vb = 0;
        for (int j = 0; j < h.shape().columns(); j++) {
            double a = h.get(0, j);
            double b = h.get(1, j);
            aa += a * a;
            ab += a * b;
            bb += b * b;
            va += v.get(row, j) * a;
            vb += v.get(row, j) * b;
        }
        double determinant = aa * bb - ab * ab;
        double x = (bb * va - ab * vb) / determinant;
        double y = (aa * vb - ab * va) / determinant;
        if (x >= 0 && y >= 0) {
            return new double[] {x, y};
        }
        return va * va / aa > vb * vb / bb ? new double[] {va / aa, 0} : new double[] {0, vb / bb};
    }

    /** scikit-learn looks every ten iterations whether they gained the tolerance, relative to the first error. */
    @Test
    void toleranceEndsItAsInScikitLearn() {
        double[] all = Nmf.fit(V, plain(3, 500), new NumpyRandom(2)).errorHistory();
        for (double tolerance : new double[] {1e-2, 1e-3, 1e-4, 1e-5}) {
            int end = 10;
            while (all[end - 10] - all[end] >= tolerance * all[0]) {
                end += 10;
            }
            NmfOptions options = NmfOptions.of(3).withMaxIterations(500).withTolerance(tolerance);
            assertThat(Nmf.fit(V, options, new NumpyRandom(2)).errorHistory())
                    .as("tolerance %s", tolerance)
                    .containsExactly(Arrays.copyOf(all, end + 1));
        }
    }

    @Test
    void iterationsThatNeverComeTakeNoMemory() {
        NmfOptions options = NmfOptions.of(3).withTolerance(1e-4).withMaxIterations(500);
        assertThat(Nmf.fit(V, options.withMaxIterations(Integer.MAX_VALUE), new NumpyRandom(2))
                        .errorHistory())
                .containsExactly(Nmf.fit(V, options, new NumpyRandom(2)).errorHistory());
    }

    /**
     * From factors that hardly change any more every fit ends after ten iterations, with the same H; the codes start
     * afresh.
     */
    @Test
    void transformEndsByTheSameTolerance() {
        Nmf start = Nmf.fit(V, plain(3, 20_000), new NumpyRandom(2));
        float[] mean = new float[12 * 3];
        double sum = 0;
        for (float value : V.data()) {
            sum += value;
        }
        Arrays.fill(mean, (float) Math.sqrt(sum / V.size() / 3));
        double first = Matrices.error(V, Tensor.matrix(12, 3, mean), start.h());
        double before = first;
        int end = 0;
        double gained = first;
        while (gained >= 1e-3 * first) {
            end += 10;
            double now = Matrices.error(V, codes(start, end, 1e-6), start.h());
            gained = before - now;
            before = now;
        }
        assertThat(end).isGreaterThan(10);
        Matrices.assertSameBits("codes", codes(start, 500, 1e-3), codes(start, end, 1e-6));
    }

    private static Tensor codes(Nmf start, int maxIterations, double tolerance) {
        Nmf nmf = Nmf.fit(V, plain(3, maxIterations).withTolerance(tolerance), start.w(), start.h());
        assertThat(nmf.iterations()).isEqualTo(10);
        return nmf.transform(V);
    }

    @Test
    void tellsTheListenerOfEachIteration() {
        List<Integer> iterations = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        NmfListener listener = (iteration, most, error) -> {
            iterations.add(iteration);
            errors.add(error);
            assertThat(most).isEqualTo(3);
        };
        Nmf nmf = Nmf.fit(V, plain(2, 3).withListener(listener), new NumpyRandom(0));
        assertThat(iterations).containsExactly(1, 2, 3);
        double[] history = nmf.errorHistory();
        assertThat(errors).containsExactly(history[1], history[2], history[3]);
        assertThat(nmf.error()).isEqualTo(history[3]);
    }

    /** Large enough to be split among threads and to need several blocks. */
    @Test
    void kernelsAndThreadsChangeNoBit() {
        for (int k : new int[] {2, 5}) {
            Tensor v = Matrices.uniform(10, 3000, 200);
            NmfOptions options = plain(k, 4).withInnerUpdates(3);
            Engine first = Matrices.engines().get(0);
            Nmf expected = Nmf.fit(first, v, options, new NumpyRandom(0));
            Tensor codes = expected.transform(v);
            for (Engine engine : Matrices.engines()) {
                Nmf nmf = Nmf.fit(engine, v, options, new NumpyRandom(0));
                Matrices.assertSameBits("w", nmf.w(), expected.w());
                Matrices.assertSameBits("h", nmf.h(), expected.h());
                assertThat(nmf.errorHistory()).containsExactly(expected.errorHistory());
                Matrices.assertSameBits("codes", nmf.transform(v), codes);
                Matrices.assertSameBits("samples", nmf.inverseTransform(codes), expected.inverseTransform(codes));
            }
        }
    }

    /** The last block is shorter than the others. */
    @Test
    void errorIsThatOfTheFactors() {
        Tensor v = Matrices.uniform(11, 3001, 200);
        Nmf nmf = Nmf.fit(v, plain(4, 2), new NumpyRandom(0));
        double error = Matrices.error(v, nmf.w(), nmf.h());
        assertThat(nmf.error()).isCloseTo(error, Offset.offset(64 * Matrices.U * error));
    }

    @Test
    void zerosDoNoHarm() {
        Nmf nothing = Nmf.fit(Tensor.zeros(4, 3), plain(2, 5), new NumpyRandom(0));
        assertThat(nothing.error()).isZero();
        assertThat(nothing.transform(Tensor.zeros(2, 3)).data()).containsOnly(0);

        Tensor w0 = Tensor.matrix(3, 2, 0, 0, 1, 0, 1, 1);
        Tensor h0 = Tensor.matrix(2, 2, 1, 1, 0, 0);
        Nmf dead = Nmf.fit(Tensor.matrix(3, 2, 1, 2, 3, 4, 5, 6), plain(2, 20).withInnerUpdates(2), w0, h0);
        assertThat(dead.w().data()).doesNotContain(Float.NaN).startsWith(0, 0);
        assertThat(dead.h().data()).doesNotContain(Float.NaN).endsWith(0, 0);
        assertThat(dead.error()).isFinite();
    }

    @Test
    void leavesTheArgumentsAloneAndGivesCopies() {
        Tensor v = V.copy();
        Tensor w0 = Matrices.uniform(2, 12, 2);
        Tensor h0 = Matrices.uniform(3, 2, 7);
        Nmf nmf = Nmf.fit(v, plain(2, 3), w0, h0);
        nmf.transform(v);
        Matrices.assertSameBits("v", v, V);
        Matrices.assertSameBits("w0", w0, Matrices.uniform(2, 12, 2));
        Matrices.assertSameBits("h0", h0, Matrices.uniform(3, 2, 7));
        nmf.h().data()[0] = Float.NaN;
        nmf.w().data()[0] = Float.NaN;
        nmf.errorHistory()[0] = Double.NaN;
        assertThat(nmf.h().data()).doesNotContain(Float.NaN);
        assertThat(nmf.w().data()).doesNotContain(Float.NaN);
        assertThat(nmf.errorHistory()).doesNotContain(Double.NaN);
    }

    @Test
    void refusesNegativeAndNotFiniteNumbers() {
        Nmf nmf = Nmf.fit(V, plain(2, 1), new NumpyRandom(0));
        Tensor negative = V.copy();
        negative.data()[9] = -0.25f;
        String where = "v[1,2] is -0.25; entries must be 0 or more, add a constant to the data";
        assertThatThrownBy(() -> Nmf.fit(negative, plain(2, 1), new NumpyRandom(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Nmf.fit: " + where);
        assertThatThrownBy(() -> nmf.transform(negative)).hasMessage("Nmf.transform: " + where);
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Tensor bad = V.copy();
            bad.data()[9] = wrong;
            String what = "v[1,2] is " + wrong + "; every entry must be finite";
            assertThatThrownBy(() -> Nmf.fit(bad, plain(2, 1), new NumpyRandom(0)))
                    .hasMessage("Nmf.fit: " + what);
            assertThatThrownBy(() -> nmf.transform(bad)).hasMessage("Nmf.transform: " + what);
        }
        assertThatThrownBy(() -> nmf.inverseTransform(Tensor.matrix(1, 2, 0, Float.NaN)))
                .hasMessage("Nmf.inverseTransform: codes[0,1] is NaN; every entry must be finite");
        assertThatThrownBy(
                        () -> Nmf.fit(V, plain(1, 1), Tensor.zeros(12, 1), Tensor.matrix(1, 7, 1, 1, 1, -1, 1, 1, 1)))
                .hasMessage("Nmf.fit: h0[0,3] is -1.0; entries must be 0 or more, add a constant to the data");
    }

    /** Numbers of one component and seed 0, at three scales; a matrix of rank 1 is found exactly. */
    @Test
    void smallDataHasFactorsOfSmallSize() {
        Tensor v = Tensor.matrix(2, 2, 1, 2, 2, 4);
        Nmf one = Nmf.fit(v, NmfOptions.of(1), new NumpyRandom(0));
        Matrices.assertClose("w", one.w().data(), new double[] {.5225, 1.0450}, 5e-5);
        Matrices.assertClose("h", one.h().data(), new double[] {1.9139, 3.8279}, 5e-5);
        for (int root : new int[] {-70, -40, 60}) {
            Nmf scaled = Nmf.fit(Matrices.power(v, 2 * root), NmfOptions.of(1), new NumpyRandom(0));
            assertSameBut(scaled, one, root);
            Nmf odd = Nmf.fit(Matrices.power(v, 2 * root + 1), NmfOptions.of(1), new NumpyRandom(0));
            for (int i = 0; i < 2; i++) {
                double size = Math.scalb(Math.sqrt(2), root);
                assertThat(odd.w().data()[i] / size).isCloseTo(one.w().data()[i], Offset.offset(1e-6));
                assertThat(odd.h().data()[i] / size).isCloseTo(one.h().data()[i], Offset.offset(1e-6));
            }
        }
    }

    /**
     * The best matrix of rank 1 misses the smaller singular value, {@code sqrt(15 - sqrt(221))} = .36597. Every size of floats, from
     * the subnormal ones on; multiplying by {@code 2^2} doubles both factors to the bit.
     */
    @Test
    void everyScaleHasTheSameRelativeError() {
        double smaller = Math.sqrt(15 - Math.sqrt(221));
        Tensor v = Tensor.matrix(2, 2, 1, 2, 3, 4);
        for (int e = -149; e <= 125; e++) {
            Tensor scaled = Matrices.power(v, e);
            Nmf nmf = Nmf.fit(scaled, NmfOptions.of(1), new NumpyRandom(0));
            assertThat(Math.scalb(nmf.error(), -e)).as("2^%d", e).isCloseTo(smaller, Offset.offset(1e-6));
            Tensor unitV = Matrices.power(v, e & 1);
            Nmf unit = Nmf.fit(unitV, NmfOptions.of(1), new NumpyRandom(0));
            assertSameBut(nmf, unit, e >> 1);
            Matrices.assertSameBits("codes", nmf.transform(scaled), Matrices.power(unit.transform(unitV), e >> 1));
        }
    }

    private static void assertSameBut(Nmf actual, Nmf expected, int root) {
        double[] errors = expected.errorHistory();
        for (int i = 0; i < errors.length; i++) {
            errors[i] = Math.scalb(errors[i], 2 * root);
        }
        assertThat(actual.errorHistory()).containsExactly(errors);
        Matrices.assertSameBits("w", actual.w(), Matrices.power(expected.w(), root));
        Matrices.assertSameBits("h", actual.h(), Matrices.power(expected.h(), root));
    }

    @Test
    void everyConstantHasTheSameRelativeError() {
        Tensor v = Matrices.uniform(12, 20, 10);
        NmfOptions options = plain(3, 100);
        Nmf one = Nmf.fit(v, options, new NumpyRandom(0));
        double error = one.error() / Matrices.norm(v);
        double ofCodes = Matrices.error(v, one.transform(v), one.h()) / Matrices.norm(v);
        for (float c : new float[] {1e-36f, 3e-30f, 1e-20f, 7e-11f, 1e-3f, 255, 1e8f, 1e19f, 5e28f, 3e38f}) {
            Tensor scaled = Matrices.times(v, c);
            Nmf nmf = Nmf.fit(scaled, options, new NumpyRandom(0));
            assertThat(nmf.error() / Matrices.norm(scaled)).as("%s", c).isCloseTo(error, Offset.offset(1e-6));
            assertThat(Matrices.error(scaled, nmf.transform(scaled), nmf.h()) / Matrices.norm(scaled))
                    .as("codes, %s", c)
                    .isCloseTo(ofCodes, Offset.offset(1e-6));
        }
    }

    /** Samples need not have the size of the fitted data: codes are as much larger or smaller. */
    @Test
    void codesOfOtherSizesAreProportional() {
        Nmf nmf = Nmf.fit(V, plain(3, 50), new NumpyRandom(0));
        Tensor codes = nmf.transform(V);
        for (int root : new int[] {-60, -20, 1, 30, 60}) {
            Matrices.assertSameBits(
                    "codes", nmf.transform(Matrices.power(V, 2 * root)), Matrices.power(codes, 2 * root));
        }
    }

    /** A multiplicative update of W leaves rows alone, and H hardly sees the small ones. */
    @Test
    void smallSamplesAmongLargeOnesKeepTheirCodes() {
        Nmf nmf = Nmf.fit(V, plain(3, 50), new NumpyRandom(0));
        Tensor mixed = V.copy();
        for (int j = 0; j < 7; j++) {
            mixed.data()[7 + j] = Math.scalb(mixed.data()[j], -86);
        }
        Tensor codes = nmf.transform(mixed);
        for (int c = 0; c < 3; c++) {
            assertThat(codes.get(1, c)).isEqualTo(Math.scalb(codes.get(0, c), -86));
        }
        assertThat(codes.get(0, 0) + codes.get(0, 1) + codes.get(0, 2)).isPositive();
    }

    /** What W H is at the start does not matter beyond the first error; W and H may share their size in any way. */
    @Test
    void startsOfAnySizeServe() {
        Tensor w0 = Matrices.uniform(2, 12, 2);
        Tensor h0 = Matrices.uniform(3, 2, 7);
        NmfOptions options = plain(2, 20).withInnerUpdates(2);
        Nmf expected = Nmf.fit(V, options, w0, h0);
        int[] sizes = {-100, -60, 0, 55, 100};
        for (int ofV : new int[] {-90, 0, 90}) {
            for (int ofW : sizes) {
                for (int ofH : new int[] {-30, 0, 30}) {
                    Nmf nmf =
                            Nmf.fit(Matrices.power(V, ofV), options, Matrices.power(w0, ofW), Matrices.power(h0, ofH));
                    Matrices.assertSameBits("h", nmf.h(), Matrices.power(expected.h(), ofH));
                    Matrices.assertSameBits("w", nmf.w(), Matrices.power(expected.w(), ofV - ofH));
                    assertThat(nmf.error()).isEqualTo(Math.scalb(expected.error(), ofV));
                    double first = Math.max(
                            Matrices.norm(Matrices.power(V, ofV)), Math.scalb(Matrices.norm(w0.matMul(h0)), ofW + ofH));
                    assertThat(nmf.errorHistory()[0]).isBetween(first / 4, 2 * first);
                }
            }
        }
        // each component may have a share of its own
        Tensor thin = h0.copy();
        Tensor thick = w0.copy();
        for (int j = 0; j < 7; j++) {
            thin.data()[j] = Math.scalb(thin.data()[j], -100);
        }
        for (int i = 0; i < 12; i++) {
            thick.data()[2 * i] = Math.scalb(thick.data()[2 * i], 100);
        }
        Nmf uneven = Nmf.fit(V, options, thick, thin);
        assertThat(uneven.errorHistory()).containsExactly(expected.errorHistory());
        Matrices.assertSameBits(
                "samples", uneven.inverseTransform(uneven.w()), expected.inverseTransform(expected.w()));
    }

    @Test
    void noIterationGivesTheStart() {
        Tensor w0 = Matrices.uniform(2, 12, 2);
        Tensor h0 = Tensor.matrix(2, 7, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7);
        Nmf nmf = Nmf.fit(V, plain(2, 0), w0, h0);
        Matrices.assertSameBits("w", nmf.w(), w0);
        Matrices.assertSameBits("h", nmf.h(), h0);
        assertThat(nmf.error()).isCloseTo(Matrices.error(V, w0, h0), Offset.offset(1e-5));
        assertThat(nmf.transform(V).data()).containsOnly(nmf.transform(V).data()[0]);
    }

    /** W is as V divided by H, and H stays near its start. */
    @Test
    void refusesFactorsBeyondFloat() {
        Tensor w0 = Matrices.uniform(2, 12, 2);
        Tensor h0 = Matrices.uniform(3, 2, 7);
        assertThatThrownBy(() -> Nmf.fit(Matrices.power(V, 100), plain(2, 1), w0, Matrices.power(h0, -100)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Nmf.fit: entries of W are more than a float holds; bring v, w0 and h0 nearer to 1");
        assertThatThrownBy(() -> Nmf.fit(Matrices.power(V, -100), plain(2, 1), w0, Matrices.power(h0, 100)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Nmf.fit: all entries of W are below 1.2e-38, where floats have fewer digits or none;"
                        + " bring v, w0 and h0 nearer to 1");
        Nmf small = Nmf.fit(Matrices.power(V, -120), plain(2, 5), new NumpyRandom(0));
        assertThatThrownBy(() -> small.transform(Matrices.power(V, 120)))
                .hasMessage("Nmf.transform: entries of W are more than a float holds;"
                        + " scale v to the size of the fitted data");
        Nmf large = Nmf.fit(Matrices.power(V, 120), plain(2, 5), new NumpyRandom(0));
        assertThatThrownBy(() -> large.transform(Matrices.power(V, -120)))
                .hasMessage("Nmf.transform: all entries of W are below 1.2e-38, where floats have fewer digits or"
                        + " none; scale v to the size of the fitted data");
        assertThatThrownBy(() -> large.inverseTransform(Tensor.matrix(2, 2, 0, 0, 1e30f, 1e30f)))
                .hasMessageMatching(
                        "Nmf.inverseTransform: entry \\d of the sample of codes\\[1] is more than a float holds;"
                                + " divide codes by a constant");
    }

    @Test
    void refusesShapesThatDoNotFit() {
        assertThatThrownBy(() -> Nmf.fit(V, plain(8, 1), new NumpyRandom(0)))
                .hasMessage("Nmf.fit: 8 components asked of 12 samples x 7 features; must be 1 to 7");
        assertThatThrownBy(() -> Nmf.fit(Tensor.vector(1, 2), plain(1, 1), new NumpyRandom(0)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Nmf.fit: v [2] must be a matrix [samples, features]");
        assertThatThrownBy(() -> Nmf.fit(V, plain(2, 1), Tensor.zeros(12, 3), Tensor.zeros(2, 7)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Nmf.fit: w0 [12,3] must be [12,2] for v [12,7]");
        assertThatThrownBy(() -> Nmf.fit(V, plain(2, 1), Tensor.zeros(12, 2), Tensor.zeros(7, 2)))
                .hasMessage("Nmf.fit: h0 [7,2] must be [2,7] for v [12,7]");
        Nmf nmf = Nmf.fit(V, plain(2, 1), new NumpyRandom(0));
        assertThatThrownBy(() -> nmf.transform(Tensor.zeros(3, 5)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Nmf.transform: v [3,5] has 5 columns but the fitted data has 7; they must be equal");
        assertThatThrownBy(() -> nmf.inverseTransform(Tensor.zeros(3, 5)))
                .hasMessage(
                        "Nmf.inverseTransform: codes [3,5] has 5 columns but a code of this fit has 2; they must be equal");
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        assertThatThrownBy(() -> NmfOptions.of(0)).hasMessage("Nmf: 0 components asked for; must be 1 or more");
        assertThatThrownBy(() -> NmfOptions.of(1).withMaxIterations(-1))
                .hasMessage("Nmf: -1 iterations asked for; must be 0 or more");
        assertThatThrownBy(() -> NmfOptions.of(1).withInnerUpdates(0))
                .hasMessage("Nmf: 0 inner updates asked for; must be 1 or more");
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> NmfOptions.of(1).withTolerance(wrong))
                    .hasMessage("Nmf: tolerance " + wrong + " must be 0 or more and finite");
        }
    }
}
