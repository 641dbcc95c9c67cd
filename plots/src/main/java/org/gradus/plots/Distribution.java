package org.gradus.plots;

/**
 * Values whose histogram is drawn.
 *
 * @param label their name in the legend
 * @param values in any order
 */
@SuppressWarnings("ArrayRecordComponent") // handed over to be drawn at once, never compared
public record Distribution(String label, float[] values) {}
