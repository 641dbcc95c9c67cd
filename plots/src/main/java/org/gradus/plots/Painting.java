package org.gradus.plots;

import java.util.function.Consumer;

/**
 * What a figure looks like, on any surface.
 *
 * @param width in CSS pixels
 * @param height in CSS pixels
 * @param content draws it
 */
record Painting(int width, int height, Consumer<Pen> content) {}
