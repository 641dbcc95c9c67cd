package org.gradus.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.CharBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import jdk.jshell.execution.DirectExecutionControl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class ShortTextTest {

    private static final class Original extends DirectExecutionControl {
        static String of(@Nullable Object value) {
            return valueString(value);
        }
    }

    @Test
    void whatIsShortIsAsJShellShowsIt() {
        Object[] values = {
            null,
            3,
            'c',
            '\'',
            "text \"quoted\"\n",
            new int[0],
            new int[] {1, 2},
            new float[] {0.5f, Float.NaN},
            new char[] {'a', '\n'},
            new int[][] {{1}, {2, 3}, null},
            new boolean[0][3],
            new int[2][0][],
            new String[] {"a\nb", null},
            new Object[] {new int[] {1}, List.of(1, "x"), 'c'},
            new float[1000],
            new int[10][90],
            List.of(),
            List.of("a", 1, List.of(2)),
            Map.of("k", 1),
            CharBuffer.wrap("x\ny"),
            Collections.nCopies(1000, null),
            "x".repeat(10_000),
        };
        for (Object value : values) {
            assertThat(ShortText.of(value)).isEqualTo(Original.of(value));
        }
    }

    @Test
    void ofLargeArraysTheEnds() {
        assertThat(ShortText.of(IntStream.range(0, 1001).toArray()))
                .isEqualTo("int[1001] { 0, 1, 2, ..., 998, 999, 1000 }");
        assertThat(ShortText.of(new float[50_000_000]))
                .isEqualTo("float[50000000] { 0.0, 0.0, 0.0, ..., 0.0, 0.0, 0.0 }");
        assertThat(ShortText.of(new String[2000]))
                .isEqualTo("String[2000] { null, null, null, ..., null, null, null }");
    }

    /** All elements count, those of the arrays within, too: each is short, but there are many of them. */
    @Test
    void ofArraysOfArraysTheEnds() {
        String row = "float[2] { 0.0, 0.0 }";
        assertThat(ShortText.of(new float[1_000_000][2]))
                .isEqualTo("float[1000000][] { " + (row + ", ").repeat(3) + "..." + (", " + row).repeat(3) + " }");
        assertThat(ShortText.of(new byte[2][784]))
                .isEqualTo("byte[2][] { byte[784] { 0, 0, 0, ..., 0, 0, 0 }, byte[784] { 0, 0, 0, ..., 0, 0, 0 } }");
        assertThat(ShortText.of(new Object[] {new int[5000], "x"}))
                .isEqualTo("Object[2] { int[5000] { 0, 0, 0, ..., 0, 0, 0 }, \"x\" }");
        assertThat(ShortText.of(new int[7][7][7][7][7][7]).length()).isLessThan(11_000);
    }

    @Test
    void ofLargeCollectionsTheEnds() {
        List<Integer> list = IntStream.range(0, 2000).boxed().toList();
        assertThat(ShortText.of(list)).isEqualTo("[0, 1, 2, ..., 1997, 1998, 1999] (2000 elements)");
        assertThat(ShortText.of(new ArrayList<>(list))).isEqualTo(ShortText.of(list));
        assertThat(ShortText.of(new LinkedHashSet<>(list))).isEqualTo("[0, 1, 2, ...] (2000 elements)");
        assertThat(ShortText.of(new ArrayDeque<>(list))).isEqualTo("[0, 1, 2, ...] (2000 elements)");
        Map<Integer, Integer> map = new TreeMap<>();
        list.forEach(i -> map.put(i, -i));
        assertThat(ShortText.of(map)).isEqualTo("{0=0, 1=-1, 2=-2, ...} (2000 entries)");
        assertThat(ShortText.of(Arrays.asList(list, null, 7)))
                .isEqualTo("[[0, 1, 2, ..., 1997, 1998, 1999] (2000 elements), null, 7]");
        assertThat(ShortText.of(Map.of("all", list)))
                .isEqualTo("{all=[0, 1, 2, ..., 1997, 1998, 1999] (2000 elements)}");
        assertThat(ShortText.of(new Object[] {list}))
                .isEqualTo("Object[1] { [0, 1, 2, ..., 1997, 1998, 1999] (2000 elements) }");
    }

    /** Others may print themselves in a way of their own. */
    @Test
    void collectionsOfOthersPrintThemselves() {
        class Named extends ArrayList<Integer> {
            private static final long serialVersionUID = 1L;

            Named() {
                super(Collections.nCopies(2000, 1));
            }

            @Override
            public String toString() {
                return "named";
            }
        }
        assertThat(ShortText.of(new Named())).isEqualTo("named");
    }

    @Test
    void ofLongTextsTheEnds() {
        String half = "a".repeat(5000);
        assertThat(ShortText.of("a".repeat(1_000_000)))
                .isEqualTo("\"" + half + "..." + half + "\" (1000000 characters)");
        assertThat(ShortText.of(CharBuffer.wrap("a".repeat(1_000_000))))
                .isEqualTo(half + "..." + half + " (1000000 characters)");
        Object chatty = new Object() {
            @Override
            public String toString() {
                return "a".repeat(20_000);
            }
        };
        assertThat(ShortText.of(chatty)).isEqualTo(half + "..." + half + " (20000 characters)");
        assertThat(ShortText.of(List.of("a".repeat(20_000))))
                .isEqualTo("[" + "a".repeat(500) + "..." + "a".repeat(500) + " (20000 characters)]");
        assertThat(ShortText.of(new String[] {"a".repeat(20_000)}))
                .isEqualTo("String[1] { \"" + "a".repeat(500) + "..." + "a".repeat(500) + "\" (20000 characters) }");
    }
}
