package org.gradus.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.gradus.autograd.DomainException;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.kernel.Engine;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;
import org.gradus.optim.Optimizer;
import org.jspecify.annotations.Nullable;

/**
 * One pass through a network and its loss for a fixed number of samples: recorded the first time, and replayed on other samples
 * from then on where nobody can tell the difference. That takes the promise of network and loss that they do the same for every
 * batch, nobody's code that is called with the tensors of a batch, and no change in what learns. Otherwise every pass is recorded
 * anew, in the memory of the last. Creates nothing when it replays, and no arrays of numbers when it records again.
 */
public final class Recording {

    private final Layer net;
    private final Loss loss;
    private final Batch input;
    private final Batch target;
    private final Tape tape;
    private boolean begun;
    private boolean repeats;
    private boolean isNew;
    private Leaves leaves = Leaves.NONE;
    private Tensor x = Tensor.scalar(Float.NaN);
    private Tensor y = x;
    private Tensor value = Tensor.scalar(Float.NaN);

    /**
     * Nothing is recorded yet.
     *
     * @param engine the arithmetic
     * @param net what is computed
     * @param loss and compared with the targets
     * @param inputShape shape of the samples' input, their number first
     * @param targetShape shape of their target
     * @param shared whether target and input are the same numbers, which are then copied once
     */
    public Recording(Engine engine, Layer net, Loss loss, Shape inputShape, Shape targetShape, boolean shared) {
        tape = Tape.reusing(engine);
        this.net = net;
        this.loss = loss;
        input = new Batch(inputShape, "input");
        target = shared ? input : new Batch(targetShape, "target");
    }

    /** The loss of the samples {@code order[from], order[from + 1], ...}. */
    float lossOfRows(Samples inputs, Samples targets, int[] order, int from) {
        input.gather(inputs, order, from);
        if (target != input) {
            target.gather(targets, order, from);
        }
        try {
            return run();
        } catch (DomainException wrong) {
            throw placed(wrong, targets, row -> order[from + row]);
        }
    }

    /** The loss of the samples {@code from, from + 1, ...}. */
    float lossOfRange(Samples inputs, Samples targets, int from) {
        input.range(inputs, from);
        if (target != input) {
            target.range(targets, from);
        }
        try {
            return run();
        } catch (DomainException wrong) {
            throw placed(wrong, targets, row -> from + row);
        }
    }

    /**
     * Places what an operation refused in a batch. Where the operation was given tensors of another shape, by a loss that flattens them
     * for example, its rows are not those of the batch and say nothing about the set.
     *
     * @param wrong by its row in the batch
     * @param targets all targets; if one of them is wrong, it is named by its place among them
     * @param inSet a row's number in the set
     */
    private DomainException placed(DomainException wrong, Samples targets, IntUnaryOperator inSet) {
        try {
            Targets.require(loss, targets);
        } catch (DomainException ofSet) {
            return ofSet;
        }
        if (wrong.samples() != samples()) {
            return wrong;
        }
        int sample = inSet.applyAsInt(wrong.sample());
        return wrong.during("row " + wrong.sample() + " of the batch is sample " + sample + " of the set");
    }

    /** Adds the gradients of the last loss to those of the parameters. */
    void backward() {
        tape.backward(value);
    }

    /** Whether the last pass was recorded; if not, it was a replay. */
    boolean isNew() {
        return isNew;
    }

    /** Has the next pass recorded. */
    void forget() {
        repeats = false;
    }

    /** Whether network and loss promise to do the same for every batch. */
    boolean isPromised() {
        return net.isRepeatable() && loss.isRepeatable();
    }

    /** Whether a tensor was frozen or unfrozen since the recording. */
    boolean isOutdated() {
        return leaves.haveChanged();
    }

    /** Whether something learns here, and all of that is among some tensors. */
    boolean learnsIn(Set<Tensor> moved) {
        return leaves.learnIn(moved);
    }

    /** Sees to it that an optimiser moves what the loss depends on. */
    void check(Optimizer optimizer) {
        optimizer.check(value);
    }

