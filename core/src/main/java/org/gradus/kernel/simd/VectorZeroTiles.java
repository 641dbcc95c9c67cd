package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The register tiles of {@link VectorZeros}: rows of C times one vector of columns, as in {@link VectorTiles}, whose sums take only the
 * terms of a list. Rows of A lie {@link VectorZeros#DISTANCE} numbers apart, term p of the first at {@code at + p}. Sums continue what
 * stands in {@code start}.
 */
final class VectorZeroTiles {

    private static final int WIDTH = PanelKernels.WIDTH;
    private static final int DISTANCE = VectorZeros.DISTANCE;

    private VectorZeroTiles() {}

    /** 12 rows, where registers have 512 bits. */
    static void rows12(
            int[] list,
            int from,
            int to,
            float[] a,
            int at,
            float[] x,
            int x0,
            float[] start,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int cRow) {
        FloatVector u0 = FLOATS.cast(fromArray(SPECIES, start, s0));
        FloatVector u1 = FLOATS.cast(fromArray(SPECIES, start, s0 + sRow));
        FloatVector u2 = FLOATS.cast(fromArray(SPECIES, start, s0 + 2 * sRow));
        FloatVector u3 = FLOATS.cast(fromArray(SPECIES, start, s0 + 3 * sRow));
        FloatVector u4 = FLOATS.cast(fromArray(SPECIES, start, s0 + 4 * sRow));
        FloatVector u5 = FLOATS.cast(fromArray(SPECIES, start, s0 + 5 * sRow));
        FloatVector u6 = FLOATS.cast(fromArray(SPECIES, start, s0 + 6 * sRow));
        FloatVector u7 = FLOATS.cast(fromArray(SPECIES, start, s0 + 7 * sRow));
        FloatVector u8 = FLOATS.cast(fromArray(SPECIES, start, s0 + 8 * sRow));
        FloatVector u9 = FLOATS.cast(fromArray(SPECIES, start, s0 + 9 * sRow));
        FloatVector u10 = FLOATS.cast(fromArray(SPECIES, start, s0 + 10 * sRow));
        FloatVector u11 = FLOATS.cast(fromArray(SPECIES, start, s0 + 11 * sRow));
        for (int n = from; n < to; n++) {
            int p = list[n];
            int o = at + p;
            FloatVector y = FLOATS.cast(fromArray(SPECIES, x, x0 + p * WIDTH));
            u0 = FLOATS.cast(broadcast(SPECIES, a[o])).fma(y, u0);
            u1 = FLOATS.cast(broadcast(SPECIES, a[o + DISTANCE])).fma(y, u1);
            u2 = FLOATS.cast(broadcast(SPECIES, a[o + 2 * DISTANCE])).fma(y, u2);
            u3 = FLOATS.cast(broadcast(SPECIES, a[o + 3 * DISTANCE])).fma(y, u3);
            u4 = FLOATS.cast(broadcast(SPECIES, a[o + 4 * DISTANCE])).fma(y, u4);
            u5 = FLOATS.cast(broadcast(SPECIES, a[o + 5 * DISTANCE])).fma(y, u5);
            u6 = FLOATS.cast(broadcast(SPECIES, a[o + 6 * DISTANCE])).fma(y, u6);
            u7 = FLOATS.cast(broadcast(SPECIES, a[o + 7 * DISTANCE])).fma(y, u7);
            u8 = FLOATS.cast(broadcast(SPECIES, a[o + 8 * DISTANCE])).fma(y, u8);
            u9 = FLOATS.cast(broadcast(SPECIES, a[o + 9 * DISTANCE])).fma(y, u9);
            u10 = FLOATS.cast(broadcast(SPECIES, a[o + 10 * DISTANCE])).fma(y, u10);
            u11 = FLOATS.cast(broadcast(SPECIES, a[o + 11 * DISTANCE])).fma(y, u11);
        }
        FLOATS.cast(u0).intoArray(c, c0);
        FLOATS.cast(u1).intoArray(c, c0 + cRow);
        FLOATS.cast(u2).intoArray(c, c0 + 2 * cRow);
        FLOATS.cast(u3).intoArray(c, c0 + 3 * cRow);
        FLOATS.cast(u4).intoArray(c, c0 + 4 * cRow);
        FLOATS.cast(u5).intoArray(c, c0 + 5 * cRow);
        FLOATS.cast(u6).intoArray(c, c0 + 6 * cRow);
        FLOATS.cast(u7).intoArray(c, c0 + 7 * cRow);
        FLOATS.cast(u8).intoArray(c, c0 + 8 * cRow);
        FLOATS.cast(u9).intoArray(c, c0 + 9 * cRow);
        FLOATS.cast(u10).intoArray(c, c0 + 10 * cRow);
        FLOATS.cast(u11).intoArray(c, c0 + 11 * cRow);
    }

    /** 10 rows, where registers have 256 bits. */
    static void rows10(
            int[] list,
            int from,
            int to,
            float[] a,
            int at,
            float[] x,
            int x0,
            float[] start,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int cRow) {
        FloatVector u0 = FLOATS.cast(fromArray(SPECIES, start, s0));
        FloatVector u1 = FLOATS.cast(fromArray(SPECIES, start, s0 + sRow));
        FloatVector u2 = FLOATS.cast(fromArray(SPECIES, start, s0 + 2 * sRow));
        FloatVector u3 = FLOATS.cast(fromArray(SPECIES, start, s0 + 3 * sRow));
        FloatVector u4 = FLOATS.cast(fromArray(SPECIES, start, s0 + 4 * sRow));
        FloatVector u5 = FLOATS.cast(fromArray(SPECIES, start, s0 + 5 * sRow));
        FloatVector u6 = FLOATS.cast(fromArray(SPECIES, start, s0 + 6 * sRow));
        FloatVector u7 = FLOATS.cast(fromArray(SPECIES, start, s0 + 7 * sRow));
        FloatVector u8 = FLOATS.cast(fromArray(SPECIES, start, s0 + 8 * sRow));
        FloatVector u9 = FLOATS.cast(fromArray(SPECIES, start, s0 + 9 * sRow));
        for (int n = from; n < to; n++) {
            int p = list[n];
            int o = at + p;
            FloatVector y = FLOATS.cast(fromArray(SPECIES, x, x0 + p * WIDTH));
            u0 = FLOATS.cast(broadcast(SPECIES, a[o])).fma(y, u0);
            u1 = FLOATS.cast(broadcast(SPECIES, a[o + DISTANCE])).fma(y, u1);
            u2 = FLOATS.cast(broadcast(SPECIES, a[o + 2 * DISTANCE])).fma(y, u2);
            u3 = FLOATS.cast(broadcast(SPECIES, a[o + 3 * DISTANCE])).fma(y, u3);
            u4 = FLOATS.cast(broadcast(SPECIES, a[o + 4 * DISTANCE])).fma(y, u4);
            u5 = FLOATS.cast(broadcast(SPECIES, a[o + 5 * DISTANCE])).fma(y, u5);
            u6 = FLOATS.cast(broadcast(SPECIES, a[o + 6 * DISTANCE])).fma(y, u6);
            u7 = FLOATS.cast(broadcast(SPECIES, a[o + 7 * DISTANCE])).fma(y, u7);
            u8 = FLOATS.cast(broadcast(SPECIES, a[o + 8 * DISTANCE])).fma(y, u8);
            u9 = FLOATS.cast(broadcast(SPECIES, a[o + 9 * DISTANCE])).fma(y, u9);
        }
        FLOATS.cast(u0).intoArray(c, c0);
        FLOATS.cast(u1).intoArray(c, c0 + cRow);
        FLOATS.cast(u2).intoArray(c, c0 + 2 * cRow);
        FLOATS.cast(u3).intoArray(c, c0 + 3 * cRow);
        FLOATS.cast(u4).intoArray(c, c0 + 4 * cRow);
        FLOATS.cast(u5).intoArray(c, c0 + 5 * cRow);
        FLOATS.cast(u6).intoArray(c, c0 + 6 * cRow);
        FLOATS.cast(u7).intoArray(c, c0 + 7 * cRow);
        FLOATS.cast(u8).intoArray(c, c0 + 8 * cRow);
        FLOATS.cast(u9).intoArray(c, c0 + 9 * cRow);
    }
}
