package org.gradus.kernel.simd;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.gradus.kernel.Kernels;

/**
 * {@link PanelKernels} on the Vector API; its products are made of {@link VectorTiles}, as are those of {@link VectorKernels}.
 */
final class VectorPanels implements PanelKernels {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private static final int LENGTH = SPECIES.length();

    /** A panel is one vector on 512-bit machines; then a tile takes two panels, else a part of one. */
    private static final boolean WIDE = LENGTH == WIDTH;

    /** Rows of a tile. */
    static final int ROWS = WIDE ? 8 : 6;

    /** Rows of a tile that is one vector wide, where registers have 512 bits. */
    private static final int SINGLE_ROWS = 12;

    /**
     * Numbers of A that all panels use before the next are read: 256 kB stay in the second-level cache, so that a weight comes from
     * beyond it once for all panels of a thread.
     */
    static final int A_BLOCK = 65_536;

    private static final float[] ZEROS = new float[WIDTH];

    private float[] edge = new float[ROWS * WIDTH];
    private final float[] sums = new float[WIDTH * WIDTH];
    private final float[] norms = new float[WIDTH];
    private final float[] along = new float[WIDTH];
    private final VectorKernels kernels;
    private final VectorGraphPanels graphs;

    /** Panels for the thread of these kernels. */
    VectorPanels(VectorKernels kernels) {
        this.kernels = kernels;
        graphs = new VectorGraphPanels(kernels);
    }

