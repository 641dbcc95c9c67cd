package org.gradus.train;

import java.util.Locale;
import java.util.Optional;
import org.gradus.plan.Stepper;

/**
 * How steps were taken: planned, which is fastest, or else why not.
 *
 * @param kind of the last step that came to its end; in training of the last one of a full batch
 * @param why why it was not planned, in words; empty if it was
 */
public record StepReport(StepKind kind, Optional<String> why) {

    /** Before the first step. */
    static final StepReport NONE = new StepReport(StepKind.RECORDED, Optional.of("there was no step yet"));

    static StepReport of(Stepper<?> steps) {
        return steps.last().map(StepReport::of).orElse(NONE);
    }

    private static StepReport of(Stepper.Taken step) {
        StepKind kind = step.planned() ? StepKind.PLANNED : step.recorded() ? StepKind.RECORDED : StepKind.REPLAYED;
        return new StepReport(kind, step.whyNotPlanned());
    }

    /** One line: {@code planned}, or {@code replayed; not planned because a parameter is frozen}. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT)
                + why.map(reason -> "; not planned because " + reason).orElse("");
    }
}
