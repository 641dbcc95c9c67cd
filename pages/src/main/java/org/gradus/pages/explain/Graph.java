package org.gradus.pages.explain;

import java.util.List;
import org.gradus.autograd.Shape;

/**
 * The network as a drawing: values flow to the right in the upper lane, gradients to the left in the lower one, and the
 * parameters of a layer stand between, where both meet. Attributes tell the script what belongs to which slide: {@code
 * data-from} a part that appears with a slide, {@code data-now} one that is at work in these slides.
 */
final class Graph {

    private static final int BOX = 72;
    private static final int GAP = 104;
    private static final int PITCH = BOX + GAP;
    private static final int LEFT = 14;
    private static final int UPPER = 44;
    private static final int MIDDLE = UPPER + BOX;
    private static final int LOWER = MIDDLE + 58;
    private static final int HEIGHT = LOWER + BOX + 6;
    private static final int ARC = 16;
    private static final int HEAD = 7;

    private final Explanation explanation;
    private final Subject subject;
    private final Slides slides;
    private final StringBuilder svg = new StringBuilder();

    Graph(Explanation explanation, Subject subject) {
        this.explanation = explanation;
        this.subject = subject;
        slides = new Slides(explanation.operations().size());
    }

    private static int left(int tensor) {
        return LEFT + tensor * PITCH;
    }

    String html() {
        List<Operation> operations = explanation.operations();
        int width = left(operations.size()) + BOX + LEFT;
        svg.append("<svg class=\"graph\" viewBox=\"0 0 " + width + " " + HEIGHT + "\" style=\"--width:" + width
                + "\" role=\"img\" aria-label=\"" + description() + "\">\n");
        target(operations.size());
        text("size", left(0) + BOX / 2, UPPER - 7, "image");
        valueBox(0, Picture.ofValues(operations.get(0).x(), subject), slides.image(), slides.forward(1));
        noGradient(0);
        for (int k = 1; k <= operations.size(); k++) {
            operation(k, operations.get(k - 1));
        }
        return svg.append("</svg>\n").toString();
    }

    private String description() {
        StringBuilder words = new StringBuilder("The network: image");
        explanation
                .operations()
                .forEach(operation -> words.append(", ")
                        .append(operation.op().name())
                        .append(" to ")
                        .append(count(operation.y())));
        return words.append(". Values flow to the right, gradients back to the left.")
                .toString();
    }

    private static String count(float[] values) {
        return values.length == 1 ? "1 number" : values.length + " numbers";
    }

    private void operation(int k, Operation operation) {
        boolean loss = k == explanation.operations().size();
        int from = left(k - 1) + BOX;
        int to = left(k);
        int centre = (from + to) / 2;
        int forward = slides.forward(k);
        int backward = slides.backward(k);
        svg.append("<g class=\"arrow\" data-from=\"" + forward + "\" data-now=\"" + forward + "\">");
        line(from + 4, UPPER + BOX / 2, to - 4, UPPER + BOX / 2);
        text("op", centre, UPPER + BOX / 2 - 9, operation.op().name());
        svg.append("</g>\n");
        svg.append("<g class=\"arrow gradient\" data-from=\"" + backward + "\" data-now=\"" + backward + "\">");
        // The image is not learned: its layer's arrow ends at the parameters.
        line(to - 4, LOWER + BOX / 2, k == 1 ? centre : from + 4, LOWER + BOX / 2);
        svg.append("</g>\n");
        parameters(k, centre, forward, backward);
        text("size", left(k) + BOX / 2, UPPER - 7, loss ? "loss" : count(operation.y()));
        if (loss) {
            number(k, UPPER, operation.y()[0], forward, forward + " " + backward, "value");
            number(k, LOWER, operation.gy()[0], backward, String.valueOf(backward), "slope");
        } else {
            valueBox(k, Picture.ofValues(operation.y(), subject), forward, slides.forward(k + 1));
            box(k, LOWER, "slope", slides.backward(k + 1), slides.backward(k + 1) + " " + backward);
            svg.append(Picture.ofSigned(operation.gy(), subject).svg(left(k) + 4, LOWER + 4, BOX - 8))
                    .append("</g>\n");
        }
    }

