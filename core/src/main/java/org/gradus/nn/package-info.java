/**
 * Networks: layers with PyTorch's names, initial values and printed text, the losses that train them, and initialisers.
 * Read in this order: {@link org.gradus.nn.Layer}, {@link org.gradus.nn.Linear}, {@link org.gradus.nn.Sequential},
 * {@link org.gradus.nn.Loss}, {@link org.gradus.nn.Init}.
 */
@NullMarked
package org.gradus.nn;

import org.jspecify.annotations.NullMarked;
