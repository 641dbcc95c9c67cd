package org.gradus.kernel.simd;

import java.util.Optional;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;

/**
 * The arithmetic of a planned training step, on matrices that are stored in panels.
 *
 * <p>A batch of n samples with f features is kept as {@code ceil(n / 16)} panels. Panel q holds samples {@code 16 q .. 16 q + 15},
 * feature by feature: feature j of sample i stands at {@code q * 16 f + 16 j + i % 16}. Where the last panel has samples beyond n,
 * their numbers are computed and never read. Seen as the second operand of a product with the features as the sum's index, a
 * panel is just what a register tile reads in one go. So forward pass and input gradients need no packing at all, and every
 * weight is read where it lies, one number spread over 16 samples.
 *
 * <p>The products of the weight gradients run over samples instead. Their second operand is the same matrix transposed: panels of 16
 * features, sample by sample; see {@link #transpose}.
 *
 * <p>Every result has the bits of the same operation of {@link Kernels} on the row-major matrix, for the contract there fixes the
 * order of each sum and not the layout. Derivatives are those of {@code Kernels} added onto 0, as in a recording, whose gradients begin
 * at 0: what would be -0 becomes +0, and that is why they add a zero. Only the SIMD kernels have panels.
 *
 * <p>An object serves one thread. Arguments are trusted. Ranges are half open.
 */
public interface PanelKernels {

    /** Samples in a panel: the lanes of the widest vector, kept on every machine. */
    int WIDTH = Kernels.LANES;

    /**
     * The panel kernels that belong to kernels, for the same thread.
     *
     * @param kernels any
     * @return empty with plain kernels, which have none
     */
    static Optional<PanelKernels> of(Kernels kernels) {
        return kernels instanceof WithPanels some ? some.panels() : Optional.empty();
    }

    /**
     * The length of an array of panels.
     *
     * @param samples columns
     * @param features rows
     * @return numbers, those of samples beyond the last one included
     */
    static int size(int samples, int features) {
        return count(samples) * WIDTH * features;
    }

    /**
     * How many panels there are.
     *
     * @param samples columns
     * @return {@code ceil(samples / 16)}
     */
    static int count(int samples) {
        return (samples + WIDTH - 1) / WIDTH;
    }

    /**
     * Rows of a weight gradient that the optimiser takes at once, while they are in the cache: an even number of whole tiles.
     *
     * @return 24 of them where vectors have 512 bits, 20 where they have fewer; of 784 numbers 75 or 63 kB
     */
    int stripOfRows();

    /** How the first operand of a product lies in memory; element of row i that meets index p of the sum. */
    enum Order {
        /** Row-major: at {@code i * step + p}. */
        ROWS,
        /** The transpose of a row-major matrix: at {@code p * step + i}. */
        COLUMNS,
        /** Panels: at {@code 16 i + p / 16 * step + p % 16}. */
        PANELS
    }

    /**
     * Where a product finds and leaves its numbers: column l of panel q and row i of the result at {@code i * cRow + q * cPanel + l}.
     *
     * @param order of the first operand
     * @param aStep its step
     * @param pFrom first term of the sums; X has rows for those from here on
     * @param pTo term after the last
     * @param onto whether the sums continue those that the result holds; else they begin at 0
     * @param columns of the result; the last panel may be narrower than 16
     * @param cRow step between rows of the result
     * @param cPanel step between panels of the result
     */
    record Product(Order order, int aStep, int pFrom, int pTo, boolean onto, int columns, int cRow, int cPanel) {

        /** All {@code k} terms of the sums, from 0. */
        public Product(Order order, int aStep, int k, int columns, int cRow, int cPanel) {
            this(order, aStep, 0, k, false, columns, cRow, cPanel);
        }

        /** The same, each chain continued from what stands in C: {@link Kernels#gemm} that accumulates. */
        public Product continued() {
            return new Product(order, aStep, pFrom, pTo, true, columns, cRow, cPanel);
        }

        /** Length of the sums, of the piece that this is. */
        int k() {
            return pTo - pFrom;
        }

        /** Where a row of the first operand begins. */
        int start(int row) {
            return switch (order) {
                case ROWS -> row * aStep;
                case COLUMNS -> row;
                case PANELS -> row * WIDTH;
            };
        }

        /** Where term p of a row of the first operand is. */
        int start(int row, int p) {
            return start(row) + p / WIDTH * panelStep() + p % WIDTH * termStep();
        }

        /** From one term of a row of the first operand to the next, within 16 of them. */
        int termStep() {
            return order == Order.COLUMNS ? aStep : 1;
        }

