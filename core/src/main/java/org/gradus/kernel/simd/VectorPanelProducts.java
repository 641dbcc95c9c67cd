package org.gradus.kernel.simd;

import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;
import static org.gradus.kernel.simd.VectorMath.broadcast;
import static org.gradus.kernel.simd.VectorMath.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * Products whose second operand is stored in panels, made of {@link VectorTiles}: those of planned steps and, once their operands are
 * copied, those of matrices by rows. Sums are cut into pieces and A into blocks of rows, which {@link VectorPacks} cuts into tiles; then
 * the panels pass by, one or a pair after the other. Rows of zeros in a panel may be left out, see {@link VectorZeros}. An object serves
 * one thread.
 */
final class VectorPanelProducts {

    private static final int WIDTH = PanelKernels.WIDTH;

    /** A panel is one vector on 512-bit machines; then a tile takes two panels, else a part of one. */
    private static final boolean WIDE = LENGTH == WIDTH;

    /** Terms of a piece: 17 kB of a panel, 35 kB of a pair, stay in the first-level cache while all rows of a block pass by. */
    private static final int DEPTH = Integer.getInteger("gradus.depth", 272);

    /**
     * Numbers of A in a block, which all panels use before the next is read: 256 kB stay in the second-level cache, so that a weight
     * comes from beyond it once for all panels of a thread.
     */
    private static final int A_BLOCK = Integer.getInteger("gradus.ablock", 65_536);

    /** Where the second of two vectors of columns begins in the results of a tile that has fewer rows or columns. */
    private static final int EDGE_1 = WIDE ? VectorPacks.LARGE * WIDTH : LENGTH;

    private final VectorPacks packs;
    private final VectorZeros zeros = new VectorZeros(DEPTH);
    private final float[] edge = new float[2 * VectorPacks.LARGE * WIDTH];
    private final float[] sums = new float[WIDTH * WIDTH];

