package org.gradus.pages.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.gradus.optim.Adam;
import org.gradus.optim.AdamOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AdamElementTest {

    private static AdamElement at(long step) {
        return AdamElement.of(Adam.defaults(), step, 1, 0.5f, 0, 0);
    }

    @Test
    void powersAreOneProductPerStep() {
        AdamOptions options = Adam.defaults();
        double beta1 = options.beta1();
        double beta2 = options.beta2();

        assertThat(at(1).correction1()).isEqualTo(1 - beta1);
        assertThat(at(3).correction1()).isEqualTo(1 - beta1 * beta1 * beta1);
        assertThat(at(3).correction2()).isEqualTo(1 - beta2 * beta2 * beta2);
    }

    /** Above 1/2 they never become 0. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void powersOfAnyNumberOfStepsAreThereAtOnce() {
        AdamElement last = at(Long.MAX_VALUE);

        assertThat(last.correction1()).isEqualTo(1);
        assertThat(last.correction2()).isEqualTo(1);
    }
}
