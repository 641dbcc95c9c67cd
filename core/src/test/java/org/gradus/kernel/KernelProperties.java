package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;

/** What follows from the numerics contract, for any size. */
class KernelProperties {

    private static final Engine ONE = new Engine(KernelProvider.kernels(), 1);
    private static final Engine TWO = new Engine(KernelProvider.kernels(), 2);
    private static final Engine THREE = new Engine(KernelProvider.kernels(), 3);

    @AfterContainer
    static void closeEngines() {
        ONE.close();
        TWO.close();
        THREE.close();
    }

    private final List<Kernels> implementations =
            List.of(Kernels.plain(), KernelProvider.kernels().another());

    @Property
    void partsCoverEverythingAndNoneIsLargerThanTheFirst(
            @ForAll @IntRange(max = 100_000) int n,
            @ForAll @IntRange(min = 1, max = 40) int unit,
            @ForAll @IntRange(min = 1, max = 20) int parts) {
        assertThat(Engine.border(n, unit, 0, parts)).isZero();
        assertThat(Engine.border(n, unit, parts, parts)).isEqualTo(n);
        int first = Engine.border(n, unit, 1, parts);
        for (int p = 0; p < parts; p++) {
            int from = Engine.border(n, unit, p, parts);
            assertThat(from % unit == 0 || from == n).isTrue();
            assertThat(Engine.border(n, unit, p + 1, parts) - from).isBetween(0, first);
        }
    }

    private static float[] transposed(int rows, int columns, float[] x) {
        float[] t = new float[x.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                t[j * rows + i] = x[i * columns + j];
            }
        }
        return t;
    }

    private static float[] product(Kernels kernels, GemmKind kind, int m, int n, int k, float[] a, float[] b) {
        float[] c = new float[m * n];
        kernels.gemm(kind, m, n, k, a, b, Kernels.NO_BIAS, c, false, 0, m, 0, n);
        return c;
    }

    /** A transposed operand, as a flag or written out, gives the same bits: also where the lane rule applies. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void flagOrCopyOfTheTranspose(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 50) int m,
            @ForAll @IntRange(min = 1, max = 50) int n,
            @ForAll @IntRange(min = 1, max = 80) int k) {
        float[] a = Samples.uniform(seed, m * k, -1, 1);
        float[] b = Samples.uniform(seed + 1, k * n, -1, 1);
        for (Kernels kernels : implementations) {
            float[] nn = product(kernels, GemmKind.NN, m, n, k, a, b);
            Bits.assertSame("NT", product(kernels, GemmKind.NT, m, n, k, a, transposed(k, n, b)), nn);
            Bits.assertSame("TN", product(kernels, GemmKind.TN, m, n, k, transposed(m, k, a), b), nn);
        }
    }

    /** (A B)^T = B^T A^T bit for bit, because both are the same chains, or both summed in lanes. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void transposeOfAProduct(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 50) int m,
            @ForAll @IntRange(min = 1, max = 50) int n,
            @ForAll @IntRange(min = 1, max = 80) int k) {
        Assume.that(GemmKind.sumsInLanes(m, k) == GemmKind.sumsInLanes(n, k));
        float[] at = Samples.uniform(seed, k * m, -1, 1);
        float[] b = Samples.uniform(seed + 1, k * n, -1, 1);
        for (Kernels kernels : implementations) {
            float[] ab = product(kernels, GemmKind.TN, m, n, k, at, b);
            float[] ba = product(kernels, GemmKind.TN, n, m, k, b, at);
            Bits.assertSame("B^T A^T", ba, transposed(m, n, ab));
        }
    }

    /** A sum over k that continues from the stored C is the same chain: blocks of k change no bit. */
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void sumContinuedFromTheStoredProduct(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 30) int m,
            @ForAll @IntRange(min = 4, max = 40) int n,
            @ForAll @IntRange(min = 2, max = 400) int k,
            @ForAll @IntRange(min = 1, max = 399) int cut) {
        int first = Math.min(cut, k - 1);
        float[] at = Samples.uniform(seed, k * m, -1, 1);
        float[] b = Samples.uniform(seed + 1, k * n, -1, 1);
        for (Kernels kernels : implementations) {
            float[] whole = product(kernels, GemmKind.TN, m, n, k, at, b);
            float[] parts = product(kernels, GemmKind.TN, m, n, first, at, b);
            float[] restOfA = Arrays.copyOfRange(at, first * m, k * m);
            float[] restOfB = Arrays.copyOfRange(b, first * n, k * n);
            kernels.gemm(GemmKind.TN, m, n, k - first, restOfA, restOfB, Kernels.NO_BIAS, parts, true, 0, m, 0, n);
            Bits.assertSame("continued", parts, whole);
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void reductionsDoNotDependOnTheNumberOfThreads(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60_000) int n) {
        float[] x = Samples.uniform(seed, n, 0, 1);
        float[] y = Samples.uniform(seed + 1, n, 0, 1);
        for (Engine engine : List.of(TWO, THREE)) {
            for (Engine.Chunks chunks : List.<Engine.Chunks>of(
                    (k, from, to, sums) -> k.sumChunks(from, to, n, x, sums),
                    (k, from, to, sums) -> k.squaredErrorChunks(from, to, n, x, y, sums),
                    (k, from, to, sums) -> k.bceChunks(from, to, n, x, y, sums))) {
                assertThat(engine.sum(1, n, chunks)).isEqualTo(ONE.sum(1, n, chunks));
            }
        }
    }

    /** Any order of additions is within n u of the exact sum of absolute values. */
    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void sumIsCloseToTheExactOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 5000) int n) {
        float[] x = Samples.uniform(seed, n, -1, 1);
        double exact = 0;
        double size = 0;
        for (float v : x) {
            exact += v;
            size += Math.abs(v);
        }
        // a chunk has at most 64 terms in a lane and four levels of the tree; chunks are added in double
        double sum = ONE.sum(1, n, (k, from, to, sums) -> k.sumChunks(from, to, n, x, sums));
        assertThat(Math.abs(sum - exact)).isLessThanOrEqualTo(68 * 0x1p-24 * size);
    }
}
