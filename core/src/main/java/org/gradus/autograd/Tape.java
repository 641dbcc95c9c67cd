package org.gradus.autograd;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.gradus.kernel.Engine;
import org.jspecify.annotations.Nullable;

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

    /**
     * One recorded operation.
     *
     * @param op what was done
     * @param in with what
     * @param out the result
     * @param layer which layer did it, by its path in the state dict: {@code "2"}, or {@code "0.1"} in a nested network; empty
     *     outside of all layers
     */
    @SuppressWarnings("ArrayRecordComponent") // the tape's own array, read in the inner loop of training
    public record Step(Op op, Tensor[] in, Tensor out, String layer) {}

    /** Where in a network the recording stands. The tape keeps the paths, so that a training loop builds no strings. */
    private static final class Place {
        private final @Nullable Place outer;
        private final String path;
        private final Map<String, Place> inner = new HashMap<>();

        Place(@Nullable Place outer, String path) {
            this.outer = outer;
            this.path = path;
        }

        Place enter(String name) {
            Place place = inner.get(name);
            if (place == null) {
                place = new Place(this, path.isEmpty() ? name : path + "." + name);
                inner.put(name, place);
            }
            return place;
        }
    }

    /** A place of the recording at which hooks of a layer are called in every replay. Marks are kept for the next recording. */
    private static final class Mark {
        private int stepsBefore;
        private Hooks<BiConsumer<Tensor, Tensor>> hooks = new Hooks<>();
        private Tensor in = NOTHING;
        private Tensor out = NOTHING;
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

    private static final Tensor NOTHING = Tensor.scalar(Float.NaN);

    private Engine engine;
    private final boolean reuses;
    private final List<Step> steps = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();
    private long step = 1;
    private long walks;
    private boolean walked;
    private Place place = new Place(null, "");
    private final Hooks<TapeObserver> observers = new Hooks<>();
    private int pauses;
    private final List<Mark> marks = new ArrayList<>();
    private int marked;
    private final List<Tensor> hookedLeaves = new ArrayList<>();

    private Tape(Engine engine, boolean reuses) {
        this.engine = engine;
        this.reuses = reuses;
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
        marked = 0;
        step++;
        walked = false;
    }

    /**
     * The number of the current step.
     *
     * @return 1 before the first {@link #begin()}
     */
    public long step() {
        return step;
    }

    /**
     * What was recorded in this step, in order.
     *
     * @return a read-only list
     */
    public List<Step> steps() {
        return Collections.unmodifiableList(steps);
    }

    /**
     * Says that a layer begins: what is recorded until {@link #leaveLayer()} carries its name. {@link
     * org.gradus.nn.Sequential} does this for its layers; a layer made of others may do so too, with the names of its
     * {@code namedParameters()}.
     *
     * @param name within the layer around it: "0", or "body"
     */
    public void enterLayer(String name) {
        place = place.enter(name);
    }

    /**
     * Says that the layer entered last ends.
     *
     * @throws IllegalStateException if there is none
     */
    public void leaveLayer() {
        if (place.outer == null) {
            throw new IllegalStateException(
                    "leaveLayer: no layer was entered; each enterLayer() needs one leaveLayer(), "
                            + "in a finally block");
        }
        place = place.outer;
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
            if (marked == marks.size()) {
                marks.add(new Mark());
            }
            Mark mark = marks.get(marked++);
            mark.stepsBefore = steps.size();
            mark.hooks = hooks;
            mark.in = in;
            mark.out = out;
        }
        callForwardHooks(hooks, in, out);
    }

    private void callForwardHooks(Hooks<BiConsumer<Tensor, Tensor>> hooks, Tensor in, Tensor out) {
        if (!hooks.isEmpty()) {
            unrecorded(() -> hooks.forEach(hook -> hook.accept(in, out)));
        }
    }

    private boolean hasForwardHooks() {
        for (int m = 0; m < marked; m++) {
            if (!marks.get(m).hooks.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private void callForwardHooksAfter(int stepsBefore) {
        for (int m = 0; m < marked; m++) {
            Mark mark = marks.get(m);
            if (mark.stepsBefore == stepsBefore) {
                callForwardHooks(mark.hooks, mark.in, mark.out);
            }
        }
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
        return !observers.isEmpty() || hasForwardHooks();
    }

    /**
     * Whether anybody sees what a replay and a walk back compute, or changes it: {@link #isReplayWatched()}, or a gradient hook on,
     * or a retained gradient of, any tensor of the recording, parameters included.
     *
     * @return true if replay and walk must not be left out
     */
    public boolean isWatched() {
        if (isReplayWatched()) {
            return true;
        }
        for (int s = 0; s < steps.size(); s++) {
            Step recorded = steps.get(s);
            if (recorded.out.isWatched()) {
                return true;
            }
            for (Tensor input : recorded.in) {
                if (input.isWatched()) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Has an observer told about every operation from now on, and how long it took. Without observers no time is taken.
     *
     * @param observer called after those attached before
     * @return removes it
     */
    public HookHandle observe(TapeObserver observer) {
        return observers.attach(observer);
    }

    boolean hasReused(long born) {
        return reuses && born != step;
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
            throw new IllegalArgumentException(
                    "input: tensor '" + tensor.name() + "' already belongs to a tape; use it directly, or a copy()");
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
        return input(Tensor.scalar(value).requireGrad().named(name));
    }

    /** Computes and records, or only computes while paused. */
    Tensor apply(Op op, Tensor... in) {
        if (pauses > 0) {
            return Tensor.computed(engine, op, in);
        }
        Shape shape = op.shapeOf(Tensor.shapesOf(in));
        boolean requiresGrad = false;
        for (Tensor t : in) {
            requiresGrad |= t.requiresGrad();
        }
        Slot slot = slot(steps.size());
        Tensor out = Tensor.onTape(this, shape, slot.data(shape.size())).named(op.name());
        out.isResultIn(slot);
        if (requiresGrad) {
            out.markRequiresGrad();
        }
        Step recorded = new Step(op, in, out, place.path);
        if (observers.isEmpty()) {
            forward(engine, op, in, out);
            steps.add(recorded);
        } else {
            long nanos = timedForward(recorded);
            steps.add(recorded);
            tellForward(steps.size() - 1, recorded, nanos);
        }
        return out;
    }

    /** Tapes of several threads may share an engine; the scratch memory an operation takes from it is its own while it runs. */
    static void forward(Engine engine, Op op, Tensor[] in, Tensor out) {
        synchronized (engine) {
            op.forward(engine, in, out);
        }
    }

    private long timedForward(Step recorded) {
        long start = System.nanoTime();
        forward(engine, recorded.op, recorded.in, recorded.out);
        return System.nanoTime() - start;
    }

    private void tellForward(int index, Step recorded, long nanos) {
        unrecorded(() -> observers.forEach(observer -> observer.afterForward(index, recorded, nanos)));
    }

    /** Foreign code that is called in the middle of the tape's work must not add to the recording. */
    private void unrecorded(Runnable foreign) {
        pauses++;
        try {
            foreign.run();
        } finally {
            pauses--;
        }
    }

    private Slot slot(int index) {
        if (!reuses) {
            return new Slot();
        }
        if (index == slots.size()) {
            slots.add(new Slot());
        }
        return slots.get(index);
    }

    /**
     * Computes every recorded operation again, in order, from the present numbers of the inputs and parameters. The tensors of
     * the recording then hold the new results and {@link #backward} may be called again. A training loop over batches of one
     * shape records once and replays.
     */
    public void replay() {
        boolean hooked = hasForwardHooks();
        if (hooked) {
            callForwardHooksAfter(0);
        }
        for (int s = 0; s < steps.size(); s++) {
            Step recorded = steps.get(s);
            if (observers.isEmpty()) {
                forward(engine, recorded.op, recorded.in, recorded.out);
            } else {
                tellForward(s, recorded, timedForward(recorded));
            }
            if (hooked) {
                callForwardHooksAfter(s + 1);
            }
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
     * @throws IllegalStateException if it depends on nothing that requires a gradient, belongs to an earlier step, or this
     *     recording was already walked
     */
    public void backward(Tensor loss) {
        requireWalkable(loss);
        walked = true;
        walks++;
        hookedLeaves.clear();
        if (!observers.isEmpty()) {
            unrecorded(() -> observers.forEach(observer -> observer.beforeBackward(loss)));
        }
        reach(loss);
        loss.grad()[0] = 1f;
        for (int s = steps.size() - 1; s >= 0; s--) {
            Step recorded = steps.get(s);
            if (recorded.out.reached == walks) {
                if (recorded.out.hasGradHooks()) {
                    callGradHooks(recorded.out);
                }
                for (Tensor input : recorded.in) {
                    reach(input);
                }
                if (observers.isEmpty()) {
                    backward(engine, recorded);
                } else {
                    observedBackward(s, recorded);
                }
            }
        }
        hookedLeaves.forEach(this::callGradHooks);
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

    private void callGradHooks(Tensor tensor) {
        unrecorded(tensor::callGradHooks);
    }

    private static void backward(Engine engine, Step recorded) {
        synchronized (engine) {
            recorded.op.backward(engine, recorded.in, recorded.out);
        }
    }

    private void observedBackward(int index, Step recorded) {
        long start = System.nanoTime();
        backward(engine, recorded);
        long nanos = System.nanoTime() - start;
        unrecorded(() -> observers.forEach(observer -> observer.afterBackward(index, recorded, nanos)));
    }

    /** A gradient arrives at a tensor. The first time in a walk, that of a result starts from zero; others collect. */
    private void reach(Tensor tensor) {
        if (!tensor.requiresGrad()) {
            return;
        }
        if (tensor.reached != walks) {
            tensor.reached = walks;
            tensor.startGrad();
        }
        if (tensor.hasGradHooks() && !tensor.isResult()) {
            collectHooked(tensor.original());
        }
    }

    /** Gradients of parameters and inputs are complete when the walk is over; one that stands on the tape twice is called once. */
    private void collectHooked(Tensor leaf) {
        if (!hookedLeaves.contains(leaf)) {
            hookedLeaves.add(leaf);
        }
    }

    private void requireWalkable(Tensor loss) {
        loss.data();
        if (loss.born() != step) {
            throw new IllegalStateException("backward: '" + loss.name() + "' was recorded in step " + loss.born()
                    + " of this tape, which is now at step " + step
                    + " and has forgotten how it came about; call backward() before begin()");
        }
        if (loss.size() != 1) {
            throw new ShapeException("backward: loss must be a single number but is " + loss.shape()
                    + "; reduce it with mean() or sum()");
        }
        if (!loss.requiresGrad()) {
            throw new IllegalStateException("backward: nothing that '" + loss.name()
                    + "' was computed from requires a gradient; call requireGrad() on the tensors to be learned");
        }
        if (walked) {
            throw new IllegalStateException(
                    "backward: step " + step + " of this tape was already walked back; a second walk "
                            + "would add every parameter's gradient twice. Add the losses before one backward(), or begin() and "
                            + "record again");
        }
    }
}
