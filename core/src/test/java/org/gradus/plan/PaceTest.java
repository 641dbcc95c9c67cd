package org.gradus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PaceTest {

    /** Steps of {@code pace} on a machine where a step takes the given time, alone and together; returns those taken alone. */
    private static int stepsAlone(Pace pace, int steps, long alone, long together) {
        int counted = 0;
        for (int s = 0; s < steps; s++) {
            boolean isAlone = pace.threads() == 1;
            counted += isAlone ? 1 : 0;
            pace.took(isAlone ? alone : together);
        }
        return counted;
    }

    @Test
    void oneThreadIsNeverAskedForMore() {
        assertThat(stepsAlone(new Pace(1), 10_000, 7, 5)).isEqualTo(10_000);
    }

    @Test
    void beginsWithAllThreads() {
        assertThat(stepsAlone(new Pace(2), Pace.FIRST_HOLD, 1, 100)).isZero();
    }

    @Property(tries = 50)
    void stepsOfTheSlowerKindAreFew(@ForAll @LongRange(min = 1, max = 1_000_000) long faster) {
        long slower = 2 * faster;
        int steps = 100_000;
        assertThat(stepsAlone(new Pace(4), steps, slower, faster)).isLessThan(steps / 100);
        assertThat(steps - stepsAlone(new Pace(4), steps, faster, slower)).isLessThan(steps / 100);
    }

    @Test
    void changesWithTheNeighbours() {
        Pace pace = new Pace(2);
        stepsAlone(pace, 50_000, 100, 60);
        assertThat(pace.threads()).isEqualTo(2);
        int untilNoticed = 2 * Pace.LONGEST_HOLD;
        stepsAlone(pace, untilNoticed, 100, 900);
        assertThat(stepsAlone(pace, 1000, 100, 900))
                .as("alone once the neighbour came")
                .isGreaterThan(900);
        stepsAlone(pace, untilNoticed, 100, 60);
        assertThat(stepsAlone(pace, 1000, 100, 60)).as("alone once it has gone").isLessThan(150);
    }

    @Test
    void aFewStepsThatWereInterruptedDecideNothing() {
        Pace pace = new Pace(2);
        Random random = new Random(1);
        int alone = 0;
        for (int s = 0; s < 20_000; s++) {
            boolean isAlone = pace.threads() == 1;
            alone += isAlone ? 1 : 0;
            long lost = random.nextInt(10) == 0 ? 4_000_000 : 0;
            pace.took((isAlone ? 100_000 : 60_000) + lost);
        }
        assertThat(alone).isLessThan(400);
    }
}
