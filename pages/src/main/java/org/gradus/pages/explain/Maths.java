package org.gradus.pages.explain;

/** Formulas as HTML. */
final class Maths {

    private static final String L = "<i>L</i>";

    private Maths() {}

    /** A variable with an index: a letter or a number. */
    static String variable(String name, Object index) {
        return "<i>" + name + "</i><sub>" + index + "</sub>";
    }

    static String fraction(String above, String below) {
        return "<span class=\"fraction\"><span>" + above + "</span><span class=\"hidden\"> / </span><span>" + below
                + "</span></span>";
    }

    /** The derivative of the loss for something. */
    static String slope(String of) {
        return fraction("∂" + L, "∂" + of);
    }

    /** A number as a factor: in brackets if it is negative. */
    static String factor(String number) {
        return number.contains(">−") ? "(" + number + ")" : number;
    }

    /** The rule in letters. */
    static String rule(String markup) {
        return "<p class=\"rule\">" + markup + "</p>\n";
    }

    /** The rule with the numbers of this step. */
    static String filledIn(String markup) {
        return "<p class=\"filled\">" + markup + "</p>\n";
    }

    static String paragraph(String markup) {
        return "<p>" + markup + "</p>\n";
    }
}
