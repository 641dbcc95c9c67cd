package org.gradus.plan;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.kernel.Engine;

/** Losses of consecutive samples of sets of one shape, without gradients: block by block from recordings, or many blocks by a plan. */
public final class EvaluationSteps extends Stepper<EvaluationPlan> {

    /** Samples that go through the network together. */
    public static final int BLOCK = 512;

    /** Samples whose losses are computed together where a plan serves: threads then meet less often. */
    private static final int SPAN = 16 * BLOCK;

    private final IntFunction<Recording> made;
    private final Map<Integer, Recording> recordings = new HashMap<>();
    private final KnownTargets known;
    private float[] terms = new float[0];

    private Samples input = Samples.of(Tensor.vector(Float.NaN));
    private Samples target = input;
    private int from;
    private int rows;

    /**
     * Evaluation.
     *
     * @param engine the arithmetic
     * @param made recordings of a number of samples
     * @param mayPlan whether a plan may be made at all
     * @param known what is known of the targets
     */
    public EvaluationSteps(Engine engine, IntFunction<Recording> made, boolean mayPlan, KnownTargets known) {
        super(engine, mayPlan);
        this.made = made;
        this.known = known;
    }

    /**
     * Some samples from {@code first} on; {@link #done} says how many these were.
     *
     * @param inputSet all samples
     * @param targetSet all targets
     * @param first the first sample
     * @return the sum over blocks of {@code loss x samples in block}
     */
    public double sum(Samples inputSet, Samples targetSet, int first) {
        input = inputSet;
        target = targetSet;
        from = first;
        int rest = input.count() - from;
        rows = Math.min(BLOCK, rest);
        if (mayFollow()) {
            rows = Math.min(SPAN, rest);
        }
        return step();
    }

    /**
     * How many samples the last {@link #sum} was over.
     *
     * @return at least 1
     */
    public int done() {
        return rows;
    }

    @Override
    Recording recording() {
        return recordings.computeIfAbsent(Math.min(BLOCK, rows), made::apply);
    }

    @Override
    double byRecording(Recording recorded) {
        return (double) recorded.lossOfRange(input, target, from) * rows;
    }

    /** Where outputs may be none that the loss is defined for, a loss that is NaN is computed once more, by who can say which. */
    @Override
    double byPlan(EvaluationPlan planned) {
        PlannedLoss loss = planned.loss();
        int perSample = loss.termsPerSample();
        if (terms.length < rows * perSample) {
            terms = new float[rows * perSample];
        }
        planned.terms(input, target, from, rows, terms);
        double sum = 0;
        for (int start = 0; start < rows; start += BLOCK) {
            int some = Math.min(BLOCK, rows - start);
            sum += (double) loss.mean(terms, start, some) * some;
        }
        if (Double.isNaN(sum) && loss.mayLeaveDomain()) {
            requireDomain();
        }
        return sum;
    }

    private void requireDomain() {
        for (int start = 0; start < rows; start += BLOCK) {
            int some = Math.min(BLOCK, rows - start);
            recordings.computeIfAbsent(some, made::apply).lossOfRange(input, target, from + start);
        }
    }

    @Override
    Optional<EvaluationPlan> seek(Engine planned, Recording recorded) {
        return EvaluationPlan.of(planned, recorded);
    }

    @Override
    Optional<String> obstacle(Engine planned, Recording recorded) {
        return EvaluationPlan.obstacle(planned, recorded);
    }

    @Override
    boolean isCurrent(Engine planned, EvaluationPlan present) {
        return known.areIn(present.loss().domain(), planned, target);
    }

    /** Recordings of all sizes are of the same network. */
    @Override
    boolean isUndisturbed() {
        for (Recording recording : recordings.values()) {
            if (!recording.isPromised() || recording.isForwardWatched()) {
                return false;
            }
        }
        return true;
    }
}
