package org.gradus.kernel.simd;

import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.broadcast;
import static org.gradus.kernel.simd.VectorMath.grown;
import static org.gradus.kernel.simd.VectorMath.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * A block of the first operand of a product, in the order in which tiles read it: term after term, the numbers of its rows side by side.
 * So the distances in a tile's loop are constants, which is what C2 makes the shortest code of (see {@link VectorTiles}). Where registers
 * have 512 bits, two tiles of 8 rows lie side by side, as one vector for every term. An object serves one thread.
 */
final class VectorPacks {

    private static final int WIDTH = PanelKernels.WIDTH;

    /** Tiles side by side. */
    private static final int TILES = LENGTH == WIDTH ? 2 : 1;

    /** From one term to the next. */
    private static final int STRIDE = TILES * VectorPanelProducts.ROWS;

    private final VectorLayouts layouts;
    private float[] packed = new float[0];
    private int count;
    private int room;
    private int terms;

    /** Packs that have these layouts transpose. */
    VectorPacks(VectorLayouts layouts) {
        this.layouts = layouts;
    }

    /**
     * Packs some tiles and some terms.
     *
     * @param d how they lie, by columns or in panels
     * @param row the first
     * @param tiles how many there are; the rows of all of them are there
     * @param p first term, a multiple of 16 after the product's first
     * @param length number of terms
     * @param a first operand
     */
    void pack(Product d, int row, int tiles, int p, int length, float[] a) {
        terms = length;
        count = (tiles + TILES - 1) / TILES;
        room = (terms + WIDTH) * STRIDE + WIDTH; // with what is written beyond a tile in the making
        packed = grown(packed, count * room);
        int rows = tiles * VectorPanelProducts.ROWS;
        for (int s = 0; s < count; s++) {
            int some = Math.min(STRIDE, rows - s * STRIDE);
            if (d.order() == Order.COLUMNS) {
                packColumns(d, row + s * STRIDE, some, p, a, s * room);
            } else {
                packPanels(d, row + s * STRIDE, some, p, a, s * room);
            }
        }
    }

    /** A vector for every term, of which the next overwrites what is more than the stride. */
    private void packColumns(Product d, int row, int rows, int p, float[] a, int to) {
        int from = d.start(row, p);
        int safe = Math.min(terms, (a.length - LENGTH - from) / d.aStep() + 1);
        int whole = LENGTH < STRIDE ? 0 : Math.max(0, safe);
        copyColumns(whole, a, from, d.aStep(), packed, to);
        for (int l = whole; l < terms; l++) {
            System.arraycopy(a, from + l * d.aStep(), packed, to + l * STRIDE, rows);
        }
    }

    private static void copyColumns(int terms, float[] a, int from, int step, float[] packed, int to) {
        for (int p = 0; p < terms; p++) {
            load(a, from + p * step).intoArray(packed, to + p * STRIDE);
        }
    }

    /** Squares are transposed; what is more than the stride is overwritten by the next term. */
    private void packPanels(Product d, int row, int rows, int p, float[] a, int to) {
        for (int l = 0; l < terms; l += LENGTH) {
            int from = d.start(row, p + l);
            if (VectorLayouts.HAS_SQUARES && from + (LENGTH - 1) * WIDTH + LENGTH <= a.length) {
                layouts.transposeSquare(a, from, WIDTH, packed, to + l * STRIDE, STRIDE);
            } else {
                int some = Math.min(LENGTH, terms - l);
                for (int r = 0; r < rows; r++) {
                    for (int e = 0; e < some; e++) {
                        packed[to + (l + e) * STRIDE + r] = a[from + r * WIDTH + e];
                    }
                }
            }
        }
    }

    /** What tiles read. */
    float[] packed() {
        return packed;
    }

    /** Where a tile begins. */
    int start(int tile) {
        return tile / TILES * room + tile % TILES * VectorPanelProducts.ROWS;
    }

    /** Whether all numbers that the tiles read are finite; or one beside them is not, which was left there earlier. */
    boolean isFinite() {
        boolean finite = true;
        for (int s = 0; s < count && finite; s++) {
            finite = isFinite(terms * STRIDE, packed, s * room);
        }
        return finite;
    }

    /** Whether some rows of some terms of A are, where they lie by rows. */
    static boolean isFinite(Product d, int row, int rows, int p, int length, float[] a) {
        boolean finite = d.order() == Order.ROWS;
        for (int r = row; r < row + rows && finite; r++) {
            finite = isFinite(length, a, d.start(r, p));
        }
        return finite;
    }

    /** Zero times each of them is a zero, and so is their sum. */
    private static boolean isFinite(int length, float[] x, int from) {
        FloatVector zero = broadcast(0f);
        FloatVector sum = zero;
        int i = 0;
        for (; i <= length - LENGTH; i += LENGTH) {
            sum = load(x, from + i).fma(zero, sum);
        }
        boolean finite = sum.compare(VectorOperators.EQ, 0f).allTrue();
        for (; i < length; i++) {
            finite &= Float.isFinite(x[from + i]);
        }
        return finite;
    }
}
