package org.gradus.plan;

/**
 * What a loss takes for targets.
 *
 * @param low the least
 * @param high the most
 * @param whole whether they must be whole numbers; NaN is none, and else passes, for it is no wrong target but a computation gone wrong
 */
record TargetDomain(float low, float high, boolean whole) {

    static final TargetDomain ANYTHING = new TargetDomain(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, false);
    static final TargetDomain PROBABILITIES = new TargetDomain(0, 1, false);

    static TargetDomain classes(int count) {
        return new TargetDomain(0, count - 1, true);
    }

    /** Whether the first n numbers are whole numbers of the domain. */
    boolean areWhole(float[] targets, int n) {
        for (int i = 0; i < n; i++) {
            float x = targets[i];
            if (!(x >= low && x <= high && x == (int) x)) {
                return false;
            }
        }
        return true;
    }
}
