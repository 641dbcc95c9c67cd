package org.gradus.inspect;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Printable;

/** Text in aligned columns: two blanks between them, numbers, and words that stand for a missing one, to the right. */
final class Table {

    private final List<List<String>> lines = new ArrayList<>();

    Table(String... head) {
        lines.add(List.of(head));
    }

    Table(List<String> head) {
        lines.add(List.copyOf(head));
    }

    void add(String... cells) {
        add(List.of(cells));
    }

    /** Names may come from a file; whatever they hold, a row is one line. */
    void add(List<String> cells) {
        lines.add(cells.stream().map(Printable::text).toList());
    }

    @Override
    public String toString() {
        int columns = lines.get(0).size();
        int[] widths = new int[columns];
        boolean[] right = new boolean[columns];
        for (int c = 0; c < columns; c++) {
            for (List<String> line : lines) {
                widths[c] = Math.max(widths[c], line.get(c).length());
            }
            right[c] = isNumeric(c);
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String blanks = " ".repeat(widths[c] - line.get(c).length());
                row.append(right[c] ? blanks + line.get(c) : line.get(c) + blanks)
                        .append("  ");
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private boolean isNumeric(int column) {
        return lines.stream()
                .skip(1)
                .map(line -> line.get(column))
                .allMatch(cell ->
                        cell.isEmpty() || cell.startsWith("no") || cell.matches("-?[0-9][0-9.eE+-]*( of [0-9]+)?"));
    }
}
