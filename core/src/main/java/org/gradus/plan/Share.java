package org.gradus.plan;

import org.gradus.kernel.Engine;
import org.gradus.kernel.simd.PanelKernels;

/**
 * What one thread does of a pass through the network: some panels of samples, alone, or some features of them as a member of a team,
 * whose other members do the others. Of a value with few features the first members have all.
 *
 * @param from first panel
 * @param to panel after the last
 * @param member number in the team, from 0
 * @param members of the team; 1 for who does everything alone
 */
record Share(int from, int to, int member, int members) {

    /** Features are divided at multiples of this; small, so that parts differ little, and a whole number of them makes a tile. */
    private static final int UNIT = 4;

    /** All features of some panels. */
    static Share alone(int from, int to) {
        return new Share(from, to, 0, 1);
    }

    /** Of so many features the first that is this member's. */
    int row(int features) {
        return Engine.border(features, UNIT, member, members);
    }

    /** The one after the last. */
    int rowEnd(int features) {
        return Engine.border(features, UNIT, member + 1, members);
    }

    /** Whether this member does what is not divided. */
    boolean isFirst() {
        return member == 0;
    }

    /** Whether this member does what others need not wait for. */
    boolean isLast() {
        return member == members - 1;
    }

    /** Stretches of consecutive numbers that the share is made of: all panels in one, or a part of each. */
    int stretches() {
        return members == 1 ? 1 : to - from;
    }

    /** Where a stretch of a value begins. */
    int start(int stretch, int features) {
        return ((from + stretch) * features + row(features)) * PanelKernels.WIDTH;
    }

    /** Where it ends. */
    int end(int stretch, int features) {
        int panel = members == 1 ? to - 1 : from + stretch;
        return (panel * features + rowEnd(features)) * PanelKernels.WIDTH;
    }
}
