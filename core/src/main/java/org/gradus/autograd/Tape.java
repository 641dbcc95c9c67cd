package org.gradus.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.gradus.kernel.Engine;

/**
 * The recording of one computation, and the walk back along it that is backpropagation.
 *
 * <p>A tape is a list of steps: an operation, its inputs, its output. An operation can only use tensors that exist, so the
 * order of recording is a topological order, and walking it backwards reaches every tensor after all of its uses.
 *
 * <pre>{@code
 * Tape tape = Tape.reusing();
 * for (Tensor batch : batches) {
 *     tape.begin();
 *     Tensor x = tape.input(batch);
 *     Tensor loss = model.forward(x).mse(x);
 *     optimizer.zeroGrad();
 *     loss.backward();
 *     optimizer.step();
 * }
 * }</pre>
 *
 * <p>A tape serves one thread.
 */
public final class Tape {

    /** One recorded operation: what was done, with what, the result, and in which layer. It stays as it was recorded. */
    public static final class Step {

        private final Op op;
        private final Tensor[] inputs;
        private final Tensor[] lent;
        private final Tensor out;
        private final String layer;

        private Step(Op op, Tensor[] in, Tensor out, String layer) {
            this.op = op;
            this.inputs = in.clone();
            this.lent = op instanceof CustomOp ? in.clone() : inputs;
            this.out = out;
            this.layer = layer;
        }

        /** {@return the operation: what was done} */
        public Op op() {
            return op;
        }

        /** {@return the operation's inputs, a read-only list} */
        public List<Tensor> in() {
            return Collections.unmodifiableList(Arrays.asList(inputs));
        }

        /** {@return the result, a tensor of the tape} */
        public Tensor out() {
            return out;
        }

        /**
         * {@return the layer that did it: its path in the state dict, {@code "2"}, or {@code "0.1"} in a nested network; empty
         * outside of all layers}
         */
        public String layer() {
            return layer;
        }

        /** The inputs as the operation gets them. One that a user wrote gets an array of its own each time: it may write there. */
        private Tensor[] lend() {
            if (op instanceof CustomOp) {
                System.arraycopy(inputs, 0, lent, 0, inputs.length);
            }
            return lent;
        }

        /** The same without a list around it, for loops that run in every training step; to be read only. */
        Tensor[] inputs() {
            return inputs;
        }

        /** Operation, result and layer: {@code affine [64,2] in layer 0}. */
        @Override
        public String toString() {
            return op.name() + " " + out.shape() + (layer.isEmpty() ? "" : " in layer " + Printable.text(layer));
        }
    }

    /**
     * A stretch of a program in which nothing is recorded; see {@link Tape#pause()}.
     */
    public final class Pause implements AutoCloseable {
        private boolean over;

        private Pause() {
            pauses++;
        }

        /** Recording goes on, unless an outer pause lasts. Closing twice does nothing. */
        @Override
        public void close() {
            if (!over) {
                over = true;
                pauses--;
            }
        }
    }

    private Engine engine;
    private final Slots memory;
    private final List<Step> steps = new ArrayList<>();
    private long step = 1;
    private long walks;
    private boolean walked;
    private int pauses;
    private LayerPath layer = LayerPath.outside();
    private final Onlookers onlookers = new Onlookers(this);

    private Tape(Engine engine, boolean reuses) {
        this.engine = engine;
        this.memory = new Slots(reuses);
    }

    /**
     * A tape that gives every result memory of its own: tensors of earlier steps stay readable.
     *
     * @return an empty tape at step 1
     */
    public static Tape fresh() {
        return fresh(Engine.shared());
    }

    /**
     * As {@link #fresh()}, on a given engine.
     *
     * @param engine the arithmetic
     * @return an empty tape at step 1
     */
    public static Tape fresh(Engine engine) {
        return new Tape(engine, false);
    }

    /**
     * A tape for training loops: the k-th operation of a step writes into the memory of the k-th operation of the step
     * before, so that nothing large is allocated once the first step is over. The numbers are those of {@link #fresh()}.
     *
     * @return an empty tape at step 1
     */
    public static Tape reusing() {
        return reusing(Engine.shared());
    }

