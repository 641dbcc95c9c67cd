/** The differentiable operations, one page each: shapes, formula, derivative, cost and source. */
@NullMarked
package org.gradus.op;

import org.jspecify.annotations.NullMarked;
