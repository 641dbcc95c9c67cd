package org.gradus.plots;

import java.awt.Color;
import java.awt.Font;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Codes in space, seen from a fixed place in weak perspective: 60 degrees to the right of the first axis and 25 above
 * the ground. Digits are drawn from the farthest to the nearest; those farther away are smaller and paler. One unit is
 * as long on all axes, unless an axis would become shorter than a quarter of the longest: that one is stretched.
 */
final class Cloud {

    static final int WIDTH = 640;
    static final int HEIGHT = 560;

    private static final double AZIMUTH = Math.toRadians(-60);
    private static final double ELEVATION = Math.toRadians(25);

    /** Distance of the eye from the middle of the box, whose longest edge is 2. */
    private static final double EYE = 9;

    private static final double SHORTEST_EDGE = 0.25;
    private static final int MOST_TICKS = 6;
    private static final double OPACITY = 0.9;

    /** Sizes of the nearest and of the farthest digit. */
    private static final double NEAR_SIZE = 14.5;

    private static final double FAR_SIZE = 8.5;

    /** How much of a colour the farthest digit loses to the paper. */
    private static final double HAZE = 0.6;

    private static final String[] NAMES = {"z\u2081", "z\u2082", "z\u2083"};

    /** A place on the figure. {@code depth} grows towards the eye. */
    private record Point(double x, double y, double depth) {}

    private final float[] codes;
    private final int[] digits;
    private final Limits[] limits;

    /** Half the length of the box's edges; the longest is 1. */
    private final double[] half;

    private final double scale;
    private final double middleX;
    private final double middleY;

    /**
     * A cloud.
     *
     * @param codes [n,3]
     * @param digits [n]
     */
    Cloud(float[] codes, int[] digits) {
        this.codes = codes;
        this.digits = digits;
        limits = new Limits[] {Limits.of(codes, 3, 0), Limits.of(codes, 3, 1), Limits.of(codes, 3, 2)};
        double longest = Arrays.stream(limits).mapToDouble(Limits::range).max().orElseThrow();
        half = Arrays.stream(limits)
                .mapToDouble(axis -> Math.max(SHORTEST_EDGE, axis.range() / longest))
                .toArray();
        double left = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        for (int corner = 0; corner < 8; corner++) {
            Point point = seen(
                    (corner & 1) == 0 ? -half[0] : half[0],
                    (corner & 2) == 0 ? -half[1] : half[1],
                    (corner & 4) == 0 ? -half[2] : half[2]);
            left = Math.min(left, point.x);
            right = Math.max(right, point.x);
            top = Math.min(top, point.y);
            bottom = Math.max(bottom, point.y);
        }
        // Room for the labels of the axes: 60 on either side, 55 below.
        scale = Math.min((WIDTH - 120) / (right - left), (HEIGHT - 70) / (bottom - top));
        middleX = WIDTH / 2.0 - scale * (left + right) / 2;
        middleY = (HEIGHT - 40) / 2.0 - scale * (top + bottom) / 2;
    }

    /** Where a point of the box appears, before it is brought to the figure's size: x to the right, y downwards. */
    private static Point seen(double x, double y, double z) {
        double sinA = StrictMath.sin(AZIMUTH);
        double cosA = StrictMath.cos(AZIMUTH);
        double sinE = StrictMath.sin(ELEVATION);
        double cosE = StrictMath.cos(ELEVATION);
        double right = -sinA * x + cosA * y;
        double up = -sinE * cosA * x - sinE * sinA * y + cosE * z;
        double depth = cosE * cosA * x + cosE * sinA * y + sinE * z;
        double nearness = EYE / (EYE - depth);
        return new Point(nearness * right, -nearness * up, depth);
    }

    private Point onFigure(double x, double y, double z) {
        Point point = seen(x, y, z);
        return new Point(middleX + scale * point.x, middleY + scale * point.y, point.depth);
    }

    private double inBox(int axis, double value) {
        return half[axis] * (2 * limits[axis].fraction(value) - 1);
    }

    /** Draws on an area of WIDTH x HEIGHT whose upper left corner is (left, top). */
    void paint(Pen pen, int left, int top) {
        walls(pen, left, top);
        axes(pen, left, top);
        digits(pen, left, top);
    }

