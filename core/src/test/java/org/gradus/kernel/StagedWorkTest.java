package org.gradus.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Teams that meet between stages: who reads what when. */
@Timeout(120)
class StagedWorkTest {

    private static final int STAGES = 7;

    /** Every member adds up, in each stage, what all members of its team wrote in the one before. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 1, 2", "3, 1, 3", "5, 1, 5", "5, 2, 2", "16, 4, 4", "16, 1, 16", "7, 3, 2"})
    void membersReadWhatOthersHaveWritten(int threads, int teams, int members) {
        try (Engine engine = new Engine(Kernels.plain(), threads)) {
            for (int round = 0; round < 20; round++) {
                long[][] values = new long[STAGES][teams * members];
                int first = round;
                engine.inStages(teams, members, STAGES, (kernels, part, stage) -> {
                    long sum = (long) part + first;
                    for (int m = 0; stage > 0 && m < members; m++) {
                        sum += values[stage - 1][part / members * members + m];
                    }
                    values[stage][part] = sum;
                });
                assertThat(values).isDeepEqualTo(oneAfterTheOther(teams, members, first));
            }
        }
    }

    private static long[][] oneAfterTheOther(int teams, int members, int first) {
        long[][] values = new long[STAGES][teams * members];
        for (int s = 0; s < STAGES; s++) {
            for (int part = 0; part < teams * members; part++) {
                values[s][part] = (long) part + first;
                for (int m = 0; s > 0 && m < members; m++) {
                    values[s][part] += values[s - 1][part / members * members + m];
                }
            }
        }
        return values;
    }

    @Test
    void everyStageOfEveryPartRunsOnce() {
        AtomicIntegerArray count = new AtomicIntegerArray(4 * STAGES);
        try (Engine engine = new Engine(Kernels.plain(), 5)) {
            engine.inStages(2, 2, STAGES, (kernels, part, stage) -> count.incrementAndGet(part * STAGES + stage));
        }
        for (int i = 0; i < count.length(); i++) {
            assertThat(count.get(i)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 3", "1, 1", "3, 6"})
    void whatAPartThrowsIsThrownAndNobodyWaitsForEver(int who, int when) {
        try (Engine engine = new Engine(Kernels.plain(), 4)) {
            assertThatThrownBy(() -> engine.inStages(1, 4, STAGES, (kernels, part, stage) -> {
                        if (part == who && stage == when) {
                            throw new IllegalStateException("stage " + stage);
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("stage " + when);
            membersReadWhatOthersHaveWritten(4, 2, 2);
            int[] done = new int[4];
            engine.inStages(1, 4, 1, (kernels, part, stage) -> done[part]++);
            assertThat(done).containsExactly(1, 1, 1, 1);
        }
    }

    @Test
    void errorsOfOneThreadAloneAreThrownToo() {
        try (Engine engine = new Engine(Kernels.plain(), 1)) {
            assertThatThrownBy(() -> engine.inStages(1, 1, 2, (kernels, part, stage) -> {
                        throw new AssertionError("stage " + stage);
                    }))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("stage 0");
        }
    }

    @Test
    void impossibleTeamsAreRefused() {
        try (Engine engine = new Engine(Kernels.plain(), 3);
                Engine one = new Engine(Kernels.plain(), 1)) {
            assertThatThrownBy(() -> engine.inStages(2, 2, 5, (kernels, part, stage) -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "inStages: 2 teams of 2 threads, 5 stages; each must be at least 1, and this engine has 3"
                                    + " threads");
            assertThatThrownBy(() -> one.inStages(1, 1, 0, (kernels, part, stage) -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "inStages: 1 teams of 1 threads, 0 stages; each must be at least 1, and this engine has 1"
                                    + " thread");
        }
    }

    @Test
    void workThatAsksItsOwnEngineIsRefused() {
        try (Engine engine = new Engine(Kernels.plain(), 1)) {
            assertThatThrownBy(() -> engine.inStages(
                            1, 1, 1, (kernels, part, stage) -> engine.inStages(1, 1, 1, (k, p, s) -> {})))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this engine is at work; a part of that work computes with the kernels it is given");
        }
    }
}
