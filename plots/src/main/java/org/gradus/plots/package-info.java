/**
 * The tutorials' figures: what the notebooks plot, each as a PNG of twice the resolution and as a self-contained SVG,
 * both painted by the same code.
 */
@NullMarked
package org.gradus.plots;

import org.jspecify.annotations.NullMarked;
