package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.gradus.examples.run.Decimals;
import org.junit.jupiter.api.Test;

class ReferenceTest {

    @Test
    void pytorchRanEveryExperimentButTheTwoThatRepeatOthers() {
        Map<String, Reference> pytorch = Reference.pytorch();

        assertThat(pytorch.keySet())
                .containsExactlyInAnyOrder("T1.3", "T1.5b", "T1.B1", "T1.B1c", "T1.B2", "T1.B2n", "T1.B3");
        assertThat(Tutorial1.ids()).containsAll(pytorch.keySet()).hasSize(pytorch.size() + 2);
        pytorch.values().forEach(run -> assertThat(run.firstBatchLosses()).hasSize(100));
        assertThat(pytorch.get("T1.B1").table().get(9).test()).isEqualTo(0.2457570731639862);
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
}