    /**
     * A reusing tape that computes on a given engine.
     *
     * @param engine the arithmetic
     * @return an empty tape at step 1
     */
    public static Tape reusing(Engine engine) {
        return new Tape(engine, true);
    }

    /** Forgets the recording and goes on to the next step. Tensors of a {@link #reusing()} tape become stale. */
    public void begin() {
        steps.clear();
        onlookers.begin();
        step++;
        walked = false;
    }

    /** {@return the number of the current step, 1 before the first {@link #begin()}} */
    public long step() {
        return step;
    }

    /** {@return what was recorded in this step, in order: a read-only list} */
    public List<Step> steps() {
        return Collections.unmodifiableList(steps);
    }

    /**
     * What this recording was given and did not compute: parameters, batches, constants. Each tensor once, in the order of use,
     * and itself where {@link #input} made a double of it.
     *
     * @return a list of its own
     */
    public List<Tensor> given() {
        Set<Tensor> given = new LinkedHashSet<>();
        for (Step recorded : steps) {
            for (Tensor input : recorded.inputs) {
                if (!input.isResult()) {
                    given.add(input.original());
                }
            }
        }
        return new ArrayList<>(given);
    }

    /**
     * Says that a layer begins: what is recorded until {@link #leaveLayer()} carries its name. {@link
     * org.gradus.nn.Sequential} does this for its layers; a layer made of others may do so too, with the names of its
     * {@code namedParameters()}.
     *
     * @param name within the layer around it: "0", or "body"
     */
    public void enterLayer(String name) {
        layer = layer.enter(name);
    }

    /**
     * Says that the layer entered last ends.
     *
     * @throws IllegalStateException if there is none
     */
    public void leaveLayer() {
        layer = layer.leave();
    }

    /**
     * Stops recording until the pause is closed, PyTorch's {@code torch.no_grad()}. What is computed meanwhile has the same
     * numbers, belongs to no tape, requires no gradient and has memory of its own. Pauses may be nested.
     *
     * <pre>{@code
     * try (Tape.Pause off = tape.pause()) {
     *     accuracy = accuracy(model.forward(x), labels);
     * }
     * }</pre>
     *
     * @return ends the pause when closed
     */
    public Pause pause() {
        return new Pause();
    }

    /**
     * Has the tape compute on another engine from now on, replays included: the same bits, sooner or later.
     *
     * @param other the arithmetic
     */
    public void computeOn(Engine other) {
        engine = other;
    }

    /** How much is recorded: {@code Tape, step 3: 5 operations}. */
    @Override
    public String toString() {
        return "Tape, step " + step + ": " + steps.size() + (steps.size() == 1 ? " operation" : " operations");
    }

    boolean hasReused(long born) {
        return memory.areKept() && born != step;
    }

    /**
     * Brings a tensor onto this tape; what is computed from it is recorded. The numbers, and the gradient if the tensor
     * requires one, are shared with it, not copied.
     *
     * @param tensor a tensor of no tape: a batch, or a parameter
     * @return the same numbers on this tape
     * @throws IllegalArgumentException if the tensor belongs to a tape
     */
    public Tensor input(Tensor tensor) {
        if (!tensor.isOn(null)) {
            throw new IllegalArgumentException("input: tensor '" + Printable.text(tensor.name())
                    + "' already belongs to a tape; use it directly, or a copy()");
        }
        Tensor bound = Tensor.onTape(this, tensor.shape(), tensor.data()).named(tensor.name());
        bound.standsFor(tensor);
        return bound;
    }

    /**
     * A single number on this tape that requires a gradient.
     *
     * @param name for messages and pictures
     * @param value the number
     * @return a tensor of shape []
     */
    public Tensor variable(String name, float value) {
        return input(Tensor.scalar(value).trainable().named(name));
    }

