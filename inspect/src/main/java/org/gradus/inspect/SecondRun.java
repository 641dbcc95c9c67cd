package org.gradus.inspect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.gradus.autograd.Op;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;

/**
 * The recording of a loss, run once more on copies: the same bits as the first time, or the recording is no longer what the
 * gradients belong to. It leaves the gradient of every value at hand, and nothing of the first recording is touched.
 */
final class SecondRun {

    /** An input, a parameter or a result: its first tensor, and its copy. */
    static final class Value {
        final Tensor tensor;
        final Tensor copy;
        final boolean leaf;
        final float[] gradient;

        Value(Tensor tensor, Tensor copy, boolean leaf) {
            this.tensor = tensor;
            this.copy = copy;
            this.leaf = leaf;
            gradient = tensor.requiresGrad() ? new float[tensor.size()] : new float[0];
        }

        boolean isChecked() {
            return leaf && tensor.requiresGrad();
        }
    }

    /** A step that the loss depends on; {@code number} is its place on the tape, from 1. */
    record Line(int number, Op op, String layer, List<Value> in, Value out) {

        Shape[] shapes() {
            return in.stream().map(value -> value.tensor.shape()).toArray(Shape[]::new);
        }

        /** What the operation calls an input. */
        String role(Value value) {
            return Roles.of(op, in.indexOf(value));
        }

        @Override
        public String toString() {
            return "step " + number + " (" + op.name() + ")";
        }
    }

    private final Tape tape = Tape.fresh();
    private final IdentityHashMap<Object, Value> values = new IdentityHashMap<>();
    private final List<Value> inOrder = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final Value loss;

    SecondRun(Tensor recordedLoss) {
        List<Tape.Step> steps = recordedLoss.tape().orElseThrow().steps();
        for (int s : needed(steps, recordedLoss)) {
            run(s + 1, steps.get(s));
        }
        Value found = values.get(recordedLoss);
        if (found == null) {
            throw new IllegalStateException("GradCheck: '" + Printable.text(recordedLoss.name())
                    + "' is no result of the present step of its tape; check it after backward() and before begin()");
        }
        loss = found;
        loss.copy.backward();
        for (Value value : inOrder) {
            if (value.tensor.requiresGrad()) {
                System.arraycopy(value.copy.grad(), 0, value.gradient, 0, value.gradient.length);
            }
        }
    }

    List<Line> lines() {
        return lines;
    }

    List<Value> values() {
        return inOrder;
    }

    Value loss() {
        return loss;
    }

    /** A parameter's name in the state dict of the network, as far as the recording knows it. */
    String name(Value value) {
        String name = value.tensor.name();
        if (value.tensor.tape().isEmpty()) {
            for (Line line : lines) {
                if (line.in.contains(value)) {
                    return line.layer.isEmpty() ? name : line.layer + "." + name;
                }
            }
        }
        return name;
    }

    /** Numbers of the steps that lead to the loss, ascending. */
    static List<Integer> needed(List<Tape.Step> steps, Tensor loss) {
        IdentityHashMap<Tensor, Boolean> wanted = new IdentityHashMap<>();
        wanted.put(loss, true);
        Deque<Integer> needed = new ArrayDeque<>();
        for (int s = steps.size() - 1; s >= 0; s--) {
            if (wanted.containsKey(steps.get(s).out())) {
                needed.addFirst(s);
                for (Tensor input : steps.get(s).in()) {
                    wanted.put(input, true);
                }
            }
        }
        return List.copyOf(needed);
    }

    private void run(int number, Tape.Step step) {
        List<Value> in = new ArrayList<>();
        for (Tensor tensor : step.in()) {
            in.add(valueOf(tensor));
        }
        Tensor copy =
                Tensor.apply(step.op(), in.stream().map(value -> value.copy).toArray(Tensor[]::new));
        Value out = new Value(step.out(), copy, false);
        values.put(step.out(), out);
        inOrder.add(out);
        Line line = new Line(number, step.op(), step.layer(), List.copyOf(in), out);
        lines.add(line);
        requireSame(line);
    }

