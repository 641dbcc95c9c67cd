package org.gradus.mnist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes IDX files, good and bad. */
final class IdxBytes {

    static final int IMAGES = 0x00000803;
    static final int LABELS = 0x00000801;

    private IdxBytes() {}

    /** An IDX file byte by byte: the magic, the sizes, the elements, fitting together or not. */
    static byte[] file(int magic, int[] sizes, byte[] elements) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * sizes.length + elements.length);
        bytes.putInt(magic);
        for (int size : sizes) {
            bytes.putInt(size);
        }
        return bytes.put(elements).array();
    }

    static byte[] images(int count, int rows, int columns) {
        byte[] pixels = new byte[count * rows * columns];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 37);
        }
        return file(IMAGES, new int[] {count, rows, columns}, pixels);
    }

    static byte[] labels(int... labels) {
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        return file(LABELS, new int[] {labels.length}, bytes);
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Writes a set of 3 training and 2 test images of 2x2. */
    static void writeSmallSet(Path folder, boolean compressed) throws IOException {
        String suffix = compressed ? ".gz" : "";
        write(folder.resolve("train-images-idx3-ubyte" + suffix), images(3, 2, 2));
        write(folder.resolve("train-labels-idx1-ubyte" + suffix), labels(7, 0, 9));
        write(folder.resolve("t10k-images-idx3-ubyte" + suffix), images(2, 2, 2));
        write(folder.resolve("t10k-labels-idx1-ubyte" + suffix), labels(1, 1));
    }

    /** Writes the bytes, compressed if the name ends in {@code .gz}. */
    static Path write(Path file, byte[] bytes) throws IOException {
        return Files.write(file, file.toString().endsWith(".gz") ? gzip(bytes) : bytes);
    }
}
