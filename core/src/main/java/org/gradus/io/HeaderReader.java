package org.gradus.io;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.gradus.autograd.Shape;
import org.gradus.autograd.ShapeException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a safetensors file, strictly: JSON (RFC 8259) of this form and no other.
 *
 * <pre>
 *   {"__metadata__": {name: text, ..}, name: {"dtype": "F32", "shape": [n, ..], "data_offsets": [begin, end]}, ..}
 * </pre>
 *
 * <p>The form has a fixed depth, so nothing recurses, and no memory is taken for what the header only claims.
 */
final class HeaderReader {

    /** All element types of the format; those but F32 exist but are not read. */
    private static final Set<String> DTYPES = Set.of(
            "BOOL", "U8", "I8", "F4", "F6_E2M3", "F6_E3M2", "F8_E4M3", "F8_E5M2", "F8_E8M0", "I16", "U16", "F16",
            "BF16", "I32", "U32", "F32", "C64", "F64", "I64", "U64");

    private static final int HEX_DIGITS = 4;

    /** More axes than a {@link Shape} can have, so that it is the one to complain. */
    private static final int MOST_AXES = 32;

    private final Path file;
    private final byte[] text;
    private int at;

    private HeaderReader(Path file, byte[] text) {
        this.file = file;
        this.text = text;
    }

    /**
     * Reads a header and compares it with the file.
     *
     * @param file for messages
     * @param text the bytes of the header
     * @param dataBytes how many bytes follow it
     */
    static Header read(Path file, byte[] text, long dataBytes) throws SafetensorsException {
        Header header = new HeaderReader(file, text).header(dataBytes);
        requireGapless(file, header.entries(), dataBytes);
        return header;
    }

    private static void requireGapless(Path file, List<Header.Entry> entries, long dataBytes)
            throws SafetensorsException {
        long end = 0;
        String before = "";
        for (Header.Entry entry : entries) {
            if (entry.begin() < end) {
                throw new SafetensorsException(
                        file,
                        "tensors '" + before + "' and '" + entry.name() + "' overlap: the first ends at byte " + end
                                + " of the data, the second starts at " + entry.begin() + "; write the file anew");
            }
            requireNone(file, end, entry.begin(), "before tensor '" + entry.name() + "'");
            end = entry.end();
            before = entry.name();
        }
        requireNone(file, end, dataBytes, "after the last tensor");
    }

    private static void requireNone(Path file, long from, long to, String where) throws SafetensorsException {
        if (from != to) {
            throw new SafetensorsException(
                    file,
                    "bytes " + from + " to " + (to - 1) + " of the data, " + where
                            + ", belong to none; write the file anew");
        }
    }

    private Header header(long dataBytes) throws SafetensorsException {
        if (text.length == 0 || text[0] != '{') {
            throw fail("must start with '{'");
        }
        Map<String, Header.Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = Map.of();
        Set<String> names = new HashSet<>();
        at = 1;
        if (!next('}')) {
            do {
                String name = string("a name");
                if (!names.add(name)) {
                    throw fail("'" + name + "' appears twice");
                }
                expect(':');
                if (name.equals(Header.METADATA)) {
                    metadata = metadata();
                } else {
                    entries.put(name, entry(name, dataBytes));
                }
            } while (another('}'));
        }
        skipBlanks();
        if (at < text.length) {
            throw fail("goes on after its final '}'");
        }
        List<Header.Entry> ordered = new ArrayList<>(entries.values());
        ordered.sort(Comparator.comparingLong(Header.Entry::begin).thenComparingLong(Header.Entry::end));
        return new Header(ordered, metadata);
    }

    private Map<String, String> metadata() throws SafetensorsException {
        Map<String, String> metadata = new LinkedHashMap<>();
        expect('{');
        if (next('}')) {
            return metadata;
        }
        do {
            String name = string("a name");
            expect(':');
            if (metadata.put(name, string("a text")) != null) {
                throw fail("'" + name + "' appears twice in " + Header.METADATA);
            }
        } while (another('}'));
        return metadata;
    }

    private Header.Entry entry(String name, long dataBytes) throws SafetensorsException {
        String dtype = "";
        long[] shape = {};
        long[] offsets = {};
        Set<String> given = new HashSet<>();
        expect('{');
        if (!next('}')) {
            do {
                String key = string("a name");
                if (!given.add(key)) {
                    throw fail("tensor '" + name + "' has '" + key + "' twice");
                }
                expect(':');
                switch (key) {
                    case Header.DTYPE -> dtype = string("a text");
                    case Header.SHAPE -> shape = numbers();
                    case Header.OFFSETS -> offsets = numbers();
                    default -> throw fail("tensor '" + name + "' has '" + key + "', which the format does not know");
                }
            } while (another('}'));
        }
        for (String key : List.of(Header.DTYPE, Header.SHAPE, Header.OFFSETS)) {
            if (!given.contains(key)) {
                throw fail("tensor '" + name + "' has no '" + key + "'");
            }
        }
        requireFloat(name, dtype);
        return place(name, shape(name, shape), offsets, dataBytes);
    }

    private void requireFloat(String name, String dtype) throws SafetensorsException {
        if (!DTYPES.contains(dtype)) {
            throw fail("tensor '" + name + "' has the unknown dtype '" + dtype + "'");
        }
        if (!dtype.equals(Header.F32)) {
            throw new SafetensorsException(
                    file,
                    "tensor '" + name + "' has dtype " + dtype + " but only F32 is read; convert it before writing, "
                            + "in PyTorch with float()");
        }
    }

