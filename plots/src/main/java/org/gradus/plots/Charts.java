package org.gradus.plots;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import org.gradus.autograd.Printable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Line charts and histograms: XChart plots the data, within the same axes that maps have. */
final class Charts {

    /** Points of a loss curve at most. */
    private static final int MOST_POINTS = 500;

    /** Room above and below lines, in parts of what they cover. */
    private static final double MARGIN = 0.05;

    /** Points of a dashed line at least: one every other pixel. */
    private static final int SMOOTH_POINTS = 300;

    private static final double BAR_OPACITY = 0.3;
    private static final float THIN = 1.4f;
    private static final Color TRANSPARENT = new Color(0, 0, 0, 0);

    private Charts() {}

    /** {@code ceil(n / 500)}, the notebooks' distance between the points of a loss curve; 1 for none. */
    static int stride(int losses) {
        return Math.max(1, (losses + MOST_POINTS - 1) / MOST_POINTS);
    }

    /** The losses at 0, stride, 2 stride, ... */
    static Curve thinned(float[] losses) {
        int stride = stride(losses.length);
        int points = (losses.length + stride - 1) / stride;
        double[] x = new double[points];
        double[] y = new double[points];
        for (int i = 0; i < points; i++) {
            x[i] = i * stride;
            y[i] = losses[i * stride];
        }
        return new Curve("Loss", x, y);
    }

    /** A loss curve, both axes from 0. Left and top are those of the plot; labels lie outside. */
    static void loss(Pen pen, float[] losses, int left, int top, int width, int height) {
        AxisLabels labels = new AxisLabels("Iterations", "Loss");
        XYChart plot = plot();
        double highest = 0;
        if (losses.length > 0) {
            Curve curve = thinned(losses);
            XYSeries line = add(plot, curve, 0);
            line.setLineColor(Look.digit(0));
            line.setLineWidth(THIN);
            highest = Limits.spanning(curve.y()).hi();
        }
        Limits across = new Limits(0, Math.max(1, losses.length));
        Limits upwards = new Limits(0, highest > 0 ? (1 + MARGIN) * highest : 1);
        paint(pen, plot, Axes.round(across, upwards, labels, width, height), left, top);
    }

    /** Lines that differ in colour and dashes, with gaps where they are not finite, and with a legend below. */
    static void lines(Pen pen, Chart content, int left, int top, int width, int height) {
        XYChart plot = plot();
        Limits across = content.across();
        Limits upwards = content.upwards();
        double margin = upwards.range() == 0 ? 1 : MARGIN * upwards.range();
        int index = 0;
        for (Curve curve : content.curves()) {
            for (Curve piece : curve.pieces()) {
                addDashed(plot, piece, across.range(), index);
            }
            index++;
        }
        Axes axes = Axes.round(
                across.range() == 0 ? new Limits(across.lo() - 1, across.hi() + 1) : across,
                new Limits(upwards.lo() - margin, upwards.hi() + margin),
                new AxisLabels(content.xLabel(), content.yLabel()),
                width,
                height);
        paint(pen, plot, axes, left, top);
        if (content.curves().size() > 1) {
            List<String> names = content.curves().stream().map(Curve::label).toList();
            legend(pen, names, false, left + width / 2.0, top + height + Axes.BELOW + 16, width + Look.GAP);
        }
    }

