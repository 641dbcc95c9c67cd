package org.gradus.pages.explain;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A sum with its largest terms written out and the others in one line.
 *
 * @param index letter of the index
 * @param columns markup of the headings of the factors
 * @param term markup of the heading of the terms
 * @param indices of the terms
 * @param factors markup of a term's factors, one cell each
 * @param value of a term
 */
record SumTable(
        String index,
        List<String> columns,
        String term,
        IntStream indices,
        IntFunction<List<String>> factors,
        IntToDoubleFunction value) {

    /** More are written out only if that spares the line of the others. */
    private static final int SHOWN = 4;

    /**
     * The table.
     *
     * @param caption markup that says what is summed
     * @param last markup of further rows: a bias, the result
     */
    String html(String caption, String last) {
        List<Integer> sorted = indices.boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(value.applyAsDouble(i))))
                .toList();
        int shown = sorted.size() <= SHOWN + 1 ? sorted.size() : SHOWN;
        StringBuilder table = new StringBuilder(
                        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"sum\">\n")
                .append("<table class=\"numbers sum\"><caption><span>" + caption
                        + "</span></caption>\n<thead><tr><th scope=\"col\"><i>" + index + "</i></th>");
        columns.forEach(
                column -> table.append("<th scope=\"col\">").append(column).append("</th>"));
        table.append("<th scope=\"col\">").append(term).append("</th></tr></thead>\n<tbody>\n");
        for (int i : sorted.subList(0, shown)) {
            table.append("<tr class=\"term\"><th scope=\"row\">").append(i).append("</th>");
            factors.apply(i).forEach(cell -> table.append("<td>").append(cell).append("</td>"));
            table.append("<td>").append(Numbers.derived(value.applyAsDouble(i))).append("</td></tr>\n");
        }
        if (shown < sorted.size()) {
            double rest = sorted.subList(shown, sorted.size()).stream()
                    .mapToDouble(value::applyAsDouble)
                    .sum();
            table.append(row("the other " + (sorted.size() - shown), Numbers.derived(rest)));
        }
        return table.append(last).append("</tbody></table></div>\n").toString();
    }

    /** A row without factors. */
    String row(String heading, String number) {
        return "<tr><th scope=\"row\" colspan=\"" + (1 + columns.size()) + "\">" + heading + "</th><td>" + number
                + "</td></tr>\n";
    }

    /** The row under the line. */
    String total(String heading, String number) {
        return "<tr class=\"total\"><th scope=\"row\" colspan=\"" + (1 + columns.size()) + "\">" + heading + "</th><td>"
                + number + "</td></tr>\n";
    }
}
