package org.gradus.autograd;

import java.util.ArrayList;
import java.util.List;

/** The memory of a tape: one slot for each position, kept from step to step or made anew each time. */
final class Slots {

    private final boolean kept;
    private final List<Slot> slots = new ArrayList<>();

    Slots(boolean kept) {
        this.kept = kept;
    }

    boolean areKept() {
        return kept;
    }

    /** Positions are asked for in ascending order. */
    Slot at(int position) {
        if (!kept) {
            return new Slot();
        }
        if (position == slots.size()) {
            slots.add(new Slot());
        }
        return slots.get(position);
    }
}
