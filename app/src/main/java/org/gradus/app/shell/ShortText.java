package org.gradus.app.shell;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jshell.execution.DirectExecutionControl;
import org.jspecify.annotations.Nullable;

/**
 * A value as JShell shows it, and short however large the value is, as NumPy does it: of an array with more than {@value #WHOLE}
 * elements, and of such a collection, the first {@value #EDGE} and the last {@value #EDGE}.
 *
 * <pre>
 * float[47040000] { 0.0, 0.0, 0.0, ..., 0.0, 0.0, 0.0 }
 * [0, 1, 2, ..., 4999997, 4999998, 4999999] (5000000 elements)
 * "aaa...aaa" (1000000 characters)
 * </pre>
 *
 * JShell itself makes the whole text before it cuts it.
 */
public final class ShortText {

    /** So many elements, those of arrays within arrays counted, are shown one and all. */
    static final int WHOLE = 1000;

    /** So many are shown at either end where that is too many. */
    static final int EDGE = 3;

    /** So many characters a text may have; then a half of them is shown of either end. */
    static final int CHARACTERS = 10_000;

    /** And so many the text of an element. */
    static final int CHARACTERS_OF_ELEMENT = 1000;

    private static final String LEFT_OUT = "...";

    private ShortText() {}

    /**
     * The text of a value.
     *
     * @param value anything
     * @return what JShell shows of it, if that is short
     */
    public static String of(@Nullable Object value) {
        return of(value, CHARACTERS);
    }

    private static String of(@Nullable Object value, int most) {
        if (value instanceof String text) {
            return text.length() <= most ? JShellText.of(text) : JShellText.of(ends(text, most)) + length(text);
        }
        if (value == null || value instanceof Character) {
            return JShellText.of(value);
        }
        if (value.getClass().isArray()) {
            return cut(array(value, leaves(value, 0) > WHOLE), most);
        }
        return cut(value instanceof CharSequence text ? text : plain(value), most);
    }

    /** JShell's quotes and escapes, which its execution controls inherit. */
    private static final class JShellText extends DirectExecutionControl {
        static String of(@Nullable Object value) {
            return valueString(value);
        }
    }

    private static String cut(CharSequence text, int most) {
        return text.length() <= most ? text.toString() : ends(text, most) + length(text);
    }

    private static String ends(CharSequence text, int most) {
        int half = most / 2;
        return text.subSequence(0, half) + LEFT_OUT + text.subSequence(text.length() - half, text.length());
    }

    private static String length(CharSequence text) {
        return " (" + text.length() + " characters)";
    }

    // ---- arrays
    // ------------------------------------------------------------------------------------------------------

    /** How many elements are within an array and the arrays in it, counted no further than is needed. */
    private static long leaves(Object array, long before) {
        int length = Array.getLength(array);
        if (!(array instanceof Object[] elements)) {
            return before + length;
        }
        long count = before;
        for (int i = 0; i < length && count <= WHOLE; i++) {
            Object element = elements[i];
            count = element != null && element.getClass().isArray() ? leaves(element, count + 1) : count + 1;
        }
        return count;
    }

    private static String array(Object array, boolean shortened) {
        int length = Array.getLength(array);
        StringBuilder brackets = new StringBuilder("[" + length + "]");
        Class<?> type = array.getClass().getComponentType();
        while (type.isArray()) {
            brackets.append("[]");
            type = type.getComponentType();
        }
        String name = type.getTypeName();
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            if (shortened && i == EDGE && length > 2 * EDGE) {
                shown.add(LEFT_OUT);
                i = length - EDGE;
            }
            Object element = Array.get(array, i);
            shown.add(
                    element != null && element.getClass().isArray()
                            ? array(element, shortened)
                            : of(element, CHARACTERS_OF_ELEMENT));
        }
        return name.substring(name.lastIndexOf('.') + 1) + brackets + " { " + String.join(", ", shown) + " }";
    }

    // ---- collections
    // -------------------------------------------------------------------------------------------------

    /** As {@code toString()}, but of large collections of the JDK no more than their ends. Those of others print themselves. */
    private static String plain(Object value) {
        if (value.getClass().getName().startsWith("java.util.")) {
            if (value instanceof Collection<?> elements && large(elements)) {
                return "[" + ends(elements, ShortText::element) + "] (" + elements.size() + " elements)";
            }
            if (value instanceof Map<?, ?> map && large(map)) {
                return "{" + ends(map.entrySet(), entry -> element(entry.getKey()) + "=" + element(entry.getValue()))
                        + "} (" + map.size() + " entries)";
            }
            if (value instanceof Collection<?> elements && holdsLarge(elements)) {
                return elements.stream().map(ShortText::element).collect(Collectors.joining(", ", "[", "]"));
            }
            if (value instanceof Map<?, ?> map && holdsLarge(map.values())) {
                return map.entrySet().stream()
                        .map(entry -> element(entry.getKey()) + "=" + element(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            }
        }
        return value.toString();
    }

    /** An element in a collection's text: without JShell's quotes, as {@code toString()} has it. */
    private static String element(@Nullable Object element) {
        if (element == null) {
            return "null";
        }
        return cut(element instanceof CharSequence text ? text : plain(element), CHARACTERS_OF_ELEMENT);
    }

    private static boolean holdsLarge(Collection<?> elements) {
        return elements.stream().anyMatch(ShortText::large);
    }

    private static boolean large(@Nullable Object element) {
        if (element instanceof Collection<?> elements) {
            return elements.size() > WHOLE;
        }
        if (element instanceof Map<?, ?> map) {
            return map.size() > WHOLE;
        }
        return element instanceof CharSequence text && text.length() > CHARACTERS_OF_ELEMENT;
    }

    /** The last ones only where they can be had without walking through all. */
    private static <T> String ends(Collection<T> elements, Function<T, String> text) {
        List<String> shown = new ArrayList<>();
        Iterator<T> first = elements.iterator();
        for (int i = 0; i < EDGE; i++) {
            shown.add(text.apply(first.next()));
        }
        shown.add(LEFT_OUT);
        if (elements instanceof List<T> list) {
            for (T element : list.subList(list.size() - EDGE, list.size())) {
                shown.add(text.apply(element));
            }
        }
        return String.join(", ", shown);
    }
}
