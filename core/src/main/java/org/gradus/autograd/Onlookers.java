package org.gradus.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Who looks on while a tape works: observers of the tape, forward hooks of layers, gradient hooks of tensors. Without any, all
 * this costs is to see that there are none. What they compute is not recorded.
 */
final class Onlookers {

    private static final long NOT_TIMED = Long.MIN_VALUE;
    private static final Tensor NOTHING = Tensor.scalar(Float.NaN);

    /** A place of the recording at which hooks of a layer are called in every replay. Marks are kept for the next recording. */
    private static final class Mark {
        private int stepsBefore;
        private Hooks<BiConsumer<Tensor, Tensor>> hooks = new Hooks<>();
        private Tensor in = NOTHING;
        private Tensor out = NOTHING;
    }

    private final Tape tape;
    private final Hooks<TapeObserver> observers = new Hooks<>();
    private final List<Mark> marks = new ArrayList<>();
    private int marked;
    private int replayed;
    private boolean shown;
    private final List<Tensor> hookedLeaves = new ArrayList<>();

    Onlookers(Tape tape) {
        this.tape = tape;
    }

    HookHandle attach(TapeObserver observer) {
        return observers.attach(observer);
    }

    void begin() {
        marked = 0;
        replayed = 0;
        shown = false;
    }

    boolean seeReplay() {
        return !observers.isEmpty() || hasForwardHooks();
    }

    /** Whether somebody else's code has been called with tensors of the recording, or would be in a replay. */
    boolean haveSeen() {
        return shown || hasForwardHooks() || hasForeignObservers();
    }

    private boolean hasForeignObservers() {
        return observers.anyMatch(observer -> !(observer instanceof AnomalyDetector));
    }

    boolean seeGradients(List<Tape.Step> steps) {
        for (int s = 0; s < steps.size(); s++) {
            Tape.Step recorded = steps.get(s);
            if (recorded.out().isWatched()) {
                return true;
            }
            for (Tensor input : recorded.inputs()) {
                if (input.isWatched()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The time at which an operation begins, if anybody wants to know. */
    long clock() {
        return observers.isEmpty() ? NOT_TIMED : System.nanoTime();
    }

    // ---- forward ----

    void afterForward(int index, Tape.Step recorded, long start) {
        if (start != NOT_TIMED) {
            long nanos = System.nanoTime() - start;
            shown |= hasForeignObservers();
            unrecorded(() -> observers.forEach(observer -> observer.afterForward(index, recorded, nanos)));
        }
        callMarked(index + 1);
    }

    void afterLayer(Hooks<BiConsumer<Tensor, Tensor>> hooks, Tensor in, Tensor out) {
        if (!hooks.isEmpty()) {
            shown = true;
            unrecorded(() -> hooks.forEach(hook -> hook.accept(in, out)));
        }
    }

    void mark(int stepsBefore, Hooks<BiConsumer<Tensor, Tensor>> hooks, Tensor in, Tensor out) {
        if (marked == marks.size()) {
            marks.add(new Mark());
        }
        Mark mark = marks.get(marked++);
        replayed = marked;
        mark.stepsBefore = stepsBefore;
        mark.hooks = hooks;
        mark.in = in;
        mark.out = out;
    }

    void replayBegins() {
        replayed = 0;
        callMarked(0);
    }

    /** Calls the forward hooks that stand behind so many steps, in a replay: a recording is at its last mark. */
    private void callMarked(int stepsBefore) {
        while (replayed < marked && marks.get(replayed).stepsBefore == stepsBefore) {
            Mark mark = marks.get(replayed++);
            afterLayer(mark.hooks, mark.in, mark.out);
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

    // ---- backward ----

    void walkBegins(Tensor loss) {
        hookedLeaves.clear();
        if (!observers.isEmpty()) {
            shown |= hasForeignObservers();
            unrecorded(() -> observers.forEach(observer -> observer.beforeBackward(loss)));
        }
        arrives(loss);
    }

    /** The gradient of a result is complete, and is about to arrive at what it was computed from. */
    void beforeBackward(Tape.Step recorded) {
        if (recorded.out().hasGradHooks()) {
            unrecorded(recorded.out()::callGradHooks);
        }
        for (Tensor input : recorded.inputs()) {
            arrives(input);
        }
    }

    /** The gradient of a parameter or another input is complete when the walk is over: it waits, once. */
    private void arrives(Tensor tensor) {
        if (tensor.requiresGrad()
                && tensor.hasGradHooks()
                && !tensor.isResult()
                && !hookedLeaves.contains(tensor.original())) {
            hookedLeaves.add(tensor.original());
        }
    }

    void afterBackward(int index, Tape.Step recorded, long start) {
        if (start != NOT_TIMED) {
            long nanos = System.nanoTime() - start;
            shown |= hasForeignObservers();
            unrecorded(() -> observers.forEach(observer -> observer.afterBackward(index, recorded, nanos)));
        }
    }

    void walkEnds() {
        hookedLeaves.forEach(leaf -> unrecorded(leaf::callGradHooks));
    }

    /** Foreign code that is called in the middle of the tape's work must not add to the recording. */
    private void unrecorded(Runnable foreign) {
        Tape.Pause off = tape.pause();
        try (off) {
            foreign.run();
        }
    }
}
