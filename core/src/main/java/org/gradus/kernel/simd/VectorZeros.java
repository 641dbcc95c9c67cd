package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.INTS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * Looks for the zeros of a batch, and multiplies without them.
 *
 * <p>Why no bit changes. Chains begin at +0. A link {@code fma(w, 0, sum)} with a finite w is {@code sum + (0 or -0)}, the sum itself, with
 * one exception: a sum of -0, to which +0 is added, becomes +0. It is a zero all the same, so the next product that is not zero makes the
 * same number of both. Hence a result can differ only if the shorter chain ends at -0, which takes products too small for a float. And if w
 * is not finite, {@code w * 0} is NaN. So A is looked at first, and the results afterwards; a block of rows in which there is such
 * a number is computed the plain way.
 *
 * <p>How it is fast. A list says for every vector of columns of X which terms its sums need. A tile is one vector wide: of two vectors fewer
 * rows are zero in both. An index from a list is checked at every access, so rows of A are copied to a {@linkplain #DISTANCE distance that
 * C2 knows}: then one check does for all of them.
 *
 * <p>784 x 392 weights, 128 images of MNIST, GFLOP/s of JDK 17 / 25 as if nothing were left out (Intel Xeon, one thread of a busy machine,
 * the best of many short windows):
 *
 * <pre>
 *                        256 bits (-XX:UseAVX=2)       512 bits
 *                        all terms    these            all terms    these
 *   forward               94 /  91    138 / 142        139 / 143    196 / 198
 *   weight gradient       80 /  94    147 / 159        145 / 159    178 / 175
 * </pre>
 *
 * <p>An object serves one thread.
 */
final class VectorZeros {

    private static final int WIDTH = PanelKernels.WIDTH;
    private static final int PARTS = NonZeros.PARTS;
    private static final VectorSpecies<Integer> INT = SPECIES.withLanes(int.class);

    /** Bits of infinity; those of NaN are more. */
    private static final int INFINITE = 0x7f800000;

    /** Rows of a tile. */
    static final int ROWS = LENGTH == WIDTH ? 12 : 10;

    /** Terms of a piece of the sums. */
    private static final int DEPTH = 1024;

    /** From one row of a block to the next. More than the piece, lest all rows fall into the same few places of the first-level cache. */
    static final int DISTANCE = DEPTH + WIDTH;

    /** Rows of a block that all columns pass by: 250 or 208 kB stay in the second-level cache. */
    private static final int BLOCK = 5 * ROWS;

    /** Of so many terms one must be left out to repay the copy of A. */
    private static final int PART = 4;

    /** Terms of a sum below which a tile takes longer to begin and end than it saves. */
    private static final int SHORTEST = 48;

    /** Batches for which a panel of few zeros is left alone. */
    private static final int REST = 15;

    private static final float[] NOUGHT = new float[WIDTH];

    private final VectorPanelProducts plain;
    private final float[] block = new float[BLOCK * DISTANCE + WIDTH];
    private final int[] seen = new int[LENGTH];

    // what the last weight gradient had to know of its batch
    private NonZeros known = NonZeros.UNKNOWN;
    private int[] looks = {};
    private int[] samplesOf = {};
    private int[] sampleCounts = {};

    /** Products that leave to these what has no zeros. */
    VectorZeros(VectorPanelProducts plain) {
        this.plain = plain;
    }

    // ---- looking
    // ----------------------------------------------------------------------------------------------------------------

    /** {@link PanelKernels#note}. A panel with few zeros is looked at again only some batches later. */
    void note(int panel, float[] rows, NonZeros to) {
        if (to.rests[panel] > 0) {
            to.rests[panel]--;
            return;
        }
        int some = Math.min(WIDTH, to.samples - panel * WIDTH);
        Arrays.fill(to.featureCounts, panel * PARTS, (panel + 1) * PARTS, 0);
        int samples = 0;
        for (int j = 0; j < to.vectors * LENGTH; j += LENGTH) {
            samples += look(panel, some, j, rows, to);
        }
        int features = 0;
        for (int v = panel * PARTS; v < (panel + 1) * PARTS; v++) {
            append(to.vectors * LENGTH, to.features, to.featuresOf, v * to.features, v, to.featureCounts);
            features += to.featureCounts[v];
        }
        if (!pays(features, (long) PARTS * to.features) && !pays(samples, (long) some * to.vectors)) {
            nameAll(panel, some, to);
            to.rests[panel] = REST;
        }
        to.looks[panel]++;
    }

    /** Notes a vector of features, in which so many samples are not all zeros. */
    private int look(int panel, int some, int feature, float[] rows, NonZeros to) {
        int square = feature / LENGTH * to.panels + panel;
        int count = 0;
        for (int l = 0; l < some; l += LENGTH) {
            int samples = Math.min(LENGTH, some - l);
            int from = l * to.features + feature;
            int before = count;
            count = look(
                    samples, rows, from, to.features, panel * WIDTH + l, to.samplesOf, square * WIDTH, count, seen);
            if (count > before) {
                int v = panel * PARTS + l / LENGTH;
                to.featureCounts[v] = append(seen, feature, to.featuresOf, v * to.features, to.featureCounts[v]);
            }
        }
        to.sampleCounts[square] = count;
        return count;
    }

