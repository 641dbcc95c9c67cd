package org.gradus.kernel.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tiles of all matrix products: some rows of C times two vectors of columns, whose sums stay in registers while the
 * sum over p runs. One step loads two vectors of X, spreads one number of A per row, and does two fused multiply-adds with it, none
 * of which waits for another. Sums begin at 0 or, {@code onto} what C holds, continue the same chains.
 *
 * <p>8 rows where registers have 512 bits (there are 32 of them: 16 sums, two vectors of X, one of A), 6 where they have fewer (16
 * registers: 12 sums). A has a method for each order it may lie in, because C2 then knows the distances between its elements and
 * needs fewer instructions to find them. One method for all orders reached 141 to 180 GFLOP/s on one core with a peak of about
 * 216, those for one order 191 to 200 (product 392x784 times 784x128, JDK 17; the same within 4 on JDK 25). With 12x2, 6x4 and
 * 8x2 sums the rate is the same within 2 %, with 6x2 10 % lower; 8 divides nearly all widths of layers. A panel that has no second one
 * beside it takes 12 rows: 155 to 170 GFLOP/s where 8x2 has 200 (8 rows by the method for all orders: 100, 16 rows on JDK 17: 98).
 *
 * <p>The tiles are written by {@code TilesWriter} of the test tree; {@code TilesWriterTest} fails when they are stale. The file is long
 * because C2 keeps a sum in a register only if it is a variable of its own, in a method for each order and number of rows.
 *
 * <p>What stays the same for all tiles of a product is asked of the {@code Product}, before the loop: as 6 to 9 more arguments of each
 * call, which were 16 to 19, it made no difference in 19 products beyond the noise (JDK 17).
 *
 * <p>Every method is one loop: on JDK 17 a vector that lives across an inner loop is put on the heap at each round of the outer.
 */
final class VectorTiles {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Of a panel. */
    private static final int WIDTH = PanelKernels.WIDTH;

    private static final float[] ZEROS = new float[WIDTH];

    private VectorTiles() {}

