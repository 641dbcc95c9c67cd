package org.gradus.plots;

import java.util.List;
import org.gradus.autograd.Printable;

/**
 * The frame, grid and labels of a map or chart.
 *
 * @param horizontal what is covered from left to right
 * @param vertical what is covered from bottom to top
 * @param across ticks below
 * @param upwards ticks to the left
 * @param labels of both axes
 * @param width of the plot, labels outside
 * @param height of the plot
 */
record Axes(
        Limits horizontal,
        Limits vertical,
        List<Tick> across,
        List<Tick> upwards,
        AxisLabels labels,
        int width,
        int height) {

    /** Space that labels need to the left of the plot. */
    static final int LEFT = 64;

    /** Space that labels need below the plot. */
    static final int BELOW = 48;

    private static final int TICK_LENGTH = 4;

    /** Room for a tick label of usual length. */
    private static final int TICK_WIDTH = 50;

    private static final int TICK_HEIGHT = 40;

    /** Between two labels. */
    private static final int GAP = 8;

    /** From the plot to the labels on its left, and to the name of the axis beyond them. */
    private static final int TO_LABEL = 7;

    private static final int TO_NAME = 46;

    /** Axes with ticks at round numbers; the longer their labels, the fewer. */
    static Axes round(Limits horizontal, Limits vertical, AxisLabels labels, int width, int height) {
        return new Axes(
                horizontal,
                vertical,
                thinned(horizontal, width, width / TICK_WIDTH),
                upwards(vertical, height),
                labels,
                width,
                height);
    }

    private static List<Tick> upwards(Limits limits, int height) {
        List<Tick> ticks = Tick.round(limits, height / TICK_HEIGHT);
        return isTurned(ticks) ? thinned(limits, height, height / TICK_HEIGHT) : ticks;
    }

    /** So few ticks that no label reaches the next one. */
    private static List<Tick> thinned(Limits limits, int length, int most) {
        List<Tick> ticks = Tick.round(limits, most);
        for (int fewer = most - 1; fewer > 0 && overlap(ticks, limits, length); fewer--) {
            ticks = Tick.round(limits, fewer);
        }
        return ticks;
    }

    private static boolean overlap(List<Tick> ticks, Limits limits, int length) {
        return ticks.size() > 1
                && widest(ticks) + GAP
                        > length
                                * (limits.fraction(ticks.get(1).value())
                                        - limits.fraction(ticks.get(0).value()));
    }

    private static double widest(List<Tick> ticks) {
        double widest = 0;
        for (Tick tick : ticks) {
            widest = Math.max(widest, Pen.width(tick.label(), Look.TICK));
        }
        return widest;
    }

    /** Whether labels to the left of the plot run upwards, there being no room for them between plot and name. */
    private static boolean isTurned(List<Tick> upwards) {
        return widest(upwards) > TO_NAME - TO_LABEL;
    }

    /** Axes of the angles of {@link Sphere}, with ticks at every sixth and third of pi. */
    static Axes angles(Limits theta, Limits phi, int width, int height) {
        return new Axes(
                theta, phi, Tick.ofPi(theta, 0, 6, 6), Tick.ofPi(phi, -3, 3, 3), AxisLabels.ANGLES, width, height);
    }

    /** How far to the right of the plot's left edge a value lies. */
    double x(double value) {
        return width * horizontal.fraction(value);
    }

    /** How far below the plot's top edge a value lies. */
    double y(double value) {
        return height * (1 - vertical.fraction(value));
    }

    /** Draws the lines that lie behind the data of a plot whose upper left corner is (left, top). */
    void paintGrid(Pen pen, int left, int top) {
        for (Tick tick : across) {
            double x = left + x(tick.value());
            pen.line(Look.GRID, Look.HAIRLINE, x, top, x, top + height);
        }
        for (Tick tick : upwards) {
            double y = top + y(tick.value());
            pen.line(Look.GRID, Look.HAIRLINE, left, y, left + width, y);
        }
    }

    /** Draws frame, ticks and labels. */
    void paintFrame(Pen pen, int left, int top) {
        int bottom = top + height;
        pen.frame(left, top, width, height);
        for (Tick tick : across) {
            double x = left + x(tick.value());
            pen.line(Look.FRAME, Look.HAIRLINE, x, bottom, x, bottom + TICK_LENGTH);
            pen.text(tick.label(), Look.TICK, Look.SOFT_INK, Pen.Anchor.MIDDLE, x, bottom + 17);
        }
        boolean turned = isTurned(upwards);
        for (Tick tick : upwards) {
            double y = top + y(tick.value());
            pen.line(Look.FRAME, Look.HAIRLINE, left - TICK_LENGTH, y, left, y);
            if (turned) {
                pen.upwards(tick.label(), Look.TICK, Look.SOFT_INK, left - TO_LABEL, y);
            } else {
                pen.text(tick.label(), Look.TICK, Look.SOFT_INK, Pen.Anchor.END, left - TO_LABEL, y + 4);
            }
        }
        String below = Pen.shortened(Printable.text(labels.horizontal()), Look.LABEL, width + Look.GAP);
        String beside = Pen.shortened(Printable.text(labels.vertical()), Look.LABEL, height + Look.GAP);
        pen.text(below, Look.LABEL, Look.INK, Pen.Anchor.MIDDLE, left + width / 2.0, bottom + 38);
        pen.upwards(beside, Look.LABEL, Look.INK, left - TO_NAME, top + height / 2.0);
    }

    /** What is covered, in words. */
    String covers() {
        return AltText.range(labels.horizontal(), horizontal) + ", " + AltText.range(labels.vertical(), vertical);
    }
}
