package org.gradus.benchmarks;

import org.gradus.kernel.Kernels;

/** What an {@link Operation} reads and writes, {@value Elementwise#ELEMENTS} elements each. */
final class Operands {

    /** Factor of the gradient of a mean. */
    static final float SCALE = 1f / Elementwise.ELEMENTS;

    /** Learning rate. */
    static final float RATE = 1e-3f;

    final int n = Elementwise.ELEMENTS;

    /** From -1 to 1. */
    final float[] x = Implementation.numbers(Elementwise.ELEMENTS, 1);

    /** From -1 to 1. */
    final float[] g = Implementation.numbers(Elementwise.ELEMENTS, 2);

    /** Inside 0 to 1. */
    final float[] p = probabilities(3);

    /** Inside 0 to 1. */
    final float[] y = probabilities(4);

    final float[] slope = {0.25f};

    /** What is written; starts at 0. */
    final float[] out = new float[Elementwise.ELEMENTS];

    /** Averages of Adam; start at 0. */
    final float[] first = new float[Elementwise.ELEMENTS];

    final float[] second = new float[Elementwise.ELEMENTS];

    final float[] partial = new float[Kernels.chunks(Elementwise.ROWS, Elementwise.COLUMNS)];

    /** Chunks of a sum. */
    int chunks() {
        return partial.length;
    }

    private static float[] probabilities(long seed) {
        float[] x = Implementation.numbers(Elementwise.ELEMENTS, seed);
        for (int i = 0; i < x.length; i++) {
            x[i] = 0.5f + 0.499f * x[i];
        }
        return x;
    }
}
