package org.gradus.plan;

import java.util.Arrays;

/**
 * Decides how many threads take a step: all, or the calling one alone, whichever was faster when last tried. Two threads of one
 * core share its arithmetic units, and a neighbour may want a core for itself; then dividing a step costs more than it brings. What
 * is faster is found by measuring, now and then again, for it changes with the neighbours. Bits do not depend on it.
 *
 * <p>A trial takes {@value #TRIAL} steps of either kind in a row and compares their medians. Between trials lie {@value #FIRST_HOLD}
 * steps, and twice as many each time the answer is the same, at most {@value #LONGEST_HOLD}; so steps of the slower kind are 1 % or
 * less of a long training.
 */
final class Pace {

    /** Enough for a median that the first steps, which wake a sleeping thread, and a lost time slice do not move. */
    static final int TRIAL = 9;

    static final int FIRST_HOLD = 64;
    static final int LONGEST_HOLD = 2048;

    private final int all;
    private final long[] alone = new long[TRIAL];
    private final long[] together = new long[TRIAL];
    private int chosen;
    private int hold = FIRST_HOLD;
    private int position;

    /**
     * @param all the number of threads there are
     */
    Pace(int all) {
        this.all = all;
        chosen = all;
    }

    /** The number of threads for the next step: 1 or all. */
    int threads() {
        if (all == 1 || position < hold) {
            return chosen;
        }
        return position < hold + TRIAL ? 1 : all;
    }

    /** Tells how long the step took. */
    void took(long nanos) {
        int tried = position - hold;
        if (tried >= TRIAL) {
            together[tried - TRIAL] = nanos;
        } else if (tried >= 0) {
            alone[tried] = nanos;
        }
        position++;
        if (position == hold + 2 * TRIAL) {
            decide();
        }
    }

    private void decide() {
        int faster = median(alone) < median(together) ? 1 : all;
        hold = faster == chosen ? Math.min(2 * hold, LONGEST_HOLD) : FIRST_HOLD;
        chosen = faster;
        position = 0;
    }

    private static long median(long[] times) {
        Arrays.sort(times);
        return times[TRIAL / 2];
    }
}
