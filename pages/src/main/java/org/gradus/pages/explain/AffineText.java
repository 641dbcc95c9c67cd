package org.gradus.pages.explain;

import static org.gradus.pages.explain.Maths.factor;
import static org.gradus.pages.explain.Maths.filledIn;
import static org.gradus.pages.explain.Maths.rule;
import static org.gradus.pages.explain.Maths.slope;
import static org.gradus.pages.explain.Maths.variable;

import java.util.List;
import java.util.stream.IntStream;

/** {@link org.gradus.autograd.AffineOp}: a Linear layer. */
final class AffineText implements OperationText {

    private final Place at;
    private final Operation operation;
    private final Parameter weight;
    private final Parameter bias;

    AffineText(Place place) {
        at = place;
        operation = place.operation();
        weight = place.parameter("weight");
        bias = place.parameter("bias");
    }

    private int weightIndex(int output, int input) {
        return output * weight.shape().columns() + input;
    }

    @Override
    public String forwardLead() {
        return "Every output is a weighted sum of all inputs, plus a bias. Here is output " + at.out() + " of "
                + operation.y().length + ", its largest terms first.";
    }

    @Override
    public String forward() {
        int j = at.out();
        float[] x = operation.x();
        SumTable sum = new SumTable(
                "p",
                List.of(variable("x", "p"), variable("W", j + ",p")),
                variable("x", "p") + " · " + variable("W", j + ",p"),
                IntStream.range(0, x.length),
                p -> List.of(at.x(p), Place.value(weight, weightIndex(j, p))),
                p -> (double) x[p] * weight.before()[weightIndex(j, p)]);
        return rule(variable("y", "j") + " = ∑<sub><i>p</i></sub> " + variable("x", "p") + " " + variable("W", "jp")
                        + " + " + variable("b", "j"))
                + sum.html(
                        "The terms of " + variable("y", j),
                        sum.row("bias " + variable("b", j), Place.value(bias, j))
                                + sum.total(variable("y", j), at.y(j)));
    }

    @Override
    public String backwardLead() {
        return "A weight’s gradient is what arrives at its output times what came in through it."
                + (at.isFirst()
                        ? " The image is not learned, so no gradient is computed for it and the walk ends here."
                        : " What goes on to an input is collected from all outputs, each through its own weight.");
    }

    @Override
    public String backward() {
        int i = at.in();
        int j = at.out();
        String g = variable("G", "j");
        String body = rule(slope(variable("W", "jp")) + " = " + g + " " + variable("x", "p"))
                + filledIn(slope(variable("W", j + "," + i)) + " = " + at.gy(j) + " · " + factor(at.x(i)) + " = "
                        + Place.grad(weight, weightIndex(j, i)))
                + rule(slope(variable("b", "j")) + " = " + g)
                + filledIn(slope(variable("b", j)) + " = " + Place.grad(bias, j));
        if (at.isFirst()) {
            return body;
        }
        float[] gy = operation.gy();
        SumTable sum = new SumTable(
                "j",
                List.of(g, variable("W", "j," + i)),
                g + " · " + variable("W", "j," + i),
                IntStream.range(0, gy.length),
                q -> List.of(at.gy(q), Place.value(weight, weightIndex(q, i))),
                q -> (double) gy[q] * weight.before()[weightIndex(q, i)]);
        return body
                + rule(slope(variable("x", "p")) + " = ∑<sub><i>j</i></sub> " + g + " " + variable("W", "jp"))
                + sum.html(
                        "The terms of ∂<i>L</i>/∂" + variable("x", i),
                        sum.total("∂<i>L</i>/∂" + variable("x", i), at.gx(i)));
    }

    @Override
    public List<WeightRow> weightRows() {
        return List.of(new WeightRow(weight, at.out()));
    }
}
