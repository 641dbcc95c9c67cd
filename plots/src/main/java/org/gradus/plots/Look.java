package org.gradus.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;

/**
 * Colours, fonts and distances that all figures share: dark on white, so that they can be printed. Lengths in CSS
 * pixels.
 */
final class Look {

    static final Color PAPER = Color.WHITE;
    static final Color INK = new Color(0x22, 0x22, 0x22);
    static final Color SOFT_INK = new Color(0x55, 0x55, 0x55);
    static final Color FRAME = new Color(0x99, 0x99, 0x99);
    static final Color GRID = new Color(0xe4, 0xe4, 0xe4);

    static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 16);
    static final Font SMALL_TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 12);
    static final Font PANEL_TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 13);
    static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    static final Font DIGIT = new Font(Font.SANS_SERIF, Font.BOLD, 12);

    static final BasicStroke HAIRLINE = new BasicStroke(1f);

    /** Around every figure. */
    static final int MARGIN = 24;

    /** Between figures' parts. */
    static final int GAP = 32;

    /** From the top edge to the first panel, title included. */
    static final int HEAD = 60;

    /** Below everything, labels included. */
    static final int FOOT = 12;

    /** A line of text above a panel or a row. */
    static final int CAPTION = 24;

    /**
     * The classes' colours, matplotlib's tab10. Each is used on the digit itself: the colour is never needed to tell.
     */
    private static final Color[] DIGITS = {
        new Color(0x1f, 0x77, 0xb4),
        new Color(0xff, 0x7f, 0x0e),
        new Color(0x2c, 0xa0, 0x2c),
        new Color(0xd6, 0x27, 0x28),
        new Color(0x94, 0x67, 0xbd),
        new Color(0x8c, 0x56, 0x4b),
        new Color(0xe3, 0x77, 0xc2),
        new Color(0x7f, 0x7f, 0x7f),
        new Color(0xbc, 0xbd, 0x22),
        new Color(0x17, 0xbe, 0xcf)
    };

    /** Lines of a chart differ in colour, in lightness and in dashes. */
    private static final Color[] LINES = {DIGITS[0], new Color(0xd9, 0x5f, 0x02), new Color(0x3b, 0x3b, 0x3b), DIGITS[4]
    };

    private static final float[][] DASHES = {{}, {8, 4}, {2, 3}, {9, 3, 2, 3}};

    private Look() {}

    static Color digit(int digit) {
        return DIGITS[digit];
    }

    static Color line(int index) {
        return LINES[index % LINES.length];
    }

    static BasicStroke stroke(int index) {
        float[] dashes = DASHES[index % DASHES.length];
        return dashes.length == 0
                ? new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND)
                : new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10f, dashes, 0f);
    }

    /** The colour, so transparent that its part of what is seen is {@code alpha}. */
    static Color translucent(Color color, double alpha) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), (int) Math.round(255 * alpha));
    }

    /** Fails early and says why on a machine without fonts, where Java would fail with an error of its own. */
    static void requireFonts() {
        try {
            Pen.width("0", DIGIT);
        } catch (RuntimeException | Error noFonts) {
            throw new IllegalStateException(
                    "figures need fonts, and Java finds none on this machine (" + noFonts.getMessage()
                            + "); on Debian: apt-get install fontconfig fonts-dejavu-core",
                    noFonts);
        }
    }
}
