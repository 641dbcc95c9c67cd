package org.gradus.plots;

/**
 * The codes that one of two encoder maps side by side shows.
 *
 * @param title of this map, such as {@code Before fine-tuning}
 * @param codes [n,2], or [n,3] on the sphere, row-major
 */
@SuppressWarnings("ArrayRecordComponent") // handed over to be drawn at once, never compared
public record CodeMap(String title, float[] codes) {}
