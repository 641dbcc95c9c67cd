/**
 * Figures: maps of codes with decoder grids, rows of images, loss curves and other curves, histograms, and clouds in space.
 * {@link org.gradus.plots.Plot} draws each in memory, to be shown as an image or written as PNG or as a self-contained SVG;
 * {@link org.gradus.plots.Figures} draws both into a folder. All arrays are row-major floats, as {@code Tensor.data()} gives
 * them, so nothing else of Gradus is needed.
 */
@NullMarked
package org.gradus.plots;

import org.jspecify.annotations.NullMarked;
