package org.gradus.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected numbers are PyTorch 1.13's, printed by Python; uniform values, permutations and words must equal them exactly. */
class TorchRandomTest {

    /** {@code manual_seed(3)}, then draws of every kind, so that the cached normal value has to survive the others. */
    @Test
    void mixedDraws() {
        TorchRandom random = new TorchRandom(3);
        assertUlps(random.randn(3), 1, 0.80327606f, 0.17483339f, 0.0889781f);
        assertThat(random.rand(2)).containsExactly(0.5944212f, 0.88785666f);
        assertUlps(random.randn(2), 1, -0.61371803f, -0.5175351f);
        assertUlps(Arrays.copyOfRange(random.randn(20), 16, 20), 3, 0.6589139f, 0.8194592f, 0.5615939f, -0.24814683f);
        assertThat(random.randperm(6)).containsExactly(5, 2, 3, 1, 4, 0);
        assertThat(new double[] {random.randDouble(), random.randDouble()})
                .containsExactly(0.9973380031448636, 0.32830807513411187);
        assertUlps(random.randn(1), 1, -0.41864654f);
        assertThat(random.rand()).isEqualTo(0.27731252f);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0.9937993884086609, 0.5713063478469849, 0.5700080394744873",
        "1099511627781, 0.8302518725395203, 0.12611091136932373, 0.9074696898460388",
        "-9223372036854775799, 0.6557844877243042, 0.30202269554138184, 0.4798964262008667",
    })
    void onlyTheLow32BitsOfASeedCount(long seed, float first, float second, float third) {
        assertThat(new TorchRandom(seed).rand(3)).containsExactly(first, second, third);
        assertThat(new TorchRandom((int) seed).rand(3)).containsExactly(first, second, third);
    }

    @Test
    void manualSeedStartsAgainAndForgetsTheCachedNormal() {
        TorchRandom random = new TorchRandom(8);
        float[] first = random.randn(1);
        random.manualSeed(8);
        assertThat(random.state()).isEqualTo(new TorchRandom(8).state());
        assertThat(random.randn(1)).containsExactly(first);
    }

    @Test
    void wordsAreTheRawStream() {
        TorchRandom random = new TorchRandom(0);
        assertThat(Integer.toUnsignedLong(random.nextInt32())).isEqualTo(2357136044L);
        assertThat(Integer.toUnsignedLong(random.nextInt32())).isEqualTo(2546248239L);
    }

    @Test
    void uniformBetweenBounds() {
        float[] out = {9, 9, 9, 9, 9, 9, 9};
        new TorchRandom(1).uniform(out, 1, 5, -0.3, 0.7);
        assertThat(out).containsExactly(9, 0.4576316f, -0.02068913f, 0.103069246f, 0.43468446f, -0.27071846f, 9);
    }

    /** A thousand values and every bit of them: without the fma half of them would differ in the last one. */
    @Test
    void uniformToTheLastBit() {
        float[] out = new float[1000];
        new TorchRandom(1).uniform(out, -0.3, 0.8);
        int exclusiveOr = 0;
        int sum = 0;
        for (float v : out) {
            exclusiveOr ^= Float.floatToRawIntBits(v);
            sum += Float.floatToRawIntBits(v);
        }
        assertThat(exclusiveOr).isEqualTo(0x06b584b6);
        assertThat(Integer.toUnsignedLong(sum)).isEqualTo(3051054424L);
    }

    /** Bounds 1 and 2, seed 0: element 71006344 of PyTorch's tensor is 2.0, though the interval is called half-open. */
    @Test
    void uniformRoundsUpToTheBoundWherePyTorchDoes() {
        TorchRandom random = new TorchRandom(0);
        for (int i = 0; i < 71_006_344; i++) {
            random.nextInt32();
        }
        float[] out = new float[1];
        random.uniform(out, 1, 2);
        assertThat(out).containsExactly(2f);
    }

    @Test
    void normalWithMeanInBlocksOf16() {
        float[] out = new float[20];
        new TorchRandom(1).normal(out, 2, 18, 2.5, 0.5);
        float[] expected = {
            1.737202f, 2.1248841f, 2.8497713f, 2.5995407f, 2.932846f,
            2.622202f, 2.1685443f, 2.903654f, 2.7195709f, 3.0856004f,
            1.3772211f, 1.7767711f, 2.5305777f, 2.1911278f, 2.100965f,
            2.4341884f, 2.10078f, 2.6678653f
        };
        assertThat(Arrays.copyOf(out, 2)).containsOnly(0f);
        // 5 ulp of the standard deviations added, which are below 1.2 here
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(out[2 + i] - expected[i])).as("element %d", i).isLessThanOrEqualTo(5 * Math.ulp(1.2f));
        }
    }

    @Test
    void normalWithMeanBelow16() {
        float[] out = new float[4];
        new TorchRandom(1).normal(out, 2.5, 0.5);
        assertUlps(out, 1, 2.830676f, 2.633462f, 2.5308387f, 2.8106587f);
    }

    @Test
    void nothingDrawnNothingChanged() {
        TorchRandom random = new TorchRandom(4);
        RandomState before = random.state();
        assertThat(random.rand(0)).isEmpty();
        assertThat(random.randn(0)).isEmpty();
        assertThat(random.randperm(0)).isEmpty();
        assertThat(random.randperm(1)).containsExactly(0);
        assertThat(random.state()).isEqualTo(before);
    }

    @Test
    void badArguments() {
        TorchRandom random = new TorchRandom(0);
        float[] five = new float[5];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.rand(-1))
                .withMessage("TorchRandom.rand: cannot draw -1 values");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.randn(-2))
                .withMessage("TorchRandom.randn: cannot draw -2 values");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.randperm(-3))
                .withMessage("TorchRandom.randperm: cannot draw -3 values");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.uniform(five, 3, 3, 0, 1))
                .withMessage("TorchRandom.uniform: 3 values from index 3 on do not fit an array of 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.normal(five, -1, 3, 0, 1))
                .withMessage("TorchRandom.normal: 3 values from index -1 on do not fit an array of 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.normal(five, 1, Integer.MAX_VALUE, 0, 1))
                .withMessage("TorchRandom.normal: 2147483647 values from index 1 on do not fit an array of 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.uniform(five, 2, 1))
                .withMessage("TorchRandom.uniform: lower bound 2.0 must not exceed upper bound 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.uniform(five, Double.NaN, 1))
                .withMessage("TorchRandom.uniform: lower bound NaN must not exceed upper bound 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.uniform(five, -3e38, 3e38))
                .withMessage("TorchRandom.uniform: bounds -3.0E38 and 3.0E38 and their distance must be finite floats");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.normal(five, 0, -1))
                .withMessage("TorchRandom.normal: standard deviation -1.0 must be 0 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.normal(five, 1e39, 1))
                .withMessage("TorchRandom.normal: mean 1.0E39 and standard deviation 1.0 must be finite floats");
        assertThat(random.state()).isEqualTo(new TorchRandom(0).state());
        assertThat(five).containsOnly(0f);
    }

    private static void assertUlps(float[] actual, int ulps, float... expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]) / Math.ulp(expected[i]))
                    .as("element %d: %s, expected %s, in ulps", i, actual[i], expected[i])
                    .isLessThanOrEqualTo(ulps);
        }
    }
}
