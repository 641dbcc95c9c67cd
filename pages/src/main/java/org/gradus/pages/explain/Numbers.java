package org.gradus.pages.explain;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.gradus.pages.Decimals;

/**
 * Numbers of a page: rounded for the eye, exact in the markup. HTML's {@code data} element keeps both; its attribute {@code data-at}
 * tells where the library holds the number.
 *
 * <pre>{@code
 * <data value="-0.012973100878298283" data-at="0.weight[1,433]">−0.01297</data>
 * }</pre>
 */
final class Numbers {

    private static final int SHORT = 4;
    private static final int LONG = 7;

    /** From here down, and from {@link #LEAST_LARGE} up, a number is written with a power of ten. */
    private static final BigDecimal LEAST_PLAIN = new BigDecimal("0.001");

    private static final BigDecimal LEAST_LARGE = new BigDecimal("10000");

    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private Numbers() {}

    /** A number that the library holds at an address. */
    static String at(String address, float value) {
        return element(address, value, SHORT);
    }

    /** As {@link #at}, with seven digits: as many as tell a weight from what one step makes of it. */
    static String longAt(String address, float value) {
        return element(address, value, LONG);
    }

    /** A number that was computed for the page. */
    static String derived(double value) {
        return element("", value, SHORT);
    }

    /** As {@link #derived}, with seven digits. */
    static String longDerived(double value) {
        return element("", value, LONG);
    }

    private static String element(String address, double value, int digits) {
        return "<data value=\"" + Decimals.full(value).toPlainString() + "\""
                + (address.isEmpty() ? "" : " data-at=\"" + address + "\"") + ">" + text(value, digits) + "</data>";
    }

    /** Four significant digits. */
    static String text(double value) {
        return text(value, SHORT);
    }

    private static String text(double value, int digits) {
        BigDecimal rounded = new BigDecimal(value)
                .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
        if (rounded.signum() == 0) {
            return "0";
        }
        BigDecimal size = rounded.abs();
        boolean plain = size.compareTo(LEAST_PLAIN) >= 0 && size.compareTo(LEAST_LARGE) < 0;
        String digitsText = plain ? size.toPlainString() : withPower(size);
        return (rounded.signum() < 0 ? "−" : "") + digitsText;
    }

    private static String withPower(BigDecimal size) {
        int exponent = size.precision() - size.scale() - 1;
        return size.scaleByPowerOfTen(-exponent).toPlainString() + "·10" + superscript(exponent);
    }

    private static String superscript(int exponent) {
        StringBuilder text = new StringBuilder(exponent < 0 ? "⁻" : "");
        for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
            text.append(SUPERSCRIPTS.charAt(digit - '0'));
        }
        return text.toString();
    }
}
