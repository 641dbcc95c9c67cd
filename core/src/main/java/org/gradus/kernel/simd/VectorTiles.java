package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The register tiles of all matrix products: some rows of C times two vectors of columns, whose sums stay in registers while the
 * sum over p runs. One step loads two vectors of X, spreads one number of A per row, and does two fused multiply-adds with it, none
 * of which waits for another. Sums begin at 0 or, {@code onto} what C holds, continue the same chains; with 5 rows they always do.
 *
 * <p>8 or 12 rows where registers have 512 bits (there are 32 of them: 24 sums, two vectors of X, one of A), 5 where they have 256 (16
 * registers: 10 sums). A has a method for each order it may lie in, because C2 then knows the distances between its elements and
 * needs fewer instructions to find them. A sum that C2 keeps on the stack waits for memory in every round, and halves the rate; with
 * 512 bits additions that find an address take the ports of multiply-adds. So what decides is the machine code, and that is another one
 * for each form and each JDK; {@code benchmarks/tiles} shows it. A bare loop of tiles, GFLOP/s of JDK 17 / 25 (Intel Xeon, the best of
 * many short windows; a C loop of fused multiply-adds reached 134 with 256 bits and 226 to 233 with 512 beside it):
 *
 * <pre>
 *   256 bits (-XX:UseAVX=2), 392 terms  512 bits, 208 terms, in panels 128
 *   6x2, A by rows      72 / 119        8x2, A by rows      135 / 170, from pFrom on 171 / 171
 *   5x2, A by rows     117 / 117       12x2, A by rows      128 / 182
 *   4x2, A by rows     100 / 114        8x2, A by columns   171 / 161
 *   6x2, A by columns   94 /  79       12x2, A by columns   181 / 180
 *   5x2, A by columns   89 /  93        8x2, A in panels    163 / 174
 *   5x2, A in panels    88 /  93       12x2, A in panels    177 / 176
 *   6x2, A packed      114 /  81        8x2, A packed       189 / 193
 *   5x2, A packed      116 / 124       12x2, A packed       197 / 204
 * </pre>
 *
 * <p>So A is packed where that repays, see {@link VectorPanelProducts}. A panel that has no second one beside it takes 12 rows, or 16.
 *
 * <p>The tiles are written by {@code TilesWriter} of the test tree; {@code TilesWriterTest} fails when they are stale. The file is long
 * because C2 keeps a sum in a register only if it is a variable of its own, in a method for each order and number of rows.
 *
 * <p>Every method is one loop: on JDK 17 a vector that lives across an inner loop is put on the heap at each round of the outer. And none
 * calls a method of ours: in methods as large as these C2 inlines only what the Vector API marks for it.
 */
final class VectorTiles {

    /** Of a panel. Shift and mask instead of division and remainder, which cost a sign's worth of instructions in the inner loop. */
    private static final int WIDTH = PanelKernels.WIDTH;

    private static final int WIDTH_LOG2 = Integer.numberOfTrailingZeros(WIDTH);

    private static final float[] ZEROS = new float[WIDTH];

    private VectorTiles() {}

    // ---- written by TilesWriter from here on ----