    /** Who does not promise that a recording may be repeated. */
    Optional<String> whyNotRepeated() {
        if (!net.isRepeatable()) {
            return Optional.of(doubtful(net) + " does not promise isRepeatable()");
        }
        return loss.isRepeatable()
                ? Optional.empty()
                : Optional.of("the loss '" + Printable.text(loss.name()) + "' does not promise isRepeatable()");
    }

    /** The first layer without a promise, by its place; or the network itself. */
    private static String doubtful(Layer net) {
        String path = "";
        Layer layer = net;
        Optional<Map.Entry<String, Layer>> child = firstDoubtful(layer);
        while (child.isPresent()) {
            path += (path.isEmpty() ? "" : ".") + child.get().getKey();
            layer = child.get().getValue();
            child = firstDoubtful(layer);
        }
        return path.isEmpty() ? "the network" : "layer " + Printable.text(path);
    }

    private static Optional<Map.Entry<String, Layer>> firstDoubtful(Layer net) {
        return net.children().entrySet().stream()
                .filter(child -> !child.getValue().isRepeatable())
                .findFirst();
    }

    /** What was recorded as a program, or why it is none; after the first batch. */
    ProgramReader read() {
        return new ProgramReader(tape, x, y, value);
    }

    /** Whether somebody sees, or changes, what is computed here, so that it must not be computed elsewhere. */
    boolean isWatched() {
        return tape.isWatched();
    }

    /** The same of the loss without its gradients. */
    boolean isForwardWatched() {
        return tape.isReplayWatched();
    }

    void computeOn(Engine engine) {
        tape.computeOn(engine);
    }

    /** Has what is computed searched for numbers that are NaN or infinite. */
    public void detectAnomalies() {
        tape.detectAnomalies();
    }

    int samples() {
        return input.rows;
    }

    /** Whether target and input are the same numbers. */
    boolean isReproducing() {
        return target == input;
    }

    private float run() {
        isNew = !mayReplay();
        if (isNew) {
            record();
        } else {
            tape.replay();
        }
        return value.item();
    }

    private boolean mayReplay() {
        return repeats && isPromised() && !tape.isShown() && !tape.isWalkWatched() && !leaves.haveChanged();
    }

    private void record() {
        if (begun) {
            tape.begin();
        }
        begun = true;
        repeats = false; // should forward fail, nothing is to be replayed
        boolean promised = isPromised();
        x = tape.input(input.batch);
        y = target == input ? x : tape.input(target.batch);
        value = required(loss.of(net.forward(x), y));
        leaves = Leaves.of(tape);
        repeats = promised;
    }

    /** What a loss gave, if it can be one: whoever writes one as a lambda may return anything. */
    private Tensor required(@Nullable Tensor given) {
        if (given == null) {
            throw new IllegalStateException(refusal("null"));
        }
        if (!isOfThisPass(given)) {
            throw new IllegalStateException(
                    refusal("a tensor " + given.shape() + " that this tape did not record in this step"));
        }
        if (given.size() != 1) {
            throw new ShapeException(refusal("a tensor " + given.shape()) + "; reduce it with mean() or sum()");
        }
        return given;
    }

    private String refusal(String given) {
        return "the loss '" + Printable.text(loss.name()) + "' gave " + given
                + " but must give a scalar computed from the network's output on this tape";
    }

    private boolean isOfThisPass(Tensor given) {
        List<Tape.Step> steps = tape.steps();
        for (int s = steps.size() - 1; s >= 0; s--) {
            if (steps.get(s).out().equals(given)) {
                return true;
            }
        }
        return given.equals(x) || given.equals(y);
    }

    /** A tensor that is filled with some samples of a larger one. */
    private static final class Batch {

        private final Tensor batch;
        private final int rows;
        private final int width;

        Batch(Shape shape, String name) {
            batch = Tensor.of(shape, new float[shape.size()]).named(name);
            rows = shape.length(0);
            width = shape.size() / rows;
        }

        void gather(Samples all, int[] order, int from) {
            float[] filled = batch.data();
            for (int r = 0; r < rows; r++) {
                all.read(order[from + r], filled, r * width);
            }
        }

        void range(Samples all, int from) {
            float[] filled = batch.data();
            for (int r = 0; r < rows; r++) {
                all.read(from + r, filled, r * width);
            }
        }
    }
}
