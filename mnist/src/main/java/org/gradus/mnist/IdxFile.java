package org.gradus.mnist;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipException;

/**
 * The contents of one IDX file of unsigned bytes, the format of MNIST.
 *
 * <p>Layout, all numbers big-endian: two zero bytes, the element type (0x08: unsigned byte), the number of
 * dimensions, one 32-bit size per dimension, then the elements, the last index running fastest. Image files have
 * three dimensions (magic 0x00000803: images, rows, columns), label files one (0x00000801). A file whose name ends in
 * {@code .gz} is uncompressed while reading.
 *
 * <p>Everything is checked before it is believed: a damaged header costs neither time nor memory.
 */
public final class IdxFile {

    /** What an IDX file holds. */
    enum Kind {
        IMAGES("images", 0x0803, 3),
        LABELS("labels", 0x0801, 1);

        private final String noun;
        private final int magic;
        private final int dimensions;

        Kind(String noun, int magic, int dimensions) {
            this.noun = noun;
            this.magic = magic;
            this.dimensions = dimensions;
        }

        int headerBytes() {
            return 4 + 4 * dimensions;
        }
    }

    /** The longest array that HotSpot allocates, whatever the heap. */
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    /**
     * Memory is given to the header's word only up to this multiple of the compressed size, beyond it only as data
     * really arrives. MNIST shrinks about 5 times, so the first allocation is normally the last.
     */
    private static final int USUAL_COMPRESSION = 8;

    private final int[] shape;
    private final byte[] data;

    private IdxFile(int[] shape, byte[] data) {
        this.shape = shape;
        this.data = data;
    }

    /**
     * Reads a file of images.
     *
     * @param file plain, or gzip if its name ends in {@code .gz}
     * @return shape [images, rows, columns] and pixels
     * @throws IdxException if the file is missing, unreadable, damaged, or no IDX file of images
     */
    public static IdxFile readImages(Path file) throws IdxException {
        return read(Kind.IMAGES, file);
    }

    /**
     * Reads a file of labels.
     *
     * @param file plain, or gzip if its name ends in {@code .gz}
     * @return shape [labels] and the labels, which may be any unsigned bytes
     * @throws IdxException if the file is missing, unreadable, damaged, or no IDX file of labels
     */
    public static IdxFile readLabels(Path file) throws IdxException {
        return read(Kind.LABELS, file);
    }

    /** {@return the size of each dimension, all at least 1: [images, rows, columns] or [labels]; a copy} */
    public int[] shape() {
        return shape.clone();
    }

    /** {@return the elements, unsigned, the last index running fastest} The array itself, not a copy. */
    public byte[] data() {
        return data;
    }

