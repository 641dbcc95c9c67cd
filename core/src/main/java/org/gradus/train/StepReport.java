package org.gradus.train;

import java.util.Optional;

/**
 * How steps of a training were taken.
 *
 * @param last the last one of a full batch
 * @param whyNotPlanned why the next of these is not planned; empty if it is
 */
record StepReport(StepKind last, Optional<String> whyNotPlanned) {

    /** Before the first step. */
    static final StepReport NONE = new StepReport(StepKind.RECORDED, Optional.of("there was no step yet"));
}
