package org.gradus.inspect;

import org.gradus.inspect.SecondRun.Value;

/**
 * The derivative of the loss for one element, from values of the loss alone.
 *
 * <pre>
 *   D(h) = (L(x+h) - L(x-h)) / 2h          value (4 D(h) - D(2h)) / 3, Richardson's extrapolation
 *   J(h) = (L(x+h) - 2 L(x) + L(x-h)) / h   the right-hand difference less the left-hand one; h L'' where L is smooth
 * </pre>
 *
 * <p>The spacing is made smaller until {@code D(2h) = D(h)} and {@code J(2h) = 2 J(h)} to within what is to be decided. Where it
 * never comes to that the one-sided derivatives differ: a kink, at which gradients are a convention.
 *
 * @param value the derivative
 * @param uncertainty how far it may be off
 * @param kink whether there is none
 */
record Difference(double value, double uncertainty, boolean kink) {

    private static final int[] SPACINGS = {12, 15, 18, 21, 24};

    /** Rounding errors of float formulas are divided by the spacing. */
    private static final int[] SPACINGS_FOR_FLOAT = {4, 6, 8, 10};

    /** J(2h) - 2 J(h) has five times the noise of a difference quotient. */
    private static final double NOISE_OF_A_KINK = 8;

    static Difference of(Replay replay, Value leaf, int element) {
        double x = replay.value(leaf, element);
        double largest = replay.largest(leaf);
        int magnitude = largest == 0 ? 0 : Math.getExponent(largest);
        double decisive = replay.bound(leaf, element) / 4;
        Difference best = new Difference(Double.NaN, Double.POSITIVE_INFINITY, true);
        int[] spacings = replay.dependsOnFloatFormulas(leaf) ? SPACINGS_FOR_FLOAT : SPACINGS;
        for (int spacing : spacings) {
            Difference found = at(replay, leaf, element, x, Math.scalb(1.0, magnitude - spacing), decisive);
            if (!found.kink && found.uncertainty < best.uncertainty) {
                best = found;
            }
            if (best.uncertainty <= decisive) {
                break;
            }
        }
        return best;
    }

    private static Difference at(Replay replay, Value leaf, int element, double x, double h, double decisive) {
        double[] losses = new double[4];
        double noise = 0;
        for (int i = 0; i < losses.length; i++) {
            losses[i] = replay.loss(leaf, element, x + new double[] {-2, -1, 1, 2}[i] * h);
            noise = Math.max(noise, replay.noise() / h);
        }
        double middle = replay.loss();
        double wide = (losses[3] - losses[0]) / (4 * h);
        double narrow = (losses[2] - losses[1]) / (2 * h);
        double wideJump = (losses[3] - 2 * middle + losses[0]) / (2 * h);
        double narrowJump = (losses[2] - 2 * middle + losses[1]) / h;
        double unsteady = Math.abs(wide - narrow);
        double unsmooth = Math.max(unsteady, Math.abs(wideJump - 2 * narrowJump));
        boolean smooth = unsmooth <= Math.max(decisive / 2, NOISE_OF_A_KINK * noise);
        return new Difference((4 * narrow - wide) / 3, 2 * noise + unsteady, !smooth);
    }
}