    /** The three faces of the box behind the cloud, with lines at the ticks. */
    private void walls(Pen pen, int left, int top) {
        double x = half[0];
        double y = half[1];
        double z = half[2];
        for (Tick tick : Tick.round(limits[0], MOST_TICKS)) {
            double at = inBox(0, tick.value());
            edge(pen, left, top, Look.GRID, onFigure(at, -y, -z), onFigure(at, y, -z));
            edge(pen, left, top, Look.GRID, onFigure(at, y, -z), onFigure(at, y, z));
        }
        for (Tick tick : Tick.round(limits[1], MOST_TICKS)) {
            double at = inBox(1, tick.value());
            edge(pen, left, top, Look.GRID, onFigure(x, at, -z), onFigure(-x, at, -z));
            edge(pen, left, top, Look.GRID, onFigure(-x, at, -z), onFigure(-x, at, z));
        }
        for (Tick tick : Tick.round(limits[2], MOST_TICKS)) {
            double at = inBox(2, tick.value());
            edge(pen, left, top, Look.GRID, onFigure(-x, -y, at), onFigure(-x, y, at));
            edge(pen, left, top, Look.GRID, onFigure(-x, y, at), onFigure(x, y, at));
        }
        Color frame = Look.FRAME;
        edge(pen, left, top, frame, onFigure(-x, y, -z), onFigure(-x, y, z));
        edge(pen, left, top, frame, onFigure(-x, y, -z), onFigure(x, y, -z));
        edge(pen, left, top, frame, onFigure(-x, y, -z), onFigure(-x, -y, -z));
        edge(pen, left, top, frame, onFigure(-x, y, z), onFigure(x, y, z));
        edge(pen, left, top, frame, onFigure(-x, y, z), onFigure(-x, -y, z));
        edge(pen, left, top, frame, onFigure(x, y, z), onFigure(x, y, -z));
    }

    private static void edge(Pen pen, int left, int top, Color color, Point from, Point to) {
        pen.line(color, Look.HAIRLINE, left + from.x, top + from.y, left + to.x, top + to.y);
    }

    /** Ticks and names on the edges that bound the view: the first two below, the third on the left. */
    private void axes(Pen pen, int left, int top) {
        double x = half[0];
        double y = half[1];
        double z = half[2];
        edge(pen, left, top, Look.SOFT_INK, onFigure(-x, -y, -z), onFigure(x, -y, -z));
        edge(pen, left, top, Look.SOFT_INK, onFigure(x, -y, -z), onFigure(x, y, -z));
        edge(pen, left, top, Look.SOFT_INK, onFigure(-x, -y, -z), onFigure(-x, -y, z));
        for (Tick tick : Tick.round(limits[0], MOST_TICKS)) {
            Point at = onFigure(inBox(0, tick.value()), -y, -z);
            pen.text(tick.label(), Look.TICK, Look.SOFT_INK, Pen.Anchor.MIDDLE, left + at.x - 6, top + at.y + 17);
        }
        for (Tick tick : Tick.round(limits[1], MOST_TICKS)) {
            Point at = onFigure(x, inBox(1, tick.value()), -z);
            pen.text(tick.label(), Look.TICK, Look.SOFT_INK, Pen.Anchor.START, left + at.x + 7, top + at.y + 11);
        }
        for (Tick tick : Tick.round(limits[2], MOST_TICKS)) {
            Point at = onFigure(-x, -y, inBox(2, tick.value()));
            pen.text(tick.label(), Look.TICK, Look.SOFT_INK, Pen.Anchor.END, left + at.x - 7, top + at.y + 4);
        }
        Point first = onFigure(0, -y, -z);
        Point second = onFigure(x, 0, -z);
        Point third = onFigure(-x, -y, 0);
        pen.text(NAMES[0], Look.LABEL, Look.INK, Pen.Anchor.MIDDLE, left + first.x - 18, top + first.y + 40);
        pen.text(NAMES[1], Look.LABEL, Look.INK, Pen.Anchor.START, left + second.x + 34, top + second.y + 26);
        pen.text(NAMES[2], Look.LABEL, Look.INK, Pen.Anchor.END, left + third.x - 38, top + third.y + 4);
    }

    private void digits(Pen pen, int left, int top) {
        Point[] points = new Point[digits.length];
        Integer[] order = new Integer[digits.length];
        double near = Double.NEGATIVE_INFINITY;
        double far = Double.POSITIVE_INFINITY;
        for (int i = 0; i < digits.length; i++) {
            points[i] = onFigure(inBox(0, codes[3 * i]), inBox(1, codes[3 * i + 1]), inBox(2, codes[3 * i + 2]));
            order[i] = i;
            near = Math.max(near, points[i].depth);
            far = Math.min(far, points[i].depth);
        }
        double range = near == far ? 1 : near - far;
        List<Integer> backToFront = Arrays.stream(order)
                .sorted(Comparator.comparingDouble(i -> points[i].depth))
                .toList();
        for (int i : backToFront) {
            double nearness = (points[i].depth - far) / range;
            double size = FAR_SIZE + nearness * (NEAR_SIZE - FAR_SIZE);
            Font font = Look.DIGIT.deriveFont((float) size);
            Color color = Look.translucent(hazy(Look.digit(digits[i]), HAZE * (1 - nearness)), OPACITY);
            pen.digit(digits[i], font, color, left + points[i].x, top + points[i].y);
        }
    }

    private static Color hazy(Color color, double haze) {
        return new Color(
                (int) Math.round(color.getRed() + haze * (Look.PAPER.getRed() - color.getRed())),
                (int) Math.round(color.getGreen() + haze * (Look.PAPER.getGreen() - color.getGreen())),
                (int) Math.round(color.getBlue() + haze * (Look.PAPER.getBlue() - color.getBlue())));
    }
}
