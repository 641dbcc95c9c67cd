package org.gradus.pages.explain;

import static org.gradus.pages.explain.Maths.factor;
import static org.gradus.pages.explain.Maths.filledIn;
import static org.gradus.pages.explain.Maths.fraction;
import static org.gradus.pages.explain.Maths.rule;
import static org.gradus.pages.explain.Maths.slope;
import static org.gradus.pages.explain.Maths.variable;

import java.util.List;
import java.util.stream.IntStream;

/** {@link org.gradus.autograd.NormalizeRowsOp}. */
final class NormalizeText implements OperationText {

    private static final String LENGTH = "‖<i>x</i>‖";
    private static final String DOT = "<i>G</i>·<i>y</i>";

    private final Place at;
    private final Operation operation;

    NormalizeText(Place place) {
        at = place;
        operation = place.operation();
    }

    private double length() {
        double sum = 0;
        for (float x : operation.x()) {
            sum += (double) x * x;
        }
        return Math.sqrt(sum);
    }

    private double dot() {
        double sum = 0;
        for (int i = 0; i < operation.y().length; i++) {
            sum += (double) operation.gy()[i] * operation.y()[i];
        }
        return sum;
    }

    @Override
    public String forwardLead() {
        return "The row is divided by its Euclidean length: a point on the unit sphere.";
    }

    @Override
    public String forward() {
        int i = at.in();
        return rule(variable("y", "i") + " = " + fraction(variable("x", "i"), LENGTH) + ", " + LENGTH + " = √(∑ "
                        + variable("x", "i") + "<sup>2</sup>)")
                + filledIn(LENGTH + " = " + Numbers.derived(length()))
                + filledIn(variable("y", i) + " = " + fraction(at.x(i), Numbers.derived(length())) + " = " + at.y(i));
    }

    @Override
    public String backwardLead() {
        return "Changing the length of <i>x</i> does not move <i>y</i>, so that part of the gradient is taken away. What"
                + " is left is tangent to the sphere.";
    }

    @Override
    public String backward() {
        int i = at.in();
        float[] g = operation.gy();
        float[] y = operation.y();
        SumTable sum = new SumTable(
                "i",
                List.of(variable("G", "i"), variable("y", "i")),
                variable("G", "i") + " · " + variable("y", "i"),
                IntStream.range(0, y.length),
                k -> List.of(at.gy(k), at.y(k)),
                k -> (double) g[k] * y[k]);
        return rule(slope(variable("x", "i")) + " = "
                        + fraction(variable("G", "i") + " − (" + DOT + ") " + variable("y", "i"), LENGTH))
                + sum.html("The terms of " + DOT, sum.total(DOT, Numbers.derived(dot())))
                + filledIn(slope(variable("x", i)) + " = "
                        + fraction(
                                at.gy(i) + " − (" + Numbers.derived(dot()) + ") · " + factor(at.y(i)),
                                Numbers.derived(length()))
                        + " = " + at.gx(i));
    }
}
