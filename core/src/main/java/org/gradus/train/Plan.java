package org.gradus.train;

import java.util.List;
import java.util.Optional;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.simd.PanelKernels;
import org.gradus.optim.ElementwiseOptimizer;
import org.gradus.optim.Optimizer;

/**
 * A training step over a chain of layers, planned once: memory, layout and order are fixed, and a step only computes. Losses,
 * gradients, parameters and the optimiser's memory are those of recording, walking back and {@link Optimizer#step}, bit for bit.
 *
 * <p>A step has two parts, and threads meet after each. First every thread takes some panels of 16 samples through the whole
 * network and back: gather, forward, loss, gradients of all layers. Then every thread takes some rows of every weight: sums the
 * gradient over all samples, strip by strip, and has the optimiser use each strip at once.
 */
final class Plan {

    private final Engine engine;
    private final ElementwiseOptimizer optimizer;
    private final int samples;
    private final int panelCount;
    private final boolean squared;
    private final boolean leavesDomain;

    /** What the derivative of a term of the loss is multiplied by: the loss is a mean. */
    private final float lossFactor;

    private final boolean reproducing;
    private final Tensor[] parameters;
    private final PlannedLayer[] layers;
    private final float[] input;
    private final float[] target;
    private final int outputs;
    private final float[] partial;
    private final Pace pace;
    private final Engine.Work passes = this::passes;
    private final Engine.Work updates = this::updates;

    private float[] inputSet = new float[0];
    private float[] targetSet = new float[0];
    private int[] order = new int[0];
    private int first;
    private long nanos;

    Plan(Engine engine, ElementwiseOptimizer optimizer, Chain chain, int samples, boolean reproducing) {
        this.engine = engine;
        this.optimizer = optimizer;
        pace = new Pace(engine.threads());
        this.samples = samples;
        panelCount = PanelKernels.count(samples);
        squared = chain.squared();
        leavesDomain = chain.mayLeaveDomain();
        this.reproducing = reproducing;
        input = new float[PanelKernels.size(samples, chain.links().get(0).in())];
        layers = PlannedLayer.of(chain, input, samples, link -> indices(link, optimizer))
                .toArray(new PlannedLayer[0]);
        outputs = layers[layers.length - 1].out;
        target = reproducing ? input : new float[PanelKernels.size(samples, outputs)];
        lossFactor = (squared ? 2f : 1f) / (samples * outputs);
        partial = new float[Kernels.chunks(PanelKernels.size(samples, 1), outputs)];
        linkGradients(chain);
        parameters = chain.parameters().map(Tensor::original).toArray(Tensor[]::new);
        // A gradient gets its memory when first asked for: here, and not by two threads at once.
        chain.parameters().forEach(Tensor::grad);
    }

    private void linkGradients(Chain chain) {
        float[] g = new float[layers[layers.length - 1].y.length];
        for (int l = layers.length - 1; l >= 0; l--) {
            layers[l].g = g;
            if (chain.links().get(l).kind() == Chain.Kind.AFFINE && l > 0) {
                g = new float[layers[l].x.length];
            }
            layers[l].gx = g;
        }
    }

    /**
     * A plan for batches of one size.
     *
     * @param engine whose kernels and threads do the work
     * @param recording of such a batch
     * @param optimizer takes the steps
     * @return empty if there is an {@link #obstacle}
     */
    static Optional<Plan> of(Engine engine, Recording recording, Optimizer optimizer) {
        return optimizer instanceof ElementwiseOptimizer elementwise
                        && obstacle(engine, recording, optimizer).isEmpty()
                ? recording
                        .chain()
                        .map(chain ->
                                new Plan(engine, elementwise, chain, recording.samples(), recording.isReproducing()))
                : Optional.empty();
    }

    /** Whether an engine's kernels can do planned steps. */
    static boolean isPossible(Engine engine) {
        return PanelKernels.of(engine.kernels()).isPresent();
    }

