package org.gradus.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RandomStateTest {

    @Test
    void laterDrawsAndWritesDoNotReachASavedState() {
        TorchRandom random = new TorchRandom(1);
        RandomState saved = random.state();
        saved.words()[0] = 7;
        random.rand(1000);
        assertThat(saved).isEqualTo(new TorchRandom(1).state()).isNotEqualTo(random.state());

        int[] words = saved.words();
        RandomState rebuilt = new RandomState(words, saved.position(), saved.cachedNormal());
        words[0]++;
        assertThat(rebuilt).isEqualTo(saved).hasSameHashCodeAs(saved);
    }

    @Test
    void everyPartCountsInEquals() {
        RandomState state = new TorchRandom(1).state();
        int[] words = state.words();
        words[623]++;
        assertThat(state)
                .isNotEqualTo(new RandomState(words, 624, OptionalDouble.empty()))
                .isNotEqualTo(new RandomState(state.words(), 623, OptionalDouble.empty()))
                .isNotEqualTo(new RandomState(state.words(), 624, OptionalDouble.of(0)));
    }

    @Test
    void printsNoWords() {
        RandomState state = new RandomState(new int[624], 3, OptionalDouble.of(0.5));
        assertThat(state).hasToString("RandomState[MT19937, position 3 of 624, cached normal 0.5]");
        assertThat(new TorchRandom(1).state())
                .hasToString("RandomState[MT19937, position 624 of 624, cached normal none]");
    }

    @Test
    void badParts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomState(new int[623], 0, OptionalDouble.empty()))
                .withMessage("RandomState: 623 words, but MT19937 has 624; was the saved state cut short?");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomState(new int[624], 625, OptionalDouble.empty()))
                .withMessage("RandomState: position 625 is outside 0..624");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomState(new int[624], -1, OptionalDouble.empty()))
                .withMessage("RandomState: position -1 is outside 0..624");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RandomState(new int[624], 0, OptionalDouble.of(Double.NaN)))
                .withMessage("RandomState: cached normal value is NaN; use OptionalDouble.empty() where there is none");
    }
}
