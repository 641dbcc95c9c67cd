package org.gradus.examples.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.ImageSets;

/** Tells one pair of image sets from another: sizes, and a checksum of all pixels. */
final class ImageChecksum {

    private static final int BLOCK = 1 << 14;

    private ImageChecksum() {}

    static String of(ImageSets images) {
        CRC32C checksum = new CRC32C();
        update(checksum, images.train());
        update(checksum, images.test());
        return String.format(
                Locale.ROOT,
                "%d+%d images of %d pixels, CRC-32C %08x",
                images.train().shape().length(0),
                images.test().shape().length(0),
                images.pixels(),
                checksum.getValue());
    }

    private static void update(CRC32C checksum, Tensor images) {
        float[] pixels = images.data();
        ByteBuffer block = ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < pixels.length; from += BLOCK) {
            int count = Math.min(BLOCK, pixels.length - from);
            block.asFloatBuffer().put(pixels, from, count);
            checksum.update(block.array(), 0, count * Float.BYTES);
        }
    }
}
