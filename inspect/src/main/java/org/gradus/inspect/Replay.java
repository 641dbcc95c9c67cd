package org.gradus.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gradus.autograd.CustomOp;
import org.gradus.autograd.Shape;
import org.gradus.inspect.SecondRun.Line;
import org.gradus.inspect.SecondRun.Value;

/**
 * A recording in double: every step by its textbook formula, plus the constant by which float arithmetic had missed that formula.
 * With these constants it passes through the recorded values exactly, so its derivative is the one that backpropagation computes
 * from them, but for the rounding of backpropagation itself, which is bounded step by step.
 */
final class Replay {

    /** Allowed rounding of a formula in double, relative to its result. */
    private static final double DOUBLE_NOISE = 16 * 0x1p-53;

    /** Allowed rounding of a formula that computes in float, relative to its result. */
    private static final double FLOAT_NOISE = 4 * Rounding.U;

    /** A recorded value this far from its formula, relative to the largest number of its step, is another function. */
    private static final double OTHER_FUNCTION = 0x1p-8;

    /** Products of two rounding errors. */
    private static final double SECOND_ORDER = 1 + 0x1p-10;

    /** Where floats have no relative accuracy any more. */
    private static final double UNDERFLOW = 0x1p-140;

    private static final class Node {
        final double[] base;
        final double[] gradient;
        final double[] terms;
        final double[] error;
        double roundings;
        double[] now;

        Node(Value value) {
            float[] recorded = value.copy.data();
            base = new double[recorded.length];
            Arrays.setAll(base, i -> recorded[i]);
            now = base;
            gradient = new double[base.length];
            for (int i = 0; i < value.gradient.length; i++) {
                gradient[i] = Math.abs(value.gradient[i]);
            }
            terms = new double[base.length];
            error = new double[base.length];
        }

        double bound(int i) {
            return SECOND_ORDER * (Rounding.bound(roundings, terms[i]) + error[i]) + (roundings + 1) * UNDERFLOW;
        }
    }

    /** A step in double. */
    @SuppressWarnings("ArrayRecordComponent") // read in the inner loop, never compared
    private record Move(Line line, Shape[] shapes, double[] residue, boolean inFloat) {}

    private final IdentityHashMap<Value, Node> nodes = new IdentityHashMap<>();
    private final List<Move> moves = new ArrayList<>();
    private final IdentityHashMap<Value, List<Move>> downstream = new IdentityHashMap<>();
    private final Map<Line, Rounding[]> roundings = new HashMap<>();
    private final List<String> otherFunctions = new ArrayList<>();
    private final Value loss;
    private double largestResidue;
    private double noise;

    Replay(SecondRun run) {
        loss = run.loss();
        run.values().forEach(value -> nodes.put(value, new Node(value)));
        run.lines().forEach(line -> moves.add(move(line)));
        bound();
        run.values().stream().filter(Value::isChecked).forEach(leaf -> downstream.put(leaf, downstreamOf(leaf)));
    }

    private Node node(Value value) {
        return Optional.ofNullable(nodes.get(value)).orElseThrow();
    }

    private Move move(Line line) {
        Shape[] shapes = line.shapes();
        double[] formula = formula(line, shapes);
        Node out = node(line.out());
        double[] residue = new double[formula.length];
        double largest = largest(out.base);
        for (Value input : line.in()) {
            largest = Math.max(largest, largest(node(input).base));
        }
        boolean another = false;
        for (int i = 0; i < residue.length; i++) {
            residue[i] = out.base[i] - formula[i];
            if (!another && !(Math.abs(residue[i]) <= OTHER_FUNCTION * largest)) {
                another = true;
                otherFunctions.add(line + ": forward gives " + (float) out.base[i] + " at "
                        + Index.of(line.out().tensor.shape(), i) + " but its textbook formula " + (float) formula[i]);
            }
            largestResidue = Math.max(largestResidue, Math.abs(residue[i]));
            out.base[i] = formula[i] + residue[i];
        }
        return new Move(line, shapes, residue, computesInFloat(line, shapes));
    }

    private double[] formula(Line line, Shape[] shapes) {
        return textbook(
                line, shapes, line.in().stream().map(value -> node(value).now).toArray(double[][]::new));
    }

    private static double[] textbook(Line line, Shape[] shapes, double[][] in) {
        return line.op() instanceof CustomOp
                ? line.op().textbook(shapes.clone(), Bounds.copies(in)).clone()
                : line.op().textbook(shapes, in);
    }

    /** Whether a formula gives floats where its inputs are none. */
    private boolean computesInFloat(Line line, Shape[] shapes) {
        double[][] between = line.in().stream()
                .map(value -> Arrays.stream(node(value).base)
                        .map(x -> x * (1 + 0x1p-30))
                        .toArray())
                .toArray(double[][]::new);
        return Arrays.stream(textbook(line, shapes, between)).allMatch(y -> (float) y == y);
    }

