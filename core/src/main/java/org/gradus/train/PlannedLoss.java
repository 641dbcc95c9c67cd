package org.gradus.train;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;

/**
 * The loss of a chain of layers over many samples, planned once like {@link Plan}: every thread takes some samples at a time
 * through the whole network, in memory that stays in its caches. The sums are those of a recording, bit for bit.
 */
final class PlannedLoss {

    /** Panels that go through the network together: 128 samples share each weight that is read. */
    private static final int GROUP = 8;

    private static final float[] NOTHING = {};

    private final Engine engine;
    private final boolean squared;
    private final boolean leavesDomain;
    private final boolean reproducing;
    private final int inputs;
    private final int outputs;
    private final Workspace[] workspaces;
    private final Engine.Work forward = this::forward;

    private float[] inputSet = NOTHING;
    private float[] targetSet = NOTHING;
    private float[] sums = NOTHING;
    private int first;
    private int samples;

    /** The memory of one thread. */
    @SuppressWarnings("ArrayRecordComponent") // its own arrays, never compared
    private record Workspace(
            float[] input, float[] target, List<PlannedLayer> layers, float[] output, float[] partial) {}

    PlannedLoss(Engine engine, Chain chain, boolean reproducing) {
        this.engine = engine;
        this.reproducing = reproducing;
        squared = chain.squared();
        leavesDomain = chain.mayLeaveDomain();
        inputs = chain.links().get(0).in();
        outputs = chain.links().get(chain.links().size() - 1).out();
        workspaces = new Workspace[engine.threads()];
        for (int t = 0; t < workspaces.length; t++) {
            workspaces[t] = workspace(chain);
        }
    }

    private Workspace workspace(Chain chain) {
        int most = GROUP * PanelKernels.WIDTH;
        float[] input = new float[PanelKernels.size(most, inputs)];
        float[] target = reproducing ? input : new float[PanelKernels.size(most, outputs)];
        List<PlannedLayer> layers = PlannedLayer.forwardOnly(chain, input, most);
        float[] output = layers.get(layers.size() - 1).y;
        return new Workspace(input, target, layers, output, new float[Kernels.chunks(most, outputs)]);
    }

    /**
     * A plan for sets of samples.
     *
     * @param engine whose kernels and threads do the work
     * @param recording of any number of samples
     * @return empty if the kernels have no panels or the recording is no chain
     */
    static Optional<PlannedLoss> of(Engine engine, Recording recording) {
        if (PanelKernels.of(engine.kernels()).isEmpty()) {
            return Optional.empty();
        }
        return recording.chain().map(chain -> new PlannedLoss(engine, chain, recording.isReproducing()));
    }

    /**
     * The reduction chunks of consecutive samples, those of one sample after those of the one before.
     *
     * @param input all samples
     * @param target all targets
     * @param from the first sample
     * @param count how many
     * @param partial {@code count * chunksPerSample()} numbers
     */
    void chunks(Tensor input, Tensor target, int from, int count, float[] partial) {
        inputSet = input.data();
        targetSet = target.data();
        first = from;
        samples = count;
        sums = partial;
        engine.together(PanelKernels.count(count), forward);
        inputSet = NOTHING;
        targetSet = NOTHING;
        sums = NOTHING;
    }

    /** As {@link Plan#isCrossEntropy}. */
    boolean isCrossEntropy() {
        return !squared;
    }

    /** As {@link Plan#mayLeaveDomain}. */
    boolean mayLeaveDomain() {
        return leavesDomain;
    }

    int chunksPerSample() {
        return Kernels.chunks(1, outputs);
    }

    int outputs() {
        return outputs;
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
        panels.gatherRange(first + start, some, inputs, 0, count, inputSet, space.input);
        if (!reproducing) {
            panels.gatherRange(first + start, some, outputs, 0, count, targetSet, space.target);
        }
        for (int l = 0; l < space.layers.size(); l++) {
            space.layers.get(l).forward(kernels, panels, 0, count);
        }
        if (squared) {
            panels.squaredErrorChunks(0, count, outputs, space.output, space.target, space.partial);
        } else {
            panels.bceChunks(0, count, outputs, space.output, space.target, space.partial);
        }
        System.arraycopy(space.partial, 0, sums, start * chunksPerSample(), some * chunksPerSample());
    }
}
