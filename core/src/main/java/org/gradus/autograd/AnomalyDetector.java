package org.gradus.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads every result and every gradient, and throws at the first number that is NaN or infinite. */
final class AnomalyDetector implements TapeObserver {

    private final Tape tape;

    AnomalyDetector(Tape tape) {
        this.tape = tape;
    }

    @Override
    public void afterForward(int index, Tape.Step step, long nanos) {
        Tensor out = step.out();
        int at = firstAnomaly(out.data());
        if (at >= 0) {
            String text = "the result " + out.shape() + " has " + out.data()[at] + " at "
                    + out.shape().place(at)
                    + ". There went in " + String.join(", ", ingredients(step, at)) + ". "
                    + origin(step, "All inputs are finite: it began here.");
            throw found(index, step, AnomalyException.Pass.FORWARD, out, at, out.data()[at], text);
        }
    }

    /** Otherwise the first operation that adds to a spoilt gradient would be blamed for it. */
    @Override
    public void beforeBackward(Tensor loss) {
        List<Tape.Step> steps = tape.steps();
        for (int s = 0; s < steps.size(); s++) {
            for (Tensor input : steps.get(s).in()) {
                if (!input.isResult()) {
                    requireFiniteGrad(s, steps.get(s), input, true);
                }
            }
        }
    }

    @Override
    public void afterBackward(int index, Tape.Step step, long nanos) {
        for (Tensor input : step.in()) {
            requireFiniteGrad(index, step, input, false);
        }
    }

    private void requireFiniteGrad(int index, Tape.Step step, Tensor input, boolean before) {
        int at = input.requiresGrad() ? firstAnomaly(input.grad()) : -1;
        if (at >= 0) {
            String why = before
                    ? "It was there before this walk; call zeroGrad() before backward(), or look at the walk before."
                    : "There went in " + gradientIngredients(step, input, at) + ". " + gradientOrigin(step);
            String text = "the gradient for " + name(step, input) + " " + input.shape() + " has " + input.grad()[at]
                    + " at " + input.shape().place(at) + ". " + why;
            throw found(index, step, AnomalyException.Pass.BACKWARD, input, at, input.grad()[at], text);
        }
    }

    private AnomalyException found(
            int index, Tape.Step step, AnomalyException.Pass pass, Tensor tensor, int at, float value, String text) {
        String op = step.op().name();
        String where = op + (step.layer().isEmpty() ? "" : " in layer " + step.layer()) + ", operation " + index
                + " of step " + tape.step() + ", " + (pass == AnomalyException.Pass.FORWARD ? "forward" : "backward");
        return new AnomalyException(
                new AnomalyException.Finding(op, step.layer(), index, tape.step(), pass, tensor.name(), at, value),
                where + ": " + text);
    }

    // ---- what went in
    // --------------------------------------------------------------------------------------------------

    /** The numbers that an element of the result was computed from, or the largest of them where they are many. */
    private static List<String> ingredients(Tape.Step step, int at) {
        List<String> all = new ArrayList<>();
        for (Tensor input : step.in()) {
            all.add(ingredient(step, input, at));
        }
        return all;
    }

    private static String ingredient(Tape.Step step, Tensor input, int at) {
        String name = name(step, input);
        int columns = step.out().shape().columns();
        boolean isFirst = input == step.in().get(0);
        if (step.op() instanceof AffineOp && input == step.in().get(2)) {
            return element(name, input.shape(), input.data(), at % columns);
        }
        if (step.op() instanceof AffineOp || step.op() instanceof MatMulOp) {
            int length = step.in().get(0).shape().columns();
            if (isFirst) {
                return largest(name, input.shape(), input.data(), at / columns * length, 1, length);
            }
            return step.op() instanceof AffineOp
                    ? largest(name, input.shape(), input.data(), at % columns * length, 1, length)
                    : largest(name, input.shape(), input.data(), at % columns, columns, length);
        }
        if (isElementwise(step.op(), step.in().size()) && step.out().size() % input.size() == 0) {
            return element(name, input.shape(), input.data(), at % input.size());
        }
        return largest(name, input.shape(), input.data(), 0, 1, input.size());
    }