    private Shape shape(String name, long[] lengths) throws SafetensorsException {
        int[] checked = new int[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] > Integer.MAX_VALUE) {
                throw unreadable(name, "its axis " + i + " has a length of " + lengths[i] + ", beyond any array", null);
            }
            checked[i] = (int) lengths[i];
        }
        try {
            return Shape.of(checked);
        } catch (ShapeException refused) {
            throw unreadable(name, String.valueOf(refused.getMessage()), refused);
        }
    }

    private SafetensorsException unreadable(String name, String why, @Nullable Throwable cause) {
        return new SafetensorsException(file, "tensor '" + name + "' cannot be read: " + why, cause);
    }

    private Header.Entry place(String name, Shape shape, long[] offsets, long dataBytes) throws SafetensorsException {
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw fail("tensor '" + name + "' needs data_offsets [begin,end] with begin <= end");
        }
        if (offsets[1] > dataBytes) {
            throw new SafetensorsException(
                    file,
                    "tensor '" + name + "' ends at byte " + offsets[1] + " of the data, but the file has only "
                            + dataBytes + "; was it cut short?");
        }
        long bytes = (long) shape.size() * Float.BYTES;
        if (offsets[1] - offsets[0] != bytes) {
            throw new SafetensorsException(
                    file,
                    "tensor '" + name + "' of shape " + shape + " needs " + bytes + " bytes but has "
                            + (offsets[1] - offsets[0]) + "; write the file anew");
        }
        return new Header.Entry(name, shape, offsets[0], offsets[1]);
    }

    // ---- JSON
    // --------------------------------------------------------------------------------------------------------

    private void skipBlanks() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) {
            at++;
        }
    }

    /** Whether the next character is this one; if so it is read. */
    private boolean next(char c) {
        skipBlanks();
        if (at < text.length && text[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) throws SafetensorsException {
        if (!next(c)) {
            throw unexpected("'" + c + "'");
        }
    }

    /** Whether a list goes on. */
    private boolean another(char close) throws SafetensorsException {
        if (next(',')) {
            return true;
        }
        if (next(close)) {
            return false;
        }
        throw unexpected("',' or '" + close + "'");
    }

    private long[] numbers() throws SafetensorsException {
        long[] numbers = new long[MOST_AXES];
        int count = 0;
        expect('[');
        if (next(']')) {
            return new long[0];
        }
        do {
            if (count == MOST_AXES) {
                throw fail("has a list of more than " + MOST_AXES + " numbers");
            }
            numbers[count++] = number();
        } while (another(']'));
        return Arrays.copyOf(numbers, count);
    }

    /** A whole number from 0 on, without sign, point or exponent. */
    private long number() throws SafetensorsException {
        skipBlanks();
        int start = at;
        long value = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            int digit = text[at++] - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                throw fail("has a number too large for any file");
            }
            value = 10 * value + digit;
        }
        if (at == start) {
            throw unexpected("a whole number from 0 on");
        }
        if (text[start] == '0' && at > start + 1) {
            throw fail("has a number with a leading 0");
        }
        return value;
    }

    private String string(String what) throws SafetensorsException {
        if (!next('"')) {
            throw unexpected(what + " in quotation marks");
        }
        StringBuilder value = new StringBuilder();
        int start = at;
        while (at < text.length) {
            byte b = text[at];
            if (b == '"') {
                appendUtf8(value, start);
                at++;
                return requirePairs(value.toString());
            }
            if (b >= 0 && b < ' ') {
                throw fail("has a control character within quotation marks");
            }
            if (b == '\\') {
                appendUtf8(value, start);
                at++;
                value.append(escaped());
                start = at;
            } else {
                at++;
            }
        }
        throw fail("ends within quotation marks");
    }

    private void appendUtf8(StringBuilder value, int start) throws SafetensorsException {
        try {
            value.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text, start, at - start)));
        } catch (CharacterCodingException invalid) {
            throw new SafetensorsException(file, problem("has bytes that are not UTF-8"), invalid);
        }
    }

    /** What a backslash, already read, begins. */
    private char escaped() throws SafetensorsException {
        char c = at < text.length ? (char) text[at++] : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> fourHexDigits();
            default -> throw fail("has a backslash that escapes nothing");
        };
    }

    private char fourHexDigits() throws SafetensorsException {
        int code = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            // Only ASCII digits: those of other scripts are two bytes or more.
            int digit = at < text.length && text[at] > 0 ? Character.digit((char) text[at], 16) : -1;
            if (digit < 0) {
                throw fail("has \\u without four hexadecimal digits");
            }
            code = 16 * code + digit;
            at++;
        }
        return (char) code;
    }

    private String requirePairs(String value) throws SafetensorsException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw fail("has half of a surrogate pair");
            }
        }
        return value;
    }

    private SafetensorsException unexpected(String expected) {
        skipBlanks();
        if (at >= text.length) {
            return fail("ends where " + expected + " should be");
        }
        char c = (char) (text[at] & 0xff);
        String found = c > ' ' && c < 0x7f ? "'" + c + "'" : String.format(Locale.ROOT, "byte 0x%02x", (int) c);
        return fail("has " + found + " where " + expected + " should be");
    }

    private SafetensorsException fail(String problem) {
        return new SafetensorsException(file, problem(problem));
    }

    private String problem(String problem) {
        return "header: " + problem + " (byte " + at + "); the file is damaged or no safetensors file";
    }
}