    private static IdxFile read(Kind kind, Path file) throws IdxException {
        String name = file.toString();
        if (Files.isDirectory(file)) {
            throw new IdxException(name + ": is a folder, expected an IDX file of " + kind.noun
                    + "; if the file is inside, move it up");
        }
        if (!Files.exists(file)) {
            throw new IdxException(name + ": does not exist; give an IDX file of " + kind.noun);
        }
        if (!Files.isRegularFile(file)) {
            throw new IdxException(name + ": is not a regular file; copy the data into an ordinary file first");
        }
        try (InputStream in = Files.newInputStream(file)) {
            long length = Files.size(file);
            return name.endsWith(".gz")
                    ? readGzip(kind, name, in, USUAL_COMPRESSION * length)
                    : readPlain(kind, name, in, length);
        } catch (IdxException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    static IdxFile readPlain(Kind kind, String name, InputStream in, long length) throws IdxException {
        try {
            byte[] header = in.readNBytes(kind.headerBytes());
            int[] shape = parseHeader(kind, name, header, false);
            long expected = header.length + product(shape);
            if (length < expected) {
                throw truncated(name, shape, expected, length);
            }
            if (length > expected) {
                throw new IdxException(name + ": has " + (length - expected) + " trailing bytes: its header announces "
                        + describe(shape) + ", " + expected + " bytes in all, but there are " + length
                        + "; header or file is damaged, fetch it again");
            }
            return readData(kind, name, in, shape, length);
        } catch (IdxException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /**
     * Reads compressed data.
     *
     * @param trusted bytes that may be allocated before they have been seen
     */
    static IdxFile readGzip(Kind kind, String name, InputStream in, long trusted) throws IdxException {
        try (PushbackInputStream start = new PushbackInputStream(in, 4);
                GzipInput gzip = new GzipInput(start)) {
            requireGzip(name, start);
            try {
                int[] shape = parseHeader(kind, name, gzip.readNBytes(kind.headerBytes()), true);
                IdxFile file = readData(kind, name, gzip, shape, trusted);
                if (gzip.read() >= 0) {
                    throw new IdxException(name + ": has trailing bytes: its header announces " + describe(shape) + ", "
                            + (kind.headerBytes() + product(shape)) + " bytes in all, but the uncompressed data goes on"
                            + "; header or file is damaged, fetch it again");
                }
                return file;
            } catch (EOFException e) {
                throw new IdxException(
                        name + ": is truncated: the gzip data breaks off after " + gzip.total()
                                + " uncompressed bytes; fetch the file again",
                        e);
            } catch (ZipException e) {
                throw new IdxException(
                        name + ": is corrupt gzip: " + e.getMessage() + " (after " + gzip.total()
                                + " uncompressed bytes); fetch the file again",
                        e);
            }
        } catch (IdxException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static void requireGzip(String name, PushbackInputStream in) throws IOException {
        byte[] first = in.readNBytes(4);
        in.unread(first);
        if (first.length == 0) {
            throw empty(name);
        }
        // A single 1f may be all that is left of a gzip file: reading on reports it as truncated.
        if (startsLikeGzip(first) || (first.length == 1 && first[0] == 0x1F)) {
            return;
        }
        boolean idx = first.length == 4 && isIdxMagic(ByteBuffer.wrap(first).getInt());
        throw new IdxException(name + ": is not gzip, it starts with " + hex(first)
                + (idx
                        ? ", an uncompressed IDX file; remove .gz from its name"
                        : " instead of 1f 8b; fetch the file again"));
    }

    /** Checks the header and returns the sizes in it. */
    private static int[] parseHeader(Kind kind, String name, byte[] header, boolean compressed) throws IdxException {
        if (header.length == 0) {
            throw empty(name);
        }
        if (startsLikeGzip(header)) {
            throw new IdxException(name + ": holds gzip data (1f 8b) "
                    + (compressed
                            ? "inside gzip; uncompress it once with gunzip"
                            : "under a plain name; add .gz to its name or uncompress it with gunzip"));
        }
        if (header.length >= 4) {
            requireMagic(kind, name, ByteBuffer.wrap(header).getInt());
        }
        if (header.length < kind.headerBytes()) {
            throw new IdxException(
                    name + ": is truncated: it has " + header.length + " bytes, the header of an IDX file of "
                            + kind.noun + " alone takes " + kind.headerBytes() + "; fetch the file again");
        }
        ByteBuffer sizes = ByteBuffer.wrap(header, 4, header.length - 4);
        int[] shape = new int[kind.dimensions];
        long bytes = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = sizes.getInt();
            bytes *= Integer.toUnsignedLong(shape[i]);
            // Also keeps the product from overflowing: 2^31 times the next size is below 2^63.
            if (shape[i] == 0 || bytes > LONGEST_ARRAY) {
                throw absurd(kind, name, header);
            }
        }
        return shape;
    }

    private static void requireMagic(Kind kind, String name, int magic) throws IdxException {
        if (magic == kind.magic) {
            return;
        }
        Kind other = kind == Kind.IMAGES ? Kind.LABELS : Kind.IMAGES;
        String reason;
        if (magic == other.magic) {
            reason = "is a file of " + other.noun + "; were the image and the label file swapped?";
        } else if (Integer.reverseBytes(magic) == kind.magic) {
            reason = "has its bytes in reverse order; IDX files are big-endian, write the header so";
        } else if (isIdxMagic(magic) && magic >> 8 == kind.magic >> 8) {
            reason = "is an IDX file of " + (magic & 0xFF) + " dimensions, " + kind.noun + " have " + kind.dimensions
                    + "; give another file";
        } else if (isIdxMagic(magic)) {
            reason = String.format(
                    "is an IDX file of element type 0x%02x, only unsigned bytes (0x08) are read; convert it",
                    magic >> 8);
        } else {
            reason = "is not an IDX file; give another file";
        }
        throw new IdxException(String.format(
                "%s: wrong magic 0x%08x, expected 0x%08x (%s): it %s", name, magic, kind.magic, kind.noun, reason));
    }

    /** Two zero bytes, one of the six element types of the format, and at least one dimension. */
    private static boolean isIdxMagic(int magic) {
        int type = magic >>> 8;
        return (type == 0x08 || type == 0x09 || (type >= 0x0B && type <= 0x0E)) && (magic & 0xFF) > 0;
    }

    private static boolean startsLikeGzip(byte[] bytes) {
        return bytes.length >= 2 && (bytes[0] & 0xFF) == 0x1F && (bytes[1] & 0xFF) == 0x8B;
    }

    private static IdxFile readData(Kind kind, String name, InputStream in, int[] shape, long trusted)
            throws IOException {
        int size = (int) product(shape);
        byte[] data = grown(new byte[0], name, (int) Math.min(size, Math.max(trusted, 1 << 16)));
        int filled = 0;
        while (true) {
            filled += in.readNBytes(data, filled, data.length - filled);
            if (filled < data.length) {
                throw truncated(name, shape, (long) kind.headerBytes() + size, kind.headerBytes() + filled);
            }
            if (filled == size) {
                return new IdxFile(shape, data);
            }
            data = grown(data, name, (int) Math.min(size, 2L * data.length));
        }
    }

    private static byte[] grown(byte[] data, String name, int length) throws IdxException {
        try {
            return Arrays.copyOf(data, length);
        } catch (OutOfMemoryError e) {
            throw new IdxException(
                    name + ": needs " + (length >> 20) + " MiB in one piece, more than is free of the "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB that Java may use; allow more with -Xmx or use a smaller file",
                    e);
        }
    }

    private static long product(int[] shape) {
        long product = 1;
        for (int size : shape) {
            product *= size;
        }
        return product;
    }

    private static IdxException empty(String name) {
        return new IdxException(name + ": is empty; fetch the file again");
    }

    private static IdxException truncated(String name, int[] shape, long expected, long actual) {
        return new IdxException(name + ": is truncated: its header announces " + describe(shape) + ", " + expected
                + " bytes in all, but there are only " + actual + "; fetch the file again");
    }

    private static IdxException absurd(Kind kind, String name, byte[] header) {
        ByteBuffer sizes = ByteBuffer.wrap(header, 4, header.length - 4);
        String product = IntStream.range(0, kind.dimensions)
                .mapToObj(i -> Integer.toUnsignedString(sizes.getInt()))
                .collect(Collectors.joining(" x "));
        return new IdxException(name + ": impossible size in the header: " + product + " "
                + (kind == Kind.IMAGES ? "(images x rows x columns)" : "labels")
                + "; sizes are at least 1 and their product at most " + LONGEST_ARRAY
                + ", so the file is damaged: fetch it again");
    }

    private static IdxException unreadable(String name, IOException e) {
        String reason = e instanceof AccessDeniedException ? "access denied" : String.valueOf(e.getMessage());
        return new IdxException(name + ": cannot be read (" + reason + "); check the file and its permissions", e);
    }

    private static String describe(int[] shape) {
        return shape.length == 1 ? shape[0] + " labels" : shape[0] + " images of " + shape[1] + "x" + shape[2];
    }

    private static String hex(byte[] bytes) {
        return IntStream.range(0, bytes.length)
                .mapToObj(i -> String.format("%02x", bytes[i]))
                .collect(Collectors.joining(" "));
    }
}
