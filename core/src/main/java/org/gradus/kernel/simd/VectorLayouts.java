package org.gradus.kernel.simd;

import static jdk.incubator.vector.FloatVector.fromArray;
import static org.gradus.kernel.simd.VectorLanes.ODD_1;
import static org.gradus.kernel.simd.VectorLanes.ODD_2;
import static org.gradus.kernel.simd.VectorLanes.ODD_4;
import static org.gradus.kernel.simd.VectorLanes.ODD_8;
import static org.gradus.kernel.simd.VectorMath.FLOATS;
import static org.gradus.kernel.simd.VectorMath.LENGTH;
import static org.gradus.kernel.simd.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** From rows to panels and back, by transposing 16 x 16 numbers at a time; see {@link PanelKernels}. An object serves one thread. */
final class VectorLayouts {

    private static final int WIDTH = PanelKernels.WIDTH;

    /** Whether a vector holds a row of a square. */
    private static final boolean WIDE = LENGTH == WIDTH;

    /** Whether a vector holds a row of a square of 8 or 16 rows, which {@link #transposeSquare} takes. */
    static final boolean HAS_SQUARES = LENGTH >= WIDTH / 2;

    private static final VectorShuffle<Float> UP_1 = VectorShuffle.fromOp(SPECIES, i -> (i - 1) & (LENGTH - 1));
    private static final VectorShuffle<Float> UP_2 = VectorShuffle.fromOp(SPECIES, i -> (i - 2) & (LENGTH - 1));
    private static final VectorShuffle<Float> UP_4 = VectorShuffle.fromOp(SPECIES, i -> (i - 4) & (LENGTH - 1));
    private static final VectorShuffle<Float> UP_8 = VectorShuffle.fromOp(SPECIES, i -> (i - 8) & (LENGTH - 1));
    private static final VectorShuffle<Float> DOWN_1 = VectorShuffle.fromOp(SPECIES, i -> (i + 1) & (LENGTH - 1));
    private static final VectorShuffle<Float> DOWN_2 = VectorShuffle.fromOp(SPECIES, i -> (i + 2) & (LENGTH - 1));
    private static final VectorShuffle<Float> DOWN_4 = VectorShuffle.fromOp(SPECIES, i -> (i + 4) & (LENGTH - 1));
    private static final VectorShuffle<Float> DOWN_8 = VectorShuffle.fromOp(SPECIES, i -> (i + 8) & (LENGTH - 1));

    private final int[] places = new int[WIDTH];
    private float[] staged = new float[0];
    private final float[] half = new float[WIDTH * WIDTH];

    float[] rows(int features) {
        if (staged.length < WIDTH * features) {
            staged = new float[WIDTH * features];
        }
        return staged;
    }

    void layPanel(int panel, int samples, int features, float[] x, float[] transposed) {
        int some = Math.min(WIDTH, samples - panel * WIDTH);
        int to = panel * features * WIDTH;
        for (int j = 0; j < features; j += WIDTH) {
            if (transposed.length > 0) {
                int wide = Math.min(WIDTH, features - j);
                copyRows(some, wide, staged, j, features, transposed, j * samples + panel * WIDTH * WIDTH);
            }
            transposeStaged(features, j, x, to);
        }
    }

    /** Rows of at most 16 numbers, to places 16 numbers apart. */
    private static void copyRows(int rows, int wide, float[] x, int from, int step, float[] y, int to) {
        if (wide == WIDTH) {
            for (int l = 0; l < rows; l++) {
                for (int v = 0; v < WIDTH; v += LENGTH) {
                    FLOATS.cast(fromArray(SPECIES, x, from + l * step + v)).intoArray(y, to + l * WIDTH + v);
                }
            }
        } else {
            for (int l = 0; l < rows; l++) {
                System.arraycopy(x, from + l * step, y, to + l * WIDTH, wide);
            }
        }
    }

    /**
     * The 16 samples that begin at {@code places}, transposed square by square; what is beyond a batch repeats its last sample. They are
     * first copied side by side, each in one go: they come from anywhere in memory, and a long run of one is fetched ahead.
     */
    private void gatherPanel(int features, float[] set, float[] x, int to) {
        rows(features);
        for (int l = 0; l < WIDTH; l++) {
            System.arraycopy(set, places[l], staged, l * features, features);
        }
        for (int j = 0; j < features; j += WIDTH) {
            transposeStaged(features, j, x, to);
        }
    }

