package org.gradus.plan;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.optim.ElementwiseOptimizer;
import org.gradus.optim.Optimizer;

/**
 * A training step over a program, planned once: memory, layout and order are fixed, and a step only computes. Losses, gradients,
 * parameters and the optimiser's memory are those of recording, walking back and {@link Optimizer#step}, bit for bit.
 *
 * <p>A step has two parts, and threads meet after each. First every thread takes some panels of 16 samples through the whole
 * network and back: gather, forward, loss, gradients of all operations. Where there are more threads than panels, a team of them takes
 * the panels and divides the features ({@link TeamPass}). Then every thread takes some rows of every parameter: sums the
 * gradient over all samples, strip by strip, and has the optimiser use each strip at once.
 */
final class TrainingPlan {

    private final Engine engine;
    private final ElementwiseOptimizer optimizer;
    private final int samples;
    private final int panelCount;
    private final boolean reproducing;
    private final Tensor[] parameters;
    private final PlannedNet net;
    private final PlannedLoss lossOfNet;
    private final PlannedParameter[] planned;
    private final float[] target;
    private final Pace pace;
    private final TeamPass pass;
    private final TeamPass.Teams teams;
    private final Share everything;
    private final Share[] shares;
    private final Share[] wholes;
    private final Engine.Work passes = this::passes;
    private final Engine.StagedWork stages = this::stage;
    private final Engine.Work updates = this::updates;

    private final BatchRows rows = new BatchRows();
    private int[] order = {};
    private int first;
    private long nanos;

    private TrainingPlan(
            Engine engine,
            ElementwiseOptimizer optimizer,
            Program program,
            int samples,
            boolean reproducing,
            long meeting) {
        this.engine = engine;
        this.optimizer = optimizer;
        this.samples = samples;
        this.reproducing = reproducing;
        pace = new Pace(engine.threads());
        panelCount = PanelKernels.count(samples);
        net = new PlannedNet(program, samples, true);
        lossOfNet = net.loss;
        pass = new TeamPass(net);
        teams = pass.teams(engine.threads(), panelCount, meeting);
        everything = Share.alone(0, panelCount);
        shares = new Share[teams.count() * teams.members()];
        wholes = new Share[shares.length];
        for (int part = 0; part < shares.length; part++) {
            int team = part / teams.members();
            int from = panelCount * team / teams.count();
            int to = panelCount * (team + 1) / teams.count();
            shares[part] = new Share(from, to, part % teams.members(), teams.members());
            wholes[part] = Share.alone(from, to);
        }
        target = reproducing ? net.batch.numbers : new float[PanelKernels.size(samples, lossOfNet.targets())];
        List<Tensor> learned = program.parameters();
        parameters = learned.toArray(Tensor[]::new);
        planned = PlannedParameter.of(
                program,
                net.operations(),
                learned.stream()
                        .mapToInt(parameter -> index(parameter, optimizer.parameters()))
                        .toArray());
        // A gradient gets its memory when first asked for: here, and not by two threads at once.
        learned.forEach(Tensor::grad);
    }

    /**
     * A plan for batches of one size.
     *
     * @param engine whose kernels and threads do the work
     * @param recording of such a batch
     * @param optimizer takes the steps
     * @return empty if there is an {@link #obstacle}
     */
    static Optional<TrainingPlan> of(Engine engine, Recording recording, Optimizer optimizer) {
        return of(engine, recording, optimizer, TeamPass.MEETING);
    }

    /** The same with another price of a meeting, at which threads are divided into teams sooner or later. */
    static Optional<TrainingPlan> of(Engine engine, Recording recording, Optimizer optimizer, long meeting) {
        return optimizer instanceof ElementwiseOptimizer elementwise
                        && obstacle(engine, recording, optimizer).isEmpty()
                ? recording
                        .read()
                        .program()
                        .map(program -> new TrainingPlan(
                                engine, elementwise, program, recording.samples(), recording.isReproducing(), meeting))
                : Optional.empty();
    }

