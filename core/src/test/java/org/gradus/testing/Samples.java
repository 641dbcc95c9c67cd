package org.gradus.testing;

import java.util.SplittableRandom;

/** Arrays of test data, the same in every run. */
public final class Samples {

    private static final float[] SPECIALS = {
        Float.NaN,
        0f,
        -0f,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL / 3,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        1f,
        -1f,
        Math.nextDown(1f),
        Math.nextUp(1f),
        0.625f,
        -0.625f,
        88.72284f,
        -87.33655f,
        -103.9f,
        1e-12f,
        1e-30f,
        1e30f,
        0.5f,
        2f
    };

    private Samples() {}

    /** {@code n} numbers from {@code [from, to)}. */
    public static float[] uniform(long seed, int n, double from, double to) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (from + (to - from) * random.nextDouble());
        }
        return x;
    }

    /** Numbers of every size and sign, about one in four of them special: NaN, infinities, zeros, subnormals, largest. */
    public static float[] special(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = switch (random.nextInt(8)) {
                case 0, 1 -> SPECIALS[random.nextInt(SPECIALS.length)];
                case 2 -> Float.intBitsToFloat(random.nextInt());
                case 3 -> (float) random.nextDouble(-100, 100);
                default -> (float) random.nextDouble(-2, 2);
            };
        }
        return x;
    }

    /** Numbers between -1.5 and 1.5, one in three of them at an edge: zeros, ones and their neighbours, subnormals; no NaN. */
    public static float[] edges(long seed, int n) {
        float[] edges = {
            0f,
            -0f,
            1f,
            -1f,
            Math.nextDown(1f),
            Math.nextUp(1f),
            0.5f,
            0.625f,
            -0.625f,
            1e-12f,
            1e-30f,
            Float.MIN_NORMAL,
            1e-42f
        };
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextInt(3) == 0 ? edges[random.nextInt(edges.length)] : (float) random.nextDouble(-1.5, 1.5);
        }
        return x;
    }

    /** {@code n} whole numbers from 0 to {@code bound - 1}. */
    public static float[] whole(long seed, int n, int bound) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextInt(bound);
        }
        return x;
    }

    /** The same numbers as doubles, exactly. */
    public static double[] widened(float[] x) {
        double[] wide = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            wide[i] = x[i];
        }
        return wide;
    }
}
