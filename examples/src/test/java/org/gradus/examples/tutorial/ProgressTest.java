package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static Experiment experiment(String id, double seconds) {
        return new Experiment(id, "", seconds, notebook -> {});
    }

    @Test
    void minutesAndSeconds() {
        assertThat(Progress.time(0)).isEqualTo("0:00");
        assertThat(Progress.time(59.6)).isEqualTo("1:00");
        assertThat(Progress.time(725)).isEqualTo("12:05");
    }

    @Test
    void beginsWithWhatExperimentsAreExpectedToTake() {
        Progress progress = new Progress();
        Experiment first = experiment("A", 30);
        progress.plan(List.of(first, experiment("B", 45)));

        assertThat(progress.begin(first)).isEqualTo("  [1 of 2, about 1:15 left]");
    }

    /** The first experiment took no time at all, so neither will the second. */
    @Test
    void goesOnAtTheSpeedSoFar() {
        Progress progress = new Progress();
        Experiment first = experiment("A", 30);
        Experiment second = experiment("B", 45);
        progress.plan(List.of(first, second));
        progress.begin(first);
        progress.end(first);

        assertThat(progress.begin(second)).isEqualTo("  [2 of 2, about 0:00 left]");
    }

    @Test
    void whatWasKeptSaysNothingAboutSpeed() {
        Progress progress = new Progress();
        Experiment first = experiment("A", 30);
        Experiment second = experiment("B", 45);
        progress.plan(List.of(first, second));
        progress.begin(first);
        progress.keptEarlier(1);
        progress.end(first);

        assertThat(progress.begin(second)).isEqualTo("  [2 of 2, about 0:45 left]");
    }

    @Test
    void aSingleExperimentNeedsNoPlace() {
        Progress progress = new Progress();
        progress.plan(List.of(experiment("A", 30)));

        assertThat(progress.begin(experiment("A", 30))).isEmpty();
    }
}