    /** Features {@code j .. j + 15} of the staged samples. */
    private void transposeStaged(int features, int j, float[] x, int to) {
        if (j + WIDTH <= features) {
            transposeSquare16(staged, j, features, x, to + j * WIDTH, WIDTH);
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
            transposeSquare16(a, at + f, columns, x, to + f * WIDTH, WIDTH);
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
                    transposeSquare16(x, from, WIDTH, c, to, cRow);
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

    void transpose(int samples, int features, int panelFrom, int panelTo, float[] x, float[] transposed) {
        for (int q = panelFrom; q < panelTo; q++) {
            int some = Math.min(WIDTH, samples - q * WIDTH);
            for (int j = 0; j < features; j += WIDTH) {
                int from = (q * features + j) * WIDTH;
                int to = (j * samples) + q * WIDTH * WIDTH;
                int wide = Math.min(WIDTH, features - j);
                if (some == WIDTH && wide == WIDTH) {
                    transposeSquare16(x, from, WIDTH, transposed, to, WIDTH);
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

    // ---- squares
    // ----------------------------------------------------------------------------------------------------------------

    /**
     * Transposes 16 x 16 numbers: bit d of the row number changes places with bit d of the column number, for d = 8, 4, 2, 1. Vectors of
     * 8 numbers do so with each quarter; narrower ones leave it to an ordinary loop.
     */
    private void transposeSquare16(float[] x, int from, int step, float[] y, int to, int toStep) {
        if (WIDE) {
            transposeSquare(x, from, step, y, to, toStep);
        } else if (HAS_SQUARES) {
            for (int i = 0; i < WIDTH; i += LENGTH) {
                transposeSquare(x, from + i, step, y, to + i * toStep, toStep);
                transposeSquare(x, from + i + LENGTH * step, step, y, to + i * toStep + LENGTH, toStep);
            }
        } else {
            for (int i = 0; i < WIDTH; i++) {
                for (int j = 0; j < WIDTH; j++) {
                    y[to + i * toStep + j] = x[from + j * step + i];
                }
            }
        }
    }

    /**
     * Transposes as many rows of as many numbers as a vector has, 16 or 8. Rows of the result are written in their order, and may
     * overlap.
     */
    void transposeSquare(float[] x, int from, int step, float[] y, int to, int toStep) {
        if (WIDE) {
            exchange8(x, from, step, half);
            exchange4(half);
            exchange2(half);
            exchange1(half, y, to, toStep);
        } else {
            exchange4of8(x, from, step, half);
            exchange2of8(half);
            exchange1of8(half, y, to, toStep);
        }
    }

    private static void exchange4of8(float[] x, int from, int step, float[] y) {
        for (int i = 0; i < 4; i++) {
            FloatVector even = FLOATS.cast(fromArray(SPECIES, x, from + i * step));
            FloatVector odd = FLOATS.cast(fromArray(SPECIES, x, from + (i + 4) * step));
            even.blend(odd.rearrange(UP_4), ODD_4).intoArray(y, i * WIDTH);
            even.rearrange(DOWN_4).blend(odd, ODD_4).intoArray(y, (i + 4) * WIDTH);
        }
    }

    private static void exchange2of8(float[] x) {
        for (int r = 0; r < 4; r++) {
            int i = (r & 2) * 2 + (r & 1);
            FloatVector even = FLOATS.cast(fromArray(SPECIES, x, i * WIDTH));
            FloatVector odd = FLOATS.cast(fromArray(SPECIES, x, (i + 2) * WIDTH));
            even.blend(odd.rearrange(UP_2), ODD_2).intoArray(x, i * WIDTH);
            even.rearrange(DOWN_2).blend(odd, ODD_2).intoArray(x, (i + 2) * WIDTH);
        }
    }

    private static void exchange1of8(float[] x, float[] y, int to, int step) {
        for (int i = 0; i < 8; i += 2) {
            FloatVector even = FLOATS.cast(fromArray(SPECIES, x, i * WIDTH));
            FloatVector odd = FLOATS.cast(fromArray(SPECIES, x, (i + 1) * WIDTH));
            even.blend(odd.rearrange(UP_1), ODD_1).intoArray(y, to + i * step);
            even.rearrange(DOWN_1).blend(odd, ODD_1).intoArray(y, to + (i + 1) * step);
        }
    }

    private static void exchange8(float[] x, int from, int step, float[] y) {
        for (int i = 0; i < 8; i++) {
            FloatVector even = FLOATS.cast(fromArray(SPECIES, x, from + i * step));
            FloatVector odd = FLOATS.cast(fromArray(SPECIES, x, from + (i + 8) * step));
            even.blend(odd.rearrange(UP_8), ODD_8).intoArray(y, i * WIDTH);
            even.rearrange(DOWN_8).blend(odd, ODD_8).intoArray(y, (i + 8) * WIDTH);
        }
    }

    private static void exchange4(float[] x) {
        for (int r = 0; r < 8; r++) {
            int i = (r & 4) * 2 + (r & 3);
            FloatVector even = FLOATS.cast(fromArray(SPECIES, x, i * WIDTH));
            FloatVector odd = FLOATS.cast(fromArray(SPECIES, x, (i + 4) * WIDTH));
            even.blend(odd.rearrange(UP_4), ODD_4).intoArray(x, i * WIDTH);
            even.rearrange(DOWN_4).blend(odd, ODD_4).intoArray(x, (i + 4) * WIDTH);
        }
    }

    private static void exchange2(float[] x) {
        for (int r = 0; r < 8; r++) {
            int i = (r & 6) * 2 + (r & 1);
            FloatVector even = FLOATS.cast(fromArray(SPECIES, x, i * WIDTH));
            FloatVector odd = FLOATS.cast(fromArray(SPECIES, x, (i + 2) * WIDTH));
            even.blend(odd.rearrange(UP_2), ODD_2).intoArray(x, i * WIDTH);
            even.rearrange(DOWN_2).blend(odd, ODD_2).intoArray(x, (i + 2) * WIDTH);
        }
    }

    private static void exchange1(float[] x, float[] y, int to, int step) {
        for (int i = 0; i < WIDTH; i += 2) {
            FloatVector even = FLOATS.cast(fromArray(SPECIES, x, i * WIDTH));
            FloatVector odd = FLOATS.cast(fromArray(SPECIES, x, (i + 1) * WIDTH));
            even.blend(odd.rearrange(UP_1), ODD_1).intoArray(y, to + i * step);
            even.rearrange(DOWN_1).blend(odd, ODD_1).intoArray(y, to + (i + 1) * step);
        }
    }
}
