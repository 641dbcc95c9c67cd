package org.gradus.pages.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.gradus.autograd.Tensor;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Linear;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "-0.5, −0.5",
        "0.123449, 0.1234",
        "0.12345678, 0.1235",
        "0.001, 0.001",
        "0.00099996, 0.001",
        "0.00012345, 1.234·10⁻⁴",
        "-1.5e-12, −1.5·10⁻¹²",
        "1234.5678, 1235",
        "9999.9, 1·10⁴",
        "123456, 1.235·10⁵",
    })
    void numbersHaveFourDigits(double value, String text) {
        assertThat(Numbers.text(value)).isEqualTo(text);
    }

    @Test
    void lossBecomesSmaller() {
        Explanation step = SmallStep.PROBABILITIES.explanation();

        assertThat(step.lossAfter()).isLessThan(step.lossBefore());
    }

    /** 2 pixels, 1 hidden unit that the second pixel reaches most; the second output errs most. */
    @Test
    void followedElementsAreThoseThatMatterMost() {
        Sequential model = new Sequential(
                new Linear(2, 1, new TorchRandom(0)), new Linear(1, 2, new TorchRandom(0)), new Sigmoid());
        model.loadStateDict(java.util.Map.of(
                "0.weight", Tensor.matrix(1, 2, 0.5f, 0.5f),
                "0.bias", Tensor.vector(0),
                "1.weight", Tensor.matrix(2, 1, 0, -4),
                "1.bias", Tensor.vector(0, 0)));
        Explanation step = Explanation.of(model, new BCELoss(), Tensor.matrix(1, 2, 0.25f, 1), 1);

        Focus focus = Focus.of(step.operations());

        assertThat(focus.before(0)).isEqualTo(1);
        assertThat(focus.after(0)).isZero();
        assertThat(focus.after(1)).isEqualTo(1);
        assertThat(focus.after(2)).isEqualTo(1);
    }

    @Test
    void numbersThatCannotBeShownAreRefused() {
        Sequential model = new Sequential(new Linear(2, 2, new TorchRandom(0)));
        model.namedParameters().get("0.weight").data()[3] = Float.POSITIVE_INFINITY;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Explanation.of(model, new MSELoss(), Tensor.matrix(1, 2, 1, 1), 1))
                .withMessage(
                        "explain: the output of affine has the number Infinity in step 1; nothing can be explained with"
                                + " it, take smaller weights or an earlier step");
    }
}
