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
 * A block of the first operand of a product, in the order in which tiles read it: tile after tile, and in each term after term, the
 * numbers of its rows side by side. So the distances in a tile's loop are constants, which is what C2 makes the shortest code of (see
 * {@link VectorTiles}). Where registers have 256 bits, rows that lie one after the other are read where they lie: that is as fast, and saves
 * transposing them. An object serves one thread.
 */
final class VectorPacks {

    /** Whether registers have 512 bits. */
    private static final boolean WIDE = LENGTH == PanelKernels.WIDTH;

    /** Rows of most tiles. */
    static final int LARGE = WIDE ? 12 : 5;

    /** Rows of the others, so that nearly all numbers of rows are sums of the two. */
    static final int SMALL = WIDE ? 8 : 4;

    /** How many small tiles make up for so many rows beyond a multiple of {@link #LARGE}; 0 where they cannot. */
    private static final int[] SMALL_ONES = smallOnes();

    private static final int WIDTH = PanelKernels.WIDTH;

    private final VectorLayouts layouts;
    private float[] packed = new float[0];
    private float[] original = packed;
    private int[] starts = new int[0];
    private int[] heights = new int[0];
    private int[] steps = new int[0];
    private int count;
    private int rows;
    private int lastRows;
    private int terms;

    /** Packs that have these layouts transpose. */
    VectorPacks(VectorLayouts layouts) {
        this.layouts = layouts;
    }

    private static int[] smallOnes() {
        int[] ones = new int[LARGE];
        for (int rest = 1; rest < LARGE; rest++) {
            for (int n = 1; n < LARGE && ones[rest] == 0; n++) {
                ones[rest] = n * SMALL % LARGE == rest ? n : 0;
            }
        }
        return ones;
    }

    /** Rows of the tile that comes first where so many are left: a small one as soon as small ones come out even. */
    private static int nextHeight(int left) {
        int small = SMALL_ONES[left % LARGE];
        boolean largeFits = left >= LARGE + small * SMALL;
        return largeFits || (small == 0 && left > SMALL) ? LARGE : SMALL;
    }

    /**
     * Packs some rows, from the first on, and some terms.
     *
     * @param d how they lie
     * @param rowFrom the first
     * @param rowTo row after the last that there is
     * @param block how many to pack: whole tiles, the last of which may begin below this number
     * @param pFrom first term, a multiple of 16 after the product's first
     * @param length number of terms
     * @param a first operand
     */
    void pack(Product d, int rowFrom, int rowTo, int block, int pFrom, int length, float[] a) {
        original = a;
        terms = length;
        reserve(block / SMALL + 1);
        int size = 0;
        int i = rowFrom;
        for (count = 0; i < rowTo && i - rowFrom < block; count++) {
            int height = nextHeight(rowTo - i);
            boolean lies = !WIDE && d.order() == Order.ROWS && i + height <= rowTo;
            heights[count] = height;
            steps[count] = lies ? d.aStep() : 0;
            starts[count] = lies ? d.start(i) + pFrom : size;
            size += lies ? 0 : room(height);
            lastRows = Math.min(height, rowTo - i);
            i += lastRows;
        }
        rows = i - rowFrom;
        packed = grown(packed, size + WIDTH * WIDTH);
        if (d.order() == Order.COLUMNS) {
            packColumns(d, rowFrom, pFrom, a);
        } else {
            packRows(d, rowFrom, pFrom, a);
        }
    }

    private void reserve(int tiles) {
        if (starts.length < tiles) {
            starts = new int[tiles];
            heights = new int[tiles];
            steps = new int[tiles];
        }
    }

    /** Of a tile, and of what is written beyond it in the making. */
    private int room(int height) {
        return (terms + WIDTH) * height + WIDTH;
    }

    /** Term by term, for they lie in rows: a vector with the numbers of a tile, and some more, which the next term overwrites. */
    private void packColumns(Product d, int rowFrom, int pFrom, float[] a) {
        for (int p = 0; p < terms; p++) {
            int from = (pFrom + p) * d.aStep() + rowFrom;
            if (from + rows + 2 * WIDTH <= a.length) {
                spread(p, from, a);
            } else {
                for (int t = 0, i = from; t < count; i += heights[t], t++) {
                    System.arraycopy(a, i, packed, starts[t] + p * heights[t], rows(t));
                }
            }
        }
    }

    private void spread(int p, int from, float[] a) {
        int i = from;
        for (int t = 0; t < count; t++) {
            int height = heights[t];
            int to = starts[t] + p * height;
            for (int v = 0; v < height; v += LENGTH) {
                load(a, i + v).intoArray(packed, to + v);
            }
            i += height;
        }
    }

    /** Tile by tile: squares of rows and terms are transposed, and what is more than the tile's rows is overwritten by the next term. */
    private void packRows(Product d, int rowFrom, int pFrom, float[] a) {
        boolean byRows = d.order() == Order.ROWS;
        int row = byRows ? d.aStep() : WIDTH;
        int side = Math.min(LENGTH, WIDTH);
        int i = rowFrom;
        for (int t = 0; t < count; t++) {
            int height = heights[t];
            for (int p = 0; steps[t] == 0 && p < terms; p += side) {
                int from = d.start(i) + (byRows ? pFrom + p : (pFrom + p) / WIDTH * d.aStep() + (pFrom + p) % WIDTH);
                boolean whole = (p + side <= terms || !byRows) && from + (side - 1) * row + side <= a.length;
                if (VectorLayouts.HAS_SQUARES && whole) {
                    layouts.transposeSquare(a, from, row, packed, starts[t] + p * height, height);
                } else {
                    int some = Math.min(side, terms - p);
                    for (int r = 0; r < rows(t); r++) {
                        for (int l = 0; l < some; l++) {
                            packed[starts[t] + (p + l) * height + r] = a[from + r * row + l];
                        }
                    }
                }
            }
            i += rows(t);
        }
    }

    /** Whether all numbers that the tiles read are finite; or some number beside them is not, which is left from earlier. */
    boolean isFinite() {
        for (int t = 0; t < count; t++) {
            boolean packs = steps[t] == 0;
            for (int r = 0; r < (packs ? 1 : heights[t]); r++) {
                if (!isFinite(source(t), starts[t] + r * steps[t], packs ? terms * heights[t] : terms)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Zero times any of them is a zero, and so is their sum. */
    private static boolean isFinite(float[] x, int from, int length) {
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

    /** Number of tiles. */
    int count() {
        return count;
    }

    /** Rows of all tiles. */
    int rows() {
        return rows;
    }

    /** Rows of a tile that there are. */
    int rows(int t) {
        return t == count - 1 ? lastRows : heights[t];
    }

    /** Rows that a tile computes, {@link #LARGE} or {@link #SMALL}. */
    int height(int t) {
        return heights[t];
    }

    /** What a tile reads. */
    float[] source(int t) {
        return steps[t] == 0 ? packed : original;
    }

    /** Where it begins to. */
    int start(int t) {
        return starts[t];
    }

    /** Step between rows that are read where they lie; 0 if they are packed. */
    int step(int t) {
        return steps[t];
    }
}
