/**
 * Tensors, the tape that records what is done with them, and the walk back along it. Read in this order: {@link
 * org.gradus.autograd.Op}, {@link org.gradus.autograd.AffineOp}, {@link org.gradus.autograd.Tape}, {@link org.gradus.autograd.Tensor};
 * {@code docs/guide/reading-order.md} has the whole path of a gradient.
 */
@NullMarked
package org.gradus.autograd;

import org.jspecify.annotations.NullMarked;