    /** Histograms of the same bins over each other, all translucent. */
    static void histograms(
            Pen pen,
            List<Histogram> histograms,
            List<String> names,
            String xLabel,
            int left,
            int top,
            int width,
            int height) {
        XYChart plot = plot();
        double highest = 1;
        for (int index = 0; index < histograms.size(); index++) {
            Histogram histogram = histograms.get(index);
            XYSeries bars = add(plot, histogram.outline(names.get(index)), index);
            bars.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area);
            bars.setFillColor(Look.translucent(Look.line(index), BAR_OPACITY));
            highest = Math.max(highest, histogram.highest());
        }
        double[] edges = histograms.get(0).edges();
        Axes axes = Axes.round(
                new Limits(edges[0], edges[edges.length - 1]),
                new Limits(0, (1 + MARGIN) * highest),
                new AxisLabels(xLabel, "Count"),
                width,
                height);
        paint(pen, plot, axes, left, top);
    }

    /** The names of lines or areas, each after a sample of it, centred at x with its baseline at y; shortened where room is short. */
    static void legend(Pen pen, List<String> given, boolean areas, double x, double y, double room) {
        double sample = 30;
        double gap = 22;
        double each = (room + gap) / given.size() - gap - sample - 8;
        boolean fits = given.stream()
                        .mapToDouble(name -> Pen.width(Printable.text(name), Look.LABEL) + sample + 8 + gap)
                        .sum()
                <= room + gap;
        List<String> names = given.stream()
                .map(Printable::text)
                .map(name -> fits ? name : Pen.shortened(name, Look.LABEL, each))
                .toList();
        double total = -gap;
        for (String name : names) {
            total += sample + 8 + Pen.width(name, Look.LABEL) + gap;
        }
        double left = x - total / 2;
        int index = 0;
        for (String name : names) {
            if (areas) {
                pen.fill(Look.translucent(Look.line(index), BAR_OPACITY), left, y - 11, sample, 12);
                pen.line(Look.line(index), Look.stroke(index), left, y - 11, left + sample, y - 11);
            } else {
                pen.line(Look.line(index), Look.stroke(index), left, y - 5, left + sample, y - 5);
            }
            pen.text(name, Look.LABEL, Look.INK, Pen.Anchor.START, left + sample + 8, y);
            left += sample + 8 + Pen.width(name, Look.LABEL) + gap;
            index++;
        }
    }

    /**
     * A line that may be dashed. XChart draws a line as one path only if it is to be smooth, and otherwise piece by
     * piece, each with dashes of its own, so that short pieces look solid. Between points so close smoothing cannot be
     * seen.
     */
    private static void addDashed(XYChart plot, Curve curve, double range, int index) {
        add(plot, curve.subdivided(range / SMOOTH_POINTS), index).setSmooth(true);
    }

    private static XYSeries add(XYChart plot, Curve curve, int index) {
        // Two lines of a chart may have the same label, and one has pieces; XChart wants names that differ.
        String name = plot.getSeriesCollection().size() + " " + curve.label();
        XYSeries series = plot.addSeries(name, curve.x(), curve.y());
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(Look.line(index));
        series.setLineStyle(Look.stroke(index));
        return series;
    }

    /** A chart of nothing but its data, from edge to edge. */
    private static XYChart plot() {
        XYChart plot = new XYChartBuilder().build();
        XYStyler style = plot.getStyler();
        style.setChartBackgroundColor(TRANSPARENT);
        style.setPlotBackgroundColor(TRANSPARENT);
        style.setChartTitleVisible(false);
        style.setLegendVisible(false);
        style.setChartPadding(0);
        style.setPlotBorderVisible(false);
        style.setPlotContentSize(1);
        style.setPlotMargin(0);
        style.setPlotGridLinesVisible(false);
        style.setAxisTicksVisible(false);
        style.setAxisTitlesVisible(false);
        style.setAxisTitlePadding(0);
        style.setAxisTickPadding(0);
        style.setAxisTickMarkLength(0);
        return plot;
    }

    private static void paint(Pen pen, XYChart plot, Axes axes, int left, int top) {
        XYStyler style = plot.getStyler();
        style.setXAxisMin(axes.horizontal().lo());
        style.setXAxisMax(axes.horizontal().hi());
        style.setYAxisMin(axes.vertical().lo());
        style.setYAxisMax(axes.vertical().hi());
        axes.paintGrid(pen, left, top);
        if (!plot.getSeriesCollection().isEmpty()) {
            Graphics2D surface = pen.surfaceAt(left, top);
            try {
                plot.paint(surface, axes.width(), axes.height());
            } finally {
                surface.dispose();
            }
        }
        axes.paintFrame(pen, left, top);
    }
}