    /** All terms, which is right of whatever numbers. */
    private static void nameAll(int panel, int some, NonZeros to) {
        for (int v = panel * PARTS; v < (panel + 1) * PARTS; v++) {
            to.featureCounts[v] = 0;
            append(0, to.features, to.featuresOf, v * to.features, v, to.featureCounts);
        }
        for (int v = 0; v < to.vectors; v++) {
            int square = v * to.panels + panel;
            to.sampleCounts[square] = 0;
            append(panel * WIDTH, panel * WIDTH + some, to.samplesOf, square * WIDTH, square, to.sampleCounts);
        }
    }

    private static void append(int from, int to, int[] list, int at, int index, int[] counts) {
        for (int term = from; term < to; term++) {
            list[at + counts[index]++] = term;
        }
    }

    /** Appends the numbers of the samples whose vector is not all zeros, and leaves in {@code seen} a number not 0 for features of which one is. */
    private static int look(
            int samples, float[] x, int from, int step, int first, int[] list, int at, int count, int[] seen) {
        IntVector or = IntVector.zero(INT);
        int n = count;
        for (int l = 0; l < samples; l++) {
            IntVector bits = ((IntVector) INTS.cast(
                            FLOATS.cast(fromArray(SPECIES, x, from + l * step)).reinterpretAsInts()))
                    .lanewise(VectorOperators.LSHL, 1); // without the sign
            or = bits.or(or);
            list[at + n] = first + l;
            n += bits.compare(VectorOperators.NE, 0).anyTrue() ? 1 : 0;
        }
        ((IntVector) INTS.cast(or)).intoArray(seen, 0);
        return n;
    }

    private static int append(int[] seen, int first, int[] list, int at, int count) {
        int n = count;
        for (int f = 0; f < LENGTH; f++) {
            list[at + n] = first + f;
            n += (seen[f] | -seen[f]) >>> (Integer.SIZE - 1); // 1 but for 0, and no branch to guess
        }
        return n;
    }

    // ---- multiplying
    // ----------------------------------------------------------------------------------------------------------------

    /** {@link PanelKernels#product(Product, NonZeros, int, int, int, int, float[], float[], float[])}. */
    void product(
            Product d,
            NonZeros nonZeros,
            int rowFrom,
            int rowTo,
            int panelFrom,
            int panelTo,
            float[] a,
            float[] x,
            float[] c) {
        int whole = Math.min(panelTo, d.columns() / WIDTH);
        boolean possible =
                nonZeros.isKnown() && !d.onto() && d.k() >= SHORTEST && rowTo - rowFrom >= ROWS && panelFrom < whole;
        if (possible && d.order() == Order.PANELS) {
            gatherSamples(nonZeros);
        }
        int[] list = d.order() == Order.PANELS ? samplesOf : nonZeros.featuresOf;
        int[] counts = d.order() == Order.PANELS ? sampleCounts : nonZeros.featureCounts;
        if (!possible || !pays(d.k(), counts, panelFrom, whole)) {
            plain.product(d, rowFrom, rowTo, panelFrom, panelTo, a, x, c);
            return;
        }
        int to;
        for (int i = rowFrom; i < rowTo; i = to) {
            int from = Math.min(i, rowTo - ROWS); // a whole tile, be it of rows that have been computed
            to = from + Math.min(BLOCK, (rowTo - from) / ROWS * ROWS);
            if (!blockOfRows(d, from, to, panelFrom, whole, a, list, counts, x, c)) {
                plain.product(d, from, to, panelFrom, whole, a, x, c);
            }
        }
        if (whole < panelTo) {
            plain.product(d, rowFrom, rowTo, whole, panelTo, a, x, c);
        }
    }

    private static boolean pays(int terms, int[] counts, int panelFrom, int panelTo) {
        long needed = 0;
        for (int v = panelFrom * PARTS; v < panelTo * PARTS; v++) {
            needed += counts[v];
        }
        return pays(needed, (long) terms * (panelTo - panelFrom) * PARTS);
    }

    private static boolean pays(long needed, long all) {
        return needed <= all - all / PART;
    }

