package org.gradus.kernel.simd;

import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.gradus.kernel.simd.PanelKernels.Product;

/**
 * Leaves rows of zeros out of a product's second operand. Four of five pixels of MNIST are 0, and of the rows of a panel of 16 images
 * nearly half: borders, and corners of the digits' field.
 *
 * <p>Why no bit changes. A link {@code fma(w, 0, sum)} of a chain with a finite w is {@code sum + (0 or -0)}, which is the sum itself, with
 * one exception: a sum of -0 becomes +0 when +0 is added. It is a zero all the same, so the next product that is not zero makes the same
 * number of both. Hence only results of -0 can differ. They come of products too small for a float, hardly ever; {@link #mendSigns} looks
 * for them and computes their whole chains. Where w is not finite, {@code w * 0} is NaN, and the product leaves out nothing.
 *
 * <p>An object serves one thread.
 */
final class VectorZeros {

    private static final int WIDTH = PanelKernels.WIDTH;

    /** Whether two panels are looked at together. */
    private static final boolean WIDE = LENGTH == WIDTH;

    /** The part of the rows, one of so many, that must be zero to repay the copy of the others. */
    private static final int PART = 8;

    private final int[] terms;
    private final float[] rows;
    private int count;

    /** For pieces of at most so many terms. */
    VectorZeros(int depth) {
        terms = new int[depth + WIDTH];
        rows = new float[2 * terms.length * WIDTH];
    }

    /**
     * Copies the rows that are not zero, of two panels or of the two vectors of one.
     *
     * @param length number of rows
     * @param x panels
     * @param x0 the first row of the first
     * @param x1 the first row of the second
     * @return whether so many are left out that it pays
     */
    boolean gather(int length, float[] x, int x0, int x1) {
        count = WIDE ? pairs(length, x, x0, x1) : singles(length, x, x0);
        return count <= length - length / PART;
    }

    private int pairs(int length, float[] x, int x0, int x1) {
        int second = second();
        int n = 0;
        for (int p = 0; p < length; p++) {
            FloatVector u = load(x, x0 + p * WIDTH);
            FloatVector v = load(x, x1 + p * WIDTH);
            u.intoArray(rows, n * WIDTH);
            v.intoArray(rows, second + n * WIDTH);
            terms[n] = p;
            boolean some = u.compare(VectorOperators.NE, 0f)
                    .or(v.compare(VectorOperators.NE, 0f))
                    .anyTrue();
            n += some ? 1 : 0;
        }
        return n;
    }

    private int singles(int length, float[] x, int x0) {
        int n = 0;
        for (int p = 0; p < length; p++) {
            boolean some = false;
            for (int v = 0; v < WIDTH; v += LENGTH) {
                FloatVector u = load(x, x0 + p * WIDTH + v);
                u.intoArray(rows, n * WIDTH + v);
                some |= u.compare(VectorOperators.NE, 0f).anyTrue();
            }
            terms[n] = p;
            n += some ? 1 : 0;
        }
        return n;
    }

    /** How many rows are left. */
    int count() {
        return count;
    }

    /** Their numbers. */
    int[] terms() {
        return terms;
    }

    /** The rows themselves, 16 numbers apart, of the first panel or vector. */
    float[] rows() {
        return rows;
    }

    /** Where those of the second begin. */
    int second() {
        return WIDE ? rows.length / 2 : LENGTH;
    }

    /** Computes the whole chain of every result that is -0. */
    static void mendSigns(
            Product d, int rowFrom, int rowTo, int panelFrom, int panelTo, float[] a, float[] x, float[] c) {
        for (int q = panelFrom; q < panelTo; q++) {
            int columns = Math.min(WIDTH, d.columns() - q * WIDTH);
            for (int i = rowFrom; i < rowTo; i++) {
                int at = q * d.cPanel() + i * d.cRow();
                if (columns < WIDTH || hasNegativeZero(c, at)) {
                    for (int l = 0; l < columns; l++) {
                        if (Float.floatToRawIntBits(c[at + l]) == Integer.MIN_VALUE) {
                            c[at + l] = chain(d, i, q, l, a, x);
                        }
                    }
                }
            }
        }
    }

    private static boolean hasNegativeZero(float[] c, int at) {
        boolean found = false;
        for (int v = 0; v < WIDTH; v += LENGTH) {
            IntVector bits = load(c, at + v).reinterpretAsInts();
            found |= bits.compare(VectorOperators.EQ, Integer.MIN_VALUE).anyTrue();
        }
        return found;
    }

    private static float chain(Product d, int row, int panel, int column, float[] a, float[] x) {
        float sum = 0f;
        for (int p = 0; p < d.k(); p++) {
            float w = a[d.start(row) + p / WIDTH * d.panelStep() + p % WIDTH * d.termStep()];
            sum = Math.fma(w, x[(panel * d.k() + p) * WIDTH + column], sum);
        }
        return sum;
    }
}