    /** Computes and records, or only computes while paused. */
    Tensor apply(Op op, Tensor... in) {
        if (pauses > 0) {
            return Tensor.computed(engine, op, in);
        }
        Shape shape = op.shapeOf(Tensor.shapesOf(in));
        boolean requiresGrad = false;
        for (Tensor t : in) {
            t.requireRecorded(op);
            requiresGrad |= t.requiresGrad();
        }
        Slot slot = memory.at(steps.size());
        Tensor out = Tensor.onTape(this, shape, slot.data(shape.size())).named(op.name());
        out.isResultIn(slot);
        if (requiresGrad) {
            out.markRequiresGrad();
        }
        compute(steps.size(), new Step(op, in, out, layer.toString()));
        return out;
    }

    /** Whatever an operation computes with tensors meanwhile, it is one step: that is not recorded. */
    private void forward(Step recorded) {
        pauses++;
        try {
            forward(engine, recorded.op, recorded.lend(), recorded.out);
        } finally {
            pauses--;
        }
    }

    /** Tapes of several threads may share an engine; the scratch memory an operation takes from it is its own while it runs. */
    static void forward(Engine engine, Op op, Tensor[] in, Tensor out) {
        synchronized (engine) {
            op.forward(engine, in, out);
        }
    }

    /**
     * Computes every recorded operation again, in order, from the present numbers of the inputs and parameters. The tensors of
     * the recording then hold the new results and {@link #backward} may be called again. A training loop over batches of one
     * shape records once and replays.
     */
    public void replay() {
        onlookers.replayBegins();
        for (int s = 0; s < steps.size(); s++) {
            compute(s, steps.get(s));
        }
        walked = false;
    }

    /**
     * Backpropagation: sets the gradient of the loss for itself to 1 and applies the chain rule step by step, last to first.
     * Afterwards {@link Tensor#grad()} of every tensor the loss was computed from holds its gradient; those of parameters and
     * other inputs are added to what was there.
     *
     * @param loss a single number recorded on this tape in this step
     * @throws ShapeException if the loss is not a single number
     * @throws IllegalStateException if it is not on this tape, depends on nothing that requires a gradient, belongs to an
     *     earlier step, or this recording was already walked
     */
    public void backward(Tensor loss) {
        requireWalkable(loss);
        walked = true;
        walks++;
        onlookers.walkBegins(loss);
        reach(loss);
        loss.grad()[0] = 1f;
        for (int s = steps.size() - 1; s >= 0; s--) {
            if (steps.get(s).out.reached == walks) {
                walkBack(s, steps.get(s));
            }
        }
        onlookers.walkEnds();
    }

    /**
     * Whether a walk back over the present recording came by a step, so that the gradients around it are those of its loss.
     *
     * @param recorded a step of {@link #steps()}
     * @return false before {@link #backward}, after a {@link #replay}, and for steps that the loss does not depend on
     */
    public boolean reached(Step recorded) {
        return walked && recorded.out.reached == walks;
    }

    private void backward(Step recorded) {
        pauses++;
        try {
            backward(engine, recorded.op, recorded.lend(), recorded.out);
        } finally {
            pauses--;
        }
    }

    private static void backward(Engine engine, Op op, Tensor[] in, Tensor out) {
        synchronized (engine) {
            op.backward(engine, in, out);
        }
    }

    /** A gradient arrives at a tensor. The first time in a walk, that of a result starts from zero; others collect. */
    private void reach(Tensor tensor) {
        if (tensor.requiresGrad() && tensor.reached != walks) {
            tensor.reached = walks;
            tensor.startGrad();
        }
    }