    /** Why there is no plan, in words for the user; empty if there is one. */
    static Optional<String> obstacle(Engine engine, Recording recording, Optimizer optimizer) {
        if (!Stepper.isPossible(engine)) {
            return Optional.of(Stepper.PLAIN_KERNELS);
        }
        if (!(optimizer instanceof ElementwiseOptimizer)) {
            return Optional.of("the optimiser does not move each number by itself, as an ElementwiseOptimizer does");
        }
        ProgramReader reader = recording.read();
        if (reader.program().isEmpty()) {
            return Optional.of(reader.obstacle());
        }
        List<Tensor> learned = reader.program().get().parameters();
        if (learned.stream().anyMatch(Tensor::isFrozen)) {
            return Optional.of("a parameter is frozen");
        }
        boolean covered = learned.size() == optimizer.parameters().size()
                && learned.stream().allMatch(parameter -> index(parameter, optimizer.parameters()) >= 0);
        return covered
                ? Optional.empty()
                : Optional.of("the optimiser moves other tensors than the parameters of the network");
    }

    /** Where an optimiser has a parameter: itself, or a double of it on a tape, which shares its gradient. */
    private static int index(Tensor parameter, List<Tensor> parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).original().equals(parameter)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether all parameters learn, as they did when this was planned. */
    boolean isCurrent() {
        for (Tensor parameter : parameters) {
            if (!parameter.requiresGrad()) {
                return false;
            }
        }
        return true;
    }

    /** What is asked of targets. */
    TargetDomain domain() {
        return lossOfNet.domain();
    }

    /** See {@link PlannedLoss#mayLeaveDomain}. */
    boolean mayLeaveDomain() {
        return lossOfNet.mayLeaveDomain();
    }

    /**
     * The loss of the samples {@code order[from], order[from + 1], ...}, and the way back as far as the optimiser needs it. {@link
     * #update} follows, or nothing.
     */
    float loss(Samples inputs, Samples targets, int[] samplesInOrder, int from) {
        rows.of(inputs, targets);
        order = samplesInOrder;
        first = from;
        int threads = pace.threads();
        long start = System.nanoTime();
        if (threads == 1 || teams.members() == 1) {
            engine.together(Math.min(panelCount, threads), passes);
        } else {
            engine.inStages(teams.count(), teams.members(), pass.stages() + 1, stages);
        }
        float mean = lossOfNet.mean(lossOfNet.terms(), 0, samples);
        nanos = System.nanoTime() - start;
        return mean;
    }

    /** One step of the optimiser by the last {@link #loss}. */
    void update() {
        int threads = pace.threads();
        long start = System.nanoTime();
        optimizer.beginStep();
        engine.together(threads, updates);
        pace.took(nanos + System.nanoTime() - start);
    }

    private void passes(Kernels kernels, int part, int parts) {
        PanelKernels panels = PanelKernels.of(kernels).orElseThrow();
        Share share = parts == 1 ? everything : shares[part];
        gatherInputs(panels, share);
        gatherTargets(panels, share);
        net.forward(kernels, panels, share, target);
        net.backward(kernels, panels, share, target);
    }

    /** In the first stage the first member of a team gathers its inputs and the last its targets. */
    private void stage(Kernels kernels, int part, int stage) {
        PanelKernels panels = PanelKernels.of(kernels).orElseThrow();
        Share share = shares[part];
        if (stage > 0) {
            pass.run(stage - 1, kernels, panels, share, wholes[part], target);
        } else if (share.isFirst()) {
            gatherInputs(panels, share);
        } else if (share.isLast()) {
            gatherTargets(panels, share);
        }
    }

    private void gatherInputs(PanelKernels panels, Share share) {
        rows.inputs.gather(panels, order, first, samples, share.from(), share.to(), net.batch);
    }

    private void gatherTargets(PanelKernels panels, Share share) {
        if (!reproducing) {
            rows.targets.gather(panels, order, first, samples, lossOfNet.targets(), share.from(), share.to(), target);
        }
    }

    private void updates(Kernels kernels, int part, int parts) {
        PanelKernels panels = PanelKernels.of(kernels).orElseThrow();
        for (PlannedParameter parameter : planned) {
            parameter.update(kernels, panels, optimizer, part, parts);
        }
    }
}
