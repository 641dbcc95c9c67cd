/**
 * Optimisers: what turns gradients into better parameters, with PyTorch's formulas and defaults. {@link
 * org.gradus.optim.SGD} is the one to read first.
 */
@NullMarked
package org.gradus.optim;

import org.jspecify.annotations.NullMarked;
