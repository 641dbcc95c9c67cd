package org.gradus.app;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a small set in MNIST's format, with made-up images. */
final class IdxFolder {

    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;

    private IdxFolder() {}

    static Path write(Path folder, int train, int test, int side) throws IOException {
        images(folder.resolve("train-images-idx3-ubyte"), train, side);
        labels(folder.resolve("train-labels-idx1-ubyte"), train);
        images(folder.resolve("t10k-images-idx3-ubyte"), test, side);
        labels(folder.resolve("t10k-labels-idx1-ubyte"), test);
        return folder;
    }

    private static void images(Path file, int count, int side) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(IMAGES);
            out.writeInt(count);
            out.writeInt(side);
            out.writeInt(side);
            byte[] pixels = new byte[count * side * side];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) (i * 31 % 257);
            }
            out.write(pixels);
        }
    }

    private static void labels(Path file, int count) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(LABELS);
            out.writeInt(count);
            for (int i = 0; i < count; i++) {
                out.writeByte(i % 10);
            }
        }
    }
}
