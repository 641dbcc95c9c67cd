package org.gradus.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

@Tag("once")
class MapProperties {

    /** Rounding of two angles and of three coordinates, each half an ulp of at most pi. */
    private static final float ROUNDING = 5e-7f;

    @Property
    void anglesOfAPointLeadBackToIt(
            @ForAll @FloatRange(min = -1, max = 1) float x,
            @ForAll @FloatRange(min = -1, max = 1) float y,
            @ForAll @FloatRange(min = 0.01f, max = 1) float z) {
        double r = Math.sqrt((double) x * x + (double) y * y + (double) z * z);

        float[] back = Sphere.toU3(Sphere.toS2(new float[] {x, y, z}));

        assertThat(back[0]).isCloseTo((float) (x / r), within(ROUNDING));
        assertThat(back[1]).isCloseTo((float) (y / r), within(ROUNDING));
        assertThat(back[2]).isCloseTo((float) (z / r), within(ROUNDING));
    }

    /**
     * Away from the poles, where phi is lost in rounding, and from the cut at pi: there an error of 1e-7 in x and y
     * moves phi by 1e-7 / sin theta, and one in z moves theta by as much.
     */
    @Property
    void pointOfAnglesLeadsBackToThem(
            @ForAll @FloatRange(min = 0.1f, max = 3.04f) float theta,
            @ForAll @FloatRange(min = -3.14f, max = 3.14f) float phi) {
        float[] back = Sphere.toS2(Sphere.toU3(new float[] {theta, phi}));

        assertThat(back[0]).isCloseTo(theta, within(2e-6f));
        assertThat(back[1]).isCloseTo(phi, within(2e-6f));
    }

    @Property
    void limitsHoldEveryCodeWithAtLeastFivePercentToSpare(
            @ForAll @Size(min = 2, max = 20) List<@FloatRange(min = -1000, max = 1000) Float> values) {
        float[] codes = new float[values.size()];
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < codes.length; i++) {
            codes[i] = values.get(i);
            min = Math.min(min, codes[i]);
            max = Math.max(max, codes[i]);
        }
        double range = (double) max - min;

        Limits limits = Limits.of(codes, 1, 0);

        assertThat(min - limits.lo()).isCloseTo(0.05 * range, within(1e-12));
        assertThat(limits.hi() - max).isCloseTo(0.0525 * range, within(1e-12));
    }

    @Property
    void gridIsEvenAndKeepsHalfACellFromTheEdges(
            @ForAll @DoubleRange(min = -100, max = 100) double lo,
            @ForAll @DoubleRange(min = 0.01, max = 100) double range,
            @ForAll @IntRange(min = 2, max = 32) int side) {
        Limits limits = new Limits(lo, lo + range);
        Grid grid = new Grid(new Limits(0, 1), limits, side);

        double[] rows = grid.rows();

        double cell = limits.range() / side;
        for (int i = 0; i < side; i++) {
            assertThat(rows[i]).isCloseTo(limits.hi() - (i + 0.5) * cell, within(1e-12));
        }
    }

    @Property
    void ticksLieWithinTheLimitsAndAreNeitherFewNorMany(
            @ForAll @DoubleRange(min = -1000, max = 1000) double lo,
            @ForAll @DoubleRange(min = 0.01, max = 10000) double range,
            @ForAll @IntRange(min = 5, max = 12) int most) {
        Limits limits = new Limits(lo, lo + range);

        List<Tick> ticks = Tick.round(limits, most);

        // The step is at most 2.5 times what would give exactly `most` intervals.
        assertThat(ticks).hasSizeBetween((int) (most / 2.5), most + 1);
        assertThat(ticks).allSatisfy(tick -> assertThat(tick.value()).isBetween(limits.lo(), limits.hi()));
        assertThat(ticks).extracting(Tick::label).doesNotHaveDuplicates();
        assertThat(ticks)
                .allSatisfy(tick -> assertThat(Double.parseDouble(tick.label().replace('\u2212', '-')))
                        .isCloseTo(tick.value(), within(1e-9 * Math.max(1, Math.abs(tick.value())))));
    }
}
