package org.gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class HistoryTest {

    private static final EpochSeconds SECONDS = new EpochSeconds(1, 1);

    /** As Python formats these floats: 0.03125 is a tie, and goes to even. */
    private static final List<EpochLoss> TABLE =
            List.of(new EpochLoss(0.26544f, 0.00625f), new EpochLoss(Float.NaN, Float.POSITIVE_INFINITY));

    @Test
    void textIsTheLossTableOfTheCommandLine() {
        assertThat(new History(new float[2], TABLE, List.of(SECONDS, SECONDS), false))
                .hasToString("Epoch\tLoss train\tLoss test\n1 / 2\t0.2654\t0.0063\n2 / 2\tnan\tinf\n");
        assertThat(new History(new float[1], List.of(new EpochLoss(0.00015f, 0.03125f)), List.of(SECONDS), false))
                .hasToString("Epoch\tLoss train\tLoss test\n1 / 1\t0.0002\t0.0312\n");
        assertThat(History.EMPTY).hasToString("Epoch\tLoss train\tLoss test\n");
    }

    /** How many epochs were asked for is not known any more. */
    @Test
    void interruptedRunSaysSo() {
        assertThat(new History(new float[2], TABLE, List.of(SECONDS, SECONDS), true))
                .hasToString("Epoch\tLoss train\tLoss test\n1\t0.2654\t0.0063\n2\tnan\tinf\ninterrupted\n");
    }
}
