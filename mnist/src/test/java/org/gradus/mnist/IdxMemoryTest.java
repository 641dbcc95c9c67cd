package org.gradus.mnist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads in a Java that may use 32 MiB: nothing is allocated on the word of a header. */
class IdxMemoryTest {

    private static final int HEAP_MIB = 32;

    @TempDir
    private Path folder;

    /** What the small Java runs: reads one file and prints what came of it. */
    static final class Reader {

        private Reader() {}

        public static void main(String[] arguments) {
            try {
                System.out.print(IdxFile.readImages(Path.of(arguments[0])).data().length);
            } catch (IdxException e) {
                System.out.print(e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 2147483639, 100_000_000})
    void enormousHeaderOfTinyFile(int images) throws Exception {
        int[] sizes = {images, 1, 1};
        String verdict = images == Integer.MAX_VALUE ? "impossible size in the header" : "is truncated";
        for (String name : new String[] {"images", "images.gz"}) {
            Path file = IdxBytes.write(folder.resolve(name), IdxBytes.file(IdxBytes.IMAGES, sizes, new byte[4]));
            assertThat(readWithSmallHeap(file)).startsWith(file + ": " + verdict);
        }
    }

    @Test
    void plainFileLargerThanTheHeap() throws Exception {
        Path file = writeSparse(64 << 20, 64 << 20);
        assertThat(readWithSmallHeap(file))
                .startsWith(file + ": needs 64 MiB in one piece, more than is free of the ")
                .endsWith(" MiB that Java may use; allow more with -Xmx or use a smaller file");
    }

    /** The length of a plain file is known, so what is wrong with it is said before memory is asked for. */
    @Test
    void truncatedPlainFileLargerThanTheHeap() throws Exception {
        Path file = writeSparse(128 << 20, 64 << 20);
        assertThat(readWithSmallHeap(file))
                .isEqualTo(
                        file + ": is truncated: its header announces 134217728 images of 1x1, 134217744 bytes in all,"
                                + " but there are only 67108880; fetch the file again");
    }

    /** 64 KiB that uncompress to 64 MiB. */
    @Test
    void gzipLargerThanTheHeap() throws Exception {
        assertThat(readWithSmallHeap(writeBlank(64 << 20)))
                .contains("in one piece")
                .endsWith("use a smaller file");
    }

    /** The heap is no excuse: what fits is read. */
    @Test
    void gzipThatFits() throws Exception {
        assertThat(readWithSmallHeap(writeBlank(8 << 20))).isEqualTo(String.valueOf(8 << 20));
    }

    /** A sparse file, which takes next to no room on the disk. */
    private Path writeSparse(int images, int written) throws IOException {
        Path file = folder.resolve("images");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(header(images)));
            channel.write(ByteBuffer.wrap(new byte[1]), 16 + written - 1);
        }
        return file;
    }

    private Path writeBlank(int images) throws IOException {
        Path file = folder.resolve("images.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(header(images));
            byte[] mebibyte = new byte[1 << 20];
            for (int i = 0; i < images >> 20; i++) {
                out.write(mebibyte);
            }
        }
        return file;
    }

    private static byte[] header(int images) {
        return IdxBytes.file(IdxBytes.IMAGES, new int[] {images, 1, 1}, new byte[0]);
    }

    private static String readWithSmallHeap(Path file) throws Exception {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MIB + "m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        location(IdxFile.class) + System.getProperty("path.separator") + location(Reader.class),
                        Reader.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).as(output).isZero();
        return output;
    }

    private static String location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
