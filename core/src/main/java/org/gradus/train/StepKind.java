package org.gradus.train;

/** How a step of training or evaluation was taken. All three have the same bits. */
public enum StepKind {
    /** Forward was called, operation by operation: the first batch of a size, and all where nobody promises that they are alike. */
    RECORDED,
    /** The operations of an earlier recording were done again. */
    REPLAYED,
    /** The library knows all operations of the recording: memory, layout and order were fixed once. */
    PLANNED
}
