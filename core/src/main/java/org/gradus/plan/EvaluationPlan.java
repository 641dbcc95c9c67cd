package org.gradus.plan;

import java.util.Optional;
import org.gradus.data.Samples;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/**
 * The loss of a program over many samples, planned once like {@link TrainingPlan}: every thread takes some samples at a time
 * through the whole network, in memory that stays in its caches. The sums are those of a recording, bit for bit.
 */
final class EvaluationPlan {

    /** Panels that go through the network together: 128 samples share each weight that is read. */
    private static final int GROUP = 8;

    private static final float[] NOTHING = {};

    private final Engine engine;
    private final boolean reproducing;
    private final PlannedLoss loss;
    private final Workspace[] workspaces;
    private final Share[] shares = new Share[GROUP + 1];
    private final Engine.Work forward = this::forward;

    private final BatchRows rows = new BatchRows();
    private float[] terms = NOTHING;
    private int first;
    private int samples;

    /** The memory of one thread. */
    @SuppressWarnings("ArrayRecordComponent") // its own arrays, never compared
    private record Workspace(PlannedNet net, float[] target) {}

    private EvaluationPlan(Engine engine, Program program, boolean reproducing) {
        this.engine = engine;
        this.reproducing = reproducing;
        workspaces = new Workspace[engine.threads()];
        for (int t = 0; t < workspaces.length; t++) {
            workspaces[t] = workspace(program);
        }
        loss = workspaces[0].net.loss;
        for (int count = 0; count <= GROUP; count++) {
            shares[count] = Share.alone(0, count);
        }
    }

    private Workspace workspace(Program program) {
        int most = GROUP * PanelKernels.WIDTH;
        PlannedNet net = new PlannedNet(program, most, false);
        return new Workspace(
                net, reproducing ? net.batch.numbers : new float[PanelKernels.size(most, net.loss.targets())]);
    }

    /**
     * A plan for sets of samples.
     *
     * @param engine whose kernels and threads do the work
     * @param recording of any number of samples
     * @return empty if there is an {@link #obstacle}
     */
    static Optional<EvaluationPlan> of(Engine engine, Recording recording) {
        return Stepper.isPossible(engine)
                ? recording
                        .read()
                        .program()
                        .map(program -> new EvaluationPlan(engine, program, recording.isReproducing()))
                : Optional.empty();
    }

    /** Why there is no plan, in words for the user; empty if there is one. */
    static Optional<String> obstacle(Engine engine, Recording recording) {
        if (!Stepper.isPossible(engine)) {
            return Optional.of(Stepper.PLAIN_KERNELS);
        }
        ProgramReader reader = recording.read();
        return reader.program().isPresent() ? Optional.empty() : Optional.of(reader.obstacle());
    }

    /**
     * The terms of consecutive samples, those of one sample after those of the one before.
     *
     * @param input all samples
     * @param target all targets
     * @param from the first sample
     * @param count how many
     * @param out {@code count * termsPerSample()} numbers
     */
    void terms(Samples input, Samples target, int from, int count, float[] out) {
        rows.of(input, target);
        first = from;
        samples = count;
        terms = out;
        engine.together(PanelKernels.count(count), forward);
        rows.forget();
        terms = NOTHING;
    }

    /** The loss, whose {@link PlannedLoss#mean} takes these terms. */
    PlannedLoss loss() {
        return loss;
    }

    private void forward(Kernels kernels, int part, int parts) {
        PanelKernels panels = PanelKernels.of(kernels).orElseThrow();
        int count = PanelKernels.count(samples);
        int to = (int) ((long) count * (part + 1) / parts);
        for (int q = (int) ((long) count * part / parts); q < to; q += GROUP) {
            group(kernels, panels, workspaces[part], q * PanelKernels.WIDTH, Math.min(GROUP, to - q));
        }
    }

    private void group(Kernels kernels, PanelKernels panels, Workspace space, int start, int count) {
        int some = Math.min(count * PanelKernels.WIDTH, samples - start);
        PlannedLoss own = space.net.loss;
        rows.inputs.gather(panels, BatchRows.AS_THEY_COME, first + start, some, 0, count, space.net.batch);
        if (!reproducing) {
            rows.targets.gather(
                    panels, BatchRows.AS_THEY_COME, first + start, some, own.targets(), 0, count, space.target);
        }
        space.net.forward(kernels, panels, shares[count], space.target);
        int perSample = own.termsPerSample();
        System.arraycopy(own.terms(), 0, terms, start * perSample, some * perSample);
    }
}
