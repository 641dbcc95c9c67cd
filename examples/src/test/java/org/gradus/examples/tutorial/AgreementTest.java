package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.examples.run.TrainedRun;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.pages.report.Check;
import org.gradus.train.EpochLoss;
import org.gradus.train.EpochSeconds;
import org.gradus.train.History;
import org.junit.jupiter.api.Test;

class AgreementTest {

    private static final Agreement BOUNDS = new Agreement(0.004, 1e-6, 5e-3);
    private static final Reference RECORDED = reference(0, 0.20, 0.18);

    @Test
    void boundsHoldForOneRunWhereNoSpreadWasMeasured() {
        assertThat(BOUNDS.checks("T", comparison(0, 0.2039, 0.18), Optional.empty()))
                .extracting(Check::holds)
                .containsExactly(true, true, true);
        List<Check> far = BOUNDS.checks("T", comparison(0, 0.2041, 0.18), Optional.empty());
        assertThat(far).extracting(Check::holds).containsExactly(false, true, true);
        assertThat(far.get(0).text())
                .isEqualTo("the loss table differs from PyTorch's under the same seed by at most 4.0E-3");
        assertThat(far.get(0).value()).isEqualTo(0.0041, within(1e-7));
    }

    @Test
    void firstHundredBatchesAreChecked() {
        assertThat(BOUNDS.checks("T", comparison(0.006, 0.20, 0.18), Optional.empty()))
                .extracting(Check::holds)
                .containsExactly(true, true, false);
        assertThat(BOUNDS.checks("T", comparison(0.004, 0.20, 0.18), Optional.empty()))
                .extracting(Check::holds)
                .containsExactly(true, true, true);
    }

    /** Variants that stay together change nothing, however many there are. */
    @Test
    void boundsStayWherePyTorchKeepsThemAgainstItself() {
        Optional<RoundingSpread> calm = spread(reference(0.004, 0.2039, 0.18), reference(0, 0.20, 0.18));

        assertThat(BOUNDS.checks("T", comparison(0, 0.2041, 0.18), calm))
                .extracting(Check::holds)
                .containsExactly(false, true, true);
        assertThat(BOUNDS.checks("T", comparison(0.006, 0.20, 0.18), calm))
                .extracting(Check::holds)
                .containsExactly(true, true, false);
    }

    @Test
    void wherePyTorchLeavesThemTheTableMayLieAmongItsRuns() {
        Optional<RoundingSpread> wide = spread(reference(0, 0.21, 0.18));

        assertThat(BOUNDS.checks("T", comparison(0, 0.2139, 0.18), wide).get(0).holds())
                .isTrue();
        assertThat(BOUNDS.checks("T", comparison(0, 0.1961, 0.18), wide).get(0).holds())
                .isTrue();
        Check above = BOUNDS.checks("T", comparison(0, 0.2141, 0.18), wide).get(0);
        assertThat(above.holds()).isFalse();
        assertThat(above.value()).isEqualTo(0.0041, within(1e-7));
        assertThat(above.text())
                .isEqualTo(
                        "each cell of the loss table lies within 4.0E-3 of what 2 runs of PyTorch span that differ in rounding"
                                + " alone (by up to 1.0E-2 from the one recorded); the farthest cell lies outside by");
        // The epoch in which all its runs agree is held to the bound as before.
        assertThat(BOUNDS.checks("T", comparison(0, 0.205, 0.1841), wide).get(0).holds())
                .isFalse();
        assertThat(BOUNDS.checks("T", comparison(0, Double.NaN, 0.18), wide)
                        .get(0)
                        .holds())
                .isFalse();
    }

    @Test
    void wherePyTorchLeavesThemBatchesMayDifferAsFarAsItsRuns() {
        Optional<RoundingSpread> wide = spread(beginning(0.04), beginning(-0.01));

        List<Check> within = BOUNDS.checks("T", comparison(0.039, 0.20, 0.18), wide);
        assertThat(within).extracting(Check::holds).containsExactly(true, true, true);
        assertThat(within.get(2).text())
                .isEqualTo(
                        "the losses of the first 100 batches differ from PyTorch's by at most 4.0E-2, relative, as far as"
                                + " PyTorch's other runs do where only rounding changes");
        assertThat(BOUNDS.checks("T", comparison(0.042, 0.20, 0.18), wide))
                .extracting(Check::holds)
                .containsExactly(true, true, false);
    }

    /** Each bound of the specification that PyTorch itself does not keep, and those that it keeps. */
    @Test
    void measuredSpreads() {
        Map<String, RoundingSpread> spreads = Reference.spreads();

        assertThat(spreads.keySet()).containsExactlyInAnyOrder("T2.B1", "T3.1", "T3.2", "T3.3");
        assertThat(spreads.get("T2.B1").tables()).isEqualTo(5);
        assertThat(spreads.get("T2.B1").table()).isBetween(1e-2, 1.1e-2);
        assertThat(spreads.get("T2.B1").batches(10)).isBetween(1.5e-6, 2e-6);
        assertThat(spreads.get("T2.B1").batches(100)).isLessThan(5e-3);
        assertThat(spreads.get("T3.1").table()).isBetween(8e-3, 1e-2);
        assertThat(spreads.get("T3.1").batches(10)).isBetween(3e-5, 5e-5);
        assertThat(spreads.get("T3.1").batches(100)).isBetween(5e-2, 7e-2);
        assertThat(spreads.get("T3.2").table()).isLessThan(4e-3);
        assertThat(spreads.get("T3.2").batches(10)).isLessThan(1e-6);
        assertThat(spreads.get("T3.2").batches(100)).isBetween(1.9e-2, 2e-2);
    }

    @Test
    void fineTuningOfAnotherReferenceHasNoBatchesToCompare() {
        assertThat(Agreement.of("T3.1", true).checks("T3.1", comparison(0.5, 0.20, 0.18), Optional.empty()))
                .hasSize(1);
        assertThat(Agreement.of("T3.1", false).checks("T3.1", comparison(0.5, 0.20, 0.18), Optional.empty()))
                .extracting(Check::holds)
                .containsExactly(true, true, false);
    }

    /** A run of two epochs whose 50th batch loss is off by a share. */
    private static Comparison comparison(double off, double first, double second) {
        float[] batches = new float[200];
        for (int b = 0; b < 200; b++) {
            batches[b] = 0.25f;
        }
        batches[49] = (float) (0.25 * (1 + off));
        History history = new History(
                batches, List.of(row(first), row(second)), Collections.nCopies(2, new EpochSeconds(1, 1)), false);
        return new Comparison(new TrainedRun(new Sequential(new Sigmoid()), "bce", 2, 32, history), RECORDED);
    }

    private static EpochLoss row(double loss) {
        return new EpochLoss((float) loss, (float) loss);
    }

    private static Optional<RoundingSpread> spread(Reference... variants) {
        return Optional.of(new RoundingSpread(RECORDED, List.of(variants)));
    }

    private static Reference reference(double off, double first, double second) {
        List<Double> batches = new ArrayList<>(Collections.nCopies(100, 0.25));
        batches.set(49, 0.25 * (1 + off));
        return new Reference(
                true, batches, List.of(new Reference.Row(first, first), new Reference.Row(second, second)));
    }

    /** A variant of which only the first batches are known. */
    private static Reference beginning(double off) {
        return new Reference(true, reference(off, 0, 0).firstBatchLosses(), List.of());
    }
}
