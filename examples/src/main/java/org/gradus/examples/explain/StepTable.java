package org.gradus.examples.explain;

import java.util.List;
import java.util.Locale;

/** The operations of a step as lines of text: what went in and came out, and the gradients that came back. */
public final class StepTable {

    private StepTable() {}

    /**
     * The table.
     *
     * @param explanation a step
     * @return lines that end with a line feed
     */
    public static String of(Explanation explanation) {
        StringBuilder table = new StringBuilder();
        line(table, "#", "operation", "numbers", "values", "gradient of the loss for them");
        line(table, "0", "image", size(explanation.image()), range(explanation.image()), "not learned");
        List<Operation> operations = explanation.operations();
        for (int k = 0; k < operations.size(); k++) {
            Operation operation = operations.get(k);
            String numbers = size(k == 0 ? explanation.image() : operation.x()) + " -> " + size(operation.y());
            line(
                    table,
                    String.valueOf(k + 1),
                    operation.op().name(),
                    numbers,
                    range(operation.y()),
                    range(operation.gy()));
            for (Parameter parameter : explanation.parametersOf(k)) {
                line(
                        table,
                        "",
                        "  " + parameter.name(),
                        parameter.shape().toString(),
                        range(parameter.before()),
                        range(parameter.grad()));
            }
        }
        return table.toString();
    }

    private static void line(StringBuilder table, String... cells) {
        table.append(String.format(Locale.ROOT, "%2s  %-13s  %-14s  %-24s  %s", (Object[]) cells)
                        .stripTrailing())
                .append('\n');
    }

    private static String size(float... values) {
        return String.valueOf(values.length);
    }

    /** The number, or the least and the greatest of several. */
    private static String range(float... values) {
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        return values.length == 1 ? number(least) : number(least) + " .. " + number(greatest);
    }

    private static String number(float value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.4g", value);
    }
}
