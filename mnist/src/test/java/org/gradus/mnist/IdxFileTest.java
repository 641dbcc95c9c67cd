package org.gradus.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which one IDX file can be wrong, and what is said about it. */
class IdxFileTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"images", "images.gz"})
    void readsImages(String name) throws IOException {
        IdxFile file = IdxFile.readImages(write(name, IdxBytes.images(2, 3, 5)));
        assertThat(file.shape()).containsExactly(2, 3, 5);
        assertThat(IdxBytes.file(IdxBytes.IMAGES, file.shape(), file.data())).isEqualTo(IdxBytes.images(2, 3, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels", "labels.gz"})
    void readsLabelsOfAnyValue(String name) throws IOException {
        IdxFile file = IdxFile.readLabels(write(name, IdxBytes.labels(0, 9, 10, 255)));
        assertThat(file.shape()).containsExactly(4);
        assertThat(file.data()).containsExactly(0, 9, 10, -1);
    }

    /** More data than one compressed byte in eight: the array has to grow on the way. */
    @Test
    void readsFilesThatShrinkUnusually() throws IOException {
        byte[] blank = new byte[500 * 28 * 28];
        int[] sizes = {500, 28, 28};
        Path file = write("images.gz", IdxBytes.file(IdxBytes.IMAGES, sizes, blank));
        assertThat(Files.size(file) * 100).isLessThan(blank.length);
        assertThat(IdxFile.readImages(file).data()).isEqualTo(blank);
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "images.gz"})
    void missing(String name) {
        Path file = folder.resolve(name);
        assertMessage(file, ": does not exist; give an IDX file of images");
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "images.gz"})
    void folderInPlaceOfFile(String name) throws IOException {
        Path file = Files.createDirectory(folder.resolve(name));
        assertMessage(file, ": is a folder, expected an IDX file of images; if the file is inside, move it up");
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "images.gz"})
    void empty(String name) throws IOException {
        assertMessage(Files.createFile(folder.resolve(name)), ": is empty; fetch the file again");
    }

    @Test
    void emptyInsideGzip() throws IOException {
        assertMessage(write("images.gz", new byte[0]), ": is empty; fetch the file again");
    }

    @ParameterizedTest
    @CsvSource({
        "0x00000801, 'is a file of labels; were the image and the label file swapped?'",
        "0x03080000, 'has its bytes in reverse order; IDX files are big-endian, write the header so'",
        "0x00000802, 'is an IDX file of 2 dimensions, images have 3; give another file'",
        "0x00000804, 'is an IDX file of 4 dimensions, images have 3; give another file'",
        "0x00000d03, 'is an IDX file of element type 0x0d, only unsigned bytes (0x08) are read; convert it'",
        "0x00000903, 'is an IDX file of element type 0x09, only unsigned bytes (0x08) are read; convert it'",
        "0x00000000, 'is not an IDX file; give another file'",
        "0x00000a03, 'is not an IDX file; give another file'",
        "0x3c21444f, 'is not an IDX file; give another file'",
        "0x89504e47, 'is not an IDX file; give another file'",
    })
    void wrongMagicOfImages(String magic, String reason) throws IOException {
        int number = Integer.parseUnsignedInt(magic.substring(2), 16);
        byte[] bytes = IdxBytes.file(number, new int[] {1, 1, 1}, new byte[1]);
        for (String name : new String[] {"images", "images.gz"}) {
            assertMessage(
                    write(name, bytes), ": wrong magic " + magic + ", expected 0x00000803 (images): it " + reason);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels", "labels.gz"})
    void imagesInPlaceOfLabels(String name) throws IOException {
        Path file = write(name, IdxBytes.images(1, 2, 2));
        assertThatExceptionOfType(IdxException.class)
                .isThrownBy(() -> IdxFile.readLabels(file))
                .withMessage(file + ": wrong magic 0x00000803, expected 0x00000801 (labels): it is a file of images;"
                        + " were the image and the label file swapped?");
    }

    @Test
    void gzipUnderPlainName() throws IOException {
        Path file = Files.write(folder.resolve("images"), IdxBytes.gzip(IdxBytes.images(2, 3, 5)));
        assertMessage(
                file, ": holds gzip data (1f 8b) under a plain name; add .gz to its name or uncompress it with gunzip");
    }

    @Test
    void plainUnderGzipName() throws IOException {
        Path file = Files.write(folder.resolve("images.gz"), IdxBytes.images(2, 3, 5));
        assertMessage(
                file, ": is not gzip, it starts with 00 00 08 03, an uncompressed IDX file; remove .gz from its name");
    }

    @Test
    void neitherGzipNorIdxUnderGzipName() throws IOException {
        Path file = Files.writeString(folder.resolve("images.gz"), "<html>404");
        assertMessage(file, ": is not gzip, it starts with 3c 68 74 6d instead of 1f 8b; fetch the file again");
    }

    @Test
    void gzipInsideGzip() throws IOException {
        Path file = write("images.gz", IdxBytes.gzip(IdxBytes.images(2, 3, 5)));
        assertMessage(file, ": holds gzip data (1f 8b) inside gzip; uncompress it once with gunzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "images.gz"})
    void truncatedHeader(String name) throws IOException {
        Path file = write(name, Arrays.copyOf(IdxBytes.images(2, 3, 5), 15));
        assertMessage(
                file,
                ": is truncated: it has 15 bytes, the header of an IDX file of images alone takes 16;"
                        + " fetch the file again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "images.gz"})
    void truncatedData(String name) throws IOException {
        Path file = write(name, Arrays.copyOf(IdxBytes.images(2, 3, 5), 45));
        assertMessage(
                file,
                ": is truncated: its header announces 2 images of 3x5, 46 bytes in all, but there are only 45;"
                        + " fetch the file again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels", "labels.gz"})
    void truncatedLabels(String name) throws IOException {
        Path file = write(name, Arrays.copyOf(IdxBytes.labels(1, 2, 3), 10));
        assertThatExceptionOfType(IdxException.class)
                .isThrownBy(() -> IdxFile.readLabels(file))
                .withMessage(
                        file + ": is truncated: its header announces 3 labels, 11 bytes in all, but there are only 10;"
                                + " fetch the file again");
    }

    @Test
    void truncatedGzip() throws IOException {
        byte[] whole = IdxBytes.gzip(IdxBytes.images(2, 3, 5));
        Path file = Files.write(folder.resolve("images.gz"), Arrays.copyOf(whole, whole.length - 1));
        assertMessage(
                file, ": is truncated: the gzip data breaks off after 46 uncompressed bytes; fetch the file again");
        Files.write(file, Arrays.copyOf(whole, 1));
        assertMessage(
                file, ": is truncated: the gzip data breaks off after 0 uncompressed bytes; fetch the file again");
    }

    @Test
    void trailingBytes() throws IOException {
        Path file = write("images", Arrays.copyOf(IdxBytes.images(2, 3, 5), 49));
        assertMessage(
                file,
                ": has 3 trailing bytes: its header announces 2 images of 3x5, 46 bytes in all, but there are 49;"
                        + " header or file is damaged, fetch it again");
    }

    @Test
    void trailingBytesInsideGzip() throws IOException {
        Path file = write("images.gz", Arrays.copyOf(IdxBytes.images(2, 3, 5), 49));
        assertMessage(
                file,
                ": has trailing bytes: its header announces 2 images of 3x5, 46 bytes in all, but the uncompressed data"
                        + " goes on; header or file is damaged, fetch it again");
    }

    @Test
    void trailingBytesBehindGzip() throws IOException {
        byte[] bytes = IdxBytes.concat(IdxBytes.gzip(IdxBytes.images(2, 3, 5)), new byte[] {0});
        Path file = Files.write(folder.resolve("images.gz"), bytes);
        // The one stray byte may be the first of another member, so it counts as a member that breaks off.
        assertMessage(
                file, ": is truncated: the gzip data breaks off after 46 uncompressed bytes; fetch the file again");
        Files.write(file, IdxBytes.concat(bytes, new byte[] {0}));
        assertMessage(
                file,
                ": is corrupt gzip: stray bytes follow the end of the compressed data (after 46 uncompressed bytes);"
                        + " fetch the file again");
    }

    @Test
    void corruptGzip() throws IOException {
        byte[] bytes = IdxBytes.gzip(IdxBytes.images(2, 3, 5));
        bytes[bytes.length - 8] ^= 1;
        Path file = Files.write(folder.resolve("images.gz"), bytes);
        assertMessage(
                file,
                ": is corrupt gzip: the CRC-32 checksum is wrong (after 46 uncompressed bytes); fetch the file again");
    }

    @ParameterizedTest
    @CsvSource({
        "2147483647, 28, 28",
        "4294967295, 28, 28",
        "4294967295, 4294967295, 4294967295",
        "2147483648, 1, 1",
        "65536, 65536, 65536",
        "46341, 46341, 1",
        "2147483640, 1, 1",
        "0, 28, 28",
        "10, 0, 28",
        "10, 28, 0",
        "4294967295, 4294967295, 0",
    })
    void impossibleSizes(long images, long rows, long columns) throws IOException {
        int[] sizes = {(int) images, (int) rows, (int) columns};
        for (String name : new String[] {"images", "images.gz"}) {
            assertMessage(
                    write(name, IdxBytes.file(IdxBytes.IMAGES, sizes, new byte[4])),
                    ": impossible size in the header: " + images + " x " + rows + " x " + columns
                            + " (images x rows x columns); sizes are at least 1 and their product at most 2147483639,"
                            + " so the file is damaged: fetch it again");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels", "labels.gz"})
    void impossibleNumberOfLabels(String name) throws IOException {
        Path file = write(name, IdxBytes.file(IdxBytes.LABELS, new int[] {-1}, new byte[4]));
        assertThatExceptionOfType(IdxException.class)
                .isThrownBy(() -> IdxFile.readLabels(file))
                .withMessage(file + ": impossible size in the header: 4294967295 labels; sizes are at least 1 and their"
                        + " product at most 2147483639, so the file is damaged: fetch it again");
    }

    /** The largest size that an array could have, in a file of 20 bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"images", "images.gz"})
    void possibleSizeThatTheFileDoesNotHold(String name) throws IOException {
        int[] sizes = {2147483639, 1, 1};
        Path file = write(name, IdxBytes.file(IdxBytes.IMAGES, sizes, new byte[4]));
        assertMessage(
                file,
                ": is truncated: its header announces 2147483639 images of 1x1, 2147483655 bytes in all,"
                        + " but there are only 20; fetch the file again");
    }

    @Test
    void accessDenied() {
        assertThatExceptionOfType(IdxException.class)
                .isThrownBy(
                        () -> IdxFile.readPlain(IdxFile.Kind.IMAGES, "f", failing(new AccessDeniedException("f")), 20))
                .withMessage("f: cannot be read (access denied); check the file and its permissions");
    }

    @Test
    void readFails() {
        IOException failure = new IOException("Input/output error");
        String message = "f: cannot be read (Input/output error); check the file and its permissions";
        assertThatExceptionOfType(IdxException.class)
                .isThrownBy(() -> IdxFile.readPlain(IdxFile.Kind.IMAGES, "f", failing(failure), 20))
                .withMessage(message)
                .withCause(failure);
        assertThatExceptionOfType(IdxException.class)
                .isThrownBy(() -> IdxFile.readGzip(IdxFile.Kind.IMAGES, "f", failing(failure), 20))
                .withMessage(message)
                .withCause(failure);
    }

    /** A file that shrinks between the look at its size and the reading. */
    @Test
    void plainFileShorterThanItsSize() {
        byte[] bytes = IdxBytes.images(2, 3, 5);
        assertThatExceptionOfType(IdxException.class)
                .isThrownBy(() -> IdxFile.readPlain(
                        IdxFile.Kind.IMAGES, "f", new ByteArrayInputStream(bytes, 0, 40), bytes.length))
                .withMessage(
                        "f: is truncated: its header announces 2 images of 3x5, 46 bytes in all, but there are only 40;"
                                + " fetch the file again");
    }

    private static InputStream failing(IOException failure) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw failure;
            }
        };
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return IdxBytes.write(folder.resolve(name), bytes);
    }

    private static void assertMessage(Path file, String message) {
        assertThatExceptionOfType(IdxException.class)
                .isThrownBy(() -> IdxFile.readImages(file))
                .withMessage(file + message);
    }

    @Test
    void namesOfFilesAreEscapedInMessages() {
        assertThatExceptionOfType(IdxException.class)
                .isThrownBy(() -> IdxFile.readLabels(folder.resolve("two\nlines\u001b[2J\u202e")))
                .withMessageStartingWith(folder.resolve("two") + "\\nlines\\u001b[2J\\u202e: does not exist; ");
    }
}
