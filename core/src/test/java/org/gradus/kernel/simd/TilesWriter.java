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
        ROWS(", int aStep"),
        COLUMNS(", int aStep"),
        PANELS(", int aStep"),
        PACKED(""),
        ANY(", int last, int aRow, int aTerm, int aPanel");

        private final String parameters;

        Order(String parameters) {
            this.parameters = parameters;
        }
    }

    /** Of a line without its indentation. */
    private static final int LINE = 116;

    private static final String ROWS = "A by rows: row r at {@code at + r aStep}, term p right behind p - 1.";
    private static final String COLUMNS =
            "A by columns, that is, its transpose: term p at {@code at + p aStep}, row r right behind r - 1.";
    private static final String PANELS =
            "A in panels: row r at {@code at + 16 r}, 16 terms there, the next 16 {@code aStep} further.";
    private static final String PACKED = "A packed: term p at {@code at + %d p}, row r right behind r - 1.";
    private static final String EDGE =
            "Any order with at most %d rows: those after {@code last} repeat it and give the same numbers again.";

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
        return Stream.of(
                                tile("rows", ROWS, Order.ROWS, 8, 2),
                                tile("columns", COLUMNS, Order.COLUMNS, 12, 2),
                                tile("panels", PANELS, Order.PANELS, 8, 2),
                                tile("packed", PACKED.formatted(12), Order.PACKED, 12, 2),
                                tile("edge", EDGE.formatted(8), Order.ANY, 8, 2),
                                tile("rows", ROWS, Order.ROWS, 5, 2),
                                tile("panels", PANELS, Order.PANELS, 5, 2),
                                tile("packed", PACKED.formatted(5), Order.PACKED, 5, 2),
                                tile("edge", EDGE.formatted(5), Order.ANY, 5, 2),
                                tile(
                                        "singleRows",
                                        "One vector of columns, A by rows. Three starts and two distances are all that the addresses of"
                                                + " 12 rows need; with a start for each the registers do not suffice.",
                                        Order.ROWS,
                                        12,
                                        1),
                                tile("singleColumns", "One vector of columns, A by columns.", Order.COLUMNS, 12, 1),
                                tile(
                                        "singlePanels",
                                        "One vector of columns, A in panels: all 16 numbers of a strip of weight gradients, one start"
                                                + " and fixed distances.",
                                        Order.PANELS,
                                        16,
                                        1),
                                tile(
                                        "single",
                                        "One vector of columns instead of two, for an odd panel; else as {@link #edge8}.",
                                        Order.ANY,
                                        8,
                                        1))
                        .collect(Collectors.joining("\n"))
                + "}\n";
    }

    private static String tile(String name, String about, Order order, int rows, int vectors) {
        return new TilesWriter(order, rows, vectors).written(name, about);
    }

    private String written(String name, String about) {
        line(1, "/** " + about + " */");
        head("static void " + name + rows + "(", parameters() + ") {");
        addressesOfA();
        if (rows == 5) {
            eachSum("FloatVector %s = fromArray(SPECIES, c, %s%s);", "c", "cRow");
        } else {
            line(2, "float[] start = onto ? c : ZEROS;");
            for (int v = 0; v < vectors; v++) {
                line(2, "int s%d = onto ? c%1$d : 0;".formatted(v));
            }
            line(2, "int sRow = onto ? cRow : 0;");
            eachSum("FloatVector %s = fromArray(SPECIES, start, %s%s);", "s", "sRow");
        }
        line(2, fromZero() ? "for (int p = 0; p < terms; p++) {" : "for (int p = pFrom; p < pTo; p++) {");
        terms();
        line(2, "}");
        eachSum("%s.intoArray(c, %s%s);", "c", "cRow");
        line(1, "}");
        return text.toString();
    }

    private String parameters() {
        String a = (fromZero() ? "int terms" : "int pFrom, int pTo") + (rows == 5 ? "" : ", boolean onto")
                + ", float[] a, int at" + order.parameters;
        return a + ", float[] x" + numbered("x") + ", float[] c" + numbered("c") + ", int cRow";
    }

    /** In one line if it fits, else the parameters in the next, else each in one. */
    private void head(String name, String parameters) {
        if (name.length() + parameters.length() <= LINE) {
            line(1, name + parameters);
        } else {
            line(1, name);
            boolean fits = parameters.length() <= LINE - 8;
            line(3, fits ? parameters : parameters.replace(", ", ",\n" + "    ".repeat(3)));
        }
    }

    private String numbered(String name) {
        return IntStream.range(0, starts()).mapToObj(v -> ", int " + name + v).collect(Collectors.joining());
    }

    /**
     * Whether terms are counted from 0, or from {@code pFrom}. With JDK 17 the first makes tiles of 5 rows twice as fast, and those of 8 rows
     * slower by a fifth.
     */
    private boolean fromZero() {
        return rows == 5 || (rows == 12 && vectors == 2);
    }

    /** The two vectors of a tile of 5 rows are parts of one panel, LENGTH numbers apart: one start, and a distance that C2 knows. */
    private int starts() {
        return rows == 5 ? 1 : vectors;
    }

    /** Where a vector of columns begins. */
    private String start(String name, int vector) {
        return vector < starts() ? name + vector : name + "0 + LENGTH";
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
    private void eachSum(String statement, String from, String step) {
        for (int r = 0; r < rows; r++) {
            String distance = order == Order.ANY && r > 0 ? " + r" + r + " * " + step : times(r, step);
            for (int v = 0; v < vectors; v++) {
                line(2, statement.formatted(sum(r, v), start(from, v), distance));
            }
        }
    }

    /** What one round of the loop adds to all sums. */
    private void terms() {
        switch (order) {
            case ROWS -> {}
            case COLUMNS -> line(3, "int o = at + p * aStep;");
            case PANELS -> line(3, "int o = at + (p >> WIDTH_LOG2) * aStep + (p & WIDTH - 1);");
            case PACKED -> line(3, "int o = at + p * " + rows + ";");
            case ANY -> line(3, "int o = (p >> WIDTH_LOG2) * aPanel + (p & WIDTH - 1) * aTerm;");
        }
        for (int v = 0; v < vectors; v++) {
            line(3, "FloatVector " + vectorOfX(v) + " = fromArray(SPECIES, x, " + start("x", v) + " + p * WIDTH);");
        }
        for (int r = 0; r < rows; r++) {
            if (order != Order.ANY && vectors == 1) {
                line(3, "%s = %s.fma(y, %1$s);".formatted(sum(r, 0), broadcast(elementOfA(r))));
                continue;
            }
            line(3, (r == 0 ? "FloatVector w" : "w") + " = " + broadcast(elementOfA(r)) + ";");
            for (int v = 0; v < vectors; v++) {
                line(3, "%s = w.fma(%s, %1$s);".formatted(sum(r, v), vectorOfX(v)));
            }
        }
    }

    /** Cast to its class, see {@link VectorMath}. */
    private static String broadcast(String element) {
        return "FLOATS.cast(broadcast(SPECIES, a[" + element + "]))";
    }

    private String elementOfA(int row) {
        return switch (order) {
            case COLUMNS, PACKED -> "o" + (row == 0 ? "" : " + " + row);
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
