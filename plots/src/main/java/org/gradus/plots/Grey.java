package org.gradus.plots;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;

/** Images of 28 x 28 numbers as grey pixels: the least of them black, the greatest white. */
final class Grey {

    /** Pixels per side of an image. */
    static final int SIDE = 28;

    private static final int LEVELS = 256;

    /** A palette, since Java's grey colour space is linear in light and would brighten what it converts. */
    private static final IndexColorModel PALETTE = palette();

    private Grey() {}

    /** One image with its own grey scale. A constant one is black. */
    static BufferedImage image(float[] pixels) {
        require(pixels);
        return scaled(pixels, SIDE, SIDE);
    }

    /** A mosaic of images with one grey scale for all. */
    static BufferedImage mosaic(float[][] images, int columns) {
        int width = columns * SIDE;
        int height = images.length / columns * SIDE;
        float[] canvas = new float[width * height];
        for (int i = 0; i < images.length; i++) {
            require(images[i]);
            int corner = i / columns * SIDE * width + i % columns * SIDE;
            for (int r = 0; r < SIDE; r++) {
                System.arraycopy(images[i], r * SIDE, canvas, corner + r * width, SIDE);
            }
        }
        return scaled(canvas, width, height);
    }

    private static void require(float[] pixels) {
        if (pixels.length != SIDE * SIDE) {
            throw new IllegalArgumentException(
                    "an image of " + pixels.length + " pixels cannot be drawn; it must have 784, 28 x 28 row by row");
        }
    }

    private static BufferedImage scaled(float[] values, int width, int height) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("pixel " + i + " of an image of " + width + " x " + height + " is "
                        + values[i] + "; only finite pixels can be drawn");
            }
            min = Math.min(min, values[i]);
            max = Math.max(max, values[i]);
        }
        double range = (double) max - min;
        byte[] levels = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            double level = range == 0 ? 0 : ((double) values[i] - min) / range;
            levels[i] = (byte) Math.min(LEVELS - 1, (int) (LEVELS * level));
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, PALETTE);
        image.getRaster().setDataElements(0, 0, width, height, levels);
        return image;
    }

    private static IndexColorModel palette() {
        byte[] levels = new byte[LEVELS];
        for (int i = 0; i < LEVELS; i++) {
            levels[i] = (byte) i;
        }
        return new IndexColorModel(8, LEVELS, levels, levels, levels);
    }
}
