package org.gradus.benchmarks;

import java.util.Locale;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.kernel.simd.PanelKernels.Order;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * A product of whole register tiles, {@code C = A X}: as many rows as the optimiser takes at once, 20 or 24, and some panels. The result
 * lies as it does in training: in panels where A lies by rows or columns, by rows where A lies in panels.
 */
final class TileProduct {

    private static final int WIDTH = PanelKernels.WIDTH;

    private final PanelKernels kernels;
    private final Product product;
    private final int rows;
    private final int panels;
    private final int terms;
    private final float[] matrix;
    private final float[] a;
    private final float[] x;
    private final float[] c;

    /**
     * Fills the operands with seeded numbers from -1 to 1.
     *
     * @param kernels whose tiles
     * @param order how A lies
     * @param panels of X, 16 columns each
     * @param terms of each sum
     * @throws IllegalStateException if these are the plain kernels, which have no tiles
     */
    TileProduct(Kernels kernels, Order order, int panels, int terms) {
        this.kernels = PanelKernels.of(kernels)
                .orElseThrow(() -> new IllegalStateException(
                        "the plain kernels have no tiles: start java with --add-modules jdk.incubator.vector"));
        this.panels = panels;
        this.terms = terms;
        rows = this.kernels.stripOfRows();
        int columns = panels * WIDTH;
        boolean byRows = order == Order.PANELS;
        int aStep = switch (order) {
            case ROWS -> terms;
            case COLUMNS -> rows;
            case PANELS -> rows * WIDTH;
        };
        product = new Product(order, aStep, terms, columns, byRows ? columns : WIDTH, byRows ? WIDTH : rows * WIDTH);
        matrix = Implementation.numbers(rows * terms, 1);
        a = new float[PanelKernels.size(terms, rows)];
        for (int i = 0; i < rows; i++) {
            for (int p = 0; p < terms; p++) {
                int at = switch (order) {
                    case ROWS -> i * aStep + p;
                    case COLUMNS -> p * aStep + i;
                    case PANELS -> p / WIDTH * aStep + i * WIDTH + p % WIDTH;
                };
                a[at] = matrix[i * terms + p];
            }
        }
        x = Implementation.numbers(columns * terms, 2);
        c = new float[rows * columns];
    }

    /** Additions and multiplications of one product. */
    long flops() {
        return 2L * rows * terms * panels * WIDTH;
    }

    /** One product; gives C. */
    float[] run() {
        kernels.product(product, 0, rows, 0, panels, a, x, c);
        return c;
    }

    /**
     * Compares C with the product that the plain kernels make of the same matrices.
     *
     * @throws IllegalStateException if a bit differs, which names the first such element
     */
    void check() {
        int columns = panels * WIDTH;
        float[] byColumns = new float[terms * columns];
        for (int p = 0; p < terms; p++) {
            for (int j = 0; j < columns; j++) {
                byColumns[p * columns + j] = x[(j / WIDTH * terms + p) * WIDTH + j % WIDTH];
            }
        }
        float[] expected = new float[rows * columns];
        Kernels.plain()
                .gemm(
                        GemmKind.NN,
                        rows,
                        columns,
                        terms,
                        matrix,
                        byColumns,
                        Kernels.NO_BIAS,
                        expected,
                        false,
                        0,
                        rows,
                        0,
                        columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                float found = c[i * product.cRow() + j / WIDTH * product.cPanel() + j % WIDTH];
                float wanted = expected[i * columns + j];
                if (Float.floatToRawIntBits(found) != Float.floatToRawIntBits(wanted)) {
                    throw new IllegalStateException(String.format(
                            Locale.ROOT,
                            "A in order %s, %d panels, %d terms: [%d,%d] is %s but the plain kernels give %s",
                            product.order(),
                            panels,
                            terms,
                            i,
                            j,
                            found,
                            wanted));
                }
            }
        }
    }
}
