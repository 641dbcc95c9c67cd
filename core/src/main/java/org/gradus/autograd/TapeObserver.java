package org.gradus.autograd;

/**
 * Watches a tape work: told about every operation that is recorded, replayed or walked back, once it is done. See {@link
 * Tape#observe}.
 *
 * <p>An observer is called on the tape's thread and may read all that is on the tape. What it computes is not recorded. What it
 * throws ends the recording, the replay or the walk.
 */
public interface TapeObserver {

    /**
     * An operation was computed, for the first time or in a replay.
     *
     * @param index its place in {@link Tape#steps()}
     * @param step the operation, its inputs and its result
     * @param nanos how long it took
     */
    default void afterForward(int index, Tape.Step step, long nanos) {}

    /**
     * A walk back begins. No gradient of it has arrived anywhere; those of parameters are what was collected before.
     *
     * @param loss where it begins
     */
    default void beforeBackward(Tensor loss) {}

    /**
     * An operation was walked back: it has added to the gradients of its inputs. Operations that the loss does not depend on are
     * passed over.
     *
     * @param index its place in {@link Tape#steps()}
     * @param step the operation; its result's gradient is complete
     * @param nanos how long it took
     */
    default void afterBackward(int index, Tape.Step step, long nanos) {}
}
