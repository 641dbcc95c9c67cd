package org.gradus.pages;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/**
 * Numbers as text that depends on the number alone. The text of {@code Float.toString} and {@code Double.toString} changed with
 * JDK 19; these are the same on every version.
 */
public final class Decimals {

    /** Digits that tell every double from its neighbours. */
    private static final MathContext FULL = new MathContext(17, RoundingMode.HALF_EVEN);

    private Decimals() {}

    /**
     * A loss as the notebooks print it.
     *
     * @param value any number
     * @return 4 decimals, rounded from the exact value as Python does, or {@code nan}, {@code inf}, {@code -inf}
     */
    public static String four(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).setScale(4, RoundingMode.HALF_EVEN).toPlainString()
                : notFinite(value);
    }

    /**
     * A number in full precision.
     *
     * @param value a finite number
     * @return its value to 17 significant digits, without trailing zeros
     * @throws NumberFormatException if it is not finite
     */
    public static BigDecimal full(double value) {
        return new BigDecimal(value).round(FULL).stripTrailingZeros();
    }

    /**
     * A difference or a bound.
     *
     * @param value any number
     * @return 2 significant digits with an exponent, such as {@code 3.1E-8}, or {@code 0}
     */
    public static String brief(double value) {
        return value == 0 ? "0" : formatted(value, "0.0E0");
    }

    /**
     * A measured quantity.
     *
     * @param value any number
     * @return up to 6 decimals, such as {@code 0.013315} or {@code 20}
     */
    public static String six(double value) {
        return formatted(value, "0.######");
    }

    /** DecimalFormat rounds a BigDecimal from its exact value. */
    private static String formatted(double value, String pattern) {
        return Double.isFinite(value)
                ? new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT))
                        .format(new BigDecimal(value))
                : notFinite(value);
    }

    /** Python's words. */
    private static String notFinite(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        return value > 0 ? "inf" : "-inf";
    }
}
