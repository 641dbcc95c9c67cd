package org.gradus.train;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.optim.Optimizer;

/**
 * Steps on batches of one size. The first is recorded, and checked: the optimiser has to move what the loss depends on. The next
 * are planned or replayed where nobody can tell the difference, and recorded anew where somebody could.
 */
final class Steps {

    private final Recording recording;
    private final Optimizer optimizer;
    private final boolean mayPlan;
    private final boolean keepsGoing;
    private final SetCheck checked;
    private List<Tensor> parameters = List.of();
    private final Set<Tensor> moved = new HashSet<>(); // a tensor equals itself alone
    private Optional<Plan> plan = Optional.empty();
    private boolean sought;
    private StepKind last = StepKind.RECORDED;

    /**
     * Steps.
     *
     * @param recording of such batches
     * @param optimizer takes the steps
     * @param mayPlan whether a plan may be made at all
     * @param keepsGoing whether the optimiser steps by a loss that is not finite, too
     * @param checked what is known of the data sets
     */
    Steps(Recording recording, Optimizer optimizer, boolean mayPlan, boolean keepsGoing, SetCheck checked) {
        this.recording = recording;
        this.optimizer = optimizer;
        this.mayPlan = mayPlan;
        this.keepsGoing = keepsGoing;
        this.checked = checked;
    }

    /**
     * One step of the optimiser on the samples {@code order[from], order[from + 1], ...}; gives the loss before it. There is no step
     * by a loss that is not finite, unless the loop keeps going.
     */
    float take(Tensor inputs, Tensor targets, int[] order, int from) {
        noticeChanges();
        if (plan.isPresent() && plan.get().isCurrent() && recording.isPromised() && !recording.isWatched()) {
            last = StepKind.PLANNED;
            return takePlanned(plan.get(), inputs, targets, order, from);
        }
        boolean seeks = seeksPlan();
        recording.computeOn(seeks ? Engine.plain() : Engine.shared());
        float value = recording.lossOfRows(inputs, targets, order, from);
        last = recording.isNew() ? StepKind.RECORDED : StepKind.REPLAYED;
        if (recording.isNew() && !recording.learnsIn(moved)) {
            recording.check(optimizer);
        }
        if (!Float.isFinite(value) && !keepsGoing) {
            return value;
        }
        optimizer.zeroGrad();
        recording.backward();
        optimizer.step();
        if (seeks) {
            sought = true;
            plan = Plan.of(Engine.shared(), recording, optimizer);
        }
        return value;
    }

    private float takePlanned(Plan steps, Tensor inputs, Tensor targets, int[] order, int from) {
        if (steps.isCrossEntropy()) {
            checked.requireProbabilities(targets);
        }
        float value = steps.loss(inputs, targets, order, from);
        if (Float.isNaN(value) && steps.mayLeaveDomain()) {
            recording.lossOfRows(inputs, targets, order, from);
        }
        if (Float.isFinite(value) || keepsGoing) {
            steps.update();
        }
        return value;
    }

    /** Until it is known that there is no plan, batches are computed on plain kernels, whose code is compiled sooner. */
    private boolean seeksPlan() {
        return mayPlan && !sought && Plan.isPossible(Engine.shared()) && recording.isPromised();
    }

    /** Parameters may be frozen, and an optimiser may get others, between any two steps. */
    private void noticeChanges() {
        if (!isSame(optimizer.parameters(), parameters)) {
            parameters = List.copyOf(optimizer.parameters());
            moved.clear();
            parameters.forEach(parameter -> moved.add(parameter.original()));
            recording.forget();
            plan = Optional.empty();
            sought = false;
        } else if (recording.isOutdated() && plan.isEmpty()) {
            sought = false;
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

    /** How the last step was taken, and why the next will not be planned if so. */
    StepReport report() {
        return new StepReport(last, whyNotPlanned());
    }

    private Optional<String> whyNotPlanned() {
        if (!mayPlan) {
            return Optional.of("no plan was wanted: withoutPlan() or detectAnomalies()");
        }
        return recording
                .whyNotRepeated()
                .or(() -> recording.isWatched()
                        ? Optional.of("a hook, an observer or a retained gradient sees what a step computes")
                        : Optional.empty())
                .or(() -> Plan.obstacle(Engine.shared(), recording, optimizer));
    }
}
