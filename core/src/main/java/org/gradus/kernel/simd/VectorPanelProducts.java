package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * Products whose second operand is stored in panels, made of {@link VectorTiles}: those of planned steps and, once their operands are
 * copied, those of matrices by rows. Sums are cut into pieces and A into blocks of rows; the panels pass by, one or a pair after the other.
 * A is read where it lies or, where that is faster, from {@link VectorPacks}. An object serves one thread.
 */
final class VectorPanelProducts {

    private static final int WIDTH = PanelKernels.WIDTH;

    /** A panel is one vector on 512-bit machines; then a tile takes two panels, else a part of one. */
    private static final boolean WIDE = LENGTH == WIDTH;

    /** Rows of a tile that reads A where it lies by rows or in panels, and of one for the rows that are left. */
    static final int ROWS = WIDE ? 8 : 5;

    /** Rows of a tile that reads A packed. */
    static final int PACKED_ROWS = WIDE ? 12 : 5;

    /** See {@link PanelKernels#stripOfRows}. */
    static final int STRIP = (WIDE ? 2 : 4) * PACKED_ROWS;

    /** Rows of a tile that is one vector wide, where registers have 512 bits. */
    private static final int SINGLE_ROWS = 12;

    /** Terms of a piece: 13 kB of a panel, or 26 of two, stay in the first-level cache while all rows of a block pass by. */
    private static final int DEPTH = 208;

    /**
     * Numbers of A in a block, which all panels use before the next is read: 256 kB stay in the second-level cache, so that a weight
     * comes from beyond it once for all panels of a thread.
     */
    private static final int A_BLOCK = 65_536;

    /** Panels of X that repay packing A: with fewer of them tiles read it where it lies, if they can. */
    private static final int MANY_PANELS = 6;

    private final VectorPacks packs;
    private float[] edge = new float[ROWS * WIDTH];
    private final float[] sums = new float[WIDTH * WIDTH];

    // The same for all tiles of a block: the piece of the sums that is being added, and where tiles find the panels.
    private int pFrom;
    private int pTo;
    private boolean onto;
    private boolean packed;
    private int rows = ROWS;
    private float[] x = edge;
    private int x0;
    private int x1;

    /** Products whose first operand is transposed by these layouts, where it has to be. */
    VectorPanelProducts(VectorLayouts layouts) {
        packs = new VectorPacks(layouts);
    }

