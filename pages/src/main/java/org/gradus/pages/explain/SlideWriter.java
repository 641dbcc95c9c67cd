package org.gradus.pages.explain;

import static org.gradus.pages.explain.Maths.filledIn;
import static org.gradus.pages.explain.Maths.fraction;
import static org.gradus.pages.explain.Maths.paragraph;
import static org.gradus.pages.explain.Maths.rule;
import static org.gradus.pages.explain.Maths.variable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gradus.autograd.AffineOp;
import org.gradus.optim.AdamOptions;
import org.gradus.pages.explain.Slide.Phase;

/** Writes the slides of a step, in their order, and keeps the arrays that their pictures show. */
final class SlideWriter {

    private static final String NO_ID = "";

    private final Explanation explanation;
    private final Subject subject;
    private final List<Place> places = new ArrayList<>();
    private final Map<String, float[]> arrays = new LinkedHashMap<>();

    SlideWriter(Explanation explanation, Subject subject) {
        this.explanation = explanation;
        this.subject = subject;
        Focus focus = Focus.of(explanation.operations());
        for (int k = 0; k < explanation.operations().size(); k++) {
            places.add(Place.of(explanation, focus, k));
        }
    }

    /** What the pictures show, by the names of the arrays. */
    Map<String, float[]> arrays() {
        return Collections.unmodifiableMap(arrays);
    }

    List<Slide> slides() {
        List<Slide> slides = new ArrayList<>();
        slides.add(image());
        places.forEach(place -> slides.add(forward(place)));
        for (int k = places.size() - 1; k >= 0; k--) {
            slides.add(backward(places.get(k)));
        }
        slides.add(update());
        slides.add(after());
        return slides;
    }

    // ---- pictures
    // ------------------------------------------------------------------------------------------------------

    /** A row of pictures beside each other. */
    private static String pictures(String... figures) {
        return "<div class=\"pictures\">\n" + String.join("", figures) + "</div>\n";
    }

    private String values(String label, String name, float[] values, int marked) {
        return figure(label, name, values, Picture.ofValues(values, subject), marked);
    }

    private String signed(String label, String name, float[] values, int marked) {
        return figure(label, name, values, Picture.ofSigned(values, subject), marked);
    }

    /**
     * A picture with its legend.
     *
     * @param label markup
     * @param name of the array
     * @param marked index of the element that is followed
     */
    private String figure(String label, String name, float[] values, Picture picture, int marked) {
        arrays.put(name, values);
        StringBuilder html =
                new StringBuilder("<figure data-array=\"" + name + "\" data-columns=\"" + picture.columns() + "\">");
        html.append("<div class=\"view\">").append(picture.html(plain(label) + ": " + picture.alt(), marked));
        if (!picture.isBars()) {
            html.append(mark(picture, marked));
        }
        html.append("</div><figcaption>" + label + "<br>");
        html.append("<span class=\"range\">" + picture.range() + "</span>");
        return html.append("</figcaption></figure>\n").toString();
    }

    private static String mark(Picture picture, int marked) {
        int row = marked / picture.columns();
        int column = marked % picture.columns();
        return "<i class=\"mark\" style=\"--row:" + row + ";--column:" + column + ";--rows:" + picture.rows()
                + ";--columns:" + picture.columns() + "\"></i>";
    }

    /** Markup without its tags. */
    private static String plain(String markup) {
        return markup.replaceAll("<[^>]*>", "");
    }

    // ---- slides
    // --------------------------------------------------------------------------------------------------------

    private Slide image() {
        Place first = places.get(0);
        Place last = places.get(places.size() - 1);
        int pixel = first.in();
        String size = subject.rows() + " × " + subject.columns() + " = " + subject.pixels();
        String path = "These pages follow one number of each vector, outlined: pixel " + last.in()
                + " of the output, where the loss pulls hardest, back through the layers to the weight "
                + element(0, "weight") + ".";
        String body = paragraph(
                        "A " + subject.label() + ", " + size + " numbers from 0 (black) to 1 (white). The network is to"
                                + " give the same image back; the loss says how far it is from that, and every weight is to learn in"
                                + " which direction it should move to make the loss smaller.")
                + paragraph(path)
                + paragraph(
                        "<span class=\"keys\"><kbd>→</kbd> next, <kbd>←</kbd> back, <kbd>Home</kbd> to the start. Point at a"
                                + " picture to read its numbers. Numbers are rounded to four digits.</span>");
        String picture = pictures(values("<i>x</i>, the image", first.xName(), explanation.image(), pixel));
        return new Slide(
                "image",
                Phase.START,
                "image",
                "The image",
                "number " + subject.index() + " of the training set",
                sides(body, picture));
    }

