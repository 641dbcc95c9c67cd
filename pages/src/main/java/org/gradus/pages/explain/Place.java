package org.gradus.pages.explain;

/**
 * An operation at its place in the step, with the elements that are followed through it.
 *
 * @param explanation the step
 * @param number of the operation, from 1
 * @param in the followed element of x
 * @param out the followed element of y
 */
record Place(Explanation explanation, int number, int in, int out) {

    static Place of(Explanation explanation, Focus focus, int k) {
        boolean loss = k == explanation.operations().size() - 1;
        return new Place(explanation, k + 1, focus.before(k), loss ? 0 : focus.after(k));
    }

    Operation operation() {
        return explanation.operations().get(number - 1);
    }

    Parameter parameter(String name) {
        return explanation.parameter(number - 1, name);
    }

    boolean isFirst() {
        return number == 1;
    }

    // ---- where the numbers are, and the numbers
    // --------------------------------------------------------------------

    String xName() {
        return isFirst() ? "x" : "y" + (number - 1);
    }

    String yName() {
        return "y" + number;
    }

    String gxName() {
        return "g" + (number - 1);
    }

    String gyName() {
        return "g" + number;
    }

    String x(int i) {
        return Numbers.at(xName() + "[" + i + "]", operation().x()[i]);
    }

    String y(int j) {
        return Numbers.at(yName() + "[" + j + "]", operation().y()[j]);
    }

    String gx(int i) {
        return Numbers.at(gxName() + "[" + i + "]", operation().gx()[i]);
    }

    String gy(int j) {
        return Numbers.at(gyName() + "[" + j + "]", operation().gy()[j]);
    }

    String target(int i) {
        return Numbers.at("x[" + i + "]", explanation.image()[i]);
    }

    static String value(Parameter parameter, int index) {
        return Numbers.at(parameter.element(index), parameter.before()[index]);
    }

    static String grad(Parameter parameter, int index) {
        return Numbers.at(
                parameter.name() + ".grad" + parameter.subscript(index),
                parameter.grad()[index]);
    }
}