        /** From 16 terms of a row of the first operand to the next 16. */
        int panelStep() {
            return order == Order.PANELS ? aStep : WIDTH * termStep();
        }
    }

    /**
     * Rows and panels of a product, {@code C = A X}: each element one chain of {@code fma}, as {@link Kernels#gemm}.
     *
     * @param product where things are
     * @param rowFrom first row of C
     * @param rowTo row after the last
     * @param panelFrom first panel of X and C
     * @param panelTo panel after the last
     * @param a first operand
     * @param x second operand, panels of {@code k} rows
     * @param c result, overwritten or continued
     */
    void product(Product product, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c);

    /**
     * The same for a product with a batch: links of chains that multiply by 0 may be left out. No bit changes.
     *
     * @param product in {@link Order#ROWS} sums over features, X as laid; in {@link Order#PANELS} sums over samples, X transposed
     * @param nonZeros what {@link #note} has seen of all panels of the batch, or {@link NonZeros#UNKNOWN}
     * @param rowFrom first row of C
     * @param rowTo row after the last
     * @param panelFrom first panel of X and C
     * @param panelTo panel after the last
     * @param a first operand
     * @param x second operand, panels of {@code k} rows
     * @param c result, overwritten or continued
     */
    void product(
            Product product,
            NonZeros nonZeros,
            int rowFrom,
            int rowTo,
            int panelFrom,
            int panelTo,
            float[] a,
            float[] x,
            float[] c);

    /** As {@link #product(Product, int, int, int, int, float[], float[], float[])}, summed by the lane rule of {@link GemmKind#sumsInLanes}. */
    void productInLanes(
            Product product, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c);

    /**
     * Rows of a weight gradient with at most {@value Kernels#THIN} columns, by the lane rule: {@code c_ij} is 0 plus the sum over
     * all samples of {@code g_i x_j}.
     *
     * @param samples their number, at least {@value Kernels#LANE_RULE_MIN_K}
     * @param rows features of g
     * @param columns features of x
     * @param rowFrom first row of C
     * @param rowTo row after the last
     * @param g panels
     * @param x panels
     * @param c row-major result, overwritten
     */
    void thinProduct(int samples, int rows, int columns, int rowFrom, int rowTo, float[] g, float[] x, float[] c);

    /** Rows {@code rowFrom..rowTo}: the sum of each feature over all samples, as {@link Kernels#addColumnSums} onto 0. */
    void sampleSums(int samples, int features, int rowFrom, int rowTo, float[] x, float[] out);

    /** {@code x_j += bias_j} for all samples of the panels and the features {@code rowFrom..rowTo}. */
    void addBias(int panelFrom, int panelTo, int features, int rowFrom, int rowTo, float[] bias, float[] x);

    /** {@code x_j += bias_j} and {@code y = sigmoid(x)}, where {@link #addBias} does the one and {@link Kernels#sigmoid} the other. */
    void sigmoidOfBiased(
            int panelFrom, int panelTo, int features, int rowFrom, int rowTo, float[] bias, float[] x, float[] y);

    /** {@code x_j += bias_j} and {@code y = x > 0 ? x : slope * x}, where {@link #addBias} does the one and {@link Kernels#prelu} the other. */
    void preluOfBiased(
            int panelFrom,
            int panelTo,
            int features,
            int rowFrom,
            int rowTo,
            float[] bias,
            float slope,
            float[] x,
            float[] y);

    /**
     * Memory of this object for the samples of one panel, 16 rows of {@code features} numbers one after the other. Samples come from
     * anywhere: whoever gathers a batch writes the rows of a panel here, and calls {@link #layPanel}.
     *
     * @param features numbers of a sample
     * @return the same array until more is asked for
     */
    float[] rows(int features);

    /**
     * Lays the 16 {@link #rows} as a panel, and into panels of features as well: what {@link #transpose} would make of {@code x}
     * afterwards. Beyond the last sample of a batch, rows are any numbers.
     *
     * @param panel its number
     * @param samples of the batch
     * @param features numbers of a sample
     * @param x panels
     * @param transposed panels of features, or an empty array if they are not wanted
     */
    void layPanel(int panel, int samples, int features, float[] x, float[] transposed);

    /**
     * Notes which of the 16 {@link #rows}, those of a panel of a batch, hold numbers that are not 0.
     *
     * @param panel its number
     * @param nonZeros of the batch, whose threads may note panels at the same time, each its own
     */
    void note(int panel, NonZeros nonZeros);

