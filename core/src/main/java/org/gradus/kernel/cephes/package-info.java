/** The coefficients of exp, ln and tanh: for the plain kernels and the SIMD kernels alike, and for nobody else. */
@NullMarked
package org.gradus.kernel.cephes;

import org.jspecify.annotations.NullMarked;