    // The piece of the sums and of X that is being added: the same for all tiles of a block.
    private int terms;
    private boolean onto;
    private boolean few;
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
        int pieces = (d.k() + DEPTH - 1) / DEPTH;
        int depth = (d.k() + pieces * WIDTH - 1) / (pieces * WIDTH) * WIDTH;
        int block = Math.max(VectorPacks.LARGE, A_BLOCK / depth);
        for (int p = d.pFrom(); p < d.pTo(); p += depth) {
            int length = Math.min(depth, d.pTo() - p);
            for (int i = rowFrom; i < rowTo; i += packs.rows()) {
                packs.pack(d, i, rowTo, block, p, length, a);
                blockOfRows(d, i, p, length, panelFrom, panelTo, b, c, cAt);
            }
        }
        if (d.sparse()) {
            VectorZeros.mendSigns(d, rowFrom, rowTo, panelFrom, panelTo, a, b, c);
        }
    }

    /** One piece of the sums of the rows that are packed, all panels. */
    private void blockOfRows(
            Product d, int row, int pFrom, int length, int panelFrom, int panelTo, float[] b, float[] c, int cAt) {
        boolean skips = d.sparse() && packs.isFinite();
        int xPanel = d.k() * WIDTH;
        int xAt = panelFrom * xPanel + (pFrom - d.pFrom()) * WIDTH;
        int c0 = cAt + panelFrom * d.cPanel() + row * d.cRow();
        int whole = Math.min(panelTo, d.columns() / WIDTH);
        int step = WIDE ? 2 : 1;
        onto = d.onto() || pFrom > d.pFrom();
        int q = panelFrom;
        for (; q + step <= whole; q += step) {
            see(length, b, xAt, xAt + (WIDE ? xPanel : LENGTH), skips);
            tiles(c, c0, c0 + (WIDE ? d.cPanel() : LENGTH), d.cRow());
            xAt += step * xPanel;
            c0 += step * d.cPanel();
        }
        for (; q < panelTo; q++) { // the odd panel where a tile takes two, or one with fewer columns
            see(length, b, xAt, xAt + (WIDE ? 0 : LENGTH), false);
            lastPanel(c, c0, d.cRow(), Math.min(WIDTH, d.columns() - q * WIDTH));
            xAt += xPanel;
            c0 += d.cPanel();
        }
    }

    /** Says what of X is added next, without its rows of zeros if they are to be left out and there are enough. */
    private void see(int length, float[] b, int from0, int from1, boolean skips) {
        few = skips && zeros.gather(length, b, from0, from1);
        terms = few ? zeros.count() : length;
        x = few ? zeros.rows() : b;
        x0 = few ? 0 : from0;
        x1 = few ? zeros.second() : from1;
    }

    private void tiles(float[] c, int c0, int c1, int cRow) {
        for (int t = 0; t < packs.count(); t++) {
            int rows = packs.rows(t);
            if (rows == packs.height(t)) {
                tile(t, c, c0, c1, cRow);
            } else {
                copyRows(rows, WIDTH, c, c0, cRow, edge, 0, WIDTH);
                if (WIDE) {
                    copyRows(rows, WIDTH, c, c1, cRow, edge, EDGE_1, WIDTH);
                }
                tile(t, edge, 0, EDGE_1, WIDTH);
                copyRows(rows, WIDTH, edge, 0, WIDTH, c, c0, cRow);
                if (WIDE) {
                    copyRows(rows, WIDTH, edge, EDGE_1, WIDTH, c, c1, cRow);
                }
            }
            c0 += rows * cRow;
            c1 += rows * cRow;
        }
    }

    private void tile(int t, float[] c, int c0, int c1, int cRow) {
        boolean large = packs.height(t) == VectorPacks.LARGE;
        float[] a = packs.source(t);
        int at = packs.start(t);
        if (!WIDE) {
            for (int h = 0; h < WIDTH; h += 2 * LENGTH) {
                partOfTile(large, a, at, packs.step(t), h, c, c0 + h, c1 + h, cRow);
            }
        } else if (few && large) {
            VectorTiles.few12(terms, onto, zeros.terms(), a, at, x, x0, x1, c, c0, c1, cRow);
        } else if (few) {
            VectorTiles.few8(terms, onto, zeros.terms(), a, at, x, x0, x1, c, c0, c1, cRow);
        } else if (large) {
            VectorTiles.packed12(terms, onto, a, at, x, x0, x1, c, c0, c1, cRow);
        } else {
            VectorTiles.packed8(terms, onto, a, at, x, x0, x1, c, c0, c1, cRow);
        }
    }

    /** Two vectors of columns where a panel has two or more. */
    private void partOfTile(boolean large, float[] a, int at, int aStep, int h, float[] c, int c0, int c1, int cRow) {
        if (aStep == 0 && few) {
            if (large) {
                VectorTiles.few5(terms, onto, zeros.terms(), a, at, x, x0 + h, x1 + h, c, c0, c1, cRow);
            } else {
                VectorTiles.few4(terms, onto, zeros.terms(), a, at, x, x0 + h, x1 + h, c, c0, c1, cRow);
            }
        } else if (aStep == 0) {
            if (large) {
                VectorTiles.packed5(terms, onto, a, at, x, x0 + h, x1 + h, c, c0, c1, cRow);
            } else {
                VectorTiles.packed4(terms, onto, a, at, x, x0 + h, x1 + h, c, c0, c1, cRow);
            }
        } else if (few) {
            if (large) {
                VectorTiles.fewRows5(terms, onto, zeros.terms(), a, at, aStep, x, x0 + h, x1 + h, c, c0, c1, cRow);
            } else {
                VectorTiles.fewRows4(terms, onto, zeros.terms(), a, at, aStep, x, x0 + h, x1 + h, c, c0, c1, cRow);
            }
        } else if (large) {
            VectorTiles.rows5(terms, onto, a, at, aStep, x, x0 + h, x1 + h, c, c0, c1, cRow);
        } else {
            VectorTiles.rows4(terms, onto, a, at, aStep, x, x0 + h, x1 + h, c, c0, c1, cRow);
        }
    }

    /** A panel by itself, of which C may have only some columns. */
    private void lastPanel(float[] c, int c0, int cRow, int columns) {
        for (int t = 0; t < packs.count(); t++) {
            int rows = packs.rows(t);
            if (WIDE && columns == WIDTH && rows == packs.height(t)) {
                single(t, c, c0, cRow);
            } else {
                copyRows(rows, columns, c, c0, cRow, edge, 0, WIDTH);
                if (WIDE) {
                    single(t, edge, 0, WIDTH);
                } else {
                    tile(t, edge, 0, EDGE_1, WIDTH);
                }
                copyRows(rows, columns, edge, 0, WIDTH, c, c0, cRow);
            }
            c0 += rows * cRow;
        }
    }

    private void single(int t, float[] c, int c0, int cRow) {
        if (packs.height(t) == VectorPacks.LARGE) {
            VectorTiles.single12(terms, onto, packs.source(t), packs.start(t), x, x0, c, c0, cRow);
        } else {
            VectorTiles.single8(terms, onto, packs.source(t), packs.start(t), x, x0, c, c0, cRow);
        }
    }

    private static void copyRows(
            int rows, int columns, float[] from, int at, int fromRow, float[] to, int toAt, int toRow) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(from, at + r * fromRow, to, toAt + r * toRow, columns);
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
            FloatVector w = broadcast(a[at + l * aStep]);
            for (int v = l * WIDTH; v < (l + 1) * WIDTH; v += LENGTH) {
                w.fma(load(x, from + v), load(sums, v)).intoArray(sums, v);
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
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int q = 0; q < panels; q++) {
            sum = load(g, q * gPanel + i).fma(load(x, q * xPanel + j), sum);
        }
        sum.intoArray(lanes, at);
    }
}
