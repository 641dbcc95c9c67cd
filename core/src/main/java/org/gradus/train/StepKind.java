package org.gradus.train;

/** How a step of training was taken. All three have the same bits. */
enum StepKind {
    /** Forward was called, operation by operation: the first batch of a size, and all where nobody promises that they are alike. */
    RECORDED,
    /** The operations of an earlier recording were done again. */
    REPLAYED,
    /** Memory, layout and order were fixed in a {@link Plan}. */
    PLANNED
}
