package org.gradus.pages.explain;

import org.gradus.autograd.Op;

/**
 * One recorded operation with the numbers that went through it, forward and back.
 *
 * @param op what was done
 * @param layer the layer it is the work of, as PyTorch prints it; of the loss its own text
 * @param x what went in, one row
 * @param gx gradient of the loss for x; empty if nobody asks for it
 * @param y what came out, one row
 * @param gy gradient of the loss for y
 */
@SuppressWarnings("ArrayRecordComponent") // of this package, never compared
record Operation(Op op, String layer, float[] x, float[] gx, float[] y, float[] gy) {}
