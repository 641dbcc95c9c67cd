package org.gradus.inspect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.gradus.autograd.HookHandle;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tape;
import org.gradus.autograd.TapeObserver;
import org.gradus.autograd.Tensor;

/**
 * A recorded step as data and as text: what each operation was given, what it made of it, and what gradients came back. The
 * numbers are copied, so a trace stays as it is when the tape goes on.
 *
 * <pre>{@code
 * Trace.Stopwatch stopwatch = Trace.time(tape);    // before recording, if times are wanted
 * Tensor loss = new BCELoss().of(model.forward(x), x);
 * loss.backward();
 * System.out.println(Trace.of(loss, stopwatch));    // a table
 * Files.writeString(path, Trace.of(loss).toDot());   // a picture: dot -Tsvg
 * stopwatch.stop();
 * }</pre>
 */
public final class Trace {

    /** How many numbers of each tensor a trace shows. */
    private static final int SHOWN = 3;

    /** Where a tensor comes from. */
    public enum Kind {
        /** Given to the computation, and not to be learned. */
        INPUT,
        /** Given to the computation, and requires a gradient. */
        PARAMETER,
        /** Computed by a step. */
        RESULT
    }

    /** What is known of a gradient. */
    public enum State {
        /** It has arrived: the tensor is on the way from the loss back to what is learned. */
        ARRIVED("arrived"),
        /** The walk back has not taken place. */
        NOT_YET("no backward yet"),
        /** The walk back has taken place, from a loss that does not depend on the tensor. */
        NOT_REACHED("not reached"),
        /** The tensor requires none. */
        NONE("no gradient");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** The words of tables and pictures. */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * The numbers of a tensor in brief.
     *
     * @param min the smallest
     * @param mean the mean
     * @param max the largest
     * @param first the first few, in order
     */
    public record Summary(double min, double mean, double max, List<Float> first) {

        private static Summary of(float[] x) {
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            double sum = 0;
            List<Float> first = new ArrayList<>();
            for (float v : x) {
                min = Math.min(min, v);
                max = Math.max(max, v);
                sum += v;
                if (first.size() < SHOWN) {
                    first.add(v);
                }
            }
            return new Summary(min, sum / x.length, max, List.copyOf(first));
        }
    }

    /**
     * A tensor of the recording.
     *
     * @param id the same for all appearances of one tensor in this trace: {@code t0}, {@code t1} and so on
     * @param name its name; a parameter's full name as far as the recording knows the layer; may be empty
     * @param shape its shape
     * @param kind where it comes from
     * @param value its numbers
     * @param state what is known of its gradient
     * @param gradient its gradient, present if it has arrived
     */
    public record Node(
            String id, String name, Shape shape, Kind kind, Summary value, State state, Optional<Summary> gradient) {}

