package org.gradus.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Linear;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
class SafetensorsTest {

    private static final String DAMAGED = "; the file is damaged or no safetensors file";

    @TempDir
    private Path folder;

    /** A file from its parts; the header's length is that of the text. */
    static byte[] file(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = SafetensorsTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }

    private void assertRefused(byte[] content, String problem) throws IOException {
        Path file = Files.write(folder.resolve("a.safetensors"), content);
        assertThatThrownBy(() -> Safetensors.read(file))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessage(file + ": " + problem);
    }

    // ---- agreement with Python
    // ----------------------------------------------------------------------------------------

    /** write_sample.py, beside the file, says what is in it. */
    @Test
    void readsWhatPythonWrites() throws IOException {
        Path file = Files.write(folder.resolve("sample"), resource("sample.safetensors"));

        Safetensors sample = Safetensors.load(file);

        Map<String, Tensor> tensors = sample.tensors();
        assertThat(tensors.keySet()).containsExactly("scalar", "Größe \ud835\udd4f", "four.axes", "matrix");
        assertTensor(tensors, "scalar", Shape.SCALAR, 0.1f);
        assertTensor(tensors, "Größe \ud835\udd4f", Shape.of(1), Float.MIN_NORMAL);
        assertTensor(
                tensors,
                "four.axes",
                Shape.of(1, 2, 1, 2),
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                -0f,
                Float.MAX_VALUE);
        assertTensor(tensors, "matrix", Shape.of(2, 3), 0f, 1f, -2.5f, Math.nextUp(3f), Float.MIN_VALUE, -1e38f);
        assertThat(sample.metadata())
                .containsExactly(
                        Map.entry("made by", "write_sample.py"),
                        Map.entry("text", "a \"quoted\" \\ line\nand a é, \ud835\udd4f"));
    }

    private static void assertTensor(Map<String, Tensor> tensors, String name, Shape shape, float... numbers) {
        Tensor tensor = tensors.get(name);
        assertThat(tensor.shape()).as(name).isEqualTo(shape);
        assertThat(tensor.name()).isEqualTo(name);
        Bits.assertSame(name, tensor.data(), numbers);
    }

    /** write_reference.py, beside the file, made it with the format's own implementation; the order given here is another. */
    @Test
    void writesTheBytesOfTheReferenceImplementation() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("\uff10", Tensor.vector(7));
        tensors.put("é\n\"\\/", Tensor.vector(-0f, Float.POSITIVE_INFINITY));
        tensors.put("0.weight", Tensor.matrix(1, 3, 1, 2, 3));
        tensors.put("\ud835\udd4f", Tensor.vector(8));
        tensors.put("0.bias", Tensor.vector(-1.5f));
        tensors.put("10.weight", Tensor.vector(0.25f));
        tensors.put("2.weight", Tensor.matrix(3, 1, 0.5f, -0.25f, 1e-40f));
        Path file = folder.resolve("ours.safetensors");

        Safetensors.write(file, tensors, Map.of("network", "3-1:prelu-3 \u0001\t\u007f"));

