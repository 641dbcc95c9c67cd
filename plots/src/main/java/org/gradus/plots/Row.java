package org.gradus.plots;

/**
 * A row of images.
 *
 * @param label what they are, such as {@code input}
 * @param images each 28 x 28 row by row, float[784]; any range, since each is drawn from its own minimum (black) to its
 *     own maximum (white)
 */
@SuppressWarnings("ArrayRecordComponent") // handed over to be drawn at once, never compared
public record Row(String label, float[][] images) {}
