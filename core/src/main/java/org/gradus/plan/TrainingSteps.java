package org.gradus.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.kernel.Engine;
import org.gradus.optim.Optimizer;

/**
 * Steps on batches of one size. The first is recorded, and checked: the optimiser has to move what the loss depends on. The next
 * are planned or replayed where nobody can tell the difference, and recorded anew where somebody could.
 */
public final class TrainingSteps extends Stepper<TrainingPlan> {

    private final Recording recording;
    private final Optimizer optimizer;
    private final boolean keepsGoing;
    private final KnownTargets known;
    private List<Tensor> parameters = List.of();
    private final Set<Tensor> moved = new HashSet<>(); // a tensor equals itself alone

    private Samples inputs = Samples.of(Tensor.vector(Float.NaN));
    private Samples targets = inputs;
    private int[] order = {};
    private int from;

    /**
     * Steps.
     *
     * @param engine the arithmetic
     * @param recording of such batches
     * @param optimizer takes the steps
     * @param mayPlan whether a plan may be made at all
     * @param keepsGoing whether the optimiser steps by a loss that is not finite, too
     * @param known what is known of the targets
     */
    public TrainingSteps(
            Engine engine,
            Recording recording,
            Optimizer optimizer,
            boolean mayPlan,
            boolean keepsGoing,
            KnownTargets known) {
        super(engine, mayPlan);
        this.recording = recording;
        this.optimizer = optimizer;
        this.keepsGoing = keepsGoing;
        this.known = known;
    }

    /**
     * One step of the optimiser on the samples {@code samplesInOrder[first], samplesInOrder[first + 1], ...}. There is no step by a loss
     * that is not finite, unless the loop keeps going.
     *
     * @param inputSet all samples
     * @param targetSet all targets
     * @param samplesInOrder numbers of samples
     * @param first index of the batch's first one
     * @return the loss before the step
     */
    public float take(Samples inputSet, Samples targetSet, int[] samplesInOrder, int first) {
        inputs = inputSet;
        targets = targetSet;
        order = samplesInOrder;
        from = first;
        noticeChanges();
        return (float) step();
    }

    @Override
    Recording recording() {
        return recording;
    }

    @Override
    double byRecording(Recording recorded) {
        float value = recorded.lossOfRows(inputs, targets, order, from);
        if (recorded.isNew() && !recorded.learnsIn(moved)) {
            recorded.check(optimizer);
        }
        if (Float.isFinite(value) || keepsGoing) {
            optimizer.zeroGrad();
            recorded.backward();
            optimizer.step();
        }
        return value;
    }

    @Override
    double byPlan(TrainingPlan planned) {
        float value = planned.loss(inputs, targets, order, from);
        if (Float.isNaN(value) && planned.mayLeaveDomain()) {
            recording.lossOfRows(
                    inputs, targets, order, from); // says which output is none that the loss is defined for
        }
        if (Float.isFinite(value) || keepsGoing) {
            planned.update();
        }
        return value;
    }

    @Override
    Optional<TrainingPlan> seek(Engine planned, Recording recorded) {
        return TrainingPlan.of(planned, recorded, optimizer);
    }

    @Override
    Optional<String> obstacle(Engine planned, Recording recorded) {
        return TrainingPlan.obstacle(planned, recorded, optimizer);
    }

    @Override
    boolean isCurrent(Engine planned, TrainingPlan present) {
        return present.isCurrent() && known.areIn(present.domain(), planned, targets);
    }

    @Override
    boolean isUndisturbed() {
        return recording.isPromised() && !recording.isWatched();
    }

    /** Parameters may be frozen, and an optimiser may get others, between any two steps. */
    private void noticeChanges() {
        if (!isSame(optimizer.parameters(), parameters)) {
            parameters = List.copyOf(optimizer.parameters());
            moved.clear();
            parameters.forEach(parameter -> moved.add(parameter.original()));
            recording.forget();
            forgetPlan();
        } else if (recording.isOutdated() && !hasPlan()) {
            seekAgain();
        }
    }

    /** In a loop that allocates nothing. */
    private static boolean isSame(List<Tensor> some, List<Tensor> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; same && i < some.size(); i++) {
            same = some.get(i).equals(others.get(i));
        }
        return same;
    }
}