    /**
     * One operation.
     *
     * @param number its place on the tape, from 1
     * @param op its name
     * @param layer the layer that did it, empty outside of all
     * @param formula what it computes
     * @param roles what the formula calls the inputs
     * @param in the inputs
     * @param out the result
     * @param forwardMicros microseconds of the forward pass, if they were taken
     * @param backwardMicros microseconds of the backward pass, if they were taken
     * @param bytes memory of the result: four bytes per number, and as much for its gradient if it has arrived
     */
    public record Row(
            int number,
            String op,
            String layer,
            String formula,
            List<String> roles,
            List<Node> in,
            Node out,
            OptionalDouble forwardMicros,
            OptionalDouble backwardMicros,
            long bytes) {

        /** {@return roles and shapes, such as {@code x [64,784], W [2,784], b [2] -> [64,2]}} */
        public String shapes() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < in.size(); i++) {
                text.append(i == 0 ? "" : ", ").append(roles.get(i)).append(' ').append(in.get(i).shape);
            }
            return text.append(" -> ").append(out.shape).toString();
        }
    }

    /** Takes the time of every operation of a tape; see {@link #time}. */
    public static final class Stopwatch implements TapeObserver {
        private final IdentityHashMap<Tape.Step, Long> forward = new IdentityHashMap<>();
        private final IdentityHashMap<Tape.Step, Long> backward = new IdentityHashMap<>();
        private HookHandle handle = () -> {};

        private Stopwatch() {}

        /**
         * Takes no more times. Those of the last step are kept, and nobody looks at the tape any more on its account: a {@code
         * Trainer} plans its steps again. Doing so again does nothing.
         */
        public void stop() {
            handle.remove();
        }

        @Override
        public void afterForward(int index, Tape.Step step, long nanos) {
            if (index == 0) {
                forward.clear();
                backward.clear();
            }
            forward.put(step, nanos);
        }

        @Override
        public void afterBackward(int index, Tape.Step step, long nanos) {
            backward.put(step, nanos);
        }

        private static OptionalDouble micros(IdentityHashMap<Tape.Step, Long> times, Tape.Step step) {
            Long nanos = times.get(step);
            return nanos == null ? OptionalDouble.empty() : OptionalDouble.of(nanos / 1000.0);
        }
    }

    private final List<Row> rows;

    private Trace(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    // ---- making ---------------------------------------------------------------------------------------------------

    /**
     * Everything that is on a tape.
     *
     * @param tape with at least one recorded operation
     * @return one row per operation
     * @throws IllegalStateException if nothing is recorded
     */
    public static Trace of(Tape tape) {
        return of(tape, new Stopwatch());
    }

    /**
     * Everything that is on a tape, with times.
     *
     * @param tape with at least one recorded operation
     * @param stopwatch of this tape
     * @return one row per operation
     * @throws IllegalStateException if nothing is recorded
     */
    public static Trace of(Tape tape, Stopwatch stopwatch) {
        List<Tape.Step> steps = tape.steps();
        if (steps.isEmpty()) {
            throw new IllegalStateException("Trace: nothing is recorded in step " + tape.step()
                    + " of this tape; compute something from tape.input(...), and trace it before begin()");
        }
        List<Integer> all = new ArrayList<>();
        for (int s = 0; s < steps.size(); s++) {
            all.add(s);
        }
        return new Trace(new Reader(tape, stopwatch).rows(all));
    }

    /**
     * What a loss was computed by, and nothing else that is on its tape.
     *
     * @param loss any result that was recorded in the present step of its tape
     * @return one row per operation
     * @throws IllegalStateException if it was not
     */
    public static Trace of(Tensor loss) {
        return of(loss, new Stopwatch());
    }

    /**
     * What a loss was computed by, with times.
     *
     * @param loss any result that was recorded in the present step of its tape
     * @param stopwatch of its tape
     * @return one row per operation
     * @throws IllegalStateException if it was not
     */
    public static Trace of(Tensor loss, Stopwatch stopwatch) {
        Tape tape = loss.tape()
                .orElseThrow(() -> new IllegalStateException("Trace: '" + Printable.text(loss.name())
                        + "' was not recorded; begin with tape.input(...) so that operations go on the tape"));
        List<Integer> needed = SecondRun.needed(tape.steps(), loss);
        if (needed.isEmpty()) {
            throw new IllegalStateException("Trace: '" + Printable.text(loss.name())
                    + "' is no result of the present step of its tape; trace it before begin()");
        }
        return new Trace(new Reader(tape, stopwatch).rows(needed));
    }

    /**
     * Takes times from now on, until {@link Stopwatch#stop}. Training steps on a tape that is timed are not planned.
     *
     * @param tape whose operations are to be timed
     * @return to be handed to {@link #of(Tape, Stopwatch)}; it keeps the times of the present step
     */
    public static Stopwatch time(Tape tape) {
        Stopwatch stopwatch = new Stopwatch();
        stopwatch.handle = tape.observe(stopwatch);
        return stopwatch;
    }

    /** Reads a tape once. */
    private static final class Reader {
        private final Tape tape;
        private final Stopwatch stopwatch;
        private final IdentityHashMap<Tensor, Node> nodes = new IdentityHashMap<>();
        private final IdentityHashMap<Tensor, Boolean> results = new IdentityHashMap<>();
        private final IdentityHashMap<Tensor, Boolean> arrived = new IdentityHashMap<>();

        Reader(Tape tape, Stopwatch stopwatch) {
            this.tape = tape;
            this.stopwatch = stopwatch;
            for (Tape.Step step : tape.steps()) {
                results.put(step.out(), true);
                if (tape.reached(step)) {
                    arrived.put(step.out(), true);
                    for (Tensor input : step.in()) {
                        arrived.put(input, true);
                    }
                }
            }
        }

        List<Row> rows(List<Integer> wanted) {
            List<Row> rows = new ArrayList<>();
            for (int s : wanted) {
                Tape.Step step = tape.steps().get(s);
                List<Node> in = new ArrayList<>();
                List<String> roles = new ArrayList<>();
                for (Tensor input : step.in()) {
                    roles.add(Roles.of(step.op(), in.size()));
                    in.add(node(input, step.layer()));
                }
                Node out = node(step.out(), step.layer());
                rows.add(new Row(
                        s + 1,
                        step.op().name(),
                        step.layer(),
                        step.op().formula(),
                        List.copyOf(roles),
                        List.copyOf(in),
                        out,
                        Stopwatch.micros(stopwatch.forward, step),
                        Stopwatch.micros(stopwatch.backward, step),
                        (out.state == State.ARRIVED ? 2L : 1L)
                                * Float.BYTES
                                * step.out().size()));
            }
            return rows;
        }

        private Node node(Tensor tensor, String layer) {
            Node known = nodes.get(tensor);
            if (known != null) {
                return known;
            }
            State state = state(tensor);
            boolean ofLayer = tensor.tape().isEmpty() && tensor.requiresGrad() && !layer.isEmpty();
            Node node = new Node(
                    "t" + nodes.size(),
                    ofLayer ? layer + "." + tensor.name() : tensor.name(),
                    tensor.shape(),
                    results.containsKey(tensor) ? Kind.RESULT : tensor.requiresGrad() ? Kind.PARAMETER : Kind.INPUT,
                    Summary.of(tensor.data()),
                    state,
                    state == State.ARRIVED ? Optional.of(Summary.of(tensor.grad())) : Optional.empty());
            nodes.put(tensor, node);
            return node;
        }

        private State state(Tensor tensor) {
            if (!tensor.requiresGrad()) {
                return State.NONE;
            }
            if (arrived.containsKey(tensor)) {
                return State.ARRIVED;
            }
            return arrived.isEmpty() ? State.NOT_YET : State.NOT_REACHED;
        }
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    /** {@return the operations, one row each, in the order of recording} */
    public List<Row> rows() {
        return rows;
    }

    /** {@return all tensors, each once, in the order in which the operations first use or make them} */
    public List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Row row : rows) {
            for (Node node : row.in) {
                if (seen.add(node.id)) {
                    nodes.add(node);
                }
            }
            if (seen.add(row.out.id)) {
                nodes.add(row.out);
            }
        }
        return List.copyOf(nodes);
    }

    /** A table, one line per operation, that ends with a line feed. Columns of times appear if times were taken. */
    @Override
    public String toString() {
        return TraceText.table(this);
    }

    /**
     * The computation as a graph: operations, and between them the tensors with a few of their numbers.
     *
     * @return a graph in Graphviz's DOT language, such as {@code dot -Tsvg} draws
     */
    public String toDot() {
        return TraceText.dot(this);
    }

    /** {@return the same graph for pages that draw Mermaid: a flowchart} */
    public String toMermaid() {
        return TraceText.mermaid(this);
    }
}