        assertThat(Files.readAllBytes(file)).isEqualTo(resource("reference.safetensors"));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void headerIsJsonThatAnotherParserReads() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(
                file,
                Map.of("w", Tensor.matrix(2, 1, 1, 2), "a \u0000\u001f\u2028", Tensor.scalar(3)),
                Map.of("b", "2", "a\b\f\n\r\t", "\u0007"));

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) bytes.getLong();
        JsonNode header = new ObjectMapper().readTree(bytes.array(), Long.BYTES, length);

        assertThat(length % 8).isZero();
        assertThat(header.fieldNames()).toIterable().containsExactly("__metadata__", "a \u0000\u001f\u2028", "w");
        assertThat(header.get("__metadata__").fieldNames()).toIterable().containsExactly("a\b\f\n\r\t", "b");
        assertThat(header.at("/__metadata__/a\b\f\n\r\t").asText()).isEqualTo("\u0007");
        assertThat(header.get("w")).hasToString("{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[4,12]}");
        assertThat(bytes.position(Long.BYTES + length).getFloat()).isEqualTo(3);
        assertThat(bytes.remaining()).isEqualTo(2 * Float.BYTES);
    }

    @Test
    void interruptedThreadsWriteAndRead() throws IOException {
        Path file = folder.resolve("a.safetensors");
        float[] numbers = Samples.whole(1, 100_000, 1000);
        Map<String, Tensor> tensors;
        Thread.currentThread().interrupt();
        boolean interrupted;
        try {
            Safetensors.write(file, Map.of("w", Tensor.vector(numbers)), Map.of());
            tensors = Safetensors.read(file);
        } finally {
            interrupted = Thread.interrupted();
        }

        assertThat(interrupted).isTrue();
        assertTensor(tensors, "w", Shape.of(numbers.length), numbers);
    }

    // ---- what is written is read
    // --------------------------------------------------------------------------------------

    @Test
    void moreThanOneBlock() throws IOException {
        float[] many = new float[40_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = Float.intBitsToFloat(0x3f80_0000 + 7 * i);
        }
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(file, Map.of("many", Tensor.vector(many), "x", Tensor.scalar(1)), Map.of());

        assertTensor(Safetensors.read(file), "many", Shape.of(many.length), many);
        assertTensor(Safetensors.read(file), "x", Shape.SCALAR, 1);
    }

    @Test
    void noTensorsAtAll() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(file, Map.of(), Map.of());

        assertThat(Files.readAllBytes(file)).isEqualTo(file("{}      ", 0));
        assertThat(Safetensors.read(file)).isEmpty();
        Safetensors.write(file, Map.of(), Map.of("only", "text"));
        assertThat(Safetensors.load(file).metadata()).containsExactly(Map.entry("only", "text"));
    }

    @Test
    void namesThatCannotBeWritten() {
        Path file = folder.resolve("a.safetensors");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.write(file, Map.of("__metadata__", Tensor.scalar(1)), Map.of()))
                .withMessage("safetensors: no tensor can be called '__metadata__', the format's own name; rename it");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Safetensors.write(file, Map.of("\ud800", Tensor.scalar(1), "?", Tensor.scalar(2)), Map.of()))
                .withMessage("safetensors: a name or metadata has half of a surrogate pair, which cannot be written; "
                        + "remove it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.write(file, Map.of(), Map.of("long", "x".repeat(100_000_000))))
                .withMessageStartingWith("safetensors: names and metadata need a header of 100000")
                .withMessageEndingWith(", more than the 100000000 of the format; write several files");
        assertThat(file).doesNotExist();
    }

    // ---- broken files
    // ------------------------------------------------------------------------------------------------

    /** A message is one line, and a terminal does not obey it. */
    @Test
    void textOfAFileIsEscapedInMessages() throws IOException {
        assertRefused(
                file(
                        "{\"weight\\u001b]0;owned\\u0007\\u001b[2J\\n\":{\"dtype\":\"F\\n16\",\"shape\":[],\"data_offsets\":[0,0]}}",
                        0),
                "header: tensor 'weight\\u001b]0;owned\\u0007\\u001b[2J\\n' has the unknown dtype 'F\\n16' (byte 90); the file is "
                        + "damaged or no safetensors file");
        assertThatThrownBy(() -> Safetensors.read(folder.resolve("two\nlines\u202e")))
                .hasMessage(folder.resolve("two") + "\\nlines\\u202e: there is no such file; check the name");
        Tensor tensor = Tensor.vector(1).named("weight\u001b[2J\n");
        assertThat(tensor.toString()).startsWith("tensor 'weight\\u001b[2J\\n' [1]");
        assertThatThrownBy(() -> new Linear(1, 1, new TorchRandom(0)).loadStateDict(Map.of("a\u001b[2J\n", tensor)))
                .hasMessageContaining("unexpected: 'a\\u001b[2J\\n' [1]");
    }

    @Test
    void filesThatAreNone() throws IOException {
        assertThatThrownBy(() -> Safetensors.read(folder.resolve("none")))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessage(folder.resolve("none") + ": there is no such file; check the name");
        assertThatThrownBy(() -> Safetensors.read(folder))
                .isExactlyInstanceOf(SafetensorsException.class)
                .hasMessage(folder + ": is a folder; name a file in it");
        assertRefused(
                new byte[7],
                "has 7 bytes, but a safetensors file starts with 8 that give the length of its header; was it cut short?");
        assertRefused(
                "PK\u0003\u0004 an archive instead".getBytes(StandardCharsets.US_ASCII),
                "claims a header of 2336912046786038608 bytes, more than the 100000000 of the format; "
                        + "is it a safetensors file?");
    }

    @ParameterizedTest
    @CsvSource({"100000001, 100000001", "9223372036854775807, 9223372036854775807", "-1, 18446744073709551615"})
    void headerBeyondTheLimit(long length, String printed) throws IOException {
        assertRefused(
                ByteBuffer.allocate(20)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .array(),
                "claims a header of " + printed + " bytes, more than the 100000000 of the format; "
                        + "is it a safetensors file?");
    }

    @Test
    void headerBeyondTheFile() throws IOException {
        assertRefused(
                ByteBuffer.allocate(20)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(100_000_000)
                        .array(),
                "has a header of 100000000 bytes but ends 99999988 bytes before that does; was it cut short?");
    }

    /** Headers before eight bytes of data. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "|must start with '{' (byte 0)",
                "[]|must start with '{' (byte 0)",
                "` {}`|must start with '{' (byte 0)",
                "{|ends where a name in quotation marks should be (byte 1)",
                "{}x|goes on after its final '}' (byte 2)",
                "{}{}|goes on after its final '}' (byte 2)",
                "{w:1}|has 'w' where a name in quotation marks should be (byte 1)",
                "{\"w\" 1}|has '1' where ':' should be (byte 5)",
                "{\"w\":null}|has 'n' where '{' should be (byte 5)",
                "{\"w\":{\"dtype\":3}}|has '3' where a text in quotation marks should be (byte 14)",
                "{\"w\":{\"shape\":3}}|has '3' where '[' should be (byte 14)",
                "{\"w\":{\"shape\":[-1]}}|has '-' where a whole number from 0 on should be (byte 15)",
                "{\"w\":{\"shape\":[1.0]}}|has '.' where ',' or ']' should be (byte 16)",
                "{\"w\":{\"shape\":[1e3]}}|has 'e' where ',' or ']' should be (byte 16)",
                "{\"w\":{\"shape\":[01]}}|has a number with a leading 0 (byte 17)",
                "{\"w\":{\"shape\":[9223372036854775808]}}|has a number too large for any file (byte 34)",
                "{\"w\":{\"shape\":[1,]}}|has ']' where a whole number from 0 on should be (byte 17)",
                "{\"w\":{\"shape\":[[1]]}}|has '[' where a whole number from 0 on should be (byte 15)",
                "{\"w\":{\"shape\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}}|has a list of more than 32 numbers (byte 79)",
                "{\"w\":{\"dtype\":\"F32\",}}|has '}' where a name in quotation marks should be (byte 20)",
                "{\"w\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}|tensor 'w' has 'dtype' twice (byte 27)",
                "{\"w\":{\"size\":3}}|tensor 'w' has 'size', which the format does not know (byte 13)",
                "{\"w\":{}}|tensor 'w' has no 'dtype' (byte 7)",
                "{\"w\":{\"dtype\":\"F32\"}}|tensor 'w' has no 'shape' (byte 20)",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}}|tensor 'w' has no 'data_offsets' (byte 32)",
                "{\"w\":{\"dtype\":\"float\",\"shape\":[2],\"data_offsets\":[0,8]}}|tensor 'w' has the unknown dtype 'float' (byte 55)",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}|tensor 'w' needs data_offsets [begin,end] with begin <= end (byte 51)",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[]}}|tensor 'w' needs data_offsets [begin,end] with begin <= end (byte 50)",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}|tensor 'w' needs data_offsets [begin,end] with begin <= end (byte 53)",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"w\":{}}|'w' appears twice (byte 57)",
                "{\"__metadata__\":{},\"__metadata__\":{}}|'__metadata__' appears twice (byte 33)",
                "{\"__metadata__\":{\"a\":\"1\",\"\\u0061\":\"2\"}}|'a' appears twice in __metadata__ (byte 37)",
                "{\"__metadata__\":{\"a\":1}}|has '1' where a text in quotation marks should be (byte 21)",
                "{\"__metadata__\":[]}|has '[' where '{' should be (byte 16)",
                "{\"a|ends within quotation marks (byte 3)",
                "{\"\\x|has a backslash that escapes nothing (byte 4)",
                "{\"\\|has a backslash that escapes nothing (byte 3)",
                "{\"\\u00g0\"|has \\u without four hexadecimal digits (byte 6)",
                "{\"\\u12|has \\u without four hexadecimal digits (byte 6)",
                "{\"\\ud800\":{}}|has half of a surrogate pair (byte 9)",
                "{\"\\udd4f\\ud835\":{}}|has half of a surrogate pair (byte 15)",
            })
    void headerThatIsNone(String header, String problem) throws IOException {
        assertRefused(file(header == null ? "" : header, 8), "header: " + problem + DAMAGED);
    }

    @Test
    void headerBytesThatAreNoText() throws IOException {
        byte[] control = file("{\"a?\":{}}", 0);
        control[Long.BYTES + 3] = '\n';
        assertRefused(control, "header: has a control character within quotation marks (byte 3)" + DAMAGED);

        byte[] overlong = file("{\"a??\":{}}", 0);
        overlong[Long.BYTES + 3] = (byte) 0xc0;
        overlong[Long.BYTES + 4] = (byte) 0x80;
        assertRefused(overlong, "header: has bytes that are not UTF-8 (byte 5)" + DAMAGED);

        byte[] zero = file("{?}", 0);
        zero[Long.BYTES + 1] = 0;
        assertRefused(zero, "header: has byte 0x00 where a name in quotation marks should be (byte 1)" + DAMAGED);
    }

    private static String tensor(String name, String dtype, String shape, long begin, long end) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + ","
                + end + "]}";
    }

    @ParameterizedTest
    @CsvSource({"F16", "BF16", "F64", "I64", "BOOL", "U8"})
    void otherElements(String dtype) throws IOException {
        assertRefused(
                file("{" + tensor("w", dtype, "[2]", 0, 8) + "}", 8),
                "tensor 'w' has dtype " + dtype
                        + " but only F32 is read; convert it before writing, in PyTorch with float()");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[0]|shape [0]: every axis must have a length of at least 1",
                "[1,1,1,1,2]|shape [1,1,1,1,2] has 5 axes: at most 4",
                "[65536,65536]|shape [65536,65536] has more elements than an array can hold",
                "[2147483648]|its axis 0 has a length of 2147483648, beyond any array",
            })
    void shapesThatNoTensorHas(String shape, String problem) throws IOException {
        assertRefused(file("{" + tensor("w", "F32", shape, 0, 8) + "}", 8), "tensor 'w' cannot be read: " + problem);
    }

    @Test
    void tensorsThatDoNotFitTheData() throws IOException {
        assertRefused(
                file("{" + tensor("w", "F32", "[2147483647]", 0, 8589934588L) + "}", 8),
                "tensor 'w' ends at byte 8589934588 of the data, but the file has only 8; was it cut short?");
        assertRefused(
                file("{" + tensor("w", "F32", "[3]", 0, 8) + "}", 8),
                "tensor 'w' of shape [3] needs 12 bytes but has 8; write the file anew");
        assertRefused(
                file("{" + tensor("b", "F32", "[2]", 4, 12) + "," + tensor("a", "F32", "[2]", 0, 8) + "}", 12),
                "tensors 'a' and 'b' overlap: the first ends at byte 8 of the data, the second starts at 4; "
                        + "write the file anew");
        assertRefused(
                file("{" + tensor("b", "F32", "[1]", 8, 12) + "," + tensor("a", "F32", "[1]", 0, 4) + "}", 12),
                "bytes 4 to 7 of the data, before tensor 'b', belong to none; write the file anew");
        assertRefused(
                file("{" + tensor("a", "F32", "[1]", 4, 8) + "}", 8),
                "bytes 0 to 3 of the data, before tensor 'a', belong to none; write the file anew");
        assertRefused(
                file("{" + tensor("a", "F32", "[1]", 0, 4) + "}", 6),
                "bytes 4 to 5 of the data, after the last tensor, belong to none; write the file anew");
        assertRefused(
                file("{}", 1), "bytes 0 to 0 of the data, after the last tensor, belong to none; write the file anew");
    }

    /** Every beginning of a good file is refused, and so is every longer file. */
    @Test
    void cutShortAnywhere() throws IOException {
        byte[] whole = resource("sample.safetensors");
        Path file = folder.resolve("a.safetensors");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.read(file))
                    .isExactlyInstanceOf(SafetensorsException.class)
                    .message()
                    .contains("cut short?")
                    .doesNotContain("\n");
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> Safetensors.read(file))
                .hasMessageContaining(", after the last tensor, belong to none");
    }
}
