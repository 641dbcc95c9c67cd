package org.gradus.pages.explain;

import static org.gradus.pages.explain.Maths.factor;
import static org.gradus.pages.explain.Maths.filledIn;
import static org.gradus.pages.explain.Maths.fraction;
import static org.gradus.pages.explain.Maths.rule;
import static org.gradus.pages.explain.Maths.slope;
import static org.gradus.pages.explain.Maths.variable;

import java.util.List;
import java.util.stream.IntStream;
import org.gradus.autograd.PReluOp;
import org.gradus.autograd.ReluOp;
import org.gradus.autograd.SigmoidOp;
import org.gradus.autograd.TanhOp;

/**
 * Operations that treat every number by itself.
 *
 * @param forwardLead as {@link OperationText} says
 * @param forward as {@link OperationText} says
 * @param backwardLead as {@link OperationText} says
 * @param backward as {@link OperationText} says
 */
record ActivationText(String forwardLead, String forward, String backwardLead, String backward)
        implements OperationText {

    private static final String X = "<i>x</i>";
    private static final String Y = "<i>y</i>";
    private static final String G = "<i>G</i>";

    static ActivationText of(Place place) {
        if (place.operation().op() instanceof ReluOp) {
            return relu(place);
        }
        if (place.operation().op() instanceof PReluOp) {
            return prelu(place);
        }
        if (place.operation().op() instanceof SigmoidOp) {
            return sigmoid(place);
        }
        if (place.operation().op() instanceof TanhOp) {
            return tanh(place);
        }
        throw new AssertionError("no text for " + place.operation().op().name());
    }

    private static String slopeOfX(Place at) {
        return slope(variable("x", at.in()));
    }

    private static ActivationText relu(Place at) {
        int i = at.in();
        boolean open = at.operation().x()[i] > 0;
        return new ActivationText(
                "Positive numbers pass, all others become 0.",
                rule(Y + " = max(" + X + ", 0)")
                        + filledIn(variable("y", i) + " = max(" + at.x(i) + ", 0) = " + at.y(i)),
                open
                        ? "Where " + X + " is above 0 the gradient passes unchanged, as it does here."
                        : "Where " + X + " is not above 0, as here, the gradient stops.",
                rule(slope(X) + " = " + G + " where " + X + " &gt; 0, else 0")
                        + filledIn(slopeOfX(at) + " = " + (open ? at.gy(i) + " = " : "") + at.gx(i)));
    }

    private static ActivationText prelu(Place at) {
        int i = at.in();
        Operation operation = at.operation();
        Parameter slopes = at.parameter("weight");
        boolean above = operation.x()[i] > 0;
        String a = Place.value(slopes, 0);
        float[] x = operation.x();
        float[] g = operation.gy();
        SumTable sum = new SumTable(
                "i",
                List.of(variable("G", "i"), variable("x", "i")),
                variable("G", "i") + " · " + variable("x", "i"),
                IntStream.range(0, x.length).filter(k -> !(x[k] > 0)),
                k -> List.of(at.gy(k), at.x(k)),
                k -> (double) g[k] * x[k]);
        return new ActivationText(
                "Positive numbers pass; others are multiplied by a slope <i>a</i> that is learned as well, now " + a
                        + ".",
                rule(Y + " = " + X + " where " + X + " &gt; 0, else <i>a</i> " + X)
                        + filledIn(
                                above
                                        ? variable("y", i) + " = " + variable("x", i) + " = " + at.y(i)
                                        : variable("y", i) + " = " + a + " · " + factor(at.x(i)) + " = " + at.y(i)),
                above
                        ? "Where " + X + " is above 0 the gradient passes unchanged, as it does here."
                        : "Where " + X + " is not above 0, as here, the slope multiplies the gradient too.",
                rule(slope(X) + " = " + G + " where " + X + " &gt; 0, else <i>a</i> " + G)
                        + filledIn(
                                above
                                        ? slopeOfX(at) + " = " + at.gx(i)
                                        : slopeOfX(at) + " = " + a + " · " + factor(at.gy(i)) + " = " + at.gx(i))
                        + rule(slope("<i>a</i>") + " = ∑ " + variable("G", "i") + " " + variable("x", "i") + " where "
                                + variable("x", "i") + " is not above 0")
                        + (IntStream.range(0, x.length).allMatch(k -> x[k] > 0)
                                ? filledIn(slope("<i>a</i>") + " = " + Place.grad(slopes, 0)
                                        + ": every number is above 0, so that the slope has no part in them")
                                : sum.html(
                                        "The terms of ∂<i>L</i>/∂<i>a</i>",
                                        sum.total("∂<i>L</i>/∂<i>a</i>", Place.grad(slopes, 0)))));
    }

    private static ActivationText sigmoid(Place at) {
        int i = at.in();
        return new ActivationText(
                "The logistic function maps every number into (0, 1), so that it can be read as a probability or a grey value.",
                rule(Y + " = " + fraction("1", "1 + <i>e</i><sup>−<i>x</i></sup>"))
                        + filledIn(variable("y", i) + " = "
                                + fraction("1", "1 + <i>e</i><sup>−" + factor(at.x(i)) + "</sup>") + " = " + at.y(i)),
                "The derivative needs only the output. It is 1/4 at the most, where " + Y
                        + " = 1/2, and almost 0 near 0 and 1: there the gradient fades.",
                rule(slope(X) + " = " + G + " " + Y + " (1 − " + Y + ")")
                        + filledIn(slopeOfX(at) + " = " + at.gy(i) + " · " + at.y(i) + " · (1 − " + at.y(i) + ") = "
                                + at.gx(i)));
    }

    private static ActivationText tanh(Place at) {
        int i = at.in();
        return new ActivationText(
                "The hyperbolic tangent maps every number into (−1, 1).",
                rule(Y + " = tanh " + X) + filledIn(variable("y", i) + " = tanh(" + at.x(i) + ") = " + at.y(i)),
                "The derivative needs only the output: 1 where " + Y + " is 0, and almost 0 near −1 and 1.",
                rule(slope(X) + " = " + G + " (1 − " + Y + "<sup>2</sup>)")
                        + filledIn(slopeOfX(at) + " = " + at.gy(i) + " · (1 − " + factor(at.y(i)) + "<sup>2</sup>) = "
                                + at.gx(i)));
    }
}
