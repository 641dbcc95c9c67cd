package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Labels tell neighbours apart, however close they lie and however far from 0. */
class TickProperties {

    /**
     * An axis around {@code sign mantissa 10^exponent}, narrower than that by up to 15 powers of ten, or wider by up to 3; around 0
     * for sign 0.
     */
    @Property(tries = 2000)
    void labelsOfNeighboursDifferAndSayWhereTheyAre(
            @ForAll @IntRange(min = -1, max = 1) int sign,
            @ForAll @DoubleRange(min = 1, max = 10) double mantissa,
            @ForAll @IntRange(min = -30, max = 30) int exponent,
            @ForAll @IntRange(min = -15, max = 3) int relative,
            @ForAll @DoubleRange(min = 1, max = 10) double width,
            @ForAll @IntRange(min = 1, max = 12) int most) {
        double middle = sign * scaled(mantissa, exponent);
        double half = scaled(width, exponent + relative);
        Limits limits = new Limits(middle - half, middle + half);

        List<Tick> ticks = Tick.round(limits, most);

        for (int i = 0; i < ticks.size(); i++) {
            BigDecimal read = read(ticks.get(i).label());
            if (i > 0) {
                BigDecimal step = read.subtract(read(ticks.get(i - 1).label()));
                assertThat(step).as("%s", ticks).isPositive();
                BigDecimal off =
                        read.subtract(new BigDecimal(ticks.get(i).value())).abs();
                // The value itself is a double, half an ulp off at most.
                BigDecimal allowed = step.divide(BigDecimal.valueOf(2)).max(new BigDecimal(Math.ulp(middle + half)));
                assertThat(off).as("%s", ticks).isLessThanOrEqualTo(allowed);
            }
            assertThat(read.doubleValue()).isEqualTo(ticks.get(i).value());
        }
    }

    /** By a power of ten, rounded once. */
    private static double scaled(double mantissa, int exponent) {
        return new BigDecimal(mantissa).scaleByPowerOfTen(exponent).doubleValue();
    }

    private static BigDecimal read(String label) {
        return new BigDecimal(label.replace('\u2212', '-'));
    }
}
