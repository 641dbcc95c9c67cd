package org.gradus.plots;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A marked place on an axis.
 *
 * @param value where
 * @param label what is written there
 */
record Tick(double value, String label) {

    private static final String PI = "\u03c0";

    /** A minus as long as a plus, which a hyphen is not. */
    static final String MINUS = "\u2212";

    /** From here on, steps are written with an exponent, and so are all ticks of an axis that stays below {@link #LEAST_PLAIN}. */
    private static final BigDecimal LEAST_LARGE = new BigDecimal("1e6");

    private static final BigDecimal LEAST_PLAIN = new BigDecimal("1e-4");

    /**
     * Ticks at multiples of 1, 2 or 5 times a power of ten, at most {@code most + 1} of them. Each label gives its multiple in full,
     * so that no two are the same, however close they lie and however far from 0.
     */
    static List<Tick> round(Limits limits, int most) {
        BigDecimal step = step(limits.range() / most);
        BigDecimal first = new BigDecimal(limits.lo()).divide(step, 0, RoundingMode.CEILING);
        BigDecimal last = new BigDecimal(limits.hi()).divide(step, 0, RoundingMode.FLOOR);
        BigDecimal size = first.abs().max(last.abs()).multiply(step);
        boolean exponents = step.compareTo(LEAST_LARGE) >= 0 || size.compareTo(LEAST_PLAIN) < 0;
        List<Tick> ticks = new ArrayList<>();
        for (BigDecimal i = first; i.compareTo(last) <= 0; i = i.add(BigDecimal.ONE)) {
            BigDecimal value = i.multiply(step);
            ticks.add(new Tick(value.doubleValue(), label(value, step, exponents)));
        }
        return ticks;
    }

    /**
     * Ticks at multiples of pi / parts from {@code from} to {@code to} such parts, as far as they lie within limits.
     */
    static List<Tick> ofPi(Limits limits, int from, int to, int parts) {
        List<Tick> ticks = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            double value = i * Math.PI / parts;
            if (value >= limits.lo() && value <= limits.hi()) {
                ticks.add(new Tick(value, fractionOfPi(i, parts)));
            }
        }
        return ticks;
    }

    /** The least of 1, 2, 5 times a power of ten that is not below the given width. */
    private static BigDecimal step(double atLeast) {
        BigDecimal least = new BigDecimal(atLeast);
        BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen(least.precision() - least.scale() - 1);
        for (int factor : new int[] {1, 2, 5}) {
            BigDecimal step = power.multiply(BigDecimal.valueOf(factor));
            if (step.compareTo(least) >= 0) {
                return step;
            }
        }
        return power.scaleByPowerOfTen(1);
    }

    private static String label(BigDecimal value, BigDecimal step, boolean exponents) {
        if (value.signum() == 0) {
            return "0";
        }
        int decimals = step.stripTrailingZeros().scale();
        BigDecimal size = value.abs().setScale(decimals, RoundingMode.UNNECESSARY);
        String digits = exponents
                ? String.format(Locale.ROOT, "%." + (size.precision() - 1) + "e", size)
                        .replace("e-", "e" + MINUS)
                : size.setScale(Math.max(0, decimals), RoundingMode.UNNECESSARY).toPlainString();
        return (value.signum() < 0 ? MINUS : "") + digits;
    }

    /** {@code numerator / denominator} times pi, in lowest terms. */
    private static String fractionOfPi(int numerator, int denominator) {
        if (numerator == 0) {
            return "0";
        }
        int divisor = gcd(Math.abs(numerator), denominator);
        int above = Math.abs(numerator) / divisor;
        int below = denominator / divisor;
        return (numerator < 0 ? MINUS : "") + (above == 1 ? "" : above) + PI + (below == 1 ? "" : "/" + below);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
