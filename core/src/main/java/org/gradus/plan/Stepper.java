package org.gradus.plan;

import java.util.Optional;
import org.gradus.kernel.Engine;
import org.gradus.kernel.simd.PanelKernels;

/**
 * How the same thing is done again and again with other samples, in training and in evaluation: recorded first, on plain kernels, whose
 * code is compiled sooner, until it is known whether there is a plan; then planned where there is one, else replayed; and recorded anew
 * where somebody looks on, or nobody promises that one recording stands for all.
 *
 * @param <P> the plan
 */
public abstract class Stepper<P> {

    static final String PLAIN_KERNELS = "the plain kernels are in use; plans need the SIMD kernels";

    private final Engine engine;
    private final boolean mayPlan;
    private Optional<P> plan = Optional.empty();
    private boolean sought;
    private boolean begun;
    private boolean wasPlanned;
    private boolean wasRecorded;

    /**
     * Steps.
     *
     * @param engine the arithmetic
     * @param mayPlan whether a plan may be made at all
     */
    Stepper(Engine engine, boolean mayPlan) {
        this.engine = engine;
        this.mayPlan = mayPlan;
    }

    /** Whether an engine's kernels can do planned steps. */
    static boolean isPossible(Engine engine) {
        return PanelKernels.of(engine.kernels()).isPresent();
    }

    /** One step. */
    final double step() {
        begun = true;
        if (mayFollow()) {
            wasPlanned = true;
            wasRecorded = false;
            return byPlan(plan.orElseThrow());
        }
        Recording recording = recording();
        boolean seeks = mayPlan && !sought && isPossible(engine) && recording.isPromised();
        recording.computeOn(seeks ? Engine.plain() : engine);
        double value = byRecording(recording);
        if (seeks) {
            sought = true;
            plan = seek(engine, recording);
        }
        return value;
    }

    /** Whether the next step goes by the plan. */
    final boolean mayFollow() {
        return plan.isPresent() && isUndisturbed() && isCurrent(engine, plan.get());
    }

    /** Tells, within {@link #byRecording}, that the recording has done its part. */
    final void isDone(Recording recording) {
        wasPlanned = false;
        wasRecorded = recording.isNew();
    }

    /** Has a plan looked for once more. */
    final void seekAgain() {
        sought = false;
    }

    /** The same, without the present one. */
    final void forgetPlan() {
        plan = Optional.empty();
        sought = false;
    }

    final boolean hasPlan() {
        return plan.isPresent();
    }

    /** The recording that the next step would be. */
    abstract Recording recording();

    abstract double byRecording(Recording recording);

    abstract double byPlan(P planned);

    abstract Optional<P> seek(Engine planned, Recording recording);

    /** Why {@link #seek} finds nothing. */
    abstract Optional<String> obstacle(Engine planned, Recording recording);

    /** Whether a plan still is what the next step has to be, and takes its targets. */
    abstract boolean isCurrent(Engine planned, P present);

    /** Whether one recording still stands for all, and nobody sees, or changes, what a step computes. */
    abstract boolean isUndisturbed();

    /**
     * Whether there was a step.
     *
     * @return if not, there is nothing to tell
     */
    public final boolean hasBegun() {
        return begun;
    }

    /**
     * Whether the last step was planned.
     *
     * @return if not, it was recorded or replayed
     */
    public final boolean wasPlanned() {
        return wasPlanned;
    }

    /**
     * Whether the last step was recorded.
     *
     * @return if not, it was planned or replayed
     */
    public final boolean wasRecorded() {
        return wasRecorded;
    }

    /**
     * Why the last step was not planned.
     *
     * @return words for the user; empty if it was
     */
    public final Optional<String> whyNotPlanned() {
        if (wasPlanned) {
            return Optional.empty();
        }
        if (!mayPlan) {
            return Optional.of("no plan was wanted: withoutPlan() or detectAnomalies()");
        }
        Recording recording = recording();
        return recording
                .whyNotRepeated()
                .or(() -> isUndisturbed()
                        ? Optional.empty()
                        : Optional.of("a hook, an observer or a retained gradient sees what a step computes"))
                .or(() -> obstacle(engine, recording))
                .or(() -> Optional.of(
                        plan.isPresent() && !isCurrent(engine, plan.get())
                                ? "a target is none that the loss is defined for"
                                : "the first step of a size is recorded, and no other followed"));
    }
}
