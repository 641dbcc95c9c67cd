package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;
import static org.gradus.kernel.simd.VectorMath.grown;

import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * A block of the first operand of a product, in the order in which tiles read it: term after term, the numbers of its rows side by side.
 * So the distances in a tile's loop are constants, which is what C2 makes the shortest code of (see {@link VectorTiles}). An object serves
 * one thread.
 */
final class VectorPacks {

    private static final int WIDTH = PanelKernels.WIDTH;

    /** From one term to the next. */
    private static final int STRIDE = VectorPanelProducts.PACKED_ROWS;

    private final VectorLayouts layouts;
    private float[] packed = new float[0];
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
        room = (terms + WIDTH) * STRIDE + WIDTH; // with what is written beyond a tile in the making
        packed = grown(packed, tiles * room);
        for (int t = 0; t < tiles; t++) {
            if (d.order() == Order.COLUMNS) {
                packColumns(d, row + t * STRIDE, p, a, t * room);
            } else {
                packPanels(d, row + t * STRIDE, p, a, t * room);
            }
        }
    }

    /** A vector for every term, of which the next overwrites what is more than the stride. */
    private void packColumns(Product d, int row, int p, float[] a, int to) {
        int from = d.start(row, p);
        int last = a.length - LENGTH; // where a vector fits
        int whole = LENGTH < STRIDE || last < from ? 0 : Math.min(terms, (last - from) / d.aStep() + 1);
        copyColumns(whole, a, from, d.aStep(), packed, to);
        for (int l = whole; l < terms; l++) {
            System.arraycopy(a, from + l * d.aStep(), packed, to + l * STRIDE, STRIDE);
        }
    }

    private static void copyColumns(int terms, float[] a, int from, int step, float[] packed, int to) {
        for (int p = 0; p < terms; p++) {
            FLOATS.cast(fromArray(SPECIES, a, from + p * step)).intoArray(packed, to + p * STRIDE);
        }
    }

    /** Squares are transposed; what is more than the stride is overwritten by the next term. */
    private void packPanels(Product d, int row, int p, float[] a, int to) {
        for (int l = 0; l < terms; l += LENGTH) {
            int from = d.start(row, p + l);
            if (VectorLayouts.HAS_SQUARES && from + (LENGTH - 1) * WIDTH + LENGTH <= a.length) {
                layouts.transposeSquare(a, from, WIDTH, packed, to + l * STRIDE, STRIDE);
            } else {
                int some = Math.min(LENGTH, terms - l);
                for (int r = 0; r < STRIDE; r++) {
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
        return tile * room;
    }
}
