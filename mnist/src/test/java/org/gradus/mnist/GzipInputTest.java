package org.gradus.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Against the JDK's compressor and RFC 1952. */
class GzipInputTest {

    private static final byte[] TEXT = "abcabcabcabcabcabc, and so on".getBytes(StandardCharsets.US_ASCII);

    @Property
    void undoesGzip(@ForAll @Size(max = 5000) byte[] bytes) throws IOException {
        assertThat(uncompress(IdxBytes.gzip(bytes))).isEqualTo(bytes);
    }

    /** RFC 1952, 2.2: members one after the other are the members' data one after the other. */
    @Property(tries = 200)
    void joinsMembers(@ForAll @Size(min = 1, max = 5) byte[][] members) throws IOException {
        byte[][] compressed = Arrays.stream(members).map(IdxBytes::gzip).toArray(byte[][]::new);
        assertThat(uncompress(IdxBytes.concat(compressed))).isEqualTo(IdxBytes.concat(members));
    }

    @Property
    void everyTruncationIsNoticed(@ForAll @Size(min = 1, max = 300) byte[] bytes, @ForAll @IntRange(min = 1) int cut) {
        byte[] whole = IdxBytes.gzip(bytes);
        byte[] part = Arrays.copyOf(whole, whole.length - 1 - (cut - 1) % (whole.length - 1));
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> uncompress(part));
    }

    /** All optional header fields at once: extra field, name, comment, header checksum. */
    @Test
    void skipsOptionalHeaderFields() throws IOException {
        assertThat(uncompress(withOptionalFields(0))).isEqualTo(TEXT);
        assertWrong(withOptionalFields(1), "the checksum of the gzip header is wrong");
    }

    @Test
    void readsMoreThanItsBuffer() throws IOException {
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        assertThat(uncompress(IdxBytes.concat(IdxBytes.gzip(noise), IdxBytes.gzip(TEXT))))
                .isEqualTo(IdxBytes.concat(noise, TEXT));
    }

    @Test
    void refusesWhatIsNotGzip() {
        byte[] gzip = IdxBytes.gzip(TEXT);
        assertWrong(changed(gzip, 0, 0), "it lacks the gzip magic 1f 8b");
        assertWrong(changed(gzip, 2, 7), "unknown compression method 7");
        assertWrong(changed(gzip, 3, 0x20), "reserved flags are set (0x20)");
        assertWrong(changed(gzip, 10, 0x07), "invalid block type");
        assertWrong(changed(gzip, gzip.length - 5, gzip[gzip.length - 5] ^ 0x80), "the CRC-32 checksum is wrong");
        assertWrong(changed(gzip, gzip.length - 1, 1), "the length in the gzip trailer is wrong");
        assertWrong(IdxBytes.concat(gzip, new byte[] {1, 2}), "stray bytes follow the end of the compressed data");
        assertWrong(
                IdxBytes.concat(IdxBytes.gzip(new byte[0]), new byte[] {1, 2}),
                "stray bytes follow the end of the compressed data");
    }

    @Test
    void countsWhatItHandedOut() throws IOException {
        try (GzipInput in = new GzipInput(new ByteArrayInputStream(IdxBytes.gzip(TEXT)))) {
            assertThat(in.read()).isEqualTo('a');
            assertThat(in.readNBytes(4)).hasSize(4);
            assertThat(in.read(new byte[0])).isZero();
            assertThat(in.total()).isEqualTo(5);
            in.readAllBytes();
            assertThat(in.total()).isEqualTo(TEXT.length);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    private static byte[] withOptionalFields(int checksumError) {
        byte[] plain = IdxBytes.gzip(TEXT);
        byte[] fixed = Arrays.copyOf(plain, 10);
        fixed[3] = 2 + 4 + 8 + 16;
        byte[] extra = {3, 0, 0x1F, (byte) 0x8B, 0};
        byte[] header = IdxBytes.concat(fixed, extra, new byte[] {'n', 0}, new byte[] {'c', 'o', 0});
        CRC32 checksum = new CRC32();
        checksum.update(header);
        int low = (int) checksum.getValue() + checksumError;
        byte[] check = {(byte) low, (byte) (low >> 8)};
        return IdxBytes.concat(header, check, Arrays.copyOfRange(plain, 10, plain.length));
    }

    private static byte[] changed(byte[] bytes, int index, int value) {
        byte[] copy = bytes.clone();
        copy[index] = (byte) value;
        return copy;
    }

    private static void assertWrong(byte[] bytes, String message) {
        assertThatExceptionOfType(ZipException.class)
                .isThrownBy(() -> uncompress(bytes))
                .withMessage(message);
    }

    private static byte[] uncompress(byte[] bytes) throws IOException {
        try (GzipInput in = new GzipInput(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }
}
