package org.gradus.inspect;

import java.util.Locale;

/** Numbers as a reader takes them in: plain near 1, with an exponent far from it. */
final class Numbers {

    private Numbers() {}

    /** Seven digits, as many as a float has. */
    static String precise(double x) {
        return text(x, "%.7f", "%.6e");
    }

    /** Two or three digits, for sizes. */
    static String brief(double x) {
        return x == 0 ? "0" : String.format(Locale.ROOT, "%.1e", x);
    }

    /** Four digits. */
    static String plain(double x) {
        return text(x, "%.4f", "%.3e");
    }

    private static String text(double x, String near, String far) {
        double size = Math.abs(x);
        boolean isNear = size == 0 || (size >= 0.001 && size < 10_000);
        return String.format(Locale.ROOT, isNear ? near : far, x);
    }
}