    private void requireWalkable(Tensor loss) {
        if (!loss.isOn(this)) {
            throw new IllegalStateException(
                    "backward: '" + Printable.text(loss.name()) + "' was not recorded on this tape; call backward() "
                            + "on the tensor itself, or on the tape that recorded it");
        }
        loss.data();
        if (loss.born() != step) {
            throw new IllegalStateException(
                    "backward: '" + Printable.text(loss.name()) + "' was recorded in step " + loss.born()
                            + " of this tape, which is now at step " + step
                            + " and has forgotten how it came about; call backward() before begin()");
        }
        if (loss.size() != 1) {
            throw new ShapeException("backward: loss must be a single number but is " + loss.shape()
                    + "; reduce it with mean() or sum()");
        }
        if (!loss.requiresGrad()) {
            throw new IllegalStateException("backward: nothing that '" + Printable.text(loss.name())
                    + "' was computed from requires a gradient; call trainable() on the tensors to be learned");
        }
        if (walked) {
            throw new IllegalStateException(
                    "backward: step " + step + " of this tape was already walked back; a second walk "
                            + "would add every parameter's gradient twice. Add the losses before one backward(), or begin() and "
                            + "record again");
        }
    }

    // ---- who looks on
    // ---------------------------------------------------------------------------------------------------

    /** Computes a step, for the first time or again, before whoever looks on. */
    private void compute(int index, Step recorded) {
        long start = onlookers.clock();
        forward(recorded);
        if (index == steps.size()) {
            steps.add(recorded);
        }
        onlookers.afterForward(index, recorded, start);
    }

    /** Takes the gradient back over a step, before whoever looks on. */
    private void walkBack(int index, Step recorded) {
        onlookers.beforeBackward(recorded);
        for (Tensor input : recorded.inputs) {
            reach(input);
        }
        long start = onlookers.clock();
        backward(recorded);
        onlookers.afterBackward(index, recorded, start);
    }

    /**
     * Calls the forward hooks of a layer that has just computed {@code out}, and has them called at this place of every replay:
     * those that are attached by then. What a hook computes is not recorded.
     *
     * @param hooks of the layer; they are given input and output
     * @param in what the layer was given
     * @param out what it made
     */
    public void afterLayer(Hooks<BiConsumer<Tensor, Tensor>> hooks, Tensor in, Tensor out) {
        if (pauses == 0) {
            onlookers.mark(steps.size(), hooks, in, out);
        }
        onlookers.afterLayer(hooks, in, out);
    }

    /**
     * Looks for numbers that are NaN or infinite after every operation, PyTorch's {@code autograd.detect_anomaly()}, but also in
     * the forward direction: an operation that makes such a number, or passes one on, ends with an {@link AnomalyException}
     * that says where it came from. Costs a pass over each result and each gradient.
     *
     * @return ends the search
     */
    public HookHandle detectAnomalies() {
        return observe(new AnomalyDetector(this));
    }

    /**
     * Whether anybody sees what a replay computes: an observer, or a forward hook of a layer in the recording. If not, the same
     * results may as well be computed elsewhere.
     *
     * @return true also in anomaly mode
     */
    public boolean isReplayWatched() {
        return onlookers.seeReplay();
    }

    /**
     * Whether anybody sees what a walk back computes, or changes it: a gradient hook on, or a retained gradient of, any tensor of
     * the recording, parameters included.
     *
     * @return true if gradients must not be computed elsewhere
     */
    public boolean isWalkWatched() {
        return onlookers.seeGradients(steps);
    }

    /**
     * Whether anybody sees what a replay and a walk back compute, or changes it: {@link #isReplayWatched()} or {@link
     * #isWalkWatched()}.
     *
     * @return true if replay and walk must not be left out
     */
    public boolean isWatched() {
        return isReplayWatched() || isWalkWatched();
    }

    /**
     * Whether tensors of this recording have come, or would come in a replay, into the hands of code that is not the library's: a
     * forward hook or an observer. Who is called for every batch expects new tensors for every batch, without what was attached
     * to those before; a loop that replays has to record anew then.
     *
     * @return false also in anomaly mode, which only reads
     */
    public boolean isShown() {
        return onlookers.haveSeen();
    }

    /**
     * Has an observer told about every operation from now on, and how long it took. Without observers no time is taken.
     *
     * @param observer called after those attached before
     * @return removes it
     */
    public HookHandle observe(TapeObserver observer) {
        return onlookers.attach(observer);
    }
}