    private static String gradientIngredients(Tape.Step step, Tensor input, int at) {
        Tensor out = step.out();
        List<String> all = new ArrayList<>();
        if (isElementwise(step.op(), step.in().size()) && input.shape().equals(out.shape())) {
            all.add(element("the result's gradient", out.shape(), out.grad(), at));
            all.addAll(ingredients(step, at));
        } else {
            all.add(largest("the result's gradient", out.shape(), out.grad(), 0, 1, out.size()));
            for (Tensor other : step.in()) {
                all.add(largest(name(step, other), other.shape(), other.data(), 0, 1, other.size()));
            }
        }
        return String.join(", ", all);
    }

    private static String element(String name, Shape shape, float[] values, int at) {
        return name + " " + values[at] + " at " + shape.place(at);
    }

    private static String largest(String name, Shape shape, float[] values, int from, int stride, int count) {
        int largest = from;
        for (int i = from, n = 0; n < count; i += stride, n++) {
            if (Float.isNaN(values[i])) {
                largest = i;
                break;
            }
            if (Math.abs(values[i]) > Math.abs(values[largest])) {
                largest = i;
            }
        }
        return name + " up to " + values[largest] + " at " + shape.place(largest);
    }

    /**
     * Whether the result at one place depends on the inputs at that place alone, or on a row that serves all rows. The formula in double
     * tells: NaN at one place of a small input comes out at that place and nowhere else.
     */
    static boolean isElementwise(Op op, int inputs) {
        Shape small = Shape.of(2, 2);
        return !(op instanceof CustomOp) // foreign code, which may mind
                && (keepsPlaces(op, inputs, small, small) || keepsPlaces(op, inputs, small, Shape.of(2)));
    }

    private static boolean keepsPlaces(Op op, int inputs, Shape first, Shape others) {
        Shape[] shapes = new Shape[inputs];
        double[][] in = new double[inputs][];
        for (int i = 0; i < inputs; i++) {
            shapes[i] = i == 0 ? first : others;
            in[i] = new double[shapes[i].size()];
            Arrays.fill(in[i], 0.5);
        }
        try {
            if (!op.shapeOf(shapes).equals(first)) {
                return false;
            }
        } catch (ShapeException e) {
            return false;
        }
        for (int place = 0; place < first.size(); place++) {
            in[0][place] = Double.NaN;
            double[] out = op.textbook(shapes, in);
            in[0][place] = 0.5;
            for (int i = 0; i < out.length; i++) {
                if (Double.isNaN(out[i]) != (i == place)) {
                    return false;
                }
            }
        }
        return true;
    }

    // ---- where it began
    // ------------------------------------------------------------------------------------------------

    private static String origin(Tape.Step step, String otherwise) {
        for (Tensor input : step.in()) {
            int at = firstAnomaly(input.data());
            if (at >= 0) {
                return name(step, input) + ", " + kind(input) + ", already had " + input.data()[at] + " at "
                        + input.shape().place(at) + ".";
            }
        }
        return otherwise;
    }

    private static String gradientOrigin(Tape.Step step) {
        Tensor out = step.out();
        int at = firstAnomaly(out.grad());
        return at >= 0
                ? "The result's gradient already had " + out.grad()[at] + " at "
                        + out.shape().place(at) + ", from a gradient hook."
                : origin(step, "All of these are finite: it began here.");
    }

    private static String kind(Tensor tensor) {
        if (tensor.isResult()) {
            return "computed before anomalies were looked for";
        }
        return tensor.requiresGrad() ? "a parameter" : "given as data";
    }

    private static String name(Tape.Step step, Tensor tensor) {
        return tensor.name().isEmpty()
                ? "input " + step.in().indexOf(tensor)
                : "'" + Printable.text(tensor.name()) + "'";
    }

    private static int firstAnomaly(float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                return i;
            }
        }
        return -1;
    }
}
