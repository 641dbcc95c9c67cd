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
    private boolean wasPromised;
    private volatile Optional<Taken> last = Optional.empty();

    /**
     * How a step was taken.
     *
     * @param planned whether by a plan
     * @param recorded whether forward was called; if neither, an earlier recording was replayed
     * @param whyNotPlanned words for the user; empty if it was
     */
    public record Taken(boolean planned, boolean recorded, Optional<String> whyNotPlanned) {

        private static final Optional<Taken> BY_PLAN = Optional.of(new Taken(true, false, Optional.empty()));
    }

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
        if (mayFollow()) {
            double value = byPlan(plan.orElseThrow());
            if (last.isEmpty() || !last.get().planned) {
                last = Taken.BY_PLAN;
            }
            return value;
        }
        Recording recording = recording();
        boolean seeks = mayPlan && !sought && isPossible(engine) && recording.isPromised();
        recording.computeOn(seeks ? Engine.plain() : engine);
        double value = byRecording(recording);
        if (seeks) {
            sought = true;
            plan = seek(engine, recording);
        }
        tell(recording);
        return value;
    }

    /**
     * Lets other threads see how this step was taken, where it was taken in another way than the last. A replay has the reason of
     * the replay before: what gives it another has the recording made anew.
     */
    private void tell(Recording recording) {
        boolean recorded = recording.isNew();
        boolean promised = recording.isPromised();
        boolean sameKind = last.isPresent() && !last.get().planned && last.get().recorded == recorded;
        if (sameKind && (!recorded || !(promised || wasPromised))) {
            return;
        }
        wasPromised = promised;
        last = Optional.of(new Taken(false, recorded, Optional.of(whyNotPlanned(recording))));
    }

    /** Whether the next step goes by the plan. */
    final boolean mayFollow() {
        return plan.isPresent() && isUndisturbed() && isCurrent(engine, plan.get());
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
     * How the last step was taken that came to its end. Any thread may ask at any time: it is told what the thread that takes the
     * steps has published.
     *
     * @return empty before the end of the first step
     */
    public final Optional<Taken> last() {
        return last;
    }

    private String whyNotPlanned(Recording recording) {
        if (!mayPlan) {
            return "no plan was wanted: withoutPlan() or detectAnomalies()";
        }
        return recording
                .whyNotRepeated()
                .or(() -> isUndisturbed()
                        ? Optional.empty()
                        : Optional.of("a hook, an observer or a retained gradient sees what a step computes"))
                .or(() -> obstacle(engine, recording))
                .orElseGet(() -> plan.isPresent() && !isCurrent(engine, plan.get())
                        ? "a target is none that the loss is defined for"
                        : "the first step of a size is recorded, and no other has followed");
    }
}
