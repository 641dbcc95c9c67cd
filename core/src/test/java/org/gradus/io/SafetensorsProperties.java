package org.gradus.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;

@Tag("once")
class SafetensorsProperties {

    private static final String GOOD = "{\"__metadata__\":{\"a\":\"\\u00e9\"},\"b\":{\"dtype\":\"F32\",\"shape\":[1,2],"
            + "\"data_offsets\":[4,12]},\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}";
    private static final int GOOD_DATA = 12;

    private static Path file = Path.of("");

    @BeforeContainer
    static void makeFile() throws IOException {
        file = Files.createTempFile("fuzz", ".safetensors");
    }

    @AfterContainer
    static void removeFile() throws IOException {
        Files.delete(file);
    }

    @Provide
    Arbitrary<Map<String, Tensor>> tensors() {
        Arbitrary<List<Integer>> lengths =
                Arbitraries.integers().between(1, 5).list().ofMaxSize(4);
        Arbitrary<Tensor> tensor = Combinators.combine(lengths, Arbitraries.longs())
                .as((axes, seed) -> {
                    Shape shape = Shape.of(axes.stream().mapToInt(n -> n).toArray());
                    return Tensor.of(shape, Samples.special(seed, shape.size()));
                });
        return Arbitraries.maps(text().filter(name -> !name.equals("__metadata__")), tensor)
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<Map<String, String>> metadata() {
        return Arbitraries.maps(text(), text()).ofMaxSize(5);
    }

    /** Any Unicode text: code points without halves of pairs. */
    private static Arbitrary<String> text() {
        return Arbitraries.integers()
                .between(0, Character.MAX_CODE_POINT)
                .filter(code -> code < Character.MIN_SURROGATE || code > Character.MAX_SURROGATE)
                .list()
                .ofMaxSize(6)
                .map(codes -> {
                    StringBuilder text = new StringBuilder();
                    codes.forEach(text::appendCodePoint);
                    return text.toString();
                });
    }

    @Property(tries = 100)
    void whatIsWrittenIsRead(
            @ForAll("tensors") Map<String, Tensor> tensors, @ForAll("metadata") Map<String, String> metadata)
            throws IOException {
        Safetensors.write(file, tensors, metadata);

        Safetensors read = Safetensors.load(file);

        assertThat(read.metadata()).isEqualTo(metadata);
        assertThat(read.tensors().keySet()).isEqualTo(tensors.keySet());
        tensors.forEach((name, tensor) -> {
            Tensor again = read.tensors().get(name);
            assertThat(again.shape()).isEqualTo(tensor.shape());
            Bits.assertSame(name, again.data(), tensor.data());
        });
        byte[] bytes = Files.readAllBytes(file);
        Safetensors.write(file, new LinkedHashMap<>(read.tensors()), read.metadata());
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    /** Either it is a file after all, or it is refused in one line; never another exception, never out of memory. */
    private static void assertReadOrRefused(byte[] content) throws IOException {
        Files.write(file, content);
        try {
            Safetensors read = Safetensors.load(file);
            long bytes = read.tensors().values().stream()
                    .mapToLong(tensor -> (long) Float.BYTES * tensor.size())
                    .sum();
            assertThat(bytes).isLessThan(content.length);
        } catch (SafetensorsException refused) {
            assertThat(refused.getMessage()).startsWith(file + ": ");
            assertThat(refused.getMessage().chars().filter(c -> c == '\n' || c == '\r'))
                    .isEmpty();
        }
    }

    private static byte[] good() {
        return SafetensorsTest.file(GOOD, GOOD_DATA);
    }

    @Property(tries = 1000)
    void changedBytes(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 1 << 20) Integer> places,
            @ForAll @Size(4) List<Byte> values)
            throws IOException {
        byte[] content = good();
        for (int i = 0; i < places.size(); i++) {
            content[places.get(i) % content.length] = values.get(i);
        }
        assertReadOrRefused(content);
    }

    @Property(tries = 500)
    void anyBytes(@ForAll byte[] bytes) throws IOException {
        assertReadOrRefused(bytes);
    }

    @Property(tries = 1000)
    void anyHeader(@ForAll byte[] header, @ForAll @IntRange(max = 40) int dataBytes) throws IOException {
        assertReadOrRefused(ByteBuffer.allocate(Long.BYTES + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array());
    }

    @Property(tries = 500)
    void anyClaimedLength(@ForAll long length) throws IOException {
        assertReadOrRefused(ByteBuffer.wrap(good())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array());
    }

    /** Parts of headers in any order: deep nests, doubled names, numbers of any size. */
    @Property(tries = 1000)
    void anyJson(@ForAll("fragments") List<String> fragments, @ForAll @IntRange(max = 40) int dataBytes)
            throws IOException {
        assertReadOrRefused(SafetensorsTest.file(String.join("", fragments), dataBytes));
    }

    @Provide
    Arbitrary<List<String>> fragments() {
        String tensor = "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        List<String> all = Arrays.asList(
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                " ",
                "\"",
                "\\",
                "\"a\"",
                "\"__metadata__\":",
                "\"a\":" + tensor,
                tensor,
                "\"dtype\":\"F32\"",
                "\"shape\":[1]",
                "\"shape\":[2147483647,2147483647]",
                "\"data_offsets\":[0,4]",
                "\"data_offsets\":[0,9223372036854775807]",
                "99999999999999999999",
                "-1",
                "1e999",
                "null",
                "\"\\ud800\"");
        return Arbitraries.of(all).list().ofMaxSize(30).map(list -> {
            String joined = String.join("", list);
            return joined.startsWith("{") ? list : prefixed(list);
        });
    }

    private static List<String> prefixed(List<String> list) {
        String[] parts = list.toArray(new String[list.size() + 1]);
        System.arraycopy(parts, 0, parts, 1, list.size());
        parts[0] = "{";
        return List.of(parts);
    }

    /** A nest as deep as the file is long must not exhaust the stack. */
    @Property(tries = 20)
    void deepNests(@ForAll("openers") String opener) throws IOException {
        byte[] text = ("{\"a\":" + opener.repeat(200_000)).getBytes(StandardCharsets.UTF_8);
        assertReadOrRefused(SafetensorsTest.file(new String(text, StandardCharsets.UTF_8), 0));
    }

    @Provide
    Arbitrary<String> openers() {
        return Arbitraries.of("{", "[", "{\"a\":", "{\"shape\":[", "[[", "\"");
    }
}
