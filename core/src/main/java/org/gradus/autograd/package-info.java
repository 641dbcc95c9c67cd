/**
 * Tensors, the tape that records what is done with them, and the walk back along it. Read in this order: {@link
 * org.gradus.autograd.Tensor}, {@link org.gradus.autograd.Op}, {@link org.gradus.op.MatMul}, {@link
 * org.gradus.autograd.Tape}.
 */
@NullMarked
package org.gradus.autograd;

import org.jspecify.annotations.NullMarked;