    private static FloatVector load(float[] x, int i) {
        return FloatVector.fromArray(SPECIES, x, i);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    // ---- products
    // ----------------------------------------------------------------------------------------------------

    @Override
    public void product(
            Product product, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c) {
        product(product, rowFrom, rowTo, panelFrom, panelTo, a, x, false, c);
    }

    private void product(
            Product product,
            int rowFrom,
            int rowTo,
            int panelFrom,
            int panelTo,
            float[] a,
            float[] x,
            boolean onto,
            float[] c) {
        int k = product.k();
        int block = rowBlock(k);
        for (int i = rowFrom; i < rowTo; i += block) {
            int end = Math.min(rowTo, i + block);
            products(product, i, end, panelFrom, panelTo, 0, k, a, x, panelFrom * k * WIDTH, k * WIDTH, onto, c, 0);
        }
    }

    /** Rows of A that are {@link #A_BLOCK} numbers with sums of {@code depth}; whole tiles. */
    static int rowBlock(int depth) {
        return Math.max(ROWS, A_BLOCK / depth / ROWS * ROWS);
    }

    /**
     * All tiles of a product, or of the piece {@code pFrom..pTo} of its sums, continued from C if {@code onto}.
     *
     * @param xAt where panel {@code panelFrom} begins, counted as if it began at p = 0
     * @param xPanel step between panels of X
     * @param cAt where row 0 of panel 0 of C is
     */
    void products(
            Product d,
            int rowFrom,
            int rowTo,
            int panelFrom,
            int panelTo,
            int pFrom,
            int pTo,
            float[] a,
            float[] x,
            int xAt,
            int xPanel,
            boolean onto,
            float[] c,
            int cAt) {
        int whole = Math.min(panelTo, d.columns() / WIDTH);
        int x0 = xAt;
        int q = panelFrom;
        for (; WIDE && q + 2 <= whole; q += 2) {
            int c0 = cAt + q * d.cPanel();
            twoVectors(d, rowFrom, rowTo, pFrom, pTo, a, x, x0, x0 + xPanel, onto, c, c0, c0 + d.cPanel(), d.cRow());
            x0 += 2 * xPanel;
        }
        for (; q < whole; q++) {
            onePanel(d, rowFrom, rowTo, pFrom, pTo, a, x, x0, onto, c, cAt + q * d.cPanel(), d.cRow());
            x0 += xPanel;
        }
        if (q < panelTo) {
            narrowPanel(d, rowFrom, rowTo, pFrom, pTo, a, x, x0, onto, c, cAt + q * d.cPanel());
        }
    }

    private static int start(Product d, int row) {
        return switch (d.order()) {
            case ROWS -> row * d.aStep();
            case COLUMNS -> row;
            case PANELS -> row * WIDTH;
        };
    }

    private static void twoVectors(
            Product d,
            int rowFrom,
            int rowTo,
            int pFrom,
            int pTo,
            float[] a,
            float[] x,
            int x0,
            int x1,
            boolean onto,
            float[] c,
            int c0,
            int c1,
            int cRow) {
        float[] start = onto ? c : ZEROS;
        int sRow = onto ? cRow : 0;
        int step = d.aStep();
        int i = rowFrom;
        for (; i + ROWS <= rowTo; i += ROWS) {
            int at = start(d, i);
            int u = c0 + i * cRow;
            int v = c1 + i * cRow;
            int s = onto ? u : 0;
            int t = onto ? v : 0;
            if (WIDE) {
                switch (d.order()) {
                    case ROWS ->
                        VectorTiles.rows8(pFrom, pTo, a, at, step, x, x0, x1, start, s, t, sRow, c, u, v, cRow);
                    case COLUMNS ->
                        VectorTiles.columns8(pFrom, pTo, a, at, step, x, x0, x1, start, s, t, sRow, c, u, v, cRow);
                    case PANELS ->
                        VectorTiles.panels8(pFrom, pTo, a, at, step, x, x0, x1, start, s, t, sRow, c, u, v, cRow);
                }
            } else {
                switch (d.order()) {
                    case ROWS ->
                        VectorTiles.rows6(pFrom, pTo, a, at, step, x, x0, x1, start, s, t, sRow, c, u, v, cRow);
                    case COLUMNS ->
                        VectorTiles.columns6(pFrom, pTo, a, at, step, x, x0, x1, start, s, t, sRow, c, u, v, cRow);
                    case PANELS ->
                        VectorTiles.panels6(pFrom, pTo, a, at, step, x, x0, x1, start, s, t, sRow, c, u, v, cRow);
                }
            }
        }
        if (i < rowTo) {
            int last = rowTo - i - 1;
            int at = start(d, i);
            int aRow = start(d, 1);
            int one = termStep(d);
            int panel = panelStep(d);
            int u = c0 + i * cRow;
            int v = c1 + i * cRow;
            int s = onto ? u : 0;
            int t = onto ? v : 0;
            if (WIDE) {
                VectorTiles.edge8(
                        pFrom, pTo, a, at, one, aRow, panel, last, x, x0, x1, start, s, t, sRow, c, u, v, cRow);
            } else {
                VectorTiles.edge6(
                        pFrom, pTo, a, at, one, aRow, panel, last, x, x0, x1, start, s, t, sRow, c, u, v, cRow);
            }
        }
    }

    private static int termStep(Product d) {
        return d.order() == Order.COLUMNS ? d.aStep() : 1;
    }

    private static int panelStep(Product d) {
        return d.order() == Order.PANELS ? d.aStep() : WIDTH * termStep(d);
    }

    private static void onePanel(
            Product d,
            int rowFrom,
            int rowTo,
            int pFrom,
            int pTo,
            float[] a,
            float[] x,
            int x0,
            boolean onto,
            float[] c,
            int c0,
            int cRow) {
        if (!WIDE) {
            for (int h = 0; h < WIDTH; h += 2 * LENGTH) {
                int x1 = x0 + h + LENGTH;
                twoVectors(d, rowFrom, rowTo, pFrom, pTo, a, x, x0 + h, x1, onto, c, c0 + h, c0 + h + LENGTH, cRow);
            }
            return;
        }
        int i = rowFrom;
        for (; i + WIDTH <= rowTo && d.order() == Order.PANELS; i += WIDTH) {
            int u = c0 + i * cRow;
            VectorTiles.singlePanels16(
                    pFrom,
                    pTo,
                    a,
                    start(d, i),
                    d.aStep(),
                    x,
                    x0,
                    onto ? c : ZEROS,
                    onto ? u : 0,
                    onto ? cRow : 0,
                    c,
                    u,
                    cRow);
        }
        for (; i + SINGLE_ROWS <= rowTo && d.order() != Order.PANELS; i += SINGLE_ROWS) {
            int at = start(d, i);
            int u = c0 + i * cRow;
            float[] start = onto ? c : ZEROS;
            int s = onto ? u : 0;
            int sRow = onto ? cRow : 0;
            if (d.order() == Order.ROWS) {
                VectorTiles.singleRows12(pFrom, pTo, a, at, d.aStep(), x, x0, start, s, sRow, c, u, cRow);
            } else {
                VectorTiles.singleColumns12(pFrom, pTo, a, at, d.aStep(), x, x0, start, s, sRow, c, u, cRow);
            }
        }
        for (; i < rowTo; i += ROWS) {
            int u = c0 + i * cRow;
            VectorTiles.single8(
                    pFrom,
                    pTo,
                    a,
                    start(d, i),
                    termStep(d),
                    start(d, 1),
                    panelStep(d),
                    Math.min(ROWS, rowTo - i) - 1,
                    x,
                    x0,
                    onto ? c : ZEROS,
                    onto ? u : 0,
                    onto ? cRow : 0,
                    c,
                    u,
                    cRow);
        }
    }

    /** A panel of which C has only some columns: by way of a small array that has them all. */
    private void narrowPanel(
            Product d,
            int rowFrom,
            int rowTo,
            int pFrom,
            int pTo,
            float[] a,
            float[] x,
            int x0,
            boolean onto,
            float[] c,
            int c0) {
        int columns = d.columns() % WIDTH;
        int rows = rowTo - rowFrom;
        if (edge.length < rows * WIDTH) {
            edge = new float[rows * WIDTH];
        }
        for (int r = 0; onto && r < rows; r++) {
            System.arraycopy(c, c0 + (rowFrom + r) * d.cRow(), edge, r * WIDTH, columns);
        }
        onePanel(d, rowFrom, rowTo, pFrom, pTo, a, x, x0, onto, edge, -rowFrom * WIDTH, WIDTH);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(edge, r * WIDTH, c, c0 + (rowFrom + r) * d.cRow(), columns);
        }
    }

