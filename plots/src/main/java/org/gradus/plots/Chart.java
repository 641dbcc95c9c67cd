package org.gradus.plots;

import java.util.List;
import java.util.stream.Stream;

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

    /** What the finite points of all curves cover in x. */
    Limits across() {
        return Limits.spanning(pieces().map(Curve::x).toArray(double[][]::new));
    }

    /** What they cover in y. */
    Limits upwards() {
        return Limits.spanning(pieces().map(Curve::y).toArray(double[][]::new));
    }

    private Stream<Curve> pieces() {
        return curves.stream().flatMap(curve -> curve.pieces().stream());
    }
}
