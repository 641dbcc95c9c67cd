/** exp, ln and tanh with their coefficients, for the plain kernels and the SIMD kernels alike; {@code FloatMath} is their door. */
@NullMarked
package org.gradus.kernel.cephes;

import org.jspecify.annotations.NullMarked;