    private List<Move> downstreamOf(Value leaf) {
        Set<Value> changing = new HashSet<>(Set.of(leaf));
        List<Move> found = new ArrayList<>();
        for (Move move : moves) {
            if (move.line.in().stream().anyMatch(changing::contains)) {
                found.add(move);
                changing.add(move.line.out());
            }
        }
        return found;
    }

    /** The running error analysis, along the walk back. */
    private void bound() {
        for (int m = moves.size() - 1; m >= 0; m--) {
            Move move = moves.get(m);
            Line line = move.line;
            Node out = node(line.out());
            double[][] in = line.in().stream().map(value -> node(value).base).toArray(double[][]::new);
            double[] error = new double[out.base.length];
            for (int i = 0; i < error.length; i++) {
                error[i] = line.out() == loss ? 0 : out.bound(i);
            }
            Rounding[] added = Bounds.of(line.op(), move.shapes, in, out.base, out.gradient, error);
            roundings.put(line, added);
            boolean known = areFinite(in) && areFinite(out.base, out.gradient, error);
            for (int i = 0; i < added.length; i++) {
                Node input = node(line.in().get(i));
                if (line.in().get(i).tensor.requiresGrad()) {
                    Bounds.requireCounts(line.op(), i, move.shapes[i], added[i], known);
                }
                input.roundings += added[i].roundings() + (input.roundings > 0 ? 1 : 0);
                for (int k = 0; k < input.terms.length; k++) {
                    input.terms[k] += added[i].terms()[k];
                    input.error[k] += added[i].carried()[k];
                }
            }
        }
    }

    private static boolean areFinite(double[]... numbers) {
        return Arrays.stream(numbers).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
    }

    /** How far rounding may have taken an element of a gradient; NaN where numbers of the recording are not finite. */
    double bound(Value leaf, int element) {
        return node(leaf).bound(element);
    }

    double[] boundOfTwice(Line line, Value value) {
        double[] bound = new double[value.gradient.length];
        Rounding[] added = Optional.ofNullable(roundings.get(line)).orElseThrow();
        for (int i = 0; i < added.length; i++) {
            if (line.in().get(i) == value) {
                for (int k = 0; k < bound.length; k++) {
                    bound[k] += 2 * SECOND_ORDER * Rounding.bound(2 * added[i].roundings() + 1, 2 * added[i].terms()[k])
                            + UNDERFLOW;
                }
            }
        }
        return bound;
    }

    /** Steps whose forward pass is not their formula, as sentences. */
    List<String> otherFunctions() {
        return otherFunctions;
    }

    double largestResidue() {
        return largestResidue;
    }

    boolean dependsOnFloatFormulas(Value leaf) {
        return Optional.ofNullable(downstream.get(leaf)).orElseThrow().stream().anyMatch(Move::inFloat);
    }

    double value(Value leaf, int element) {
        return node(leaf).base[element];
    }

    /** The loss as recorded. */
    double loss() {
        return node(loss).base[0];
    }

    double largest(Value leaf) {
        return largest(node(leaf).base);
    }

    /** The loss when one element has another value. {@link #noise} is then how far rounding may have moved it. */
    double loss(Value leaf, int element, double x) {
        Node changed = node(leaf);
        changed.now = changed.base.clone();
        changed.now[element] = x;
        noise = 0;
        List<Move> steps = Optional.ofNullable(downstream.get(leaf)).orElseThrow();
        for (Move move : steps) {
            Node out = node(move.line.out());
            double[] y = formula(move.line, move.shapes);
            for (int j = 0; j < y.length; j++) {
                y[j] += move.residue[j];
                if (y[j] != out.base[j]) {
                    noise += out.gradient[j] * Math.abs(y[j]) * (move.inFloat ? FLOAT_NOISE : DOUBLE_NOISE);
                }
            }
            if (move.inFloat) {
                addNoiseOfRoundedInputs(move.line);
            }
            out.now = y;
        }
        double found = node(loss).now[0];
        changed.now = changed.base;
        steps.forEach(move -> node(move.line.out()).now = node(move.line.out()).base);
        return found;
    }

    private void addNoiseOfRoundedInputs(Line line) {
        for (Value input : line.in()) {
            Node node = node(input);
            for (int i = 0; i < node.now.length; i++) {
                if (node.now[i] != node.base[i]) {
                    noise += node.gradient[i] * Math.abs(node.now[i]) * Rounding.U;
                }
            }
        }
    }

    double noise() {
        return noise;
    }

    private static double largest(double[] x) {
        return Arrays.stream(x).map(Math::abs).max().orElse(0);
    }
}