    /** The followed element of a parameter. */
    private String element(int layer, String name) {
        Parameter parameter = explanation.parameter(layer, name);
        return parameter.element(followed(layer, parameter));
    }

    private int followed(int layer, Parameter parameter) {
        Place place = places.get(layer);
        if (!(place.operation().op() instanceof AffineOp)) {
            return 0;
        }
        boolean matrix = parameter.shape().rank() == 2;
        return matrix ? place.out() * parameter.shape().columns() + place.in() : place.out();
    }

    private Slide forward(Place place) {
        Operation operation = place.operation();
        OperationText text = OperationText.of(place);
        boolean loss = place.number() == places.size();
        List<String> figures = new ArrayList<>();
        figures.add(values(loss ? "<i>p</i>, the output" : "<i>x</i>", place.xName(), operation.x(), place.in()));
        for (OperationText.WeightRow row : text.weightRows()) {
            figures.add(signed(
                    variable("W", row.row()) + ", the weights of output " + row.row(),
                    row.weight().name() + "[" + row.row() + "]",
                    row.of(row.weight().before()),
                    place.in()));
        }
        figures.add(
                loss
                        ? values("<i>y</i>, the image", "x", explanation.image(), place.in())
                        : values("<i>y</i>", place.yName(), operation.y(), place.out()));
        return new Slide(
                "forward-" + place.number(),
                Phase.FORWARD,
                operation.op().name(),
                operation.op().name(),
                operation.layer(),
                paragraph(text.forwardLead()) + sides(text.forward(), pictures(figures.toArray(String[]::new))));
    }

    private Slide backward(Place place) {
        Operation operation = place.operation();
        OperationText text = OperationText.of(place);
        boolean loss = place.number() == places.size();
        List<String> figures = new ArrayList<>();
        if (!loss) {
            figures.add(
                    signed("<i>G</i> = ∂<i>L</i>/∂<i>y</i>, arriving", place.gyName(), operation.gy(), place.out()));
        }
        for (OperationText.WeightRow row : text.weightRows()) {
            figures.add(signed(
                    "∂<i>L</i>/∂" + variable("W", row.row()),
                    row.weight().name() + ".grad[" + row.row() + "]",
                    row.of(row.weight().grad()),
                    place.in()));
        }
        if (operation.gx().length > 0) {
            figures.add(signed(
                    "∂<i>L</i>/∂<i>" + (loss ? "p" : "x") + "</i>, handed on",
                    place.gxName(),
                    operation.gx(),
                    place.in()));
        }
        return new Slide(
                "backward-" + place.number(),
                Phase.BACKWARD,
                operation.op().name(),
                operation.op().name(),
                operation.layer(),
                paragraph(text.backwardLead()) + sides(text.backward(), pictures(figures.toArray(String[]::new))));
    }

    private static String sides(String left, String right) {
        return "<div class=\"sides\"><div class=\"maths\">\n" + left + "</div>\n" + right + "</div>\n";
    }

    // ---- Adam
    // ----------------------------------------------------------------------------------------------------------

