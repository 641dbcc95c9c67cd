package org.gradus.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;

/**
 * What stands in front of the numbers of a safetensors file.
 *
 * @param entries the tensors, in the order of their numbers
 * @param metadata free text by name
 */
record Header(List<Entry> entries, Map<String, String> metadata) {

    /** Bytes at the start of a file that give the length of the header. */
    static final int LENGTH_BYTES = Long.BYTES;

    /** The longest header, of the format's own reference implementation ({@code MAX_HEADER_SIZE}). */
    static final int MOST_BYTES = 100_000_000;

    static final String METADATA = "__metadata__";
    static final String DTYPE = "dtype";
    static final String SHAPE = "shape";
    static final String OFFSETS = "data_offsets";
    static final String F32 = "F32";

    /** The header is filled up with blanks so that the numbers start at a multiple of this. */
    private static final int ALIGNMENT = 8;

    private static final int LAST_CONTROL = 0x1f;

    /**
     * A tensor's place.
     *
     * @param name its name
     * @param shape its shape
     * @param begin its first byte, counted from the end of the header
     * @param end the byte after its last
     */
    record Entry(String name, Shape shape, long begin, long end) {}

    Header {
        entries = List.copyOf(entries);
    }

    /** The order of tensors in a file, of the format's reference implementation: by the UTF-8 bytes of their names. */
    static SortedMap<String, Tensor> ordered(Map<String, Tensor> tensors) {
        Comparator<String> byBytes = (a, b) -> Arrays.compareUnsigned(utf8(a), utf8(b));
        SortedMap<String, Tensor> ordered = new TreeMap<>(byBytes.thenComparing(Comparator.naturalOrder()));
        ordered.putAll(tensors);
        return ordered;
    }

    /** The header of a file with these tensors, one after another. */
    static Header of(SortedMap<String, Tensor> tensors, Map<String, String> metadata) {
        List<Entry> entries = new ArrayList<>();
        long at = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            String name = tensor.getKey();
            if (name.equals(METADATA)) {
                throw new IllegalArgumentException(
                        "safetensors: no tensor can be called '" + METADATA + "', the format's own name; rename it");
            }
            Shape shape = tensor.getValue().shape();
            long end = at + (long) shape.size() * Float.BYTES;
            entries.add(new Entry(name, shape, at, end));
            at = end;
        }
        return new Header(entries, new TreeMap<>(metadata));
    }

    /** As JSON without blanks between its parts, filled up with blanks at the end. */
    byte[] toBytes() {
        StringBuilder json = new StringBuilder("{");
        if (!metadata.isEmpty()) {
            quote(json, METADATA).append(":{");
            metadata.forEach((name, value) -> {
                quote(json, name).append(':');
                quote(json, value).append(',');
            });
            json.setCharAt(json.length() - 1, '}');
            json.append(',');
        }
        for (Entry entry : entries) {
            quote(json, entry.name).append(":{");
            quote(json, DTYPE).append(":\"").append(F32).append("\",");
            // A shape prints as JSON.
            quote(json, SHAPE).append(':').append(entry.shape).append(',');
            quote(json, OFFSETS).append(":[").append(entry.begin).append(',').append(entry.end);
            json.append("]},");
        }
        if (json.length() > 1) {
            json.setLength(json.length() - 1);
        }
        byte[] text = utf8(json.append('}').toString());
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (padded > MOST_BYTES) {
            throw new IllegalArgumentException("safetensors: names and metadata need a header of " + padded
                    + " bytes, more than the " + MOST_BYTES + " of the format; write several files");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(padded);
        bytes.writeBytes(text);
        for (int i = text.length; i < padded; i++) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static StringBuilder quote(StringBuilder json, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "safetensors: a name or metadata has half of a surrogate pair, which cannot be written; remove it");
        }
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c <= LAST_CONTROL) {
                        json.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 0xf, 16));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        return json.append('"');
    }
}
