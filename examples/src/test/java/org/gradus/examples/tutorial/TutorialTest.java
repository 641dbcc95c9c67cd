package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.gradus.examples.tutorial1.Tutorial1;
import org.gradus.examples.tutorial2.Tutorial2;
import org.gradus.examples.tutorial3.Tutorial3;
import org.junit.jupiter.api.Test;

class TutorialTest {

    private static final List<Tutorial> ALL = List.of(Tutorial1.tutorial(), Tutorial2.tutorial(), Tutorial3.tutorial());

    @Test
    void experimentsAreThoseOfTheContents() {
        Experiment other = new Experiment("T2.9", "another", 1, notebook -> {});

        assertThat(Contents.allIds()).hasSize(26).doesNotHaveDuplicates();
        assertThatThrownBy(() -> new Tutorial(Contents.TWO, "", List.of(other), notebook -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tutorial 2 has the experiments [T2.9] but Contents lists [T2.1, T2.2, T2.3, T2.B1];"
                        + " name the same ones in both");
    }

    @Test
    void allExperimentsOfTheThreeTutorials() {
        assertThat(ALL.get(0).ids())
                .containsExactly(
                        "T1.0", "T1.1", "T1.2", "T1.3", "T1.4", "T1.5a", "T1.5b", "T1.6", "T1.7", "T1.B1", "T1.B1c",
                        "T1.B2", "T1.B2n", "T1.B3", "T1.B4");
        assertThat(ALL.get(1).ids()).containsExactly("T2.1", "T2.2", "T2.3", "T2.B1");
        assertThat(ALL.get(2).ids()).containsExactly("T3.0", "T3.1", "T3.2", "T3.3", "T3.4", "T3.5", "T3.6");
    }

    @Test
    void whatAnExperimentNeedsComesBeforeIt() {
        for (Tutorial tutorial : ALL) {
            List<String> earlier = new ArrayList<>();
            for (Experiment experiment : tutorial.experiments()) {
                assertThat(earlier).containsAll(experiment.needs());
                earlier.add(experiment.id());
            }
        }
    }

    @Test
    void needsAreAddedInTheTutorialsOrder() {
        assertThat(Tutorial1.tutorial().withNeeds(Set.of("T1.7"))).containsExactly("T1.1", "T1.6", "T1.7");
        assertThat(Tutorial3.tutorial().withNeeds(Set.of("T3.4", "T3.2"))).containsExactly("T3.0", "T3.2", "T3.4");
        assertThat(Tutorial2.tutorial().withNeeds(Set.of("T1.7"))).isEmpty();
    }

    @Test
    void referenceOfAnotherNetworkIsRefused() {
        assertThatThrownBy(() -> Tutorial3.requireReference(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing")
                .hasMessageContaining("'0.weight' [392,784]");
    }
}
