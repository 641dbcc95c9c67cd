/**
 * Loops over float arrays: the scalar kernels, the SIMD kernels with the same bits, and the engine that spreads them over
 * threads. Nothing above this package knows which of the two is at work.
 */
@NullMarked
package org.gradus.kernel;

import org.jspecify.annotations.NullMarked;
