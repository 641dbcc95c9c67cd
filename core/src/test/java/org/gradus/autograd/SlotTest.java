package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SlotTest {

    @Test
    void sameLengthGivesTheSameArray() {
        Slot slot = new Slot();
        float[] full = slot.data(64);
        float[] rest = slot.data(32);
        assertThat(full).hasSize(64);
        assertThat(slot.data(64)).isSameAs(full);
        assertThat(slot.data(32)).isSameAs(rest);
    }

    @Test
    void valuesAndGradientsAreApart() {
        Slot slot = new Slot();
        assertThat(slot.grad(8)).isNotSameAs(slot.data(8)).isSameAs(slot.grad(8));
    }

    @Test
    void rememberedLengthsAreFewAndTheOldestGoesFirst() {
        Slot slot = new Slot();
        float[] first = slot.data(1);
        float[] second = slot.data(2);
        slot.data(3);
        slot.data(4);
        assertThat(slot.data(1)).isSameAs(first);
        slot.data(5);
        assertThat(slot.data(2)).isSameAs(second);
        assertThat(slot.data(1)).isNotSameAs(first);
    }
}
