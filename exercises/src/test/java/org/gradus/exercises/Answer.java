package org.gradus.exercises;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** What an exercise computed, and the wrong answers that typical mistakes lead to. */
final class Answer {

    /** Sums of a few products in double differ by less, mistakes by far more. */
    private static final double TOLERANCE = 1e-9;

    private final String question;
    private final double[] numbers;
    private final Map<String, double[]> mistakes = new LinkedHashMap<>();

    /**
     * An answer.
     *
     * @param question what was computed, and from what
     * @param numbers the result
     */
    Answer(String question, double... numbers) {
        this.question = question;
        this.numbers = numbers.clone();
    }

    /**
     * Adds a typical mistake.
     *
     * @param explanation what was probably done, and what to do
     * @param result the numbers it leads to
     * @return this
     */
    Answer mistake(String explanation, double... result) {
        mistakes.putIfAbsent(explanation, result.clone());
        return this;
    }

    /** Throws a {@link NotYet} unless the answer is this. */
    void mustBe(double... expected) {
        if (equal(numbers, expected)) {
            return;
        }
        String hint = mistakes.entrySet().stream()
                .filter(mistake -> equal(numbers, mistake.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("No typical mistake gives these numbers. Work the first one that differs out by hand, then step"
                        + " through your loop in the debugger.");
        throw new NotYet(
                question + "\n  expected  " + text(expected) + "\n  yours     " + text(numbers) + "\n  " + hint);
    }

    private static boolean equal(double[] a, double[] b) {
        if (a.length != b.length) {
            return false;
        }
        for (int i = 0; i < a.length; i++) {
            // Written so that NaN equals NaN, and nothing else.
            if (Double.compare(a[i], b[i]) != 0
                    && !(Math.abs(a[i] - b[i]) <= TOLERANCE * Math.max(1, Math.abs(b[i])))) {
                return false;
            }
        }
        return true;
    }

    static String text(double... numbers) {
        return DoubleStream.of(numbers)
                .mapToObj(number -> Double.isFinite(number) ? shortened(number) : String.valueOf(number))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String shortened(double number) {
        BigDecimal rounded = new BigDecimal(number, new MathContext(6));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
