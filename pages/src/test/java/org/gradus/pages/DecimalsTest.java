package org.gradus.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DecimalsTest {

    /** Expected texts are those of Python's {@code '%.4f' % x}. */
    @Test
    void fourDecimalsRoundAsPythonDoes() {
        assertThat(Decimals.four(0.26543056964874268)).isEqualTo("0.2654");
        assertThat(Decimals.four(0.00005)).as("the double lies above the tie").isEqualTo("0.0001");
        assertThat(Decimals.four(0.00015)).as("the double lies below the tie").isEqualTo("0.0001");
        assertThat(Decimals.four(0.03125)).as("a tie goes to even").isEqualTo("0.0312");
        assertThat(Decimals.four(2)).isEqualTo("2.0000");
        assertThat(Decimals.four(Double.NaN)).isEqualTo("nan");
        assertThat(Decimals.four(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
    }

    @Test
    void fullPrecisionReadsBackAsTheSameNumber() {
        // Double.toString(2e-3f) has changed between JDKs; this is the float's exact value to 17 digits.
        assertThat(Decimals.full(2e-3f)).hasToString("0.0020000000949949026");
        assertThat(Decimals.full(0.5)).hasToString("0.5");
        assertThat(Decimals.full(0)).hasToString("0");
        for (double value : new double[] {Math.PI, Float.MIN_VALUE, 1 / 3f, 1e300, Double.MIN_VALUE, -0.1}) {
            assertThat(Decimals.full(value).doubleValue()).isEqualTo(value);
        }
    }

    @Test
    void shortForms() {
        assertThat(Decimals.brief(3.14e-8)).isEqualTo("3.1E-8");
        assertThat(Decimals.brief(0)).isEqualTo("0");
        assertThat(Decimals.brief(Double.NaN)).isEqualTo("nan");
        assertThat(Decimals.six(0.0133152)).isEqualTo("0.013315");
        assertThat(Decimals.six(20)).isEqualTo("20");
    }
}
