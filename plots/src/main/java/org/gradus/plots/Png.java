package org.gradus.plots;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** PNG in memory. */
public final class Png {

    private Png() {}

    /**
     * Encodes an image.
     *
     * @param image of any type
     * @return the bytes of a PNG file
     */
    public static byte[] encode(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", stream)) {
                throw new AssertionError("this JDK cannot write PNG");
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("a PNG in memory cannot be written", impossible);
        }
        return bytes.toByteArray();
    }
}