    /** Tensors that share a gradient are one parameter under several names. */
    private Value valueOf(Tensor tensor) {
        Value known = values.get(tensor);
        if (known != null) {
            return known;
        }
        Object identity = tensor.requiresGrad() ? tensor.grad() : tensor;
        Value value = values.get(identity);
        if (value == null) {
            Tensor copy = Tensor.of(tensor.shape(), tensor.data().clone());
            value = new Value(tensor, tape.input(tensor.requiresGrad() ? copy.trainable() : copy), true);
            values.put(identity, value);
            inOrder.add(value);
        }
        values.put(tensor, value);
        return value;
    }

    private static void requireSame(Line line) {
        float[] recorded = line.out.tensor.data();
        float[] again = line.out.copy.data();
        for (int i = 0; i < recorded.length; i++) {
            if (Float.floatToIntBits(recorded[i]) != Float.floatToIntBits(again[i])) {
                throw new IllegalStateException("GradCheck: " + line + " gave " + recorded[i]
                        + " when it was recorded and gives " + again[i]
                        + " now: inputs or parameters have changed since, or the operation is not a function of its inputs;"
                        + " check after backward() and before optimizer.step()");
            }
            if (!Float.isFinite(recorded[i])) {
                throw new IllegalStateException("GradCheck: " + line + " gave " + recorded[i]
                        + ", where no derivative can be checked; check at inputs that keep every value finite");
            }
        }
    }

    /**
     * The gradients to be checked are those of this run.
     *
     * @throws IllegalStateException if they are zero, or something else was added to them
     */
    void requireItsGradients() {
        boolean allZero = true;
        boolean same = true;
        for (Value value : inOrder) {
            if (value.isChecked()) {
                float[] given = value.tensor.grad();
                for (int i = 0; i < given.length; i++) {
                    allZero &= given[i] == 0;
                    same &= given[i] == value.gradient[i];
                }
            }
        }
        if (same) {
            return;
        }
        if (allZero) {
            throw new IllegalStateException(
                    "GradCheck: every gradient is zero: call loss.backward() first, and check before zeroGrad()");
        }
        throw new IllegalStateException(
                "GradCheck: the gradients are not those of one backward() of '" + Printable.text(loss.tensor.name())
                        + "': they were collected over several walks, or changed afterwards; call zeroGrad() before backward(),"
                        + " and check right after it");
    }

    /**
     * Walks each step back twice more: what it adds must be the same again. The gradients of the copies are void afterwards.
     *
     * @return a sentence for each operation that does something else
     */
    List<String> notAdding(Replay replay) {
        List<String> found = new ArrayList<>();
        for (Line line : lines) {
            if (line.out.tensor.requiresGrad()) {
                Tensor[] in = line.in.stream().map(value -> value.copy).toArray(Tensor[]::new);
                Set<Value> distinct = new LinkedHashSet<>(line.in);
                distinct.forEach(value -> value.copy.zeroGrad());
                backward(line, in);
                IdentityHashMap<Value, float[]> once = new IdentityHashMap<>();
                for (Value value : distinct) {
                    once.put(
                            value,
                            value.tensor.requiresGrad() ? value.copy.grad().clone() : new float[0]);
                }
                backward(line, in);
                for (Value value : distinct) {
                    float[] first = once.getOrDefault(value, new float[0]);
                    double[] bound = replay.boundOfTwice(line, value);
                    for (int i = 0; i < first.length; i++) {
                        float twice = value.copy.grad()[i];
                        if (!isTwice(first[i], twice, bound[i])) {
                            found.add(line + ": backward does not add: the gradient of its " + line.role(value) + " at "
                                    + Index.of(value.tensor.shape(), i) + " is " + first[i] + " after one call and "
                                    + twice
                                    + " after two");
                            break;
                        }
                    }
                }
            }
        }
        return found;
    }

    /**
     * Whether a second call added what the first had. NaN and infinities are added when they stay; where numbers of the recording are
     * so that the bound is NaN, finite results are not judged.
     */
    static boolean isTwice(float once, float twice, double bound) {
        if (Float.compare(twice, 2 * once) == 0) {
            return true;
        }
        double apart = Math.abs(twice - 2.0 * once);
        return Double.isNaN(bound) ? Double.isFinite(apart) : apart <= bound;
    }

    private static void backward(Line line, Tensor[] in) {
        Engine engine = Engine.shared();
        synchronized (engine) {
            line.op.backward(engine, in, line.out.copy);
        }
    }
}
