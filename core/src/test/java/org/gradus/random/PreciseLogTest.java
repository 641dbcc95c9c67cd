package org.gradus.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Against the logarithm in 40 decimal digits, computed another way: by roots and the series of ln(1 + x). */
@Tag("once")
class PreciseLogTest {

    private static final MathContext DIGITS = new MathContext(40);
    private static final double ULPS = 0.501;
    private static final long MANTISSA = (1L << 52) - 1;

    /** Down to 2^-106, the smallest sum of two squares the polar method can meet. */
    @Property
    void halfAnUlpOverTheUnitInterval(
            @ForAll @IntRange(min = -106, max = -1) int exponent,
            @ForAll @LongRange(min = 0, max = MANTISSA) long mantissa) {
        double s = Math.scalb(1 + mantissa * 0x1p-52, exponent);
        assertThat(error(s)).as("ulps of log(%s)", s).isLessThanOrEqualTo(ULPS);
    }

    @Property
    void halfAnUlpNearOne(
            @ForAll @IntRange(min = 4, max = 52) int distance,
            @ForAll @LongRange(min = 0, max = MANTISSA) long mantissa,
            @ForAll boolean above) {
        double difference = Math.scalb(1 + mantissa * 0x1p-52, -distance);
        double s = above ? 1 + difference : 1 - difference;
        assertThat(error(s)).as("ulps of log(%s)", s).isLessThanOrEqualTo(ULPS);
    }

    @Example
    void exactWhereTheLogarithmIs() {
        assertThat(PreciseLog.log(1)).isZero();
    }

    /** Here the rounding error of z counts to its last bit: added without its derivative it gives 0.513 to 0.517 ulp. */
    @Example
    void halfAnUlpWhereTheErrorOfZIsLargest() {
        for (double s : new double[] {0.7274227678652697, 0.6864204844965159, 0.7145030587692774, 0.6986780892712828}) {
            assertThat(error(s)).as("ulps of log(%s)", s).isLessThanOrEqualTo(ULPS);
        }
    }

    @Example
    void halfAnUlpAtTheEdges() {
        double root = Math.sqrt(0.5);
        double[] edges = {
            Double.MIN_NORMAL,
            Double.MAX_VALUE,
            Math.nextDown(1.0),
            Math.nextUp(1.0),
            0.5,
            2,
            root,
            Math.nextDown(root),
            Math.nextUp(root),
            Math.sqrt(2),
            Math.nextDown(Math.sqrt(2)),
            Math.nextUp(Math.sqrt(2))
        };
        for (double s : edges) {
            assertThat(error(s)).as("ulps of log(%s)", s).isLessThanOrEqualTo(ULPS);
        }
    }

    private static double error(double s) {
        double log = PreciseLog.log(s);
        return new BigDecimal(log)
                .subtract(exact(s))
                .abs()
                .divide(new BigDecimal(Math.ulp(log)), DIGITS)
                .doubleValue();
    }

    /** ln(s) = k ln(2) + 2^8 ln(m^(1/2^8)), so that the series of ln(1 + x) starts from a small x. */
    private static BigDecimal exact(double s) {
        int k = Math.getExponent(s);
        BigDecimal m = new BigDecimal(Math.scalb(s, -k));
        if (s > 0.5 && s < 1) {
            k = 0;
            m = new BigDecimal(s);
        }
        return lnByRoots(m).add(lnByRoots(BigDecimal.valueOf(2)).multiply(BigDecimal.valueOf(k)), DIGITS);
    }

    private static BigDecimal lnByRoots(BigDecimal value) {
        MathContext more = new MathContext(80);
        BigDecimal root = value;
        for (int i = 0; i < 8; i++) {
            root = root.sqrt(more);
        }
        BigDecimal x = root.subtract(BigDecimal.ONE);
        BigDecimal power = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ZERO;
        for (int n = 1; n <= 28; n++) {
            power = power.multiply(x, more);
            BigDecimal term = power.divide(BigDecimal.valueOf(n), more);
            sum = n % 2 == 1 ? sum.add(term) : sum.subtract(term);
        }
        return sum.multiply(BigDecimal.valueOf(256), DIGITS);
    }
}