    /** Lists of samples, which are as long as a panel has samples, become one for each vector of features; once per batch. */
    private void gatherSamples(NonZeros nonZeros) {
        if (nonZeros.equals(known) && Arrays.equals(nonZeros.looks, looks)) {
            return;
        }
        if (looks.length != nonZeros.looks.length) {
            looks = new int[nonZeros.looks.length];
        }
        if (samplesOf.length < nonZeros.samplesOf.length) {
            samplesOf = new int[nonZeros.samplesOf.length];
        }
        if (sampleCounts.length < nonZeros.vectors) {
            sampleCounts = new int[nonZeros.vectors];
        }
        known = nonZeros;
        System.arraycopy(nonZeros.looks, 0, looks, 0, looks.length);
        for (int v = 0; v < nonZeros.vectors; v++) {
            sampleCounts[v] = 0;
            int at = v * nonZeros.samples;
            for (int q = 0; q < nonZeros.panels; q++) {
                int square = v * nonZeros.panels + q;
                int count = nonZeros.sampleCounts[square];
                System.arraycopy(nonZeros.samplesOf, square * WIDTH, samplesOf, at + sampleCounts[v], count);
                sampleCounts[v] += count;
            }
        }
    }

    /** Whether no number was in the way, and C is right. */
    private boolean blockOfRows(
            Product d,
            int rowFrom,
            int rowTo,
            int panelFrom,
            int panelTo,
            float[] a,
            int[] list,
            int[] counts,
            float[] x,
            float[] c) {
        int k = d.k();
        boolean negativeZero = false;
        for (int p = 0; p < k; p += DEPTH) {
            int end = Math.min(k, p + DEPTH);
            if (!copy(d, rowFrom, rowTo, p, end, a)) {
                return false;
            }
            for (int v = panelFrom * PARTS; v < panelTo * PARTS; v++) {
                int first = v * k;
                int last = first + counts[v];
                int from = p == 0 ? first : place(list, first, last, p);
                int to = end == k ? last : place(list, first, last, end);
                int x0 = v / PARTS * k * WIDTH + v % PARTS * LENGTH;
                int c0 = v / PARTS * d.cPanel() + v % PARTS * LENGTH;
                for (int i = rowFrom; i < rowTo; i += ROWS) {
                    int at = (i - rowFrom) * DISTANCE - p;
                    int u = c0 + i * d.cRow();
                    float[] start = p == 0 ? NOUGHT : c;
                    int s0 = p == 0 ? 0 : u;
                    int sRow = p == 0 ? 0 : d.cRow();
                    if (LENGTH == WIDTH) {
                        VectorZeroTiles.rows12(list, from, to, block, at, x, x0, start, s0, sRow, c, u, d.cRow());
                    } else {
                        VectorZeroTiles.rows10(list, from, to, block, at, x, x0, start, s0, sRow, c, u, d.cRow());
                    }
                }
                negativeZero |= hasNegativeZero(rowTo - rowFrom, c, c0 + rowFrom * d.cRow(), d.cRow());
            }
        }
        return !negativeZero;
    }

    /** -0 is the least of all numbers if its bits are taken for a whole one. */
    private static boolean hasNegativeZero(int rows, float[] c, int from, int step) {
        IntVector least = IntVector.zero(INT);
        for (int i = 0; i < rows; i++) {
            least = ((IntVector) INTS.cast(
                            FLOATS.cast(fromArray(SPECIES, c, from + i * step)).reinterpretAsInts()))
                    .min(least);
        }
        return ((IntVector) INTS.cast(least))
                .compare(VectorOperators.EQ, Integer.MIN_VALUE)
                .anyTrue();
    }

    private static int place(int[] list, int from, int to, int term) {
        int found = Arrays.binarySearch(list, from, to, term);
        return found < 0 ? ~found : found;
    }

    /** Copies terms of a block's rows, and says whether all are finite. */
    private boolean copy(Product d, int rowFrom, int rowTo, int pFrom, int pTo, float[] a) {
        boolean panels = d.order() == Order.PANELS;
        int whole = (pTo - pFrom) / WIDTH * WIDTH;
        boolean finite = true;
        for (int i = rowFrom; i < rowTo; i++) {
            int from = d.start(i, pFrom);
            int to = (i - rowFrom) * DISTANCE;
            if (panels) {
                for (int v = 0; v < WIDTH; v += LENGTH) {
                    finite &= copy(whole / WIDTH, a, from + v, d.panelStep(), block, to + v, WIDTH);
                }
            } else {
                finite &= copy(whole / LENGTH, a, from, LENGTH, block, to, LENGTH);
            }
            int rest = d.start(i, pFrom + whole);
            for (int p = 0; p < pTo - pFrom - whole; p++) {
                block[to + whole + p] = a[rest + p];
                finite &= Float.isFinite(a[rest + p]);
            }
        }
        return finite;
    }

    private static boolean copy(int vectors, float[] a, int from, int step, float[] block, int to, int toStep) {
        IntVector largest = IntVector.zero(INT);
        for (int n = 0; n < vectors; n++) {
            FloatVector some = FLOATS.cast(fromArray(SPECIES, a, from + n * step));
            some.intoArray(block, to + n * toStep);
            largest = ((IntVector) INTS.cast(some.reinterpretAsInts()))
                    .and(Integer.MAX_VALUE)
                    .max(largest);
        }
        return !((IntVector) INTS.cast(largest))
                .compare(VectorOperators.GE, INFINITE)
                .anyTrue();
    }
}