    /** {@link PanelKernels#product}. */
    void product(Product d, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] b, float[] c) {
        products(d, rowFrom, rowTo, panelFrom, panelTo, a, b, c, 0);
    }

    /** As {@link #product}, with row 0 of panel 0 of C at {@code cAt}. */
    void products(
            Product d, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] b, float[] c, int cAt) {
        int pieces = (d.k() - 1) / DEPTH + 1;
        // even pieces of whole sixteens, but for the last
        int depth = (d.k() + pieces * WIDTH - 1) / (pieces * WIDTH) * WIDTH;
        boolean many = panelTo - panelFrom >= MANY_PANELS;
        packed = isPacked(d, many);
        rows = packed || d.order() == Order.COLUMNS ? PACKED_ROWS : ROWS;
        int block = Math.max(rows, A_BLOCK / depth / rows * rows);
        if (!WIDE && !d.onto()) {
            fillWithZeros(d, rowFrom, rowTo, panelFrom, panelTo, c, cAt);
        }
        for (pFrom = d.pFrom(); pFrom < d.pTo(); pFrom += depth) {
            pTo = Math.min(pFrom + depth, d.pTo());
            onto = !WIDE || d.onto() || pFrom > d.pFrom(); // C has been filled, or earlier pieces
            for (int i = rowFrom; i < rowTo; i += block) {
                blockOfRows(d, i, Math.min(rowTo, i + block), panelFrom, panelTo, a, b, c, cAt);
            }
        }
    }

    /**
     * Whether tiles read A packed. In panels it has to be transposed, with many steps in the loop where it is not; columns only have to
     * be copied. With 512 bits columns are as fast where they lie (12 rows side by side, 150 GFLOP/s), until every term is on another
     * page of an A that is larger than the caches: 784x392 and 1568x392 came to 137 and 118, and packed to 153 and 140.
     */
    private static boolean isPacked(Product d, boolean many) {
        return switch (d.order()) {
            case ROWS -> false;
            case COLUMNS -> !WIDE || (many && d.k() * d.aStep() > A_BLOCK);
            case PANELS -> many;
        };
    }

    /** What tiles of 256 bits continue, see {@link VectorTiles}: rows of it that lie side by side, or panels. */
    private static void fillWithZeros(
            Product d, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] c, int cAt) {
        if (d.cPanel() == WIDTH) {
            int from = cAt + panelFrom * WIDTH;
            int to = cAt + Math.min(panelTo * WIDTH, d.columns());
            for (int i = rowFrom; i < rowTo; i++) {
                Arrays.fill(c, from + i * d.cRow(), to + i * d.cRow(), 0f);
            }
            return;
        }
        for (int q = panelFrom; q < panelTo; q++) {
            int from = cAt + q * d.cPanel();
            Arrays.fill(c, from + rowFrom * d.cRow(), from + rowTo * d.cRow(), 0f);
        }
    }

    private void blockOfRows(
            Product d, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] b, float[] c, int cAt) {
        int tiles = (rowTo - rowFrom) / rows;
        if (packed) {
            packs.pack(d, rowFrom, tiles, pFrom, pTo - pFrom, a);
        }
        int whole = Math.min(panelTo, d.columns() / WIDTH);
        int xPanel = d.k() * WIDTH;
        int step = WIDE ? 2 : 1;
        x = b;
        x0 = panelFrom * xPanel - d.pFrom() * WIDTH + (WIDE ? 0 : pFrom * WIDTH);
        x1 = x0 + xPanel;
        int q = panelFrom;
        for (; q + step <= whole; q += step) {
            int c0 = cAt + q * d.cPanel();
            tiles(d, rowFrom, tiles, a, c, c0, c0 + d.cPanel());
            edge(d, rowFrom + tiles * rows, rowTo, a, c, c0, c0 + d.cPanel(), d.cRow());
            x0 += step * xPanel;
            x1 += step * xPanel;
        }
        for (; q < whole; q++) {
            single(d, rowFrom, rowTo, a, c, cAt + q * d.cPanel(), d.cRow());
            x0 += xPanel;
        }
        if (q < panelTo) {
            narrowPanel(d, rowFrom, rowTo, a, c, cAt + q * d.cPanel());
        }
    }

    private void tiles(Product d, int row, int tiles, float[] a, float[] c, int c0, int c1) {
        int u = c0 + row * d.cRow();
        int v = c1 + row * d.cRow();
        for (int t = 0; t < tiles; t++) {
            int at = packed ? packs.start(t) : start(d, row + t * rows);
            if (WIDE) {
                tile(d, a, at, c, u, v);
            } else {
                for (int h = 0; h < WIDTH; h += 2 * LENGTH) {
                    tileOfOnePanel(d, a, at, x0 + h, c, u + h);
                }
            }
            u += rows * d.cRow();
            v += rows * d.cRow();
        }
    }

    /** Where a row of A begins: term 0 for tiles of 512 bits, the piece for others. */
    private int start(Product d, int row) {
        return WIDE ? d.start(row) : d.start(row, pFrom);
    }

    private void tile(Product d, float[] a, int at, float[] c, int u, int v) {
        int y = x0 + pFrom * WIDTH;
        int z = x1 + pFrom * WIDTH;
        if (packed) {
            VectorTiles.packed12(pTo - pFrom, onto, packs.packed(), at, x, y, z, c, u, v, d.cRow());
            return;
        }
        switch (d.order()) {
            case ROWS -> VectorTiles.rows8(pFrom, pTo, onto, a, at, d.aStep(), x, x0, x1, c, u, v, d.cRow());
            case COLUMNS ->
                VectorTiles.columns12(
                        pTo - pFrom, onto, a, at + pFrom * d.aStep(), d.aStep(), x, y, z, c, u, v, d.cRow());
            case PANELS -> VectorTiles.panels8(pFrom, pTo, onto, a, at, d.aStep(), x, x0, x1, c, u, v, d.cRow());
        }
    }

    private void tileOfOnePanel(Product d, float[] a, int at, int from, float[] c, int u) {
        if (packed) {
            VectorTiles.packed5(pTo - pFrom, packs.packed(), at, x, from, c, u, d.cRow());
        } else if (d.order() == Order.ROWS) {
            VectorTiles.rows5(pTo - pFrom, a, at, d.aStep(), x, from, c, u, d.cRow());
        } else {
            VectorTiles.panels5(pTo - pFrom, a, at, d.aStep(), x, from, c, u, d.cRow());
        }
    }

    /** Rows that are fewer than a tile's, from A itself. */
    private void edge(Product d, int rowFrom, int rowTo, float[] a, float[] c, int c0, int c1, int cRow) {
        for (int i = rowFrom; i < rowTo; i += ROWS) {
            int last = Math.min(ROWS, rowTo - i) - 1;
            int at = start(d, i);
            int aRow = d.start(1);
            int u = c0 + i * cRow;
            int v = c1 + i * cRow;
            if (WIDE) {
                VectorTiles.edge8(
                        pFrom, pTo, onto, a, at, last, aRow, d.termStep(), d.panelStep(), x, x0, x1, c, u, v, cRow);
                continue;
            }
            for (int h = 0; h < WIDTH; h += 2 * LENGTH) {
                VectorTiles.edge5(
                        pTo - pFrom, a, at, last, aRow, d.termStep(), d.panelStep(), x, x0 + h, c, u + h, cRow);
            }
        }
    }

    /** A panel that has no second one beside it where a tile takes two. */
    private void single(Product d, int rowFrom, int rowTo, float[] a, float[] c, int c0, int cRow) {
        int i = rowFrom;
        for (; i + WIDTH <= rowTo && d.order() == Order.PANELS; i += WIDTH) {
            VectorTiles.singlePanels16(pFrom, pTo, onto, a, d.start(i), d.aStep(), x, x0, c, c0 + i * cRow, cRow);
        }
        for (; i + SINGLE_ROWS <= rowTo && d.order() != Order.PANELS; i += SINGLE_ROWS) {
            int at = d.start(i);
            int u = c0 + i * cRow;
            if (d.order() == Order.ROWS) {
                VectorTiles.singleRows12(pFrom, pTo, onto, a, at, d.aStep(), x, x0, c, u, cRow);
            } else {
                VectorTiles.singleColumns12(pFrom, pTo, onto, a, at, d.aStep(), x, x0, c, u, cRow);
            }
        }
        for (; i < rowTo; i += ROWS) {
            int last = Math.min(ROWS, rowTo - i) - 1;
            int at = d.start(i);
            int u = c0 + i * cRow;
            VectorTiles.single8(
                    pFrom, pTo, onto, a, at, last, d.start(1), d.termStep(), d.panelStep(), x, x0, c, u, cRow);
        }
    }

    /** A panel of which C has only some columns: by way of a small array that has them all. */
    private void narrowPanel(Product d, int rowFrom, int rowTo, float[] a, float[] c, int c0) {
        int columns = d.columns() % WIDTH;
        int many = rowTo - rowFrom;
        if (edge.length < many * WIDTH) {
            edge = new float[many * WIDTH];
        }
        for (int r = 0; onto && r < many; r++) {
            System.arraycopy(c, c0 + (rowFrom + r) * d.cRow(), edge, r * WIDTH, columns);
        }
        int e0 = -rowFrom * WIDTH;
        if (WIDE) {
            single(d, rowFrom, rowTo, a, edge, e0, WIDTH);
        } else {
            edge(d, rowFrom, rowTo, a, edge, e0, 0, WIDTH);
        }
        for (int r = 0; r < many; r++) {
            System.arraycopy(edge, r * WIDTH, c, c0 + (rowFrom + r) * d.cRow(), columns);
        }
    }

    // ---- summed in lanes
    // ----------------------------------------------------------------------------------------------------------------

    void productInLanes(
            Product d, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int i = rowFrom; i < rowTo; i++) {
                Arrays.fill(sums, 0f);
                for (int p0 = 0; p0 < d.k(); p0 += WIDTH) {
                    int terms = Math.min(WIDTH, d.k() - p0);
                    int at = d.start(i) + p0 / WIDTH * d.panelStep();
                    addToLanes(terms, a, at, d.termStep(), x, (q * d.k() + p0) * WIDTH, sums);
                }
                VectorLanes.treeDownColumns(sums);
                System.arraycopy(sums, 0, c, i * d.cRow() + q * d.cPanel(), WIDTH);
            }
        }
    }

    /** Term l of 16 goes to row l of the sums. */
    private static void addToLanes(int terms, float[] a, int at, int aStep, float[] x, int from, float[] sums) {
        for (int l = 0; l < terms; l++) {
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[at + l * aStep]));
            for (int v = l * WIDTH; v < (l + 1) * WIDTH; v += LENGTH) {
                w.fma(FLOATS.cast(fromArray(SPECIES, x, from + v)), FLOATS.cast(fromArray(SPECIES, sums, v)))
                        .intoArray(sums, v);
            }
        }
    }

    void thinProduct(int samples, int rows, int columns, int rowFrom, int rowTo, float[] g, float[] x, float[] c) {
        for (int j = 0; j < columns; j++) {
            for (int i0 = rowFrom; i0 < rowTo; i0 += WIDTH) {
                int some = Math.min(WIDTH, rowTo - i0);
                for (int r = 0; r < some; r++) {
                    lanesOfDot(samples, rows, columns, i0 + r, j, g, x, sums, r * WIDTH);
                }
                VectorLanes.treeAlongRows(sums);
                for (int r = 0; r < some; r++) {
                    c[(i0 + r) * columns + j] = 0f + sums[r];
                }
            }
        }
    }

    /** The 16 lanes of the sum over samples of {@code g_i x_j}. */
    private static void lanesOfDot(
            int samples, int rows, int columns, int i, int j, float[] g, float[] x, float[] lanes, int at) {
        int whole = samples / WIDTH;
        for (int v = 0; v < WIDTH; v += LENGTH) {
            vectorOfDot(whole, rows * WIDTH, columns * WIDTH, i * WIDTH + v, j * WIDTH + v, g, x, lanes, at + v);
        }
        for (int l = 0; l < samples % WIDTH; l++) {
            float product = g[(whole * rows + i) * WIDTH + l];
            lanes[at + l] = Math.fma(product, x[(whole * columns + j) * WIDTH + l], lanes[at + l]);
        }
    }

    private static void vectorOfDot(
            int panels, int gPanel, int xPanel, int i, int j, float[] g, float[] x, float[] lanes, int at) {
        FloatVector sum = broadcast(SPECIES, 0f);
        for (int q = 0; q < panels; q++) {
            sum = FLOATS.cast(fromArray(SPECIES, g, q * gPanel + i))
                    .fma(FLOATS.cast(fromArray(SPECIES, x, q * xPanel + j)), sum);
        }
        sum.intoArray(lanes, at);
    }
}