    private static FloatVector load(float[] x, int i) {
        return FloatVector.fromArray(SPECIES, x, i);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    // ---- written by TilesWriter from here on ----

    /** A packed. */
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
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        FloatVector u4 = load(start, s0 + 4 * sRow);
        FloatVector v4 = load(start, s1 + 4 * sRow);
        FloatVector u5 = load(start, s0 + 5 * sRow);
        FloatVector v5 = load(start, s1 + 5 * sRow);
        FloatVector u6 = load(start, s0 + 6 * sRow);
        FloatVector v6 = load(start, s1 + 6 * sRow);
        FloatVector u7 = load(start, s0 + 7 * sRow);
        FloatVector v7 = load(start, s1 + 7 * sRow);
        FloatVector u8 = load(start, s0 + 8 * sRow);
        FloatVector v8 = load(start, s1 + 8 * sRow);
        FloatVector u9 = load(start, s0 + 9 * sRow);
        FloatVector v9 = load(start, s1 + 9 * sRow);
        FloatVector u10 = load(start, s0 + 10 * sRow);
        FloatVector v10 = load(start, s1 + 10 * sRow);
        FloatVector u11 = load(start, s0 + 11 * sRow);
        FloatVector v11 = load(start, s1 + 11 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + p * 12;
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[o]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[o + 1]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[o + 2]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[o + 3]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = broadcast(a[o + 4]);
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
            w = broadcast(a[o + 5]);
            u5 = w.fma(y, u5);
            v5 = w.fma(z, v5);
            w = broadcast(a[o + 6]);
            u6 = w.fma(y, u6);
            v6 = w.fma(z, v6);
            w = broadcast(a[o + 7]);
            u7 = w.fma(y, u7);
            v7 = w.fma(z, v7);
            w = broadcast(a[o + 8]);
            u8 = w.fma(y, u8);
            v8 = w.fma(z, v8);
            w = broadcast(a[o + 9]);
            u9 = w.fma(y, u9);
            v9 = w.fma(z, v9);
            w = broadcast(a[o + 10]);
            u10 = w.fma(y, u10);
            v10 = w.fma(z, v10);
            w = broadcast(a[o + 11]);
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

    /** A packed, and only some terms of it: X holds just these. */
    static void few12(
            int terms,
            boolean onto,
            int[] which,
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
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        FloatVector u4 = load(start, s0 + 4 * sRow);
        FloatVector v4 = load(start, s1 + 4 * sRow);
        FloatVector u5 = load(start, s0 + 5 * sRow);
        FloatVector v5 = load(start, s1 + 5 * sRow);
        FloatVector u6 = load(start, s0 + 6 * sRow);
        FloatVector v6 = load(start, s1 + 6 * sRow);
        FloatVector u7 = load(start, s0 + 7 * sRow);
        FloatVector v7 = load(start, s1 + 7 * sRow);
        FloatVector u8 = load(start, s0 + 8 * sRow);
        FloatVector v8 = load(start, s1 + 8 * sRow);
        FloatVector u9 = load(start, s0 + 9 * sRow);
        FloatVector v9 = load(start, s1 + 9 * sRow);
        FloatVector u10 = load(start, s0 + 10 * sRow);
        FloatVector v10 = load(start, s1 + 10 * sRow);
        FloatVector u11 = load(start, s0 + 11 * sRow);
        FloatVector v11 = load(start, s1 + 11 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + which[p] * 12;
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[o]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[o + 1]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[o + 2]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[o + 3]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = broadcast(a[o + 4]);
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
            w = broadcast(a[o + 5]);
            u5 = w.fma(y, u5);
            v5 = w.fma(z, v5);
            w = broadcast(a[o + 6]);
            u6 = w.fma(y, u6);
            v6 = w.fma(z, v6);
            w = broadcast(a[o + 7]);
            u7 = w.fma(y, u7);
            v7 = w.fma(z, v7);
            w = broadcast(a[o + 8]);
            u8 = w.fma(y, u8);
            v8 = w.fma(z, v8);
            w = broadcast(a[o + 9]);
            u9 = w.fma(y, u9);
            v9 = w.fma(z, v9);
            w = broadcast(a[o + 10]);
            u10 = w.fma(y, u10);
            v10 = w.fma(z, v10);
            w = broadcast(a[o + 11]);
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

    /** A packed, one vector of columns: an odd panel. */
    static void single12(int terms, boolean onto, float[] a, int at, float[] x, int x0, float[] c, int c0, int cRow) {
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = load(start, s0);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector u4 = load(start, s0 + 4 * sRow);
        FloatVector u5 = load(start, s0 + 5 * sRow);
        FloatVector u6 = load(start, s0 + 6 * sRow);
        FloatVector u7 = load(start, s0 + 7 * sRow);
        FloatVector u8 = load(start, s0 + 8 * sRow);
        FloatVector u9 = load(start, s0 + 9 * sRow);
        FloatVector u10 = load(start, s0 + 10 * sRow);
        FloatVector u11 = load(start, s0 + 11 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + p * 12;
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector w = broadcast(a[o]);
            u0 = w.fma(y, u0);
            w = broadcast(a[o + 1]);
            u1 = w.fma(y, u1);
            w = broadcast(a[o + 2]);
            u2 = w.fma(y, u2);
            w = broadcast(a[o + 3]);
            u3 = w.fma(y, u3);
            w = broadcast(a[o + 4]);
            u4 = w.fma(y, u4);
            w = broadcast(a[o + 5]);
            u5 = w.fma(y, u5);
            w = broadcast(a[o + 6]);
            u6 = w.fma(y, u6);
            w = broadcast(a[o + 7]);
            u7 = w.fma(y, u7);
            w = broadcast(a[o + 8]);
            u8 = w.fma(y, u8);
            w = broadcast(a[o + 9]);
            u9 = w.fma(y, u9);
            w = broadcast(a[o + 10]);
            u10 = w.fma(y, u10);
            w = broadcast(a[o + 11]);
            u11 = w.fma(y, u11);
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

    /** A packed. */
    static void packed8(
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
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        FloatVector u4 = load(start, s0 + 4 * sRow);
        FloatVector v4 = load(start, s1 + 4 * sRow);
        FloatVector u5 = load(start, s0 + 5 * sRow);
        FloatVector v5 = load(start, s1 + 5 * sRow);
        FloatVector u6 = load(start, s0 + 6 * sRow);
        FloatVector v6 = load(start, s1 + 6 * sRow);
        FloatVector u7 = load(start, s0 + 7 * sRow);
        FloatVector v7 = load(start, s1 + 7 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + p * 8;
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[o]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[o + 1]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[o + 2]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[o + 3]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = broadcast(a[o + 4]);
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
            w = broadcast(a[o + 5]);
            u5 = w.fma(y, u5);
            v5 = w.fma(z, v5);
            w = broadcast(a[o + 6]);
            u6 = w.fma(y, u6);
            v6 = w.fma(z, v6);
            w = broadcast(a[o + 7]);
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

    /** A packed, and only some terms of it: X holds just these. */
    static void few8(
            int terms,
            boolean onto,
            int[] which,
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
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        FloatVector u4 = load(start, s0 + 4 * sRow);
        FloatVector v4 = load(start, s1 + 4 * sRow);
        FloatVector u5 = load(start, s0 + 5 * sRow);
        FloatVector v5 = load(start, s1 + 5 * sRow);
        FloatVector u6 = load(start, s0 + 6 * sRow);
        FloatVector v6 = load(start, s1 + 6 * sRow);
        FloatVector u7 = load(start, s0 + 7 * sRow);
        FloatVector v7 = load(start, s1 + 7 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + which[p] * 8;
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[o]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[o + 1]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[o + 2]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[o + 3]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = broadcast(a[o + 4]);
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
            w = broadcast(a[o + 5]);
            u5 = w.fma(y, u5);
            v5 = w.fma(z, v5);
            w = broadcast(a[o + 6]);
            u6 = w.fma(y, u6);
            v6 = w.fma(z, v6);
            w = broadcast(a[o + 7]);
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

    /** A packed, one vector of columns: an odd panel. */
    static void single8(int terms, boolean onto, float[] a, int at, float[] x, int x0, float[] c, int c0, int cRow) {
        float[] start = onto ? c : ZEROS;
        int s0 = onto ? c0 : 0;
        int sRow = onto ? cRow : 0;
        FloatVector u0 = load(start, s0);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector u4 = load(start, s0 + 4 * sRow);
        FloatVector u5 = load(start, s0 + 5 * sRow);
        FloatVector u6 = load(start, s0 + 6 * sRow);
        FloatVector u7 = load(start, s0 + 7 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + p * 8;
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector w = broadcast(a[o]);
            u0 = w.fma(y, u0);
            w = broadcast(a[o + 1]);
            u1 = w.fma(y, u1);
            w = broadcast(a[o + 2]);
            u2 = w.fma(y, u2);
            w = broadcast(a[o + 3]);
            u3 = w.fma(y, u3);
            w = broadcast(a[o + 4]);
            u4 = w.fma(y, u4);
            w = broadcast(a[o + 5]);
            u5 = w.fma(y, u5);
            w = broadcast(a[o + 6]);
            u6 = w.fma(y, u6);
            w = broadcast(a[o + 7]);
            u7 = w.fma(y, u7);
        }
        u0.intoArray(c, c0);
        u1.intoArray(c, c0 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        u4.intoArray(c, c0 + 4 * cRow);
        u5.intoArray(c, c0 + 5 * cRow);
        u6.intoArray(c, c0 + 6 * cRow);
        u7.intoArray(c, c0 + 7 * cRow);
    }

    /** A packed. */
    static void packed5(
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
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        FloatVector u4 = load(start, s0 + 4 * sRow);
        FloatVector v4 = load(start, s1 + 4 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + p * 5;
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[o]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[o + 1]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[o + 2]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[o + 3]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = broadcast(a[o + 4]);
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
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
    }

    /** A packed, and only some terms of it: X holds just these. */
    static void few5(
            int terms,
            boolean onto,
            int[] which,
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
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        FloatVector u4 = load(start, s0 + 4 * sRow);
        FloatVector v4 = load(start, s1 + 4 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + which[p] * 5;
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[o]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[o + 1]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[o + 2]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[o + 3]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = broadcast(a[o + 4]);
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
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
    }

    /** A where it lies: row r at {@code at + r aStep}, term p right behind p - 1. */
    static void rows5(
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
        int a1 = at + aStep;
        int a2 = a1 + aStep;
        int a3 = a2 + aStep;
        int a4 = a3 + aStep;
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        FloatVector u4 = load(start, s0 + 4 * sRow);
        FloatVector v4 = load(start, s1 + 4 * sRow);
        for (int p = 0; p < terms; p++) {
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[at + p]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[a1 + p]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[a2 + p]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[a3 + p]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = broadcast(a[a4 + p]);
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
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
    }

    /** A where it lies, and only some terms of it: X holds just these. */
    static void fewRows5(
            int terms,
            boolean onto,
            int[] which,
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
        int a1 = at + aStep;
        int a2 = a1 + aStep;
        int a3 = a2 + aStep;
        int a4 = a3 + aStep;
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        FloatVector u4 = load(start, s0 + 4 * sRow);
        FloatVector v4 = load(start, s1 + 4 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = which[p];
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[at + o]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[a1 + o]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[a2 + o]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[a3 + o]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
            w = broadcast(a[a4 + o]);
            u4 = w.fma(y, u4);
            v4 = w.fma(z, v4);
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
    }

    /** A packed. */
    static void packed4(
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
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + p * 4;
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[o]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[o + 1]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[o + 2]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[o + 3]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c1);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c1 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c1 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c1 + 3 * cRow);
    }

    /** A packed, and only some terms of it: X holds just these. */
    static void few4(
            int terms,
            boolean onto,
            int[] which,
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
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = at + which[p] * 4;
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[o]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[o + 1]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[o + 2]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[o + 3]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c1);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c1 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c1 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c1 + 3 * cRow);
    }

    /** A where it lies: row r at {@code at + r aStep}, term p right behind p - 1. */
    static void rows4(
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
        int a1 = at + aStep;
        int a2 = a1 + aStep;
        int a3 = a2 + aStep;
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        for (int p = 0; p < terms; p++) {
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[at + p]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[a1 + p]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[a2 + p]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[a3 + p]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c1);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c1 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c1 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c1 + 3 * cRow);
    }

    /** A where it lies, and only some terms of it: X holds just these. */
    static void fewRows4(
            int terms,
            boolean onto,
            int[] which,
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
        int a1 = at + aStep;
        int a2 = a1 + aStep;
        int a3 = a2 + aStep;
        FloatVector u0 = load(start, s0);
        FloatVector v0 = load(start, s1);
        FloatVector u1 = load(start, s0 + sRow);
        FloatVector v1 = load(start, s1 + sRow);
        FloatVector u2 = load(start, s0 + 2 * sRow);
        FloatVector v2 = load(start, s1 + 2 * sRow);
        FloatVector u3 = load(start, s0 + 3 * sRow);
        FloatVector v3 = load(start, s1 + 3 * sRow);
        for (int p = 0; p < terms; p++) {
            int o = which[p];
            FloatVector y = load(x, x0 + p * WIDTH);
            FloatVector z = load(x, x1 + p * WIDTH);
            FloatVector w = broadcast(a[at + o]);
            u0 = w.fma(y, u0);
            v0 = w.fma(z, v0);
            w = broadcast(a[a1 + o]);
            u1 = w.fma(y, u1);
            v1 = w.fma(z, v1);
            w = broadcast(a[a2 + o]);
            u2 = w.fma(y, u2);
            v2 = w.fma(z, v2);
            w = broadcast(a[a3 + o]);
            u3 = w.fma(y, u3);
            v3 = w.fma(z, v3);
        }
        u0.intoArray(c, c0);
        v0.intoArray(c, c1);
        u1.intoArray(c, c0 + cRow);
        v1.intoArray(c, c1 + cRow);
        u2.intoArray(c, c0 + 2 * cRow);
        v2.intoArray(c, c1 + 2 * cRow);
        u3.intoArray(c, c0 + 3 * cRow);
        v3.intoArray(c, c1 + 3 * cRow);
    }
}
