package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gradus.pages.Decimals;
import org.junit.jupiter.api.Test;

class ReferenceTest {

    /** T1.5a repeats the beginning of T1.3, and T1.6 is T1.B3 under one seed. */
    @Test
    void pytorchRanEveryTrainingButTheTwoThatRepeatOthers() {
        Map<String, Reference> pytorch = Reference.pytorch();
        List<String> trainings = new ArrayList<>();
        Contents.all().forEach(tutorial -> trainings.addAll(tutorial.ids()));
        trainings.removeAll(List.of("T1.0", "T1.1", "T1.2", "T1.4", "T1.5a", "T1.6", "T1.7", "T1.B4"));

        assertThat(pytorch.keySet()).containsExactlyInAnyOrderElementsOf(trainings);
        pytorch.values().forEach(run -> assertThat(run.firstBatchLosses()).hasSize(100));
        assertThat(pytorch.get("T1.B1").table().get(9).test()).isEqualTo(0.2457570731639862);
        assertThat(pytorch.get("T3.0").table()).hasSize(25);
        assertThat(pytorch.get("T3.0").table().get(24).test()).isEqualTo(0.17072010040283203);
    }

    /** Two independent sources: the slides' tables, and PyTorch's run, printed. */
    @Test
    void deckAndPyTorchAgreeAtFourDecimals() {
        Map<String, Reference> deck = Reference.deck();

        assertThat(deck.keySet()).containsExactly("T1.B1", "T1.B2", "T1.B3");
        deck.forEach((id, reference) -> {
            assertThat(reference.table()).hasSize(10);
            for (int e = 0; e < 10; e++) {
                Reference.Row pytorch = Reference.pytorch().get(id).table().get(e);
                Reference.Row row = reference.table().get(e);
                assertThat(Decimals.four(pytorch.train())).isEqualTo(Decimals.four(row.train()));
                assertThat(Decimals.four(pytorch.test())).isEqualTo(Decimals.four(row.test()));
            }
        });
    }

    /** Runs without a seed are one draw: as many epochs as PyTorch's, and losses at the same level. */
    @Test
    void unseededTablesOfTheDeck() {
        Map<String, Reference> deck = Reference.unseededDeck();

        assertThat(deck.keySet())
                .containsExactly(
                        "T1.3", "T1.5a", "T1.6", "T2.1", "T2.2", "T2.3", "T3.1", "T3.2", "T3.3", "T3.4", "T3.5",
                        "T3.6");
        Map<String, String> repeated = Map.of("T1.5a", "T1.3", "T1.6", "T1.B3");
        deck.forEach((id, reference) -> {
            Reference pytorch = Reference.pytorch().get(repeated.getOrDefault(id, id));
            for (int e = 0; e < reference.table().size(); e++) {
                Reference.Row row = reference.table().get(e);
                assertThat(row.test() / pytorch.table().get(e).test())
                        .as("%s, epoch %d", id, e + 1)
                        .isBetween(0.85, 1.15);
                assertThat(row.train() / row.test()).isBetween(0.95, 1.05);
            }
            assertThat(reference.seeded()).isFalse();
        });
    }
}
