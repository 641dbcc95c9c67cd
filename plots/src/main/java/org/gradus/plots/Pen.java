package org.gradus.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import org.gradus.autograd.Printable;

/** Draws on a bitmap or on an SVG. What both do alike goes to {@link Graphics2D}; text and images differ. */
final class Pen {

    /** Which part of a text lies at the given place. */
    enum Anchor {
        START(0, "start"),
        MIDDLE(0.5, "middle"),
        END(1, "end");

        private final double before;
        private final String svg;

        Anchor(double before, String svg) {
            this.before = before;
            this.svg = svg;
        }

        /** The value of SVG's {@code text-anchor}. */
        String svg() {
            return svg;
        }
    }

    /** Widths without hinting and at fractions of a pixel, so that a text is as wide at any resolution. */
    private static final FontRenderContext UNHINTED = new FontRenderContext(null, true, true);

    private static final String ELLIPSIS = "\u2026";

    /** Height of a digit in the usual sans-serif fonts, in parts of the font size. */
    private static final double DIGIT_HEIGHT = 0.73;

    private final Graphics2D surface;

    private Pen(Graphics2D surface) {
        this.surface = surface;
    }

    static Pen onBitmap(Graphics2D surface) {
        surface.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        surface.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        surface.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        surface.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        surface.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        return new Pen(surface);
    }

    static Pen onSvg(SvgSurface surface) {
        return new Pen(surface);
    }

    /** A copy of the surface for painters of their own, with (0, 0) at the given place. To be disposed of. */
    Graphics2D surfaceAt(int x, int y) {
        Graphics2D copy = (Graphics2D) surface.create();
        copy.translate(x, y);
        return copy;
    }

    void fill(Color color, double x, double y, double width, double height) {
        surface.setColor(color);
        surface.fill(new Rectangle2D.Double(x, y, width, height));
    }

    void frame(double x, double y, double width, double height) {
        surface.setColor(Look.FRAME);
        surface.setStroke(Look.HAIRLINE);
        surface.draw(new Rectangle2D.Double(x, y, width, height));
    }

    void line(Color color, BasicStroke stroke, double x0, double y0, double x1, double y1) {
        surface.setColor(color);
        surface.setStroke(stroke);
        surface.draw(new Line2D.Double(x0, y0, x1, y1));
    }

    /** A line of text with its baseline at y. */
    void text(String given, Font font, Color color, Anchor anchor, double x, double y) {
        // XML, which SVG is, has no control characters.
        String text = Printable.text(given);
        surface.setFont(font);
        surface.setColor(color);
        if (surface instanceof SvgSurface svg) {
            svg.drawText(text, anchor, x, y);
        } else {
            surface.drawString(text, (float) (x - anchor.before * width(text, font)), (float) y);
        }
    }

    /**
     * The figure's title. A long one is written smaller, to stay within the width; one that would be too small to be read is broken in
     * two lines, and shortened where these do not hold it.
     */
    void title(String given, double x, double y, double width) {
        String title = Printable.text(given);
        double size = Math.min(1, width / Math.max(1, width(title, Look.TITLE))) * Look.TITLE.getSize();
        if (size >= Look.SMALL_TITLE.getSize()) {
            text(title, Look.TITLE.deriveFont((float) size), Look.INK, Anchor.START, x, y);
            return;
        }
        Font font = Look.SMALL_TITLE;
        int fits = fitting(title, font, width);
        int blank = title.lastIndexOf(' ', fits);
        int end = blank > fits / 2 ? blank : fits;
        text(title.substring(0, end), font, Look.INK, Anchor.START, x, y - font.getSize2D() / 2 - 2);
        String rest = shortened(title.substring(end).strip(), font, width);
        text(rest, font, Look.INK, Anchor.START, x, y + font.getSize2D() / 2 + 2);
    }

    /** As much of a text as fits, with an ellipsis for what is left out. */
    static String shortened(String text, Font font, double width) {
        if (width(text, font) <= width) {
            return text;
        }
        return text.substring(0, fitting(text, font, width - width(ELLIPSIS, font)))
                        .stripTrailing()
                + ELLIPSIS;
    }

    /** How many characters of a text fit, not counting half of one that takes two. */
    private static int fitting(String text, Font font, double width) {
        int fits = 0;
        int beyond = text.length() + 1;
        while (beyond - fits > 1) {
            int middle = (fits + beyond) / 2;
            if (width(text.substring(0, middle), font) <= width) {
                fits = middle;
            } else {
                beyond = middle;
            }
        }
        boolean half = fits > 0 && fits < text.length() && Character.isHighSurrogate(text.charAt(fits - 1));
        return half ? fits - 1 : fits;
    }

    /** Text that runs upwards, centred at (x, y), x being its baseline. */
    void upwards(String text, Font font, Color color, double x, double y) {
        surface.rotate(-Math.PI / 2, x, y);
        text(text, font, color, Anchor.MIDDLE, x, y);
        surface.rotate(Math.PI / 2, x, y);
    }

    /** A digit whose middle lies at (x, y). */
    void digit(int digit, Font font, Color color, double x, double y) {
        text(Integer.toString(digit), font, color, Anchor.MIDDLE, x, y + DIGIT_HEIGHT / 2 * font.getSize2D());
    }

    /** An image enlarged by whole pixels, not smoothed. */
    void pixels(BufferedImage image, int x, int y, int width, int height) {
        if (surface instanceof SvgSurface svg) {
            svg.drawPixels(image, x, y, width, height);
        } else {
            surface.drawImage(image, x, y, width, height, null);
        }
    }

    static double width(String text, Font font) {
        return font.getStringBounds(text, UNHINTED).getWidth();
    }
}
