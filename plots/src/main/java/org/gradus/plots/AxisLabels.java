package org.gradus.plots;

/**
 * What the axes of an encoder map show.
 *
 * @param horizontal below the map
 * @param vertical to the left of it
 */
public record AxisLabels(String horizontal, String vertical) {

    /** The two units of a bottleneck. */
    public static final AxisLabels CODES = new AxisLabels("z\u2081", "z\u2082");

    /** The two angles of {@link Sphere}, each with its own name. */
    public static final AxisLabels ANGLES = new AxisLabels("\u03b8 (theta)", "\u03c6 (phi)");
}
