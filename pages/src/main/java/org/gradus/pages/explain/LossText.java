package org.gradus.pages.explain;

import static org.gradus.pages.explain.Maths.filledIn;
import static org.gradus.pages.explain.Maths.fraction;
import static org.gradus.pages.explain.Maths.rule;
import static org.gradus.pages.explain.Maths.slope;
import static org.gradus.pages.explain.Maths.variable;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.gradus.autograd.BceOp;

/**
 * {@link BceOp} and {@link org.gradus.autograd.MseOp}. The network's output is called p here, the image y.
 *
 * @param forwardLead as {@link OperationText} says
 * @param forward as {@link OperationText} says
 * @param backwardLead as {@link OperationText} says
 * @param backward as {@link OperationText} says
 */
record LossText(String forwardLead, String forward, String backwardLead, String backward) implements OperationText {

    /** The library's bound of the logarithms. */
    private static final double LEAST_LOGARITHM = -100;

    private static final String P = variable("p", "i");
    private static final String Y = variable("y", "i");
    private static final String BEGIN = "The walk back begins with ∂<i>L</i>/∂<i>L</i> = 1. ";

    static LossText of(Place place) {
        return place.operation().op() instanceof BceOp ? bce(place) : mse(place);
    }

    private static LossText bce(Place at) {
        int i = at.in();
        float[] p = at.operation().x();
        float[] y = at.explanation().image();
        return new LossText(
                "How far is the output <i>p</i> from the image <i>y</i>? Each pixel costs minus the logarithm of the"
                        + " probability that the output gives to what is there; a grey one counts as white in part and as"
                        + " black for the rest. The loss is the mean.",
                rule("<i>L</i> = " + fraction("1", "<i>N</i>") + " ∑<sub><i>i</i></sub> −(" + Y + " ln " + P
                                + " + (1 − " + Y + ") ln(1 − " + P + "))")
                        + terms(at, "cost", k -> -(y[k] * logarithm(p[k]) + (1.0 - y[k]) * logarithm(1.0 - p[k]))),
                BEGIN
                        + "Every output pixel then has a gradient of its own: below 0 where it should grow, above 0 where it"
                        + " should shrink.",
                rule(slope(P) + " = " + fraction("1", "<i>N</i>") + " "
                                + fraction(P + " − " + Y, P + " (1 − " + P + ")"))
                        + filledIn(slope(variable("p", i)) + " = " + fraction("1", String.valueOf(p.length)) + " · "
                                + fraction(at.x(i) + " − " + at.target(i), at.x(i) + " · (1 − " + at.x(i) + ")") + " = "
                                + at.gx(i)));
    }

    private static double logarithm(double probability) {
        return Math.max(Math.log(probability), LEAST_LOGARITHM);
    }

    private static LossText mse(Place at) {
        int i = at.in();
        float[] p = at.operation().x();
        float[] y = at.explanation().image();
        return new LossText(
                "How far is the output <i>p</i> from the image <i>y</i>? The loss is the mean of the squared differences.",
                rule("<i>L</i> = " + fraction("1", "<i>N</i>") + " ∑<sub><i>i</i></sub> (" + P + " − " + Y
                                + ")<sup>2</sup>")
                        + terms(at, "cost", k -> ((double) p[k] - y[k]) * ((double) p[k] - y[k])),
                BEGIN
                        + "Every output pixel then has a gradient of its own, in proportion to its error: below 0 where it"
                        + " should grow, above 0 where it should shrink.",
                rule(slope(P) + " = " + fraction("2", "<i>N</i>") + " (" + P + " − " + Y + ")")
                        + filledIn(slope(variable("p", i)) + " = " + fraction("2", String.valueOf(p.length)) + " · ("
                                + at.x(i) + " − " + at.target(i) + ") = " + at.gx(i)));
    }

    private static String terms(Place at, String name, IntToDoubleFunction cost) {
        int n = at.operation().x().length;
        SumTable sum = new SumTable(
                "i", List.of(P, Y), name, IntStream.range(0, n), k -> List.of(at.x(k), at.target(k)), cost);
        double total = IntStream.range(0, n).mapToDouble(cost).sum();
        return sum.html(
                "The pixels that cost most",
                sum.row("sum of all", Numbers.derived(total)) + sum.total("<i>L</i> = sum / " + n, at.y(0)));
    }
}
