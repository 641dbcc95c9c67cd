package org.gradus.plots;

import java.util.List;

/**
 * One of several charts side by side.
 *
 * @param title above it
 * @param xLabel below it
 * @param yLabel to the left of it
 * @param curves drawn over each other
 */
public record Chart(String title, String xLabel, String yLabel, List<Curve> curves) {

    /** Takes a copy of the list. */
    public Chart {
        curves = List.copyOf(curves);
    }
}
