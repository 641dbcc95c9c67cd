package org.gradus.train;

import java.util.Locale;
import java.util.Optional;
import org.gradus.plan.Stepper;

/**
 * How steps were taken: planned, which is fastest, or else why not.
 *
 * @param kind of the last step; in training of the last one of a full batch
 * @param why why it was not planned, in words; empty if it was
 */
public record StepReport(StepKind kind, Optional<String> why) {

    /** Before the first step. */
    static final StepReport NONE = new StepReport(StepKind.RECORDED, Optional.of("there was no step yet"));

    static StepReport of(Stepper<?> steps) {
        if (!steps.hasBegun()) {
            return NONE;
        }
        StepKind kind =
                steps.wasPlanned() ? StepKind.PLANNED : steps.wasRecorded() ? StepKind.RECORDED : StepKind.REPLAYED;
        return new StepReport(kind, steps.whyNotPlanned());
    }

    /** One line: {@code planned}, or {@code replayed, because a parameter is frozen}. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT)
                + why.map(reason -> ", because " + reason).orElse("");
    }
}
