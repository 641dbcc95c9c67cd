package org.gradus.kernel.simd;

import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.broadcast;
import static org.gradus.kernel.simd.VectorMath.exact;
import static org.gradus.kernel.simd.VectorMath.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * Products whose second operand is stored in panels, made of {@link VectorTiles}: those of planned steps and, once their operands are
 * copied, those of matrices by rows. An object serves one thread.
 */
final class VectorPanelProducts {

    private static final int WIDTH = PanelKernels.WIDTH;

    /** A panel is one vector on 512-bit machines; then a tile takes two panels, else a part of one. */
    private static final boolean WIDE = LENGTH == WIDTH;

    /** Rows of a tile. */
    private static final int ROWS = WIDE ? 8 : 6;

    /** Rows of a tile that is one vector wide, where registers have 512 bits. */
    private static final int SINGLE_ROWS = 12;

    /**
     * Numbers of A that all panels use before the next are read: 256 kB stay in the second-level cache, so that a weight comes from
     * beyond it once for all panels of a thread.
     */
    private static final int A_BLOCK = 65_536;

    private float[] edge = new float[ROWS * WIDTH];
    private final float[] sums = new float[WIDTH * WIDTH];

    /** {@link PanelKernels#product}. */
    void product(Product d, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c) {
        products(d, rowFrom, rowTo, panelFrom, panelTo, a, x, c, 0);
    }

    /** As {@link #product}, with row 0 of panel 0 of C at {@code cAt}: blocks of rows, so that one of A serves all panels. */
    void products(
            Product d, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c, int cAt) {
        int block = Math.max(ROWS, A_BLOCK / d.k() / ROWS * ROWS);
        for (int i = rowFrom; i < rowTo; i += block) {
            blockOfRows(d, i, Math.min(rowTo, i + block), panelFrom, panelTo, a, x, c, cAt);
        }
    }

    private void blockOfRows(
            Product d, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c, int cAt) {
        int whole = Math.min(panelTo, d.columns() / WIDTH);
        int xPanel = d.k() * WIDTH;
        int x0 = panelFrom * xPanel - d.pFrom() * WIDTH; // as if the first term were 0
        int q = panelFrom;
        for (; WIDE && q + 2 <= whole; q += 2) {
            int c0 = cAt + q * d.cPanel();
            twoVectors(d, rowFrom, rowTo, a, x, x0, x0 + xPanel, c, c0, c0 + d.cPanel(), d.cRow());
            x0 += 2 * xPanel;
        }
        for (; q < whole; q++) {
            onePanel(d, rowFrom, rowTo, a, x, x0, c, cAt + q * d.cPanel(), d.cRow());
            x0 += xPanel;
        }
        if (q < panelTo) {
            narrowPanel(d, rowFrom, rowTo, a, x, x0, c, cAt + q * d.cPanel());
        }
    }

    private static void twoVectors(
            Product d,
            int rowFrom,
            int rowTo,
            float[] a,
            float[] x,
            int x0,
            int x1,
            float[] c,
            int c0,
            int c1,
            int cRow) {
        int i = rowFrom;
        for (; i + ROWS <= rowTo; i += ROWS) {
            int at = d.start(i);
            int u = c0 + i * cRow;
            int v = c1 + i * cRow;
            if (WIDE) {
                switch (d.order()) {
                    case ROWS -> VectorTiles.rows8(d, a, at, x, x0, x1, c, u, v, cRow);
                    case COLUMNS -> VectorTiles.columns8(d, a, at, x, x0, x1, c, u, v, cRow);
                    case PANELS -> VectorTiles.panels8(d, a, at, x, x0, x1, c, u, v, cRow);
                }
            } else {
                switch (d.order()) {
                    case ROWS -> VectorTiles.rows6(d, a, at, x, x0, x1, c, u, v, cRow);
                    case COLUMNS -> VectorTiles.columns6(d, a, at, x, x0, x1, c, u, v, cRow);
                    case PANELS -> VectorTiles.panels6(d, a, at, x, x0, x1, c, u, v, cRow);
                }
            }
        }
        if (i < rowTo) {
            int last = rowTo - i - 1;
            int at = d.start(i);
            int u = c0 + i * cRow;
            int v = c1 + i * cRow;
            if (WIDE) {
                VectorTiles.edge8(d, a, at, last, x, x0, x1, c, u, v, cRow);
            } else {
                VectorTiles.edge6(d, a, at, last, x, x0, x1, c, u, v, cRow);
            }
        }
    }

    private static void onePanel(
            Product d, int rowFrom, int rowTo, float[] a, float[] x, int x0, float[] c, int c0, int cRow) {
        if (!WIDE) {
            for (int h = 0; h < WIDTH; h += 2 * LENGTH) {
                int x1 = x0 + h + LENGTH;
                twoVectors(d, rowFrom, rowTo, a, x, x0 + h, x1, c, c0 + h, c0 + h + LENGTH, cRow);
            }
            return;
        }
        int i = rowFrom;
        for (; i + WIDTH <= rowTo && d.order() == Order.PANELS; i += WIDTH) {
            VectorTiles.singlePanels16(d, a, d.start(i), x, x0, c, c0 + i * cRow, cRow);
        }
        for (; i + SINGLE_ROWS <= rowTo && d.order() != Order.PANELS; i += SINGLE_ROWS) {
            int at = d.start(i);
            int u = c0 + i * cRow;
            if (d.order() == Order.ROWS) {
                VectorTiles.singleRows12(d, a, at, x, x0, c, u, cRow);
            } else {
                VectorTiles.singleColumns12(d, a, at, x, x0, c, u, cRow);
            }
        }
        for (; i < rowTo; i += ROWS) {
            int last = Math.min(ROWS, rowTo - i) - 1;
            VectorTiles.single8(d, a, d.start(i), last, x, x0, c, c0 + i * cRow, cRow);
        }
    }

    /** A panel of which C has only some columns: by way of a small array that has them all. */
    private void narrowPanel(Product d, int rowFrom, int rowTo, float[] a, float[] x, int x0, float[] c, int c0) {
        int columns = d.columns() % WIDTH;
        int rows = rowTo - rowFrom;
        if (edge.length < rows * WIDTH) {
            edge = new float[rows * WIDTH];
        }
        for (int r = 0; d.onto() && r < rows; r++) {
            System.arraycopy(c, c0 + (rowFrom + r) * d.cRow(), edge, r * WIDTH, columns);
        }
        onePanel(d, rowFrom, rowTo, a, x, x0, edge, -rowFrom * WIDTH, WIDTH);
        for (int r = 0; r < rows; r++) {
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
            FloatVector w = exact(broadcast(a[at + l * aStep]));
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
        FloatVector sum = broadcast(0f);
        for (int q = 0; q < panels; q++) {
            sum = load(g, q * gPanel + i).fma(load(x, q * xPanel + j), sum);
        }
        sum.intoArray(lanes, at);
    }
}