    @Override
    public void productInLanes(
            Product d, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int i = rowFrom; i < rowTo; i++) {
                Arrays.fill(sums, 0f);
                for (int p0 = 0; p0 < d.k(); p0 += WIDTH) {
                    int terms = Math.min(WIDTH, d.k() - p0);
                    int at = start(d, i) + p0 / WIDTH * panelStep(d);
                    addToLanes(terms, a, at, termStep(d), x, (q * d.k() + p0) * WIDTH, sums);
                }
                treeDownColumns(sums);
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

    /**
     * {@link Kernels#tree} of 16 rows of 16 numbers into the first one. Without vectors: written with them, JDK 17 put them on
     * the heap in one run of nine (5440 bytes per step of an autoencoder with a code of 2).
     */
    static void treeDownColumns(float[] sums) {
        for (int half = WIDTH / 2 * WIDTH; half >= WIDTH; half /= 2) {
            for (int e = 0; e < half; e++) {
                sums[e] += sums[half + e];
            }
        }
    }

    @Override
    public void thinProduct(
            int samples, int rows, int columns, int rowFrom, int rowTo, float[] g, float[] x, float[] c) {
        for (int j = 0; j < columns; j++) {
            for (int i0 = rowFrom; i0 < rowTo; i0 += WIDTH) {
                int some = Math.min(WIDTH, rowTo - i0);
                for (int r = 0; r < some; r++) {
                    lanesOfDot(samples, rows, columns, i0 + r, j, g, x, sums, r * WIDTH);
                }
                treeAlongRows(sums);
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

    /**
     * {@link Kernels#tree} along each of the 16 rows of the sums; row r's goes to place r. At each level two rows become one: the
     * halves of both that are to be added lie side by side, so that 15 additions do what would be 64 exchanges after turning.
     */
    static void treeAlongRows(float[] sums) {
        for (int width = WIDTH; width > LENGTH; width /= 2) {
            addHalves(width, sums);
        }
        for (int group = 0; group < WIDTH * LENGTH; group += LENGTH * LENGTH) {
            if (LENGTH >= 16) {
                merge8(sums, group);
            }
            if (LENGTH >= 8) {
                merge4(sums, group);
            }
            merge2(sums, group);
            merge1(sums, group, sums, group / LENGTH);
        }
    }

    private static void addHalves(int width, float[] x) {
        for (int r = 0; r < WIDTH; r++) {
            for (int e = 0; e < width / 2; e += LENGTH) {
                load(x, r * width + e).add(load(x, r * width + width / 2 + e)).intoArray(x, r * width / 2 + e);
            }
        }
    }

    private static void merge8(float[] x, int at) {
        for (int i = at; i < at + 8 * LENGTH; i += LENGTH) {
            FloatVector a = load(x, i);
            FloatVector b = load(x, i + 8 * LENGTH);
            a.blend(b, ODD_8).add(b.blend(a, ODD_8).rearrange(CROSS_8)).intoArray(x, i);
        }
    }

    private static void merge4(float[] x, int at) {
        for (int i = at; i < at + 4 * LENGTH; i += LENGTH) {
            FloatVector a = load(x, i);
            FloatVector b = load(x, i + 4 * LENGTH);
            a.blend(b, ODD_4).add(b.blend(a, ODD_4).rearrange(CROSS_4)).intoArray(x, i);
        }
    }

    private static void merge2(float[] x, int at) {
        for (int i = at; i < at + 2 * LENGTH; i += LENGTH) {
            FloatVector a = load(x, i);
            FloatVector b = load(x, i + 2 * LENGTH);
            a.blend(b, ODD_2).add(b.blend(a, ODD_2).rearrange(CROSS_2)).intoArray(x, i);
        }
    }

    private static void merge1(float[] x, int at, float[] y, int to) {
        FloatVector a = load(x, at);
        FloatVector b = load(x, at + LENGTH);
        a.blend(b, ODD_1).add(b.blend(a, ODD_1).rearrange(CROSS_1)).intoArray(y, to);
    }

    @Override
    public void sampleSums(int samples, int features, int rowFrom, int rowTo, float[] x, float[] out) {
        for (int j0 = rowFrom; j0 < rowTo; j0 += WIDTH) {
            int some = Math.min(WIDTH, rowTo - j0);
            for (int r = 0; r < some; r++) {
                lanesOfSum(samples, features, j0 + r, x, sums, r * WIDTH);
            }
            treeAlongRows(sums);
            for (int r = 0; r < some; r++) {
                out[j0 + r] = 0f + sums[r];
            }
        }
    }

    private static void lanesOfSum(int samples, int features, int j, float[] x, float[] lanes, int at) {
        int whole = samples / WIDTH;
        for (int v = 0; v < WIDTH; v += LENGTH) {
            vectorOfSum(whole, features * WIDTH, j * WIDTH + v, x, lanes, at + v);
        }
        for (int l = 0; l < samples % WIDTH; l++) {
            lanes[at + l] += x[(whole * features + j) * WIDTH + l];
        }
    }

    private static void vectorOfSum(int panels, int panel, int from, float[] x, float[] lanes, int at) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int q = 0; q < panels; q++) {
            sum = sum.add(load(x, q * panel + from));
        }
        sum.intoArray(lanes, at);
    }

    @Override
    public void addBias(int panelFrom, int panelTo, int features, float[] bias, float[] x) {
        for (int q = panelFrom; q < panelTo; q++) {
            addBias(0, features, bias, x, q * features * WIDTH);
        }
    }

    private static void addBias(int first, int features, float[] bias, float[] x, int from) {
        for (int j = 0; j < features; j++) {
            FloatVector b = broadcast(bias[first + j]);
            for (int v = from + j * WIDTH; v < from + (j + 1) * WIDTH; v += LENGTH) {
                load(x, v).add(b).intoArray(x, v);
            }
        }
    }

    /** A block of features at a time, which the first-level cache holds between the two passes. */
    @Override
    public void sigmoidOfBiased(int panelFrom, int panelTo, int features, float[] bias, float[] x, float[] y) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int j = 0; j < features; j += FEATURES) {
                int some = Math.min(FEATURES, features - j);
                int from = (q * features + j) * WIDTH;
                addBias(j, some, bias, x, from);
                kernels.sigmoid(from, from + some * WIDTH, x, y);
            }
        }
    }

    @Override
    public void preluOfBiased(
            int panelFrom, int panelTo, int features, float[] bias, float slope, float[] x, float[] y) {
        for (int q = panelFrom; q < panelTo; q++) {
            preluOfBiased(features, bias, slope, x, y, q * features * WIDTH);
        }
    }

    private static void preluOfBiased(int features, float[] bias, float slope, float[] x, float[] y, int from) {
        FloatVector a = broadcast(slope);
        for (int i = 0; i < features * WIDTH; i += LENGTH) {
            FloatVector v = load(x, from + i).add(broadcast(bias[i / WIDTH]));
            v.intoArray(x, from + i);
            a.mul(v).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(y, from + i);
        }
    }

    // ---- from rows to panels and back
    // --------------------------------------------------------------------------------

    @Override
    public void gather(
            int[] order, int first, int samples, int features, int panelFrom, int panelTo, float[] set, float[] x) {
        gather(order, first, samples, features, panelFrom, panelTo, set, x, NOWHERE);
    }

    @Override
    public void gather(
            int[] order,
            int first,
            int samples,
            int features,
            int panelFrom,
            int panelTo,
            float[] set,
            float[] x,
            float[] transposed) {
        for (int q = panelFrom; q < panelTo; q++) {
            int some = Math.min(WIDTH, samples - q * WIDTH);
            for (int l = 0; l < WIDTH; l++) {
                places[l] = order[first + q * WIDTH + Math.min(l, some - 1)] * features;
            }
            int to = q * features * WIDTH;
            stage(features, set);
            for (int j = 0; j < features; j += WIDTH) {
                if (transposed.length > 0) {
                    int wide = Math.min(WIDTH, features - j);
                    copyRows(some, wide, staged, j, features, transposed, j * samples + q * WIDTH * WIDTH);
                }
                transposeStaged(features, j, x, to);
            }
        }
    }

    /** Rows of at most 16 numbers, to places 16 numbers apart. */
    private static void copyRows(int rows, int wide, float[] x, int from, int step, float[] y, int to) {
        if (wide == WIDTH) {
            for (int l = 0; l < rows; l++) {
                for (int v = 0; v < WIDTH; v += LENGTH) {
                    load(x, from + l * step + v).intoArray(y, to + l * WIDTH + v);
                }
            }
        } else {
            for (int l = 0; l < rows; l++) {
                System.arraycopy(x, from + l * step, y, to + l * WIDTH, wide);
            }
        }
    }

    @Override
    public void gatherRange(int from, int samples, int features, int panelFrom, int panelTo, float[] set, float[] x) {
        for (int q = panelFrom; q < panelTo; q++) {
            int some = Math.min(WIDTH, samples - q * WIDTH);
            for (int l = 0; l < WIDTH; l++) {
                places[l] = (from + q * WIDTH + Math.min(l, some - 1)) * features;
            }
            gatherPanel(features, set, x, q * features * WIDTH);
        }
    }

    private static final float[] NOWHERE = new float[0];

    private final int[] places = new int[WIDTH];
    private float[] staged = new float[0];

    /**
     * The 16 samples that begin at {@code places}, transposed square by square; what is beyond a batch repeats its last sample. They are
     * first copied side by side, each in one go: they come from anywhere in memory, and a long run of one is fetched ahead.
     */
    private void gatherPanel(int features, float[] set, float[] x, int to) {
        stage(features, set);
        for (int j = 0; j < features; j += WIDTH) {
            transposeStaged(features, j, x, to);
        }
    }

    private void stage(int features, float[] set) {
        if (staged.length < WIDTH * features) {
            staged = new float[WIDTH * features];
        }
        for (int l = 0; l < WIDTH; l++) {
            System.arraycopy(set, places[l], staged, l * features, features);
        }
    }

    /** Features {@code j .. j + 15} of the staged samples. */
    private void transposeStaged(int features, int j, float[] x, int to) {
        if (j + WIDTH <= features) {
            transposeSquare(staged, j, features, x, to + j * WIDTH, WIDTH);
            return;
        }
        for (int f = j; f < features; f++) {
            for (int l = 0; l < WIDTH; l++) {
                x[to + f * WIDTH + l] = staged[l * features + f];
            }
        }
    }

    /** Up to 16 consecutive rows of a row-major matrix, columns {@code p0..p0+depth}, as one panel. */
    void panelOfRows(int from, int rows, int columns, int p0, int depth, float[] a, float[] x, int to) {
        if (rows < WIDTH) {
            for (int l = 0; l < WIDTH; l++) {
                places[l] = (from + Math.min(l, rows - 1)) * columns + p0;
            }
            gatherPanel(depth, a, x, to);
            return;
        }
        int at = from * columns + p0;
        int whole = depth / WIDTH * WIDTH;
        for (int f = 0; f < whole; f += WIDTH) {
            transposeSquare(a, at + f, columns, x, to + f * WIDTH, WIDTH);
        }
        for (int f = whole; f < depth; f++) {
            for (int l = 0; l < WIDTH; l++) {
                x[to + f * WIDTH + l] = a[at + l * columns + f];
            }
        }
    }

    /** The inverse for whole matrices: samples of panels become rows of {@code c}. */
    void rowsOfPanels(int rows, int columns, float[] x, float[] c, int cAt, int cRow) {
        for (int q = 0; q * WIDTH < rows; q++) {
            int some = Math.min(WIDTH, rows - q * WIDTH);
            for (int j = 0; j < columns; j += WIDTH) {
                int from = (q * columns + j) * WIDTH;
                int to = cAt + q * WIDTH * cRow + j;
                int wide = Math.min(WIDTH, columns - j);
                if (some == WIDTH && wide == WIDTH) {
                    transposeSquare(x, from, WIDTH, c, to, cRow);
                } else {
                    for (int l = 0; l < some; l++) {
                        for (int f = 0; f < wide; f++) {
                            c[to + l * cRow + f] = x[from + f * WIDTH + l];
                        }
                    }
                }
            }
        }
    }

    @Override
    public void transpose(int samples, int features, int panelFrom, int panelTo, float[] x, float[] transposed) {
        for (int q = panelFrom; q < panelTo; q++) {
            int some = Math.min(WIDTH, samples - q * WIDTH);
            for (int j = 0; j < features; j += WIDTH) {
                int from = (q * features + j) * WIDTH;
                int to = (j * samples) + q * WIDTH * WIDTH;
                int wide = Math.min(WIDTH, features - j);
                if (some == WIDTH && wide == WIDTH) {
                    transposeSquare(x, from, WIDTH, transposed, to, WIDTH);
                } else {
                    for (int l = 0; l < some; l++) {
                        for (int f = 0; f < wide; f++) {
                            transposed[to + l * WIDTH + f] = x[from + f * WIDTH + l];
                        }
                    }
                }
            }
        }
    }

    private static final VectorShuffle<Float> UP_1 = VectorShuffle.fromOp(SPECIES, i -> (i - 1) & (LENGTH - 1));
    private static final VectorShuffle<Float> UP_2 = VectorShuffle.fromOp(SPECIES, i -> (i - 2) & (LENGTH - 1));
    private static final VectorShuffle<Float> UP_4 = VectorShuffle.fromOp(SPECIES, i -> (i - 4) & (LENGTH - 1));
    private static final VectorShuffle<Float> UP_8 = VectorShuffle.fromOp(SPECIES, i -> (i - 8) & (LENGTH - 1));
    private static final VectorShuffle<Float> DOWN_1 = VectorShuffle.fromOp(SPECIES, i -> (i + 1) & (LENGTH - 1));
    private static final VectorShuffle<Float> DOWN_2 = VectorShuffle.fromOp(SPECIES, i -> (i + 2) & (LENGTH - 1));
    private static final VectorShuffle<Float> DOWN_4 = VectorShuffle.fromOp(SPECIES, i -> (i + 4) & (LENGTH - 1));
    private static final VectorShuffle<Float> DOWN_8 = VectorShuffle.fromOp(SPECIES, i -> (i + 8) & (LENGTH - 1));
    private static final VectorShuffle<Float> CROSS_1 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 1) & (LENGTH - 1));
    private static final VectorShuffle<Float> CROSS_2 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 2) & (LENGTH - 1));
    private static final VectorShuffle<Float> CROSS_4 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 4) & (LENGTH - 1));
    private static final VectorShuffle<Float> CROSS_8 = VectorShuffle.fromOp(SPECIES, i -> (i ^ 8) & (LENGTH - 1));
    private static final VectorMask<Float> ODD_1 = VectorMask.fromLong(SPECIES, 0xAAAA);
    private static final VectorMask<Float> ODD_2 = VectorMask.fromLong(SPECIES, 0xCCCC);
    private static final VectorMask<Float> ODD_4 = VectorMask.fromLong(SPECIES, 0xF0F0);
    private static final VectorMask<Float> ODD_8 = VectorMask.fromLong(SPECIES, 0xFF00);

    private final float[] half = new float[WIDTH * WIDTH];

    /**
     * Transposes 16 x 16 numbers: bit d of the row number changes places with bit d of the column number, for d = 8, 4, 2, 1.
     * Vectors that hold no row of 16 leave it to an ordinary loop.
     */
    private void transposeSquare(float[] x, int from, int step, float[] y, int to, int toStep) {
        if (WIDE) {
            exchange8(x, from, step, half);
            exchange4(half);
            exchange2(half);
            exchange1(half, y, to, toStep);
        } else {
            for (int i = 0; i < WIDTH; i++) {
                for (int j = 0; j < WIDTH; j++) {
                    y[to + i * toStep + j] = x[from + j * step + i];
                }
            }
        }
    }

    private static void exchange8(float[] x, int from, int step, float[] y) {
        for (int i = 0; i < 8; i++) {
            FloatVector even = load(x, from + i * step);
            FloatVector odd = load(x, from + (i + 8) * step);
            even.blend(odd.rearrange(UP_8), ODD_8).intoArray(y, i * WIDTH);
            even.rearrange(DOWN_8).blend(odd, ODD_8).intoArray(y, (i + 8) * WIDTH);
        }
    }

    private static void exchange4(float[] x) {
        for (int r = 0; r < 8; r++) {
            int i = (r & 4) * 2 + (r & 3);
            FloatVector even = load(x, i * WIDTH);
            FloatVector odd = load(x, (i + 4) * WIDTH);
            even.blend(odd.rearrange(UP_4), ODD_4).intoArray(x, i * WIDTH);
            even.rearrange(DOWN_4).blend(odd, ODD_4).intoArray(x, (i + 4) * WIDTH);
        }
    }

    private static void exchange2(float[] x) {
        for (int r = 0; r < 8; r++) {
            int i = (r & 6) * 2 + (r & 1);
            FloatVector even = load(x, i * WIDTH);
            FloatVector odd = load(x, (i + 2) * WIDTH);
            even.blend(odd.rearrange(UP_2), ODD_2).intoArray(x, i * WIDTH);
            even.rearrange(DOWN_2).blend(odd, ODD_2).intoArray(x, (i + 2) * WIDTH);
        }
    }

    private static void exchange1(float[] x, float[] y, int to, int step) {
        for (int i = 0; i < WIDTH; i += 2) {
            FloatVector even = load(x, i * WIDTH);
            FloatVector odd = load(x, (i + 1) * WIDTH);
            even.blend(odd.rearrange(UP_1), ODD_1).intoArray(y, to + i * step);
            even.rearrange(DOWN_1).blend(odd, ODD_1).intoArray(y, to + (i + 1) * step);
        }
    }

    // ---- derivatives, in place; whole vectors; onto 0, see PanelKernels
    // ----------------------------------------

    @Override
    public void reluGrad(int from, int to, float[] x, float[] g) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = from; i < to; i += LENGTH) {
            FloatVector passed = load(g, i).blend(0f, load(x, i).compare(VectorOperators.LE, 0f));
            zero.add(passed).intoArray(g, i);
        }
    }

    @Override
    public void sigmoidGrad(int from, int to, float[] y, float[] g) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = broadcast(1f);
        for (int i = from; i < to; i += LENGTH) {
            FloatVector v = load(y, i);
            load(g, i).mul(v).fma(one.sub(v), zero).intoArray(g, i);
        }
    }

    @Override
    public void tanhGrad(int from, int to, float[] y, float[] g) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = broadcast(1f);
        for (int i = from; i < to; i += LENGTH) {
            FloatVector v = load(y, i);
            load(g, i).fma(v.neg().fma(v, one), zero).intoArray(g, i);
        }
    }

    @Override
    public void squaredErrorGrad(int from, int to, float s, float[] x, float[] y, float[] g) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector factor = broadcast(s);
        for (int i = from; i < to; i += LENGTH) {
            factor.fma(load(x, i).sub(load(y, i)), zero).intoArray(g, i);
        }
    }

    @Override
    public void bceGrad(int from, int to, float s, float[] p, float[] y, float[] g) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = broadcast(1f);
        FloatVector factor = broadcast(s);
        for (int i = from; i < to; i += LENGTH) {
            FloatVector v = load(p, i);
            FloatVector spread = one.sub(v).mul(v);
            factor.fma(v.sub(load(y, i)).div(VectorKernels.atLeast(spread, Kernels.BCE_EPSILON)), zero)
                    .intoArray(g, i);
        }
    }

    @Override
    public void sigmoidBceGrad(int from, int to, float s, float[] p, float[] y, float[] g) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = broadcast(1f);
        FloatVector factor = broadcast(s);
        for (int i = from; i < to; i += LENGTH) {
            FloatVector v = load(p, i);
            FloatVector rest = one.sub(v);
            FloatVector spread = VectorKernels.atLeast(rest.mul(v), Kernels.BCE_EPSILON);
            FloatVector forOutput = factor.fma(v.sub(load(y, i)).div(spread), zero);
            forOutput.mul(v).fma(rest, zero).intoArray(g, i);
        }
    }

    @Override
    public void sigmoidSquaredErrorGrad(int from, int to, float s, float[] x, float[] y, float[] g) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = broadcast(1f);
        FloatVector factor = broadcast(s);
        for (int i = from; i < to; i += LENGTH) {
            FloatVector v = load(x, i);
            FloatVector forOutput = factor.fma(v.sub(load(y, i)), zero);
            forOutput.mul(v).fma(one.sub(v), zero).intoArray(g, i);
        }
    }

    // ---- reductions: 64 features of 16 samples at a time; row l of the sums is lane l
    // ----------------------------------------------------------------

    private static final int FEATURES = Kernels.CHUNK / WIDTH;

    @Override
    public void preluGrad(
            int panelFrom, int panelTo, int features, float slope, float[] x, float[] g, float[] partial) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int j = 0; j < features; j += FEATURES) {
                int some = Math.min(FEATURES, features - j);
                int from = (q * features + j) * WIDTH;
                startChunk(j);
                addSlopeTerms(some * WIDTH, slope, x, g, from, sums);
                endChunk(q, j + some, features, partial);
            }
        }
    }

    private static void addSlopeTerms(int n, float slope, float[] x, float[] g, int from, float[] sums) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = broadcast(slope);
        for (int i = 0; i < n; i += LENGTH) {
            FloatVector v = load(x, from + i);
            FloatVector w = load(g, from + i);
            VectorMask<Float> positive = v.compare(VectorOperators.GT, 0f);
            int lane = i & (WIDTH * WIDTH - 1);
            load(sums, lane).add(w.mul(v).blend(0f, positive)).intoArray(sums, lane);
            zero.add(a.mul(w).blend(w, positive)).intoArray(g, from + i);
        }
    }

    @Override
    public void squaredErrorChunks(int panelFrom, int panelTo, int features, float[] x, float[] y, float[] partial) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int j = 0; j < features; j += FEATURES) {
                int some = Math.min(FEATURES, features - j);
                int from = (q * features + j) * WIDTH;
                startChunk(j);
                addSquares(some * WIDTH, x, y, from, sums);
                endChunk(q, j + some, features, partial);
            }
        }
    }

    private static void addSquares(int n, float[] x, float[] y, int from, float[] sums) {
        for (int i = 0; i < n; i += LENGTH) {
            FloatVector d = load(x, from + i).sub(load(y, from + i));
            int lane = i & (WIDTH * WIDTH - 1);
            d.fma(d, load(sums, lane)).intoArray(sums, lane);
        }
    }

    @Override
    public void bceChunks(int panelFrom, int panelTo, int features, float[] p, float[] y, float[] partial) {
        for (int q = panelFrom; q < panelTo; q++) {
            for (int j = 0; j < features; j += FEATURES) {
                int some = Math.min(FEATURES, features - j);
                int from = (q * features + j) * WIDTH;
                kernels.bceTermsOf(some * WIDTH, p, y, from);
                startChunk(j);
                addTerms(some * WIDTH, kernels.terms(), sums);
                endChunk(q, j + some, features, partial);
            }
        }
    }

    static void addTerms(int n, float[] terms, float[] sums) {
        for (int i = 0; i < n; i += LENGTH) {
            int lane = i & (WIDTH * WIDTH - 1);
            load(sums, lane).add(load(terms, i)).intoArray(sums, lane);
        }
    }

    private void startChunk(int j) {
        if (j % Kernels.CHUNK == 0) {
            Arrays.fill(sums, 0f);
        }
    }

    private void endChunk(int panel, int done, int features, float[] partial) {
        if (done % Kernels.CHUNK == 0 || done == features) {
            int perSample = Kernels.chunks(1, features);
            int chunk = (done - 1) / Kernels.CHUNK;
            treeDownColumns(sums);
            for (int l = 0; l < WIDTH; l++) {
                partial[(panel * WIDTH + l) * perSample + chunk] = sums[l];
            }
        }
    }

    // ---- normalised samples: methods store what they compute; a vector returned from a loop would go on the heap ----

    @Override
    public void normalize(int panelFrom, int panelTo, int features, float[] x, float[] y) {
        for (int q = panelFrom; q < panelTo; q++) {
            int from = q * features * WIDTH;
            for (int v = 0; v < WIDTH; v += LENGTH) {
                norm(features, x, from + v, norms, v);
                divide(features, x, from + v, norms, v, y);
            }
        }
    }

    static void norm(int features, float[] x, int from, float[] norms, int at) {
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int j = 0; j < features; j++) {
            FloatVector v = load(x, from + j * WIDTH);
            squares = v.fma(v, squares);
        }
        squares.sqrt().intoArray(norms, at);
    }

    private static void divide(int features, float[] x, int from, float[] norms, int at, float[] y) {
        FloatVector norm = load(norms, at);
        FloatVector divisor = VectorKernels.atLeast(norm, Kernels.NORM_EPSILON);
        for (int j = 0; j < features; j++) {
            load(x, from + j * WIDTH).div(divisor).intoArray(y, from + j * WIDTH);
        }
    }

    @Override
    public void normalizeGrad(int panelFrom, int panelTo, int features, float[] x, float[] y, float[] g) {
        for (int q = panelFrom; q < panelTo; q++) {
            int from = q * features * WIDTH;
            for (int v = 0; v < WIDTH; v += LENGTH) {
                norm(features, x, from + v, norms, v);
                dot(features, g, y, from + v, along, v);
                tangents(features, g, y, from + v, norms, along, v);
            }
        }
    }

    static void dot(int features, float[] g, float[] y, int from, float[] along, int at) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < features; j++) {
            sum = load(g, from + j * WIDTH).fma(load(y, from + j * WIDTH), sum);
        }
        sum.intoArray(along, at);
    }

    private static void tangents(int features, float[] g, float[] y, int from, float[] norms, float[] along, int at) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector norm = load(norms, at);
        FloatVector back = load(along, at).neg();
        VectorMask<Float> clamped = norm.compare(VectorOperators.LT, Kernels.NORM_EPSILON);
        for (int j = 0; j < features; j++) {
            int i = from + j * WIDTH;
            FloatVector v = load(g, i);
            FloatVector tangent = back.fma(load(y, i), v).div(norm);
            zero.add(tangent.blend(v.div(Kernels.NORM_EPSILON), clamped)).intoArray(g, i);
        }
    }

    // ---- several readers, classes, logits
    // ----------------------------------------------------------------------------

    @Override
    public void productOnto(
            Product product, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c) {
        product(product, rowFrom, rowTo, panelFrom, panelTo, a, x, true, c);
    }

    @Override
    public void ontoZero(int from, int to, float[] g, float[] gx) {
        VectorGraphPanels.ontoZero(from, to, g, gx);
    }

    @Override
    public void addNormalizeGrad(
            int panelFrom, int panelTo, int features, float[] x, float[] y, float[] g, float[] gx) {
        graphs.addNormalizeGrad(panelFrom, panelTo, features, x, y, g, gx);
    }

    @Override
    public void bceWithLogitsChunks(int panelFrom, int panelTo, int features, float[] z, float[] y, float[] partial) {
        graphs.bceWithLogitsChunks(panelFrom, panelTo, features, z, y, partial);
    }

    @Override
    public void softmaxCrossEntropy(
            int panelFrom,
            int panelTo,
            int columns,
            float[] z,
            float[] classes,
            float[] exponentials,
            float[] sums,
            float[] loss) {
        graphs.softmaxCrossEntropy(panelFrom, panelTo, columns, z, classes, exponentials, sums, loss);
    }

    @Override
    public void softmaxCrossEntropyGrad(
            int panelFrom,
            int panelTo,
            int columns,
            float s,
            float[] exponentials,
            float[] sums,
            float[] classes,
            float[] g) {
        VectorGraphPanels.softmaxCrossEntropyGrad(panelFrom, panelTo, columns, s, exponentials, sums, classes, g);
    }
}
