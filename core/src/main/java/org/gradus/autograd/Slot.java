package org.gradus.autograd;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory of one position on a tape: a value and a gradient array for each of the last few lengths asked for. Training
 * alternates between full batches and one short one per epoch, so two lengths are the rule.
 */
final class Slot {

    /** Lengths remembered; a computation whose shapes vary more than this allocates, as a fresh tape would. */
    private static final int REMEMBERED = 4;

    private final Deque<float[]> values = new ArrayDeque<>();
    private final Deque<float[]> gradients = new ArrayDeque<>();

    float[] data(int length) {
        return take(values, length);
    }

    float[] grad(int length) {
        return take(gradients, length);
    }

    private static float[] take(Deque<float[]> arrays, int length) {
        for (float[] array : arrays) {
            if (array.length == length) {
                return array;
            }
        }
        if (arrays.size() == REMEMBERED) {
            arrays.removeFirst();
        }
        float[] made = new float[length];
        arrays.addLast(made);
        return made;
    }
}