    /** A by rows: row r at {@code at + r aStep}, term p right behind p - 1. */
    static void rows8(
            int pFrom,
            int pTo,
            boolean onto,
            float[] a,
            int at,
            int aStep,
            float[] x,
            int x0,
            int x1,
            float[] c,
            int c0,
            int c1,
            int cRow) {
        int a1 = at + aStep;
        int a2 = a1 + aStep;
        int a3 = a2 + aStep;
        int a4 = a3 + aStep;
        int a5 = a4 + aStep;
        int a6 = a5 + aStep;
        int a7 = a6 + aStep;
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int s1 = onto ? c1 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = fromArray(SPECIES, start, s0);
        FloatVector v0 = fromArray(SPECIES, start, s1);
        FloatVector u1 = fromArray(SPECIES, start, s0 + sRow);
        FloatVector v1 = fromArray(SPECIES, start, s1 + sRow);
        FloatVector u2 = fromArray(SPECIES, start, s0 + 2 * sRow);
        FloatVector v2 = fromArray(SPECIES, start, s1 + 2 * sRow);
        FloatVector u3 = fromArray(SPECIES, start, s0 + 3 * sRow);
        FloatVector v3 = fromArray(SPECIES, start, s1 + 3 * sRow);
        FloatVector u4 = fromArray(SPECIES, start, s0 + 4 * sRow);
        FloatVector v4 = fromArray(SPECIES, start, s1 + 4 * sRow);
        FloatVector u5 = fromArray(SPECIES, start, s0 + 5 * sRow);
        FloatVector v5 = fromArray(SPECIES, start, s1 + 5 * sRow);
        FloatVector u6 = fromArray(SPECIES, start, s0 + 6 * sRow);
        FloatVector v6 = fromArray(SPECIES, start, s1 + 6 * sRow);
        FloatVector u7 = fromArray(SPECIES, start, s0 + 7 * sRow);
        FloatVector v7 = fromArray(SPECIES, start, s1 + 7 * sRow);
        for (int p = pFrom; p < pTo; p++) {
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            FloatVector z = fromArray(SPECIES, x, x1 + p * WIDTH);
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[at + p]));
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = FLOATS.cast(broadcast(SPECIES, a[a1 + p]));
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = FLOATS.cast(broadcast(SPECIES, a[a2 + p]));
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = FLOATS.cast(broadcast(SPECIES, a[a3 + p]));
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = FLOATS.cast(broadcast(SPECIES, a[a4 + p]));
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
            w = FLOATS.cast(broadcast(SPECIES, a[a5 + p]));
            u5 = w.fma(y, u5);
            v5 = w.fma(z, v5);
            w = FLOATS.cast(broadcast(SPECIES, a[a6 + p]));
            u6 = w.fma(y, u6);
            v6 = w.fma(z, v6);
            w = FLOATS.cast(broadcast(SPECIES, a[a7 + p]));
            u7 = w.fma(y, u7);
            v7 = w.fma(z, v7);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c1);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c1 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c1 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c1 + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        v4.intoArray(c, c1 + 4 * cRow);
        u5.intoArray(c, c0 + 5 * cRow);
        v5.intoArray(c, c1 + 5 * cRow);
        u6.intoArray(c, c0 + 6 * cRow);
        v6.intoArray(c, c1 + 6 * cRow);
        u7.intoArray(c, c0 + 7 * cRow);
        v7.intoArray(c, c1 + 7 * cRow);
    }

    /** A by columns, that is, its transpose: term p at {@code at + p aStep}, row r right behind r - 1. */
    static void columns12(
            int terms,
            boolean onto,
            float[] a,
            int at,
            int aStep,
            float[] x,
            int x0,
            int x1,
            float[] c,
            int c0,
            int c1,
            int cRow) {
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int s1 = onto ? c1 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = fromArray(SPECIES, start, s0);
        FloatVector v0 = fromArray(SPECIES, start, s1);
        FloatVector u1 = fromArray(SPECIES, start, s0 + sRow);
        FloatVector v1 = fromArray(SPECIES, start, s1 + sRow);
        FloatVector u2 = fromArray(SPECIES, start, s0 + 2 * sRow);
        FloatVector v2 = fromArray(SPECIES, start, s1 + 2 * sRow);
        FloatVector u3 = fromArray(SPECIES, start, s0 + 3 * sRow);
        FloatVector v3 = fromArray(SPECIES, start, s1 + 3 * sRow);
        FloatVector u4 = fromArray(SPECIES, start, s0 + 4 * sRow);
        FloatVector v4 = fromArray(SPECIES, start, s1 + 4 * sRow);
        FloatVector u5 = fromArray(SPECIES, start, s0 + 5 * sRow);
        FloatVector v5 = fromArray(SPECIES, start, s1 + 5 * sRow);
        FloatVector u6 = fromArray(SPECIES, start, s0 + 6 * sRow);
        FloatVector v6 = fromArray(SPECIES, start, s1 + 6 * sRow);
        FloatVector u7 = fromArray(SPECIES, start, s0 + 7 * sRow);
        FloatVector v7 = fromArray(SPECIES, start, s1 + 7 * sRow);
        FloatVector u8 = fromArray(SPECIES, start, s0 + 8 * sRow);
        FloatVector v8 = fromArray(SPECIES, start, s1 + 8 * sRow);
        FloatVector u9 = fromArray(SPECIES, start, s0 + 9 * sRow);
        FloatVector v9 = fromArray(SPECIES, start, s1 + 9 * sRow);
        FloatVector u10 = fromArray(SPECIES, start, s0 + 10 * sRow);
        FloatVector v10 = fromArray(SPECIES, start, s1 + 10 * sRow);
        FloatVector u11 = fromArray(SPECIES, start, s0 + 11 * sRow);
        FloatVector v11 = fromArray(SPECIES, start, s1 + 11 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + p * aStep;
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            FloatVector z = fromArray(SPECIES, x, x1 + p * WIDTH);
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[o]));
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 1]));
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 2]));
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 3]));
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 4]));
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 5]));
            u5 = w.fma(y, u5);
            v5 = w.fma(z, v5);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 6]));
            u6 = w.fma(y, u6);
            v6 = w.fma(z, v6);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 7]));
            u7 = w.fma(y, u7);
            v7 = w.fma(z, v7);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 8]));
            u8 = w.fma(y, u8);
            v8 = w.fma(z, v8);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 9]));
            u9 = w.fma(y, u9);
            v9 = w.fma(z, v9);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 10]));
            u10 = w.fma(y, u10);
            v10 = w.fma(z, v10);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 11]));
            u11 = w.fma(y, u11);
            v11 = w.fma(z, v11);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c1);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c1 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c1 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c1 + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        v4.intoArray(c, c1 + 4 * cRow);
        u5.intoArray(c, c0 + 5 * cRow);
        v5.intoArray(c, c1 + 5 * cRow);
        u6.intoArray(c, c0 + 6 * cRow);
        v6.intoArray(c, c1 + 6 * cRow);
        u7.intoArray(c, c0 + 7 * cRow);
        v7.intoArray(c, c1 + 7 * cRow);
        u8.intoArray(c, c0 + 8 * cRow);
        v8.intoArray(c, c1 + 8 * cRow);
        u9.intoArray(c, c0 + 9 * cRow);
        v9.intoArray(c, c1 + 9 * cRow);
        u10.intoArray(c, c0 + 10 * cRow);
        v10.intoArray(c, c1 + 10 * cRow);
        u11.intoArray(c, c0 + 11 * cRow);
        v11.intoArray(c, c1 + 11 * cRow);
    }

    /** A in panels: row r at {@code at + 16 r}, 16 terms there, the next 16 {@code aStep} further. */
    static void panels8(
            int pFrom,
            int pTo,
            boolean onto,
            float[] a,
            int at,
            int aStep,
            float[] x,
            int x0,
            int x1,
            float[] c,
            int c0,
            int c1,
            int cRow) {
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int s1 = onto ? c1 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = fromArray(SPECIES, start, s0);
        FloatVector v0 = fromArray(SPECIES, start, s1);
        FloatVector u1 = fromArray(SPECIES, start, s0 + sRow);
        FloatVector v1 = fromArray(SPECIES, start, s1 + sRow);
        FloatVector u2 = fromArray(SPECIES, start, s0 + 2 * sRow);
        FloatVector v2 = fromArray(SPECIES, start, s1 + 2 * sRow);
        FloatVector u3 = fromArray(SPECIES, start, s0 + 3 * sRow);
        FloatVector v3 = fromArray(SPECIES, start, s1 + 3 * sRow);
        FloatVector u4 = fromArray(SPECIES, start, s0 + 4 * sRow);
        FloatVector v4 = fromArray(SPECIES, start, s1 + 4 * sRow);
        FloatVector u5 = fromArray(SPECIES, start, s0 + 5 * sRow);
        FloatVector v5 = fromArray(SPECIES, start, s1 + 5 * sRow);
        FloatVector u6 = fromArray(SPECIES, start, s0 + 6 * sRow);
        FloatVector v6 = fromArray(SPECIES, start, s1 + 6 * sRow);
        FloatVector u7 = fromArray(SPECIES, start, s0 + 7 * sRow);
        FloatVector v7 = fromArray(SPECIES, start, s1 + 7 * sRow);
        for (int p = pFrom; p < pTo; p++) {
            int o = at + (p >> WIDTH_LOG2) * aStep + (p & WIDTH - 1);
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            FloatVector z = fromArray(SPECIES, x, x1 + p * WIDTH);
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[o]));
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = FLOATS.cast(broadcast(SPECIES, a[o + WIDTH]));
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 2 * WIDTH]));
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 3 * WIDTH]));
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 4 * WIDTH]));
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 5 * WIDTH]));
            u5 = w.fma(y, u5);
            v5 = w.fma(z, v5);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 6 * WIDTH]));
            u6 = w.fma(y, u6);
            v6 = w.fma(z, v6);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 7 * WIDTH]));
            u7 = w.fma(y, u7);
            v7 = w.fma(z, v7);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c1);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c1 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c1 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c1 + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        v4.intoArray(c, c1 + 4 * cRow);
        u5.intoArray(c, c0 + 5 * cRow);
        v5.intoArray(c, c1 + 5 * cRow);
        u6.intoArray(c, c0 + 6 * cRow);
        v6.intoArray(c, c1 + 6 * cRow);
        u7.intoArray(c, c0 + 7 * cRow);
        v7.intoArray(c, c1 + 7 * cRow);
    }

    /** A packed: term p at {@code at + 12 p}, row r right behind r - 1. */
    static void packed12(
            int terms,
            boolean onto,
            float[] a,
            int at,
            float[] x,
            int x0,
            int x1,
            float[] c,
            int c0,
            int c1,
            int cRow) {
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int s1 = onto ? c1 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = fromArray(SPECIES, start, s0);
        FloatVector v0 = fromArray(SPECIES, start, s1);
        FloatVector u1 = fromArray(SPECIES, start, s0 + sRow);
        FloatVector v1 = fromArray(SPECIES, start, s1 + sRow);
        FloatVector u2 = fromArray(SPECIES, start, s0 + 2 * sRow);
        FloatVector v2 = fromArray(SPECIES, start, s1 + 2 * sRow);
        FloatVector u3 = fromArray(SPECIES, start, s0 + 3 * sRow);
        FloatVector v3 = fromArray(SPECIES, start, s1 + 3 * sRow);
        FloatVector u4 = fromArray(SPECIES, start, s0 + 4 * sRow);
        FloatVector v4 = fromArray(SPECIES, start, s1 + 4 * sRow);
        FloatVector u5 = fromArray(SPECIES, start, s0 + 5 * sRow);
        FloatVector v5 = fromArray(SPECIES, start, s1 + 5 * sRow);
        FloatVector u6 = fromArray(SPECIES, start, s0 + 6 * sRow);
        FloatVector v6 = fromArray(SPECIES, start, s1 + 6 * sRow);
        FloatVector u7 = fromArray(SPECIES, start, s0 + 7 * sRow);
        FloatVector v7 = fromArray(SPECIES, start, s1 + 7 * sRow);
        FloatVector u8 = fromArray(SPECIES, start, s0 + 8 * sRow);
        FloatVector v8 = fromArray(SPECIES, start, s1 + 8 * sRow);
        FloatVector u9 = fromArray(SPECIES, start, s0 + 9 * sRow);
        FloatVector v9 = fromArray(SPECIES, start, s1 + 9 * sRow);
        FloatVector u10 = fromArray(SPECIES, start, s0 + 10 * sRow);
        FloatVector v10 = fromArray(SPECIES, start, s1 + 10 * sRow);
        FloatVector u11 = fromArray(SPECIES, start, s0 + 11 * sRow);
        FloatVector v11 = fromArray(SPECIES, start, s1 + 11 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + p * 12;
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            FloatVector z = fromArray(SPECIES, x, x1 + p * WIDTH);
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[o]));
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 1]));
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 2]));
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 3]));
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 4]));
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 5]));
            u5 = w.fma(y, u5);
            v5 = w.fma(z, v5);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 6]));
            u6 = w.fma(y, u6);
            v6 = w.fma(z, v6);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 7]));
            u7 = w.fma(y, u7);
            v7 = w.fma(z, v7);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 8]));
            u8 = w.fma(y, u8);
            v8 = w.fma(z, v8);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 9]));
            u9 = w.fma(y, u9);
            v9 = w.fma(z, v9);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 10]));
            u10 = w.fma(y, u10);
            v10 = w.fma(z, v10);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 11]));
            u11 = w.fma(y, u11);
            v11 = w.fma(z, v11);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c1);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c1 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c1 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c1 + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        v4.intoArray(c, c1 + 4 * cRow);
        u5.intoArray(c, c0 + 5 * cRow);
        v5.intoArray(c, c1 + 5 * cRow);
        u6.intoArray(c, c0 + 6 * cRow);
        v6.intoArray(c, c1 + 6 * cRow);
        u7.intoArray(c, c0 + 7 * cRow);
        v7.intoArray(c, c1 + 7 * cRow);
        u8.intoArray(c, c0 + 8 * cRow);
        v8.intoArray(c, c1 + 8 * cRow);
        u9.intoArray(c, c0 + 9 * cRow);
        v9.intoArray(c, c1 + 9 * cRow);
        u10.intoArray(c, c0 + 10 * cRow);
        v10.intoArray(c, c1 + 10 * cRow);
        u11.intoArray(c, c0 + 11 * cRow);
        v11.intoArray(c, c1 + 11 * cRow);
    }

    /** Any order with at most 8 rows: those after {@code last} repeat it and give the same numbers again. */
    static void edge8(
            int pFrom,
            int pTo,
            boolean onto,
            float[] a,
            int at,
            int last,
            int aRow,
            int aTerm,
            int aPanel,
            float[] x,
            int x0,
            int x1,
            float[] c,
            int c0,
            int c1,
            int cRow) {
        int r1 = Math.min(1, last);
        int r2 = Math.min(2, last);
        int r3 = Math.min(3, last);
        int r4 = Math.min(4, last);
        int r5 = Math.min(5, last);
        int r6 = Math.min(6, last);
        int r7 = Math.min(7, last);
        int a1 = at + r1 * aRow;
        int a2 = at + r2 * aRow;
        int a3 = at + r3 * aRow;
        int a4 = at + r4 * aRow;
        int a5 = at + r5 * aRow;
        int a6 = at + r6 * aRow;
        int a7 = at + r7 * aRow;
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int s1 = onto ? c1 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = fromArray(SPECIES, start, s0);
        FloatVector v0 = fromArray(SPECIES, start, s1);
        FloatVector u1 = fromArray(SPECIES, start, s0 + r1 * sRow);
        FloatVector v1 = fromArray(SPECIES, start, s1 + r1 * sRow);
        FloatVector u2 = fromArray(SPECIES, start, s0 + r2 * sRow);
        FloatVector v2 = fromArray(SPECIES, start, s1 + r2 * sRow);
        FloatVector u3 = fromArray(SPECIES, start, s0 + r3 * sRow);
        FloatVector v3 = fromArray(SPECIES, start, s1 + r3 * sRow);
        FloatVector u4 = fromArray(SPECIES, start, s0 + r4 * sRow);
        FloatVector v4 = fromArray(SPECIES, start, s1 + r4 * sRow);
        FloatVector u5 = fromArray(SPECIES, start, s0 + r5 * sRow);
        FloatVector v5 = fromArray(SPECIES, start, s1 + r5 * sRow);
        FloatVector u6 = fromArray(SPECIES, start, s0 + r6 * sRow);
        FloatVector v6 = fromArray(SPECIES, start, s1 + r6 * sRow);
        FloatVector u7 = fromArray(SPECIES, start, s0 + r7 * sRow);
        FloatVector v7 = fromArray(SPECIES, start, s1 + r7 * sRow);
        for (int p = pFrom; p < pTo; p++) {
            int o = (p >> WIDTH_LOG2) * aPanel + (p & WIDTH - 1) * aTerm;
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            FloatVector z = fromArray(SPECIES, x, x1 + p * WIDTH);
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[at + o]));
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = FLOATS.cast(broadcast(SPECIES, a[a1 + o]));
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = FLOATS.cast(broadcast(SPECIES, a[a2 + o]));
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = FLOATS.cast(broadcast(SPECIES, a[a3 + o]));
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = FLOATS.cast(broadcast(SPECIES, a[a4 + o]));
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
            w = FLOATS.cast(broadcast(SPECIES, a[a5 + o]));
            u5 = w.fma(y, u5);
            v5 = w.fma(z, v5);
            w = FLOATS.cast(broadcast(SPECIES, a[a6 + o]));
            u6 = w.fma(y, u6);
            v6 = w.fma(z, v6);
            w = FLOATS.cast(broadcast(SPECIES, a[a7 + o]));
            u7 = w.fma(y, u7);
            v7 = w.fma(z, v7);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c1);
        u1.intoArray(c, c0 + r1 * cRow);
        v1.intoArray(c, c1 + r1 * cRow);
        u2.intoArray(c, c0 + r2 * cRow);
        v2.intoArray(c, c1 + r2 * cRow);
        u3.intoArray(c, c0 + r3 * cRow);
        v3.intoArray(c, c1 + r3 * cRow);
        u4.intoArray(c, c0 + r4 * cRow);
        v4.intoArray(c, c1 + r4 * cRow);
        u5.intoArray(c, c0 + r5 * cRow);
        v5.intoArray(c, c1 + r5 * cRow);
        u6.intoArray(c, c0 + r6 * cRow);
        v6.intoArray(c, c1 + r6 * cRow);
        u7.intoArray(c, c0 + r7 * cRow);
        v7.intoArray(c, c1 + r7 * cRow);
    }

    /** A by rows: row r at {@code at + r aStep}, term p right behind p - 1. */
    static void rows5(int terms, float[] a, int at, int aStep, float[] x, int x0, float[] c, int c0, int cRow) {
        int a1 = at + aStep;
        int a2 = a1 + aStep;
        int a3 = a2 + aStep;
        int a4 = a3 + aStep;
        FloatVector u0 = fromArray(SPECIES, c, c0);
        FloatVector v0 = fromArray(SPECIES, c, c0 + LENGTH);
        FloatVector u1 = fromArray(SPECIES, c, c0 + cRow);
        FloatVector v1 = fromArray(SPECIES, c, c0 + LENGTH + cRow);
        FloatVector u2 = fromArray(SPECIES, c, c0 + 2 * cRow);
        FloatVector v2 = fromArray(SPECIES, c, c0 + LENGTH + 2 * cRow);
        FloatVector u3 = fromArray(SPECIES, c, c0 + 3 * cRow);
        FloatVector v3 = fromArray(SPECIES, c, c0 + LENGTH + 3 * cRow);
        FloatVector u4 = fromArray(SPECIES, c, c0 + 4 * cRow);
        FloatVector v4 = fromArray(SPECIES, c, c0 + LENGTH + 4 * cRow);
        for (int p = 0; p < terms; p++) {
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            FloatVector z = fromArray(SPECIES, x, x0 + LENGTH + p * WIDTH);
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[at + p]));
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = FLOATS.cast(broadcast(SPECIES, a[a1 + p]));
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = FLOATS.cast(broadcast(SPECIES, a[a2 + p]));
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = FLOATS.cast(broadcast(SPECIES, a[a3 + p]));
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = FLOATS.cast(broadcast(SPECIES, a[a4 + p]));
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c0 + LENGTH);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c0 + LENGTH + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c0 + LENGTH + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c0 + LENGTH + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        v4.intoArray(c, c0 + LENGTH + 4 * cRow);
    }

    /** A in panels: row r at {@code at + 16 r}, 16 terms there, the next 16 {@code aStep} further. */
    static void panels5(int terms, float[] a, int at, int aStep, float[] x, int x0, float[] c, int c0, int cRow) {
        FloatVector u0 = fromArray(SPECIES, c, c0);
        FloatVector v0 = fromArray(SPECIES, c, c0 + LENGTH);
        FloatVector u1 = fromArray(SPECIES, c, c0 + cRow);
        FloatVector v1 = fromArray(SPECIES, c, c0 + LENGTH + cRow);
        FloatVector u2 = fromArray(SPECIES, c, c0 + 2 * cRow);
        FloatVector v2 = fromArray(SPECIES, c, c0 + LENGTH + 2 * cRow);
        FloatVector u3 = fromArray(SPECIES, c, c0 + 3 * cRow);
        FloatVector v3 = fromArray(SPECIES, c, c0 + LENGTH + 3 * cRow);
        FloatVector u4 = fromArray(SPECIES, c, c0 + 4 * cRow);
        FloatVector v4 = fromArray(SPECIES, c, c0 + LENGTH + 4 * cRow);
        for (int p = 0; p < terms; p++) {
            int o = at + (p >> WIDTH_LOG2) * aStep + (p & WIDTH - 1);
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            FloatVector z = fromArray(SPECIES, x, x0 + LENGTH + p * WIDTH);
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[o]));
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = FLOATS.cast(broadcast(SPECIES, a[o + WIDTH]));
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 2 * WIDTH]));
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 3 * WIDTH]));
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 4 * WIDTH]));
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c0 + LENGTH);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c0 + LENGTH + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c0 + LENGTH + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c0 + LENGTH + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        v4.intoArray(c, c0 + LENGTH + 4 * cRow);
    }

    /** A packed: term p at {@code at + 5 p}, row r right behind r - 1. */
    static void packed5(int terms, float[] a, int at, float[] x, int x0, float[] c, int c0, int cRow) {
        FloatVector u0 = fromArray(SPECIES, c, c0);
        FloatVector v0 = fromArray(SPECIES, c, c0 + LENGTH);
        FloatVector u1 = fromArray(SPECIES, c, c0 + cRow);
        FloatVector v1 = fromArray(SPECIES, c, c0 + LENGTH + cRow);
        FloatVector u2 = fromArray(SPECIES, c, c0 + 2 * cRow);
        FloatVector v2 = fromArray(SPECIES, c, c0 + LENGTH + 2 * cRow);
        FloatVector u3 = fromArray(SPECIES, c, c0 + 3 * cRow);
        FloatVector v3 = fromArray(SPECIES, c, c0 + LENGTH + 3 * cRow);
        FloatVector u4 = fromArray(SPECIES, c, c0 + 4 * cRow);
        FloatVector v4 = fromArray(SPECIES, c, c0 + LENGTH + 4 * cRow);
        for (int p = 0; p < terms; p++) {
            int o = at + p * 5;
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            FloatVector z = fromArray(SPECIES, x, x0 + LENGTH + p * WIDTH);
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[o]));
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 1]));
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 2]));
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 3]));
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = FLOATS.cast(broadcast(SPECIES, a[o + 4]));
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c0 + LENGTH);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c0 + LENGTH + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c0 + LENGTH + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c0 + LENGTH + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        v4.intoArray(c, c0 + LENGTH + 4 * cRow);
    }

    /** Any order with at most 5 rows: those after {@code last} repeat it and give the same numbers again. */
    static void edge5(
            int terms,
            float[] a,
            int at,
            int last,
            int aRow,
            int aTerm,
            int aPanel,
            float[] x,
            int x0,
            float[] c,
            int c0,
            int cRow) {
        int r1 = Math.min(1, last);
        int r2 = Math.min(2, last);
        int r3 = Math.min(3, last);
        int r4 = Math.min(4, last);
        int a1 = at + r1 * aRow;
        int a2 = at + r2 * aRow;
        int a3 = at + r3 * aRow;
        int a4 = at + r4 * aRow;
        FloatVector u0 = fromArray(SPECIES, c, c0);
        FloatVector v0 = fromArray(SPECIES, c, c0 + LENGTH);
        FloatVector u1 = fromArray(SPECIES, c, c0 + r1 * cRow);
        FloatVector v1 = fromArray(SPECIES, c, c0 + LENGTH + r1 * cRow);
        FloatVector u2 = fromArray(SPECIES, c, c0 + r2 * cRow);
        FloatVector v2 = fromArray(SPECIES, c, c0 + LENGTH + r2 * cRow);
        FloatVector u3 = fromArray(SPECIES, c, c0 + r3 * cRow);
        FloatVector v3 = fromArray(SPECIES, c, c0 + LENGTH + r3 * cRow);
        FloatVector u4 = fromArray(SPECIES, c, c0 + r4 * cRow);
        FloatVector v4 = fromArray(SPECIES, c, c0 + LENGTH + r4 * cRow);
        for (int p = 0; p < terms; p++) {
            int o = (p >> WIDTH_LOG2) * aPanel + (p & WIDTH - 1) * aTerm;
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            FloatVector z = fromArray(SPECIES, x, x0 + LENGTH + p * WIDTH);
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[at + o]));
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = FLOATS.cast(broadcast(SPECIES, a[a1 + o]));
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = FLOATS.cast(broadcast(SPECIES, a[a2 + o]));
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = FLOATS.cast(broadcast(SPECIES, a[a3 + o]));
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = FLOATS.cast(broadcast(SPECIES, a[a4 + o]));
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c0 + LENGTH);
        u1.intoArray(c, c0 + r1 * cRow);
        v1.intoArray(c, c0 + LENGTH + r1 * cRow);
        u2.intoArray(c, c0 + r2 * cRow);
        v2.intoArray(c, c0 + LENGTH + r2 * cRow);
        u3.intoArray(c, c0 + r3 * cRow);
        v3.intoArray(c, c0 + LENGTH + r3 * cRow);
        u4.intoArray(c, c0 + r4 * cRow);
        v4.intoArray(c, c0 + LENGTH + r4 * cRow);
    }

    /** One vector of columns, A by rows. Three starts and two distances are all that the addresses of 12 rows need; with a start for each the registers do not suffice. */
    static void singleRows12(
            int pFrom,
            int pTo,
            boolean onto,
            float[] a,
            int at,
            int aStep,
            float[] x,
            int x0,
            float[] c,
            int c0,
            int cRow) {
        int two = 2 * aStep;
        int three = 3 * aStep;
        int a4 = at + 4 * aStep;
        int a8 = at + 8 * aStep;
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = fromArray(SPECIES, start, s0);
        FloatVector u1 = fromArray(SPECIES, start, s0 + sRow);
        FloatVector u2 = fromArray(SPECIES, start, s0 + 2 * sRow);
        FloatVector u3 = fromArray(SPECIES, start, s0 + 3 * sRow);
        FloatVector u4 = fromArray(SPECIES, start, s0 + 4 * sRow);
        FloatVector u5 = fromArray(SPECIES, start, s0 + 5 * sRow);
        FloatVector u6 = fromArray(SPECIES, start, s0 + 6 * sRow);
        FloatVector u7 = fromArray(SPECIES, start, s0 + 7 * sRow);
        FloatVector u8 = fromArray(SPECIES, start, s0 + 8 * sRow);
        FloatVector u9 = fromArray(SPECIES, start, s0 + 9 * sRow);
        FloatVector u10 = fromArray(SPECIES, start, s0 + 10 * sRow);
        FloatVector u11 = fromArray(SPECIES, start, s0 + 11 * sRow);
        for (int p = pFrom; p < pTo; p++) {
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            u0 = FLOATS.cast(broadcast(SPECIES, a[at + p])).fma(y, u0);
            u1 = FLOATS.cast(broadcast(SPECIES, a[at + p + aStep])).fma(y, u1);
            u2 = FLOATS.cast(broadcast(SPECIES, a[at + p + two])).fma(y, u2);
            u3 = FLOATS.cast(broadcast(SPECIES, a[at + p + three])).fma(y, u3);
            u4 = FLOATS.cast(broadcast(SPECIES, a[a4 + p])).fma(y, u4);
            u5 = FLOATS.cast(broadcast(SPECIES, a[a4 + p + aStep])).fma(y, u5);
            u6 = FLOATS.cast(broadcast(SPECIES, a[a4 + p + two])).fma(y, u6);
            u7 = FLOATS.cast(broadcast(SPECIES, a[a4 + p + three])).fma(y, u7);
            u8 = FLOATS.cast(broadcast(SPECIES, a[a8 + p])).fma(y, u8);
            u9 = FLOATS.cast(broadcast(SPECIES, a[a8 + p + aStep])).fma(y, u9);
            u10 = FLOATS.cast(broadcast(SPECIES, a[a8 + p + two])).fma(y, u10);
            u11 = FLOATS.cast(broadcast(SPECIES, a[a8 + p + three])).fma(y, u11);
        }
        u0.intoArray(c, c0);
        u1.intoArray(c, c0 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        u5.intoArray(c, c0 + 5 * cRow);
        u6.intoArray(c, c0 + 6 * cRow);
        u7.intoArray(c, c0 + 7 * cRow);
        u8.intoArray(c, c0 + 8 * cRow);
        u9.intoArray(c, c0 + 9 * cRow);
        u10.intoArray(c, c0 + 10 * cRow);
        u11.intoArray(c, c0 + 11 * cRow);
    }

    /** One vector of columns, A by columns. */
    static void singleColumns12(
            int pFrom,
            int pTo,
            boolean onto,
            float[] a,
            int at,
            int aStep,
            float[] x,
            int x0,
            float[] c,
            int c0,
            int cRow) {
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = fromArray(SPECIES, start, s0);
        FloatVector u1 = fromArray(SPECIES, start, s0 + sRow);
        FloatVector u2 = fromArray(SPECIES, start, s0 + 2 * sRow);
        FloatVector u3 = fromArray(SPECIES, start, s0 + 3 * sRow);
        FloatVector u4 = fromArray(SPECIES, start, s0 + 4 * sRow);
        FloatVector u5 = fromArray(SPECIES, start, s0 + 5 * sRow);
        FloatVector u6 = fromArray(SPECIES, start, s0 + 6 * sRow);
        FloatVector u7 = fromArray(SPECIES, start, s0 + 7 * sRow);
        FloatVector u8 = fromArray(SPECIES, start, s0 + 8 * sRow);
        FloatVector u9 = fromArray(SPECIES, start, s0 + 9 * sRow);
        FloatVector u10 = fromArray(SPECIES, start, s0 + 10 * sRow);
        FloatVector u11 = fromArray(SPECIES, start, s0 + 11 * sRow);
        for (int p = pFrom; p < pTo; p++) {
            int o = at + p * aStep;
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            u0 = FLOATS.cast(broadcast(SPECIES, a[o])).fma(y, u0);
            u1 = FLOATS.cast(broadcast(SPECIES, a[o + 1])).fma(y, u1);
            u2 = FLOATS.cast(broadcast(SPECIES, a[o + 2])).fma(y, u2);
            u3 = FLOATS.cast(broadcast(SPECIES, a[o + 3])).fma(y, u3);
            u4 = FLOATS.cast(broadcast(SPECIES, a[o + 4])).fma(y, u4);
            u5 = FLOATS.cast(broadcast(SPECIES, a[o + 5])).fma(y, u5);
            u6 = FLOATS.cast(broadcast(SPECIES, a[o + 6])).fma(y, u6);
            u7 = FLOATS.cast(broadcast(SPECIES, a[o + 7])).fma(y, u7);
            u8 = FLOATS.cast(broadcast(SPECIES, a[o + 8])).fma(y, u8);
            u9 = FLOATS.cast(broadcast(SPECIES, a[o + 9])).fma(y, u9);
            u10 = FLOATS.cast(broadcast(SPECIES, a[o + 10])).fma(y, u10);
            u11 = FLOATS.cast(broadcast(SPECIES, a[o + 11])).fma(y, u11);
        }
        u0.intoArray(c, c0);
        u1.intoArray(c, c0 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        u5.intoArray(c, c0 + 5 * cRow);
        u6.intoArray(c, c0 + 6 * cRow);
        u7.intoArray(c, c0 + 7 * cRow);
        u8.intoArray(c, c0 + 8 * cRow);
        u9.intoArray(c, c0 + 9 * cRow);
        u10.intoArray(c, c0 + 10 * cRow);
        u11.intoArray(c, c0 + 11 * cRow);
    }

    /** One vector of columns, A in panels: all 16 numbers of a strip of weight gradients, one start and fixed distances. */
    static void singlePanels16(
            int pFrom,
            int pTo,
            boolean onto,
            float[] a,
            int at,
            int aStep,
            float[] x,
            int x0,
            float[] c,
            int c0,
            int cRow) {
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = fromArray(SPECIES, start, s0);
        FloatVector u1 = fromArray(SPECIES, start, s0 + sRow);
        FloatVector u2 = fromArray(SPECIES, start, s0 + 2 * sRow);
        FloatVector u3 = fromArray(SPECIES, start, s0 + 3 * sRow);
        FloatVector u4 = fromArray(SPECIES, start, s0 + 4 * sRow);
        FloatVector u5 = fromArray(SPECIES, start, s0 + 5 * sRow);
        FloatVector u6 = fromArray(SPECIES, start, s0 + 6 * sRow);
        FloatVector u7 = fromArray(SPECIES, start, s0 + 7 * sRow);
        FloatVector u8 = fromArray(SPECIES, start, s0 + 8 * sRow);
        FloatVector u9 = fromArray(SPECIES, start, s0 + 9 * sRow);
        FloatVector u10 = fromArray(SPECIES, start, s0 + 10 * sRow);
        FloatVector u11 = fromArray(SPECIES, start, s0 + 11 * sRow);
        FloatVector u12 = fromArray(SPECIES, start, s0 + 12 * sRow);
        FloatVector u13 = fromArray(SPECIES, start, s0 + 13 * sRow);
        FloatVector u14 = fromArray(SPECIES, start, s0 + 14 * sRow);
        FloatVector u15 = fromArray(SPECIES, start, s0 + 15 * sRow);
        for (int p = pFrom; p < pTo; p++) {
            int o = at + (p >> WIDTH_LOG2) * aStep + (p & WIDTH - 1);
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            u0 = FLOATS.cast(broadcast(SPECIES, a[o])).fma(y, u0);
            u1 = FLOATS.cast(broadcast(SPECIES, a[o + WIDTH])).fma(y, u1);
            u2 = FLOATS.cast(broadcast(SPECIES, a[o + 2 * WIDTH])).fma(y, u2);
            u3 = FLOATS.cast(broadcast(SPECIES, a[o + 3 * WIDTH])).fma(y, u3);
            u4 = FLOATS.cast(broadcast(SPECIES, a[o + 4 * WIDTH])).fma(y, u4);
            u5 = FLOATS.cast(broadcast(SPECIES, a[o + 5 * WIDTH])).fma(y, u5);
            u6 = FLOATS.cast(broadcast(SPECIES, a[o + 6 * WIDTH])).fma(y, u6);
            u7 = FLOATS.cast(broadcast(SPECIES, a[o + 7 * WIDTH])).fma(y, u7);
            u8 = FLOATS.cast(broadcast(SPECIES, a[o + 8 * WIDTH])).fma(y, u8);
            u9 = FLOATS.cast(broadcast(SPECIES, a[o + 9 * WIDTH])).fma(y, u9);
            u10 = FLOATS.cast(broadcast(SPECIES, a[o + 10 * WIDTH])).fma(y, u10);
            u11 = FLOATS.cast(broadcast(SPECIES, a[o + 11 * WIDTH])).fma(y, u11);
            u12 = FLOATS.cast(broadcast(SPECIES, a[o + 12 * WIDTH])).fma(y, u12);
            u13 = FLOATS.cast(broadcast(SPECIES, a[o + 13 * WIDTH])).fma(y, u13);
            u14 = FLOATS.cast(broadcast(SPECIES, a[o + 14 * WIDTH])).fma(y, u14);
            u15 = FLOATS.cast(broadcast(SPECIES, a[o + 15 * WIDTH])).fma(y, u15);
        }
        u0.intoArray(c, c0);
        u1.intoArray(c, c0 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        u5.intoArray(c, c0 + 5 * cRow);
        u6.intoArray(c, c0 + 6 * cRow);
        u7.intoArray(c, c0 + 7 * cRow);
        u8.intoArray(c, c0 + 8 * cRow);
        u9.intoArray(c, c0 + 9 * cRow);
        u10.intoArray(c, c0 + 10 * cRow);
        u11.intoArray(c, c0 + 11 * cRow);
        u12.intoArray(c, c0 + 12 * cRow);
        u13.intoArray(c, c0 + 13 * cRow);
        u14.intoArray(c, c0 + 14 * cRow);
        u15.intoArray(c, c0 + 15 * cRow);
    }

    /** One vector of columns instead of two, for an odd panel; else as {@link #edge8}. */
    static void single8(
            int pFrom,
            int pTo,
            boolean onto,
            float[] a,
            int at,
            int last,
            int aRow,
            int aTerm,
            int aPanel,
            float[] x,
            int x0,
            float[] c,
            int c0,
            int cRow) {
        int r1 = Math.min(1, last);
        int r2 = Math.min(2, last);
        int r3 = Math.min(3, last);
        int r4 = Math.min(4, last);
        int r5 = Math.min(5, last);
        int r6 = Math.min(6, last);
        int r7 = Math.min(7, last);
        int a1 = at + r1 * aRow;
        int a2 = at + r2 * aRow;
        int a3 = at + r3 * aRow;
        int a4 = at + r4 * aRow;
        int a5 = at + r5 * aRow;
        int a6 = at + r6 * aRow;
        int a7 = at + r7 * aRow;
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = fromArray(SPECIES, start, s0);
        FloatVector u1 = fromArray(SPECIES, start, s0 + r1 * sRow);
        FloatVector u2 = fromArray(SPECIES, start, s0 + r2 * sRow);
        FloatVector u3 = fromArray(SPECIES, start, s0 + r3 * sRow);
        FloatVector u4 = fromArray(SPECIES, start, s0 + r4 * sRow);
        FloatVector u5 = fromArray(SPECIES, start, s0 + r5 * sRow);
        FloatVector u6 = fromArray(SPECIES, start, s0 + r6 * sRow);
        FloatVector u7 = fromArray(SPECIES, start, s0 + r7 * sRow);
        for (int p = pFrom; p < pTo; p++) {
            int o = (p >> WIDTH_LOG2) * aPanel + (p & WIDTH - 1) * aTerm;
            FloatVector y = fromArray(SPECIES, x, x0 + p * WIDTH);
            FloatVector w = FLOATS.cast(broadcast(SPECIES, a[at + o]));
            u0 = w.fma(y, u0);
            w = FLOATS.cast(broadcast(SPECIES, a[a1 + o]));
            u1 = w.fma(y, u1);
            w = FLOATS.cast(broadcast(SPECIES, a[a2 + o]));
            u2 = w.fma(y, u2);
            w = FLOATS.cast(broadcast(SPECIES, a[a3 + o]));
            u3 = w.fma(y, u3);
            w = FLOATS.cast(broadcast(SPECIES, a[a4 + o]));
            u4 = w.fma(y, u4);
            w = FLOATS.cast(broadcast(SPECIES, a[a5 + o]));
            u5 = w.fma(y, u5);
            w = FLOATS.cast(broadcast(SPECIES, a[a6 + o]));
            u6 = w.fma(y, u6);
            w = FLOATS.cast(broadcast(SPECIES, a[a7 + o]));
            u7 = w.fma(y, u7);
        }
        u0.intoArray(c, c0);
        u1.intoArray(c, c0 + r1 * cRow);
        u2.intoArray(c, c0 + r2 * cRow);
        u3.intoArray(c, c0 + r3 * cRow);
        u4.intoArray(c, c0 + r4 * cRow);
        u5.intoArray(c, c0 + r5 * cRow);
        u6.intoArray(c, c0 + r6 * cRow);
        u7.intoArray(c, c0 + r7 * cRow);
    }
}
