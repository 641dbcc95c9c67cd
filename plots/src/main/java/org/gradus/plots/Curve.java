package org.gradus.plots;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.gradus.autograd.Printable;

/**
 * A line through points. Where a coordinate is NaN or infinite it has a gap, as in matplotlib.
 *
 * @param label its name in the legend
 * @param x from left to right
 * @param y one for each x
 */
@SuppressWarnings("ArrayRecordComponent") // handed over to be drawn at once, never compared
public record Curve(String label, double[] x, double[] y) {

    private static final int POINTS = 401;

    /**
     * Checks the points.
     *
     * @throws IllegalArgumentException if there are none, or not one y for each x
     */
    public Curve {
        if (x.length == 0 || x.length != y.length) {
            throw new IllegalArgumentException("Curve " + Printable.text(label) + ": " + x.length + " x and " + y.length
                    + " y; give as many of both, at least one");
        }
    }

    /**
     * The graph of a function, from 401 points. It has gaps where the function is NaN or infinite.
     *
     * @param label its name in the legend
     * @param from left end
     * @param to right end
     * @param function y of x
     * @return the curve
     */
    public static Curve of(String label, double from, double to, DoubleUnaryOperator function) {
        double[] x = new double[POINTS];
        double[] y = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            x[i] = from + i * ((to - from) / (POINTS - 1));
            y[i] = function.applyAsDouble(x[i]);
        }
        return new Curve(label, x, y);
    }

    /** Whether a point can be drawn. */
    boolean isFinite(int point) {
        return Double.isFinite(x[point]) && Double.isFinite(y[point]);
    }

    /** The parts between the gaps, in order, of one point or more each; the line itself if there is no gap. */
    List<Curve> pieces() {
        List<Curve> pieces = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= x.length; i++) {
            if (i == x.length || !isFinite(i)) {
                if (i > from) {
                    pieces.add(new Curve(label, Arrays.copyOfRange(x, from, i), Arrays.copyOfRange(y, from, i)));
                }
                from = i + 1;
            }
        }
        return pieces;
    }

    /**
     * The same line with points added between its own, so that none is farther than {@code most} from the next in x.
     */
    Curve subdivided(double most) {
        DoubleStream.Builder denseX = DoubleStream.builder();
        DoubleStream.Builder denseY = DoubleStream.builder();
        for (int i = 0; i + 1 < x.length; i++) {
            int parts = most > 0 ? (int) Math.max(1, Math.ceil((x[i + 1] - x[i]) / most)) : 1;
            for (int part = 0; part < parts; part++) {
                double fraction = (double) part / parts;
                denseX.add(x[i] + fraction * (x[i + 1] - x[i]));
                denseY.add(y[i] + fraction * (y[i + 1] - y[i]));
            }
        }
        denseX.add(x[x.length - 1]);
        denseY.add(y[y.length - 1]);
        return new Curve(label, denseX.build().toArray(), denseY.build().toArray());
    }
}
