package org.gradus.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

class IdxPropertiesTest {

    private static final List<String> NAMES = List.of(
            "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");

    private static Path folder = Path.of("");

    @BeforeContainer
    static void createFolder() throws IOException {
        folder = Files.createTempDirectory("gradus-idx");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        clear();
        Files.delete(folder);
    }

    @Property(tries = 300)
    void whatWasWrittenIsReadBack(
            @ForAll @IntRange(min = 1, max = 6) int trainCount,
            @ForAll @IntRange(min = 1, max = 6) int testCount,
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 5) int columns,
            @ForAll @Size(4) boolean[] compressed,
            @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        byte[][] elements = {
            bytes(random, trainCount * rows * columns, 256), bytes(random, trainCount, 10),
            bytes(random, testCount * rows * columns, 256), bytes(random, testCount, 10),
        };
        int[][] shapes = {{trainCount, rows, columns}, {trainCount}, {testCount, rows, columns}, {testCount}};
        clear();
        for (int i = 0; i < 4; i++) {
            int magic = i % 2 == 0 ? IdxBytes.IMAGES : IdxBytes.LABELS;
            IdxBytes.write(
                    folder.resolve(NAMES.get(i) + (compressed[i] ? ".gz" : "")),
                    IdxBytes.file(magic, shapes[i], elements[i]));
        }
        Mnist set = Mnist.load(folder);
        assertThat(set.train().count()).isEqualTo(trainCount);
        assertThat(set.test().count()).isEqualTo(testCount);
        assertThat(set.test().rows()).isEqualTo(rows);
        assertThat(set.test().columns()).isEqualTo(columns);
        assertThat(set.train().pixels()).isEqualTo(elements[0]);
        assertThat(set.train().labels()).isEqualTo(elements[1]);
        assertThat(set.test().pixels()).isEqualTo(elements[2]);
        assertThat(set.test().labels()).isEqualTo(elements[3]);
    }

    @Property
    void everyTruncationIsReported(
            @ForAll @IntRange(min = 1, max = 20) int count,
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll IdxFile.Kind kind,
            @ForAll boolean compressed,
            @ForAll @IntRange(min = 0) int cut,
            @ForAll long seed) {
        byte[] idx = randomFile(kind, count, rows, new Random(seed));
        byte[] whole = compressed ? IdxBytes.gzip(idx) : idx;
        byte[] part = Arrays.copyOf(whole, cut % whole.length);
        Throwable error = catchThrowable(() -> read(kind, part, compressed));
        assertThat(error).isExactlyInstanceOf(IdxException.class);
        assertThat(error.getMessage()).startsWith("f: is " + (part.length == 0 ? "empty" : "truncated"));
    }

    /** A changed byte in a gzip file either leaves the data as it was (time, system) or is reported. */
    @Property
    void noDamageToGzipPassesUnnoticed(
            @ForAll @IntRange(min = 1, max = 20) int count,
            @ForAll @IntRange(min = 0) int position,
            @ForAll @IntRange(min = 1, max = 255) int change,
            @ForAll long seed) {
        byte[] idx = randomFile(IdxFile.Kind.IMAGES, count, 4, new Random(seed));
        byte[] damaged = IdxBytes.gzip(idx);
        damaged[position % damaged.length] ^= (byte) change;
        Throwable error = catchThrowable(
                () -> assertThat(read(IdxFile.Kind.IMAGES, damaged, true).data())
                        .isEqualTo(Arrays.copyOfRange(idx, 16, idx.length)));
        if (error != null) {
            assertThat(error).isExactlyInstanceOf(IdxException.class);
        }
    }

    /** Any bytes at all, most of them behind a right magic: read in full, or an IdxException. */
    @Property(tries = 5000)
    void anyBytesAreReadInFullOrRefused(
            @ForAll @Size(max = 24) byte[] bytes,
            @ForAll IdxFile.Kind kind,
            @ForAll boolean rightMagic,
            @ForAll boolean smallSizes,
            @ForAll boolean compressed)
            throws IOException {
        byte[] file = bytes.clone();
        if (rightMagic && file.length >= 4) {
            System.arraycopy(
                    kind == IdxFile.Kind.IMAGES ? IdxBytes.images(1, 1, 1) : IdxBytes.labels(1), 0, file, 0, 4);
        }
        if (smallSizes) { // 1 or 2, so that the sizes often fit
            for (int i = 4; i < Math.min(file.length, kind.headerBytes()); i++) {
                file[i] = (byte) (i % 4 == 3 ? 1 + (file[i] & 1) : 0);
            }
        }
        try {
            IdxFile read = read(kind, compressed ? IdxBytes.gzip(file) : file, compressed);
            assertThat(read.data()).isEqualTo(Arrays.copyOfRange(file, kind.headerBytes(), file.length));
            Statistics.label("outcome").collect("read");
        } catch (IdxException e) {
            Statistics.label("outcome").collect("refused");
            assertThat(e).hasMessageStartingWith("f: ").hasNoSuppressedExceptions();
            assertThat(e.getMessage()).doesNotContain("\n").doesNotContain("null");
        }
        Statistics.label("outcome").coverage(outcomes -> outcomes.check("read").count(n -> n > 0));
    }

    private static IdxFile read(IdxFile.Kind kind, byte[] bytes, boolean compressed) throws IdxException {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        return compressed
                ? IdxFile.readGzip(kind, "f", in, bytes.length)
                : IdxFile.readPlain(kind, "f", in, bytes.length);
    }

    private static byte[] randomFile(IdxFile.Kind kind, int count, int rows, Random random) {
        return kind == IdxFile.Kind.IMAGES
                ? IdxBytes.file(IdxBytes.IMAGES, new int[] {count, rows, 3}, bytes(random, count * rows * 3, 256))
                : IdxBytes.file(IdxBytes.LABELS, new int[] {count}, bytes(random, count, 256));
    }

    private static byte[] bytes(Random random, int length, int bound) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextInt(bound);
        }
        return bytes;
    }

    private static void clear() throws IOException {
        for (String name : NAMES) {
            Files.deleteIfExists(folder.resolve(name));
            Files.deleteIfExists(folder.resolve(name + ".gz"));
        }
    }
}
