package org.gradus.kernel.simd;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the tiles of {@link VectorTiles}: one loop for every order that A may lie in and every number of rows. C2 keeps a sum in a
 * register only if it is a variable of its own, so the rows cannot be a loop. The head of the file, up to the first tile, is
 * written by hand.
 */
final class TilesWriter {

    /** Of a line without its indentation. */
    private static final int LINE = 116;

    private final int rows;
    private final int vectors;
    private final boolean few;
    private final boolean packed;
    private final StringBuilder text = new StringBuilder();

    private TilesWriter(int rows, int vectors, boolean few, boolean packed) {
        this.rows = rows;
        this.vectors = vectors;
        this.few = few;
        this.packed = packed;
    }

    /** All tiles, as they stand in the file. */
    static String tiles() {
        Stream<String> wide = IntStream.of(12, 8)
                .boxed()
                .flatMap(rows -> Stream.of(
                        tile("packed", "A packed.", rows, 2, false, true),
                        tile("few", "A packed, and only some terms of it: X holds just these.", rows, 2, true, true),
                        tile("single", "A packed, one vector of columns: an odd panel.", rows, 1, false, true)));
        Stream<String> narrow = IntStream.of(5, 4)
                .boxed()
                .flatMap(rows -> Stream.of(
                        tile("packed", "A packed.", rows, 2, false, true),
                        tile("few", "A packed, and only some terms of it: X holds just these.", rows, 2, true, true),
                        tile(
                                "rows",
                                "A where it lies: row r at {@code at + r aStep}, term p right behind p - 1.",
                                rows,
                                2,
                                false,
                                false),
                        tile(
                                "fewRows",
                                "A where it lies, and only some terms of it: X holds just these.",
                                rows,
                                2,
                                true,
                                false)));
        return Stream.concat(wide, narrow).collect(Collectors.joining("\n")) + "}\n";
    }

    private static String tile(String name, String about, int rows, int vectors, boolean few, boolean packed) {
        TilesWriter writer = new TilesWriter(rows, vectors, few, packed);
        writer.line(1, "/** " + about + " */");
        writer.head("static void " + name + rows + "(", writer.parameters() + ") {");
        writer.line(2, "float[] start = onto ? c : ZEROS;");
        for (int v = 0; v < vectors; v++) {
            writer.line(2, "int s%d = onto ? c%1$d : 0;".formatted(v));
        }
        writer.line(2, "int sRow = onto ? cRow : 0;");
        for (int r = 1; !packed && r < rows; r++) {
            writer.line(2, "int a" + r + " = " + (r == 1 ? "at" : "a" + (r - 1)) + " + aStep;");
        }
        writer.eachSum("FloatVector %s = load(start, s%d%s);", "sRow");
        writer.line(2, "for (int p = 0; p < terms; p++) {");
        writer.terms();
        writer.line(2, "}");
        writer.eachSum("%s.intoArray(c, c%d%s);", "cRow");
        writer.line(1, "}");
        return writer.text.toString();
    }

    private String parameters() {
        String which = "int terms, boolean onto" + (few ? ", int[] which" : "");
        String a = ", float[] a, int at" + (packed ? "" : ", int aStep");
        return which + a + ", float[] x" + numbered("x") + ", float[] c" + numbered("c") + ", int cRow";
    }

    /** In one line if it fits, else the parameters in the next, or each in one. */
    private void head(String name, String parameters) {
        if (name.length() + parameters.length() <= LINE) {
            line(1, name + parameters);
        } else if (parameters.length() + 8 <= LINE) {
            line(1, name);
            line(3, parameters);
        } else {
            line(1, name);
            line(3, parameters.replace(", ", ",\n" + "    ".repeat(3)));
        }
    }

    private String numbered(String name) {
        return IntStream.range(0, vectors).mapToObj(v -> ", int " + name + v).collect(Collectors.joining());
    }

    /** A statement for every sum, given its variable, its vector and how far its row lies from the first. */
    private void eachSum(String statement, String step) {
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                line(2, statement.formatted(sum(r, v), v, times(r, step)));
            }
        }
    }

    /** What one round of the loop adds to all sums. */
    private void terms() {
        String p = few ? "which[p]" : "p";
        if (packed) {
            line(3, "int o = at + " + p + " * " + rows + ";");
        } else if (few) {
            line(3, "int o = which[p];");
        }
        for (int v = 0; v < vectors; v++) {
            line(3, "FloatVector " + vectorOfX(v) + " = load(x, x" + v + " + p * WIDTH);");
        }
        for (int r = 0; r < rows; r++) {
            line(3, (r == 0 ? "FloatVector w" : "w") + " = broadcast(a[" + elementOfA(r) + "]);");
            for (int v = 0; v < vectors; v++) {
                line(3, "%s = w.fma(%s, %1$s);".formatted(sum(r, v), vectorOfX(v)));
            }
        }
    }

    private String elementOfA(int row) {
        if (packed) {
            return "o" + (row == 0 ? "" : " + " + row);
        }
        return (row == 0 ? "at" : "a" + row) + " + " + (few ? "o" : "p");
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
