package org.gradus.kernel.simd;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the tiles of {@link VectorTiles}: one loop for every order that A may lie in and every number of rows. C2 keeps a sum in a
 * register only if it is a variable of its own, so the rows cannot be a loop. The head of the file, up to the first tile, is
 * written by hand.
 */
final class TilesWriter {

    /** How A lies. */
    private enum Order {
        ROWS("A by rows: row r at {@code at + r aStep}, term p right behind p - 1."),
        COLUMNS("A by columns, that is, its transpose: term p at {@code at + p aStep}, row r right behind r - 1."),
        PANELS("A in panels: row r at {@code at + 16 r}, 16 terms there, the next 16 {@code aStep} further."),
        ANY(
                "Any of the three with at most %d rows: those after {@code last} repeat it and give the same numbers again.");

        private final String about;

        Order(String about) {
            this.about = about;
        }
    }

    /** Of a line without its indentation. */
    private static final int LINE = 116;

    private final Order order;
    private final int rows;
    private final int vectors;
    private final StringBuilder text = new StringBuilder();

    private TilesWriter(Order order, int rows, int vectors) {
        this.order = order;
        this.rows = rows;
        this.vectors = vectors;
    }

    /** All tiles, as they stand in the file. */
    static String tiles() {
        String pairs = IntStream.of(8, 6)
                .mapToObj(rows -> Stream.of(
                                tile("rows" + rows, Order.ROWS.about, Order.ROWS, rows, 2),
                                tile("columns" + rows, Order.COLUMNS.about, Order.COLUMNS, rows, 2),
                                tile("panels" + rows, Order.PANELS.about, Order.PANELS, rows, 2),
                                tile("edge" + rows, Order.ANY.about.formatted(rows), Order.ANY, rows, 2))
                        .collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n"));
        String singles = Stream.of(
                        tile(
                                "singleRows12",
                                "One vector of columns, A by rows. Three starts and two distances are all that the addresses of"
                                        + " 12 rows need; with a start for each the registers do not suffice.",
                                Order.ROWS,
                                12,
                                1),
                        tile("singleColumns12", "One vector of columns, A by columns.", Order.COLUMNS, 12, 1),
                        tile(
                                "singlePanels16",
                                "One vector of columns, A in panels: all 16 numbers of a strip of weight gradients, one start"
                                        + " and fixed distances.",
                                Order.PANELS,
                                16,
                                1),
                        tile(
                                "single8",
                                "One vector of columns instead of two, for an odd panel; else as {@link #edge8}.",
                                Order.ANY,
                                8,
                                1))
                .collect(Collectors.joining("\n"));
        return pairs + "\n" + singles + "}\n";
    }

    private static String tile(String name, String about, Order order, int rows, int vectors) {
        TilesWriter writer = new TilesWriter(order, rows, vectors);
        writer.line(1, "/** " + about + " */");
        writer.head("static void " + name + "(", writer.parameters() + ") {");
        writer.partsOfTheProduct();
        writer.addressesOfA();
        writer.eachSum("FloatVector %s = load(start, s%d%s);", "sRow");
        writer.line(2, "for (int p = pFrom; p < pTo; p++) {");
        writer.terms();
        writer.line(2, "}");
        writer.eachSum("%s.intoArray(c, c%d%s);", "cRow");
        writer.line(1, "}");
        return writer.text.toString();
    }

    private String parameters() {
        String a = "Product d, float[] a, int at" + (order == Order.ANY ? ", int last" : "");
        String x = ", float[] x" + numbered("x");
        return a + x + ", float[] c" + numbered("c") + ", int cRow";
    }

    /** In one line if it fits, else the parameters in the next. */
    private void head(String name, String parameters) {
        if (name.length() + parameters.length() <= LINE) {
            line(1, name + parameters);
        } else {
            line(1, name);
            line(3, parameters);
        }
    }

    private String numbered(String name) {
        return IntStream.range(0, vectors).mapToObj(v -> ", int " + name + v).collect(Collectors.joining());
    }

    /** Variables that say what of the product the loop needs, and what the sums begin with. */
    private void partsOfTheProduct() {
        line(2, "int pFrom = d.pFrom();");
        line(2, "int pTo = d.pTo();");
        line(2, "int aStep = d." + (order == Order.ANY ? "termStep" : "aStep") + "();");
        if (order == Order.ANY) {
            line(2, "int aRow = d.start(1);");
            line(2, "int aPanel = d.panelStep();");
        }
        line(2, "float[] start = d.onto() ? c : ZEROS;");
        for (int v = 0; v < vectors; v++) {
            line(2, "int s%d = d.onto() ? c%1$d : 0;".formatted(v));
        }
        line(2, "int sRow = d.onto() ? cRow : 0;");
    }

    /** Variables before the loop that say where the rows of A begin. */
    private void addressesOfA() {
        if (order == Order.ANY) {
            eachRowButTheFirst("int r%d = Math.min(%1$d, last);");
            eachRowButTheFirst("int a%d = at + r%1$d * aRow;");
        } else if (order == Order.ROWS && vectors == 2) {
            for (int r = 1; r < rows; r++) {
                line(2, "int a" + r + " = " + (r == 1 ? "at" : "a" + (r - 1)) + " + aStep;");
            }
        } else if (order == Order.ROWS) {
            line(2, "int two = 2 * aStep;");
            line(2, "int three = 3 * aStep;");
            for (int r = 4; r < rows; r += 4) {
                line(2, "int a" + r + " = at + " + r + " * aStep;");
            }
        }
    }

    private void eachRowButTheFirst(String statement) {
        IntStream.range(1, rows).forEach(r -> line(2, statement.formatted(r)));
    }

    /** A statement for every sum, given its variable, its vector and how far its row lies from the first. */
    private void eachSum(String statement, String step) {
        for (int r = 0; r < rows; r++) {
            String distance = order == Order.ANY && r > 0 ? " + r" + r + " * " + step : times(r, step);
            for (int v = 0; v < vectors; v++) {
                line(2, statement.formatted(sum(r, v), v, distance));
            }
        }
    }

    /** What one round of the loop adds to all sums. */
    private void terms() {
        switch (order) {
            case ROWS -> {}
            case COLUMNS -> line(3, "int o = at + p * aStep;");
            case PANELS -> line(3, "int o = at + (p >> WIDTH_LOG2) * aStep + (p & WIDTH - 1);");
            case ANY -> line(3, "int o = (p >> WIDTH_LOG2) * aPanel + (p & WIDTH - 1) * aStep;");
        }
        for (int v = 0; v < vectors; v++) {
            line(3, "FloatVector " + vectorOfX(v) + " = load(x, x" + v + " + p * WIDTH);");
        }
        for (int r = 0; r < rows; r++) {
            if (order != Order.ANY && vectors == 1) {
                line(3, "%s = broadcast(a[%s]).fma(y, %1$s);".formatted(sum(r, 0), elementOfA(r)));
                continue;
            }
            line(3, (r == 0 ? "FloatVector w" : "w") + " = broadcast(a[" + elementOfA(r) + "]);");
            for (int v = 0; v < vectors; v++) {
                line(3, "%s = w.fma(%s, %1$s);".formatted(sum(r, v), vectorOfX(v)));
            }
        }
    }

    private String elementOfA(int row) {
        return switch (order) {
            case COLUMNS -> "o" + (row == 0 ? "" : " + " + row);
            case PANELS -> "o" + times(row, "WIDTH");
            case ANY -> (row == 0 ? "at" : "a" + row) + " + o";
            case ROWS -> {
                int start = vectors == 1 ? row / 4 * 4 : row;
                String rest = List.of("", " + aStep", " + two", " + three").get(row - start);
                yield (start == 0 ? "at" : "a" + start) + " + p" + rest;
            }
        };
    }

    private static String times(int factor, String step) {
        return factor == 0 ? "" : factor == 1 ? " + " + step : " + " + factor + " * " + step;
    }

    private static String sum(int row, int vector) {
        return "" + "uv".charAt(vector) + row;
    }

    private static char vectorOfX(int vector) {
        return "yz".charAt(vector);
    }

    private void line(int depth, String content) {
        text.append("    ".repeat(depth)).append(content).append('\n');
    }
}
