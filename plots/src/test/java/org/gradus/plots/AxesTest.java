package org.gradus.plots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
class AxesTest {

    private static final AxisLabels NAMES = new AxisLabels("z1", "z2");

    @ParameterizedTest
    @CsvSource({"-17.7, 10.5", "0.99999988, 1.00000012", "-1000000.2, -1000000.1", "1e30, 1.0001e30", "0, 3e-16"})
    void labelsDoNotReachTheNext(double lo, double hi) {
        Limits limits = new Limits(lo, hi);

        Axes axes = Axes.round(limits, limits, NAMES, EncoderMap.SIDE, EncoderMap.SIDE);

        assertThat(axes.across()).hasSizeGreaterThan(1);
        assertThat(axes.upwards()).hasSizeGreaterThan(1);
        for (int i = 1; i < axes.across().size(); i++) {
            Tick before = axes.across().get(i - 1);
            Tick tick = axes.across().get(i);
            double widths = Pen.width(before.label(), Look.TICK) + Pen.width(tick.label(), Look.TICK);
            assertThat(axes.x(tick.value()) - axes.x(before.value())).isGreaterThan(widths / 2);
        }
    }

    @Test
    void longLabelsOnTheLeftRunUpwards() {
        Limits limits = new Limits(0.99999988, 1.00000012);
        SvgSurface surface = SvgSurface.of(600, 600);

        Axes.round(limits, limits, NAMES, EncoderMap.SIDE, EncoderMap.SIDE).paintFrame(Pen.onSvg(surface), 100, 20);

        String svg = new String(surface.toBytes("", ""), UTF_8);
        assertThat(svg.split(">1.00000000<", -1)).as("below and on the left").hasSize(3);
        assertThat(svg).containsPattern("<text[^>]*rotate\\(-90\\)[^>]*>1\\.00000000<");
    }
}