    private Slide update() {
        Parameter parameter = explanation.parameter(0, "weight");
        int index = followed(0, parameter);
        AdamOptions options = explanation.options();
        AdamElement adam = AdamElement.of(
                options,
                explanation.step(),
                parameter.before()[index],
                parameter.grad()[index],
                parameter.meanBefore()[index],
                parameter.squareBefore()[index]);
        String at = parameter.subscript(index);
        String name = parameter.name();
        String g = Numbers.at(name + ".grad" + at, parameter.grad()[index]);
        String m = Numbers.at(name + ".m" + at, parameter.mean()[index]);
        String v = Numbers.at(name + ".v" + at, parameter.square()[index]);
        String beta1 = Numbers.derived(options.beta1());
        String beta2 = Numbers.derived(options.beta2());
        String rate = Numbers.derived(options.learningRate());
        String t = String.valueOf(explanation.step());
        String body = rule("<i>m</i> ← <i>β</i><sub>1</sub> <i>m</i> + (1 − <i>β</i><sub>1</sub>) <i>g</i>")
                + filledIn("<i>m</i> = " + beta1 + " · "
                        + Maths.factor(
                                Numbers.at(name + ".m-before" + at, parameter.meanBefore()[index])) + " + "
                        + Numbers.derived(1 - options.beta1()) + " · " + Maths.factor(g) + " = " + m)
                + rule("<i>v</i> ← <i>β</i><sub>2</sub> <i>v</i> + (1 − <i>β</i><sub>2</sub>) <i>g</i><sup>2</sup>")
                + filledIn("<i>v</i> = " + beta2 + " · "
                        + Numbers.at(name + ".v-before" + at, parameter.squareBefore()[index]) + " + "
                        + Numbers.derived(1 - options.beta2()) + " · " + Maths.factor(g) + "<sup>2</sup> = " + v)
                + rule("<i>w</i> ← <i>w</i> − "
                        + fraction("<i>η</i>", "1 − <i>β</i><sub>1</sub><sup><i>t</i></sup>") + " "
                        + fraction("<i>m</i>", "√<i>v</i> / √(1 − <i>β</i><sub>2</sub><sup><i>t</i></sup>) + <i>ε</i>"))
                + filledIn(fraction("<i>η</i>", "1 − <i>β</i><sub>1</sub><sup>" + t + "</sup>") + " = "
                        + fraction(rate, Numbers.derived(adam.correction1())) + " = "
                        + Numbers.derived(adam.stepSize()))
                + filledIn("√<i>v</i> / √(1 − <i>β</i><sub>2</sub><sup>" + t + "</sup>) + <i>ε</i> = √" + v + " / √"
                        + Numbers.derived(adam.correction2()) + " + " + Numbers.derived(options.epsilon()) + " = "
                        + Numbers.derived(adam.denominator()))
                + filledIn("<i>w</i> = "
                        + Numbers.longAt(parameter.element(index), parameter.before()[index]) + " − "
                        + Maths.factor(Numbers.longDerived(adam.change())) + " = "
                        + Numbers.longAt(name + ".after" + at, parameter.after()[index]));
        return new Slide(
                "update",
                Phase.UPDATE,
                "Adam",
                "Adam, step " + explanation.step(),
                "w = " + parameter.element(index),
                paragraph(updateLead()) + "<div class=\"maths\">\n" + body + "</div>\n" + moves());
    }

    private String updateLead() {
        String what =
                "Every number moves against a running mean <i>m</i> of its gradients <i>g</i>, divided by the root of a running mean"
                        + " <i>v</i> of their squares.";
        return explanation.step() == 1
                ? what
                        + " In the first step that quotient is 1 or −1 wherever the gradient is well above <i>ε</i>: each moves"
                        + " by nearly the learning rate, whether its gradient is large or small."
                : what;
    }

    /** One element of each parameter. */
    private String moves() {
        StringBuilder table =
                new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"moves\">\n"
                        + "<table class=\"numbers\"><caption><span>The followed number of every parameter</span></caption>\n"
                        + "<thead><tr><th scope=\"col\">parameter</th><th scope=\"col\">gradient</th><th scope=\"col\">before</th>"
                        + "<th scope=\"col\">after</th></tr></thead>\n<tbody>\n");
        for (int layer = 0; layer < places.size() - 1; layer++) {
            for (Parameter parameter : explanation.parametersOf(layer)) {
                int index = followed(layer, parameter);
                table.append(
                        "<tr><th scope=\"row\">" + parameter.element(index) + "</th><td>" + Place.grad(parameter, index)
                                + "</td><td>" + Place.value(parameter, index) + "</td><td>"
                                + Numbers.at(
                                        parameter.name() + ".after" + parameter.subscript(index),
                                        parameter.after()[index])
                                + "</td></tr>\n");
            }
        }
        return table.append("</tbody></table></div>\n").toString();
    }

    private Slide after() {
        Place last = places.get(places.size() - 1);
        float before = explanation.lossBefore();
        float after = explanation.lossAfter();
        float[] output = last.operation().x();
        float[] change = new float[output.length];
        for (int i = 0; i < change.length; i++) {
            change[i] = explanation.outputAfter()[i] - output[i];
        }
        String body = paragraph("The same image through the changed network: the loss has "
                        + (after < before
                                ? "become smaller."
                                : after > before
                                        ? "become larger: this step was too long, or earlier gradients led it."
                                        : "not changed."))
                + "<p class=\"result\">" + Numbers.longAt(last.yName() + "[0]", before) + " → "
                + Numbers.longAt("loss-after[0]", after) + "</p>\n"
                + pictures(
                        values("output before", last.xName(), output, last.in()),
                        values("output after", "output-after", explanation.outputAfter(), last.in()),
                        signed("change", "output-change", change, last.in()));
        return new Slide("after", Phase.UPDATE, "result", "What the step has done", NO_ID, body);
    }
}
