package org.gradus.plan;

import java.util.ArrayList;
import java.util.List;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/**
 * The way through a network and back by teams of threads: each takes some panels, and its members divide the features of every value.
 * Where a member reads what others have made, they meet before; between two meetings lies a stage. What an operation reads and
 * writes ({@link PlannedOp.Reach}) decides:
 *
 * <pre>
 *   SHARE   after an operation that ONE has done
 *   ALL     after anything
 *   ONE     after anything that all have done
 * </pre>
 *
 * <p>No meeting keeps an operation from overwriting what a slower member still reads: a value's numbers are written once per pass,
 * and the memory of a gradient is read across members by one operation only, the affine map that made the value, after which nothing
 * writes there.
 */
final class TeamPass {

    /**
     * Multiply-adds of one thread in the time of a meeting: one took 0.3 to 1.5 microseconds, in which a thread does 10,000 to 50,000.
     * The larger number, for threads that wait for each other are seldom all awake.
     */
    static final long MEETING = 50_000;

    private final PlannedLoss loss;
    private final PlannedOp[] ops;
    private final Value output;
    private final Act[][] stages;

    private enum Kind {
        FORWARD,
        TERMS,
        GRAD,
        GRAD_WITH_LAST,
        BACKWARD,
        /** Terms that nothing waits for: done by the last member. */
        TERMS_ASIDE
    }

    /** Something that is done in a stage, and with which operation. */
    private record Act(Kind kind, int op, PlannedOp.Reach reach) {}

    /**
     * How threads are divided into teams.
     *
     * @param count of the teams
     * @param members of each; 1 if each thread takes panels for itself
     */
    record Teams(int count, int members) {}

    TeamPass(PlannedNet net) {
        ops = net.operations().toArray(PlannedOp[]::new);
        loss = net.loss;
        output = net.output;
        stages = cut(acts());
    }

    private List<Act> acts() {
        List<Act> acts = new ArrayList<>();
        int last = ops.length - 1;
        for (int o = 0; o <= last; o++) {
            acts.add(new Act(Kind.FORWARD, o, ops[o].forwardReach()));
        }
        if (loss.gradFollowsTerms()) {
            acts.add(new Act(Kind.TERMS, last, PlannedOp.Reach.ONE));
            acts.add(new Act(Kind.GRAD, last, PlannedOp.Reach.ONE));
        } else if (ops[last].goesWith(loss)) {
            acts.add(new Act(Kind.GRAD_WITH_LAST, last--, PlannedOp.Reach.SHARE));
        } else {
            acts.add(new Act(Kind.GRAD, last, PlannedOp.Reach.SHARE));
        }
        for (; last >= 0; last--) {
            acts.add(new Act(Kind.BACKWARD, last, ops[last].backwardReach()));
        }
        return acts;
    }

    private Act[][] cut(List<Act> acts) {
        List<List<Act>> cut = new ArrayList<>();
        List<Act> stage = new ArrayList<>();
        boolean aside = !loss.gradFollowsTerms();
        boolean afterGrad = false;
        for (Act act : acts) {
            if (meets(stage, act.reach)) {
                cut.add(stage);
                stage = new ArrayList<>();
                if (aside && afterGrad) {
                    stage.add(termsAside());
                    aside = false;
                }
            }
            stage.add(act);
            afterGrad |= act.kind == Kind.GRAD || act.kind == Kind.GRAD_WITH_LAST;
        }
        cut.add(stage);
        if (aside) {
            cut.add(List.of(termsAside()));
        }
        return cut.stream().map(some -> some.toArray(Act[]::new)).toArray(Act[][]::new);
    }

    private Act termsAside() {
        return new Act(Kind.TERMS_ASIDE, ops.length - 1, PlannedOp.Reach.SHARE);
    }

    /** The first stage begins after a meeting too: the batch has been gathered by one member. */
    private static boolean meets(List<Act> stage, PlannedOp.Reach next) {
        return switch (next) {
            case SHARE -> stage.stream().anyMatch(act -> act.reach == PlannedOp.Reach.ONE);
            case ALL -> stage.stream().anyMatch(act -> act.kind != Kind.TERMS_ASIDE);
            case ONE ->
                stage.stream().anyMatch(act -> act.reach != PlannedOp.Reach.ONE && act.kind != Kind.TERMS_ASIDE);
        };
    }

    int stages() {
        return stages.length;
    }

    /**
     * The teams that finish first, by counting: panels and features can be divided evenly only if the number of teams divides both threads
     * and panels; but where each thread takes whole panels, nobody has to meet.
     *
     * @param threads there are
     * @param panels of a batch
     * @param meeting what one costs in multiply-adds, {@link #MEETING}
     */
    Teams teams(int threads, int panels, long meeting) {
        long work = 0;
        for (PlannedOp op : ops) {
            work += op.work();
        }
        int count = greatestDivisor(threads, panels);
        int members = threads / count;
        long alone = work * ((panels + threads - 1) / threads);
        long divided = work * (panels / count) / members + (stages.length + 1) * meeting;
        return divided < alone ? new Teams(count, members) : new Teams(Math.min(threads, panels), 1);
    }

    private static int greatestDivisor(int a, int b) {
        return b == 0 ? a : greatestDivisor(b, a % b);
    }

    /**
     * A stage, as a member of a team does it.
     *
     * @param own what it does where all work
     * @param whole what it does where one works
     */
    void run(int stage, Kernels kernels, PanelKernels panels, Share own, Share whole, float[] target) {
        for (Act act : stages[stage]) {
            if (act.reach != PlannedOp.Reach.ONE) {
                run(act, kernels, panels, own, target);
            } else if (own.isFirst()) {
                run(act, kernels, panels, whole, target);
            }
        }
    }

    private void run(Act act, Kernels kernels, PanelKernels panels, Share share, float[] target) {
        switch (act.kind) {
            case FORWARD -> ops[act.op].forward(kernels, panels, share);
            case TERMS -> loss.terms(panels, share.from(), share.to(), output.numbers, target);
            case GRAD -> loss.grad(kernels, panels, share, output.numbers, target, output.grad);
            case GRAD_WITH_LAST -> ops[act.op].backwardWithLoss(loss, panels, share, target);
            case BACKWARD -> ops[act.op].backward(kernels, panels, share);
            case TERMS_ASIDE -> {
                if (share.isLast()) {
                    loss.terms(panels, share.from(), share.to(), output.numbers, target);
                }
            }
        }
    }
}