    private void parameters(int k, int centre, int forward, int backward) {
        int y = MIDDLE + 21;
        for (Parameter parameter : explanation.parametersOf(k - 1)) {
            boolean bias = parameter.name().endsWith("bias");
            String words = parameter.shape().rank() == 2
                    ? "W " + shape(parameter.shape())
                    : bias ? "b " + parameter.shape().size() : "slope a";
            svg.append("<g class=\"parameter\" data-now=\"" + forward + " " + backward + " " + slides.update() + "\">");
            svg.append(
                    "<rect x=\"" + (centre - 46) + "\" y=\"" + (y - 14) + "\" width=\"92\" height=\"20\" rx=\"10\"/>");
            text("", centre, y, words);
            svg.append("</g>\n");
            y += 24;
        }
    }

    private static String shape(Shape shape) {
        return shape.rows() + "×" + shape.columns();
    }

    /** The image is the target as well. */
    private void target(int loss) {
        int from = left(0) + BOX / 2;
        int to = left(loss) + BOX / 2;
        svg.append("<g class=\"arrow target\" data-from=\"" + slides.forward(loss) + "\" data-now=\""
                + slides.forward(loss) + " " + slides.backward(loss) + "\">");
        svg.append("<path d=\"M" + from + " " + (UPPER - 20) + " V" + ARC + " H" + to + " V" + (UPPER - 24) + "\"/>");
        head(to, UPPER - 20, 0, 1);
        text("op", (from + to) / 2, ARC - 5, "the same image as target");
        svg.append("</g>\n");
    }

    private void valueBox(int k, Picture picture, int from, int next) {
        box(k, UPPER, "value", from, from + " " + next);
        svg.append(picture.svg(left(k) + 4, UPPER + 4, BOX - 8)).append("</g>\n");
    }

    private void box(int k, int y, String kind, int from, String now) {
        svg.append("<g class=\"box " + kind + "\" data-from=\"" + from + "\" data-now=\"" + now + "\">");
        svg.append("<rect class=\"frame\" x=\"" + left(k) + "\" y=\"" + y + "\" width=\"" + BOX + "\" height=\"" + BOX
                + "\" rx=\"6\"/>");
    }

    private void number(int k, int y, float value, int from, String now, String kind) {
        box(k, y, kind, from, now);
        text("number", left(k) + BOX / 2, y + BOX / 2 + 5, Numbers.text(value));
        svg.append("</g>\n");
    }

    private void noGradient(int k) {
        svg.append("<g class=\"box none\"><rect class=\"frame\" x=\"" + left(k) + "\" y=\"" + LOWER + "\" width=\""
                + BOX + "\" height=\"" + BOX + "\" rx=\"6\"/>");
        text("size", left(k) + BOX / 2, LOWER + BOX / 2 - 3, "not");
        text("size", left(k) + BOX / 2, LOWER + BOX / 2 + 12, "learned");
        svg.append("</g>\n");
    }

    private void line(int x1, int y1, int x2, int y2) {
        svg.append("<line x1=\"" + x1 + "\" y1=\"" + y1 + "\" x2=\"" + x2 + "\" y2=\"" + y2 + "\"/>");
        head(x2, y2, Integer.signum(x2 - x1), 0);
    }

    private void head(int x, int y, int dx, int dy) {
        svg.append("<path class=\"head\" d=\"M" + x + " " + y + " l" + (-dx * HEAD - dy * 5) + " "
                + (-dy * HEAD - dx * 5) + " l" + dy * 10 + " " + dx * 10 + " z\"/>");
    }

    private void text(String kind, int x, int y, String words) {
        svg.append("<text class=\"" + kind + "\" x=\"" + x + "\" y=\"" + y + "\">" + words + "</text>");
    }
}