    /**
     * Turns panels of samples into panels of features, those of the samples in {@code panelFrom..panelTo}: feature j of sample i
     * goes to {@code (j / 16) * 16 samples + 16 i + j % 16}. Features beyond the last are left alone.
     *
     * @param samples of the batch
     * @param features rows
     * @param panelFrom first panel of samples
     * @param panelTo panel after the last
     * @param x panels of samples
     * @param transposed panels of features
     */
    void transpose(int samples, int features, int panelFrom, int panelTo, float[] x, float[] transposed);

    /** {@code g = x <= 0 ? 0 : g}, in place; where x is NaN, g stays. */
    void reluGrad(int from, int to, float[] x, float[] g);

    /** {@code g = (g * y) * (1 - y)}, in place. */
    void sigmoidGrad(int from, int to, float[] y, float[] g);

    /** {@code g = g * (1 - y * y)}, in place. */
    void tanhGrad(int from, int to, float[] y, float[] g);

    /** {@code g = s * (x - y)}. */
    void squaredErrorGrad(int from, int to, float s, float[] x, float[] y, float[] g);

    /** {@code g = s * ((p - y) / max((1 - p) * p, 1e-12))}. */
    void bceGrad(int from, int to, float s, float[] p, float[] y, float[] g);

    /** {@link #bceGrad}, then {@link #sigmoidGrad} of the sigmoid that made {@code p}, in one pass. */
    void sigmoidBceGrad(int from, int to, float s, float[] p, float[] y, float[] g);

    /** {@link #squaredErrorGrad}, then {@link #sigmoidGrad} of the sigmoid that made {@code x}, in one pass. */
    void sigmoidSquaredErrorGrad(int from, int to, float s, float[] x, float[] y, float[] g);

    /**
     * {@link Kernels#preluSlopeGradChunks} for the samples of the panels, and {@code g = x > 0 ? g : slope * g}, in place. The chunks of
     * sample i go to {@code partial} from {@code i * Kernels.chunks(1, features)} on, for whole panels.
     */
    void preluGrad(int panelFrom, int panelTo, int features, float slope, float[] x, float[] g, float[] partial);

    /** {@link Kernels#squaredErrorChunks} for the samples of the panels; chunks as in {@link #preluGrad}. */
    void squaredErrorChunks(int panelFrom, int panelTo, int features, float[] x, float[] y, float[] partial);

    /** {@link Kernels#bceChunks} for the samples of the panels; chunks as in {@link #preluGrad}. */
    void bceChunks(int panelFrom, int panelTo, int features, float[] p, float[] y, float[] partial);

    /** {@link Kernels#normalizeRows} for the samples of the panels. */
    void normalize(int panelFrom, int panelTo, int features, float[] x, float[] y);

    /** {@link Kernels#normalizeRowsGrad} onto 0 for the samples of the panels, in place: {@code g} becomes that of x. */
    void normalizeGrad(int panelFrom, int panelTo, int features, float[] x, float[] y, float[] g);

    // ---- where a number has several readers, and where outputs are classes or logits

    /** {@code gx = 0 + g}: g, but no -0. The two may be one array. */
    void ontoZero(int from, int to, float[] g, float[] gx);

    /** {@link Kernels#normalizeRowsGrad} for the samples of the panels: adds to {@code gx}. */
    void addNormalizeGrad(int panelFrom, int panelTo, int features, float[] x, float[] y, float[] g, float[] gx);

    /** {@link Kernels#bceWithLogitsChunks} for the samples of the panels; chunks as in {@link #preluGrad}. */
    void bceWithLogitsChunks(int panelFrom, int panelTo, int features, float[] z, float[] y, float[] partial);

    /**
     * {@link Kernels#softmaxCrossEntropy} for the samples of the panels.
     *
     * @param panelFrom first panel
     * @param panelTo panel after the last
     * @param columns classes there are
     * @param z panels
     * @param classes one panel row: that of sample i at i, whole numbers below {@code columns}
     * @param exponentials panels, where {@code exp(z_ij - z_max)} is left for {@link #softmaxCrossEntropyGrad}
     * @param sums sample by sample, where their sum over j is left for it
     * @param loss sample by sample
     */
    void softmaxCrossEntropy(
            int panelFrom,
            int panelTo,
            int columns,
            float[] z,
            float[] classes,
            float[] exponentials,
            float[] sums,
            float[] loss);

    /** {@link Kernels#softmaxCrossEntropyGrad} onto 0, from what {@link #softmaxCrossEntropy} has left of z. */
    void softmaxCrossEntropyGrad(
            int panelFrom,
            int panelTo,
            int columns,
            float s,
            float[] exponentials,
            float[] sums,
            float[] classes,
            float[] g);
}