    /** Why there is no plan, in words for the user; empty if there is one. */
    static Optional<String> obstacle(Engine engine, Recording recording, Optimizer optimizer) {
        if (!isPossible(engine)) {
            return Optional.of("the plain kernels are in use; plans need the SIMD kernels");
        }
        if (!(optimizer instanceof ElementwiseOptimizer)) {
            return Optional.of("the optimiser does not move each number by itself, as an ElementwiseOptimizer does");
        }
        Optional<Chain> chain = recording.chain();
        if (chain.isEmpty()) {
            return Optional.of(
                    "network and loss are no chain of affine maps and activations with a BCE or squared error"
                            + " at its end");
        }
        if (chain.get().parameters().anyMatch(Tensor::isFrozen)) {
            return Optional.of("a parameter is frozen");
        }
        return covers(chain.get(), optimizer)
                ? Optional.empty()
                : Optional.of("the optimiser moves other tensors than the parameters of the chain");
    }

    private static boolean covers(Chain chain, Optimizer optimizer) {
        return chain.parameters().allMatch(parameter -> index(parameter, optimizer.parameters()) >= 0)
                && chain.parameters().count() == optimizer.parameters().size();
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

    private static int[] indices(Chain.Link link, Optimizer optimizer) {
        return link.parameters().stream()
                .mapToInt(p -> index(p, optimizer.parameters()))
                .toArray();
    }

    @SuppressWarnings(
            "ReferenceEquality") // the same numbers, not equal ones: a tensor on a tape shares those of the layer
    private static int index(Tensor parameter, List<Tensor> parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i).data() == parameter.data()) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The loss of the samples {@code order[from], order[from + 1], ...}, and the way back as far as the optimiser needs it. {@link
     * #update} follows, or nothing.
     */
    float loss(Tensor inputs, Tensor targets, int[] samplesInOrder, int from) {
        inputSet = inputs.data();
        targetSet = targets.data();
        order = samplesInOrder;
        first = from;
        int threads = pace.threads();
        long start = System.nanoTime();
        engine.together(Math.min(panelCount, threads), passes);
        double sum = Kernels.total(Kernels.chunks(samples, outputs), partial);
        nanos = System.nanoTime() - start;
        return (float) (sum / (samples * outputs));
    }

    /** One step of the optimiser by the last {@link #loss}. */
    void update() {
        int threads = pace.threads();
        long start = System.nanoTime();
        optimizer.beginStep();
        engine.together(threads, updates);
        pace.took(nanos + System.nanoTime() - start);
    }

    /** Whether the loss is binary cross-entropy, whose targets must be probabilities. */
    boolean isCrossEntropy() {
        return !squared;
    }

    /** Whether an output may be no probability, and the loss then NaN: only a recording says which it is. */
    boolean mayLeaveDomain() {
        return leavesDomain;
    }

    private void passes(Kernels kernels, int part, int parts) {
        PanelKernels panels = PanelKernels.of(kernels).orElseThrow();
        int from = panelCount * part / parts;
        int to = panelCount * (part + 1) / parts;
        panels.gather(order, first, samples, layers[0].in, from, to, inputSet, input, layers[0].transposedInput());
        if (!reproducing) {
            panels.gather(order, first, samples, outputs, from, to, targetSet, target);
        }
        for (PlannedLayer layer : layers) {
            layer.forward(kernels, panels, from, to);
        }
        int l = layers.length - 1;
        loss(panels, from, to, layers[l].y);
        if (layers[l].backwardWithLoss(panels, squared, from, to, lossFactor, target)) {
            l--;
        } else {
            lossGrad(panels, from, to, layers[l]);
        }
        for (; l >= 0; l--) {
            layers[l].backward(panels, from, to);
        }
    }

    private void loss(PanelKernels panels, int from, int to, float[] y) {
        if (squared) {
            panels.squaredErrorChunks(from, to, outputs, y, target, partial);
        } else {
            panels.bceChunks(from, to, outputs, y, target, partial);
        }
    }

    private void lossGrad(PanelKernels panels, int from, int to, PlannedLayer last) {
        int start = from * outputs * PanelKernels.WIDTH;
        int end = to * outputs * PanelKernels.WIDTH;
        if (squared) {
            panels.squaredErrorGrad(start, end, lossFactor, last.y, target, last.g);
        } else {
            panels.bceGrad(start, end, lossFactor, last.y, target, last.g);
        }
    }

    private void updates(Kernels kernels, int part, int parts) {
        PanelKernels panels = PanelKernels.of(kernels).orElseThrow();
        for (PlannedLayer layer : layers) {
            layer.update(kernels, panels, optimizer, part, parts);
        }
    }
}
