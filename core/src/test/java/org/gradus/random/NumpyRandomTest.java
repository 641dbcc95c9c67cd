package org.gradus.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Expected numbers are NumPy's, printed by Python; all but the normal values must equal them exactly. */
class NumpyRandomTest {

    @Test
    void permutationsOf60000() {
        NumpyRandom random = new NumpyRandom(0);
        int[] first = random.permutation(60_000);
        assertThat(Arrays.copyOf(first, 10))
                .containsExactly(3048, 19563, 58303, 8870, 40228, 31488, 21860, 56864, 845, 25770);
        assertThat(Arrays.copyOfRange(first, 59_995, 60_000)).containsExactly(45891, 52416, 42613, 43567, 2732);
        int[] second = new int[60_000];
        random.permutation(second);
        assertThat(Arrays.copyOf(second, 5)).containsExactly(26730, 32284, 31744, 22016, 34180);
    }

    /** The draws of a ten-epoch tutorial run: ten orders of the training set, a choice of test images, then noise. */
    @Test
    void choiceAndNormalsAfterTenPermutations() {
        NumpyRandom random = new NumpyRandom(0);
        int[] order = new int[60_000];
        for (int epoch = 0; epoch < 10; epoch++) {
            random.permutation(order);
        }
        assertThat(Arrays.copyOf(random.choice(10_000, 500), 8))
                .containsExactly(302, 3100, 1301, 8342, 8653, 4594, 8219, 4423);
        double[] expected = {0.04435001, 0.89429592, -0.59562889, -0.33267436};
        assertThat(random.normal(4)).containsExactly(expected, Offset.offset(0.5e-8)); // NumPy printed 8 decimals
    }

    @Test
    void smallChoicesAndShuffle() {
        assertThat(new NumpyRandom(0).choice(10_000, 10))
                .containsExactly(9394, 898, 2398, 5906, 2343, 8225, 5506, 6451, 2670, 3497);
        assertThat(new NumpyRandom(0).choiceWithReplacement(4, 8)).containsExactly(0, 3, 1, 0, 3, 3, 3, 3);
        int[] pixels = IntStream.range(0, 784).toArray();
        new NumpyRandom(0).shuffle(pixels);
        assertThat(Arrays.copyOf(pixels, 6)).containsExactly(693, 85, 647, 392, 765, 14);
    }

    /** {@code seed(2**32 - 1)}, then draws of every kind, and the state that {@code get_state()} returns after them. */
    @Test
    void mixedDrawsFromTheLargestSeed() {
        NumpyRandom random = new NumpyRandom(4294967295L);
        assertThat(random.randomSample(2)).containsExactly(0.0976320289940138, 0.9123828453026218);
        double[] normals = {random.normal(2, 3), random.normal(2, 3), random.normal(2, 3)};
        double[] expected = {3.9452260226919584, 4.007970591901448, -1.241631168242348};
        assertThat(normals).containsExactly(expected, Offset.offset(Math.ulp(4.0)));
        assertThat(random.randint(Integer.MIN_VALUE, Integer.MAX_VALUE, 3))
                .containsExactly(1758252571, -1414112115, 230795702);
        assertThat(random.randint(-5, 1_000_000, 3)).containsExactly(916562, 775474, 430801);
        assertThat(random.choiceWithReplacement(3, 4)).containsExactly(2, 1, 1, 1);
        int[] tens = {10, 20, 30, 40, 50, 60};
        random.shuffle(tens);
        assertThat(tens).containsExactly(30, 60, 40, 10, 50, 20);

        RandomState state = random.state();
        assertThat(state.position()).isEqualTo(31);
        assertThat(state.cachedNormal().orElseThrow())
                .isCloseTo(0.2845010447986309, Offset.offset(Math.ulp(0.2845010447986309)));
        assertThat(IntStream.of(state.words()).limit(3).mapToLong(Integer::toUnsignedLong))
                .containsExactly(2737327253L, 2812588176L, 448173242L);
        assertThat(Integer.toUnsignedLong(IntStream.of(state.words()).reduce(0, (a, b) -> a ^ b)))
                .isEqualTo(3588604755L);
    }

    /**
     * The polar method draws an unknown number of words; a thousand values later a single slip would show. The other
     * places are those where the logarithm of {@link StrictMath} leads 2 ulp or more astray.
     */
    @Test
    void normalsFarDownTheStream() {
        double[] normals = new NumpyRandom(0).normal(1001);
        assertNormal(normals[123], 1.3263858966870303);
        assertNormal(normals[338], -0.6840108977372166);
        assertNormal(normals[339], 1.6595507961898721);
        assertNormal(normals[451], 0.8202478373246812);
        assertNormal(normals[697], -0.7946363210714987);
        assertNormal(normals[739], -0.9880019424937344);
        assertNormal(normals[1000], 0.555962679709798);
    }

    private static void assertNormal(double actual, double expected) {
        assertThat(actual).isCloseTo(expected, Offset.offset(Math.ulp(expected)));
    }

    @Test
    void aRangeOfOneNumberTakesNoWord() {
        NumpyRandom random = new NumpyRandom(0);
        assertThat(random.randint(5, 6, 3)).containsExactly(5, 5, 5);
        assertThat(random.choice(1, 1)).containsExactly(0);
        assertThat(random.random()).isEqualTo(0.5488135039273248);
    }

    @Test
    void nothingDrawnNothingChanged() {
        NumpyRandom random = new NumpyRandom(4);
        RandomState before = random.state();
        assertThat(random.randomSample(0)).isEmpty();
        assertThat(random.normal(0)).isEmpty();
        assertThat(random.permutation(0)).isEmpty();
        assertThat(random.choice(0, 0)).isEmpty();
        assertThat(random.choiceWithReplacement(3, 0)).isEmpty();
        assertThat(random.state()).isEqualTo(before);
    }

    @Test
    void seedStartsAgainAndForgetsTheCachedNormal() {
        NumpyRandom random = new NumpyRandom(8);
        double first = random.normal();
        random.seed(8);
        assertThat(random.state()).isEqualTo(new NumpyRandom(8).state());
        assertThat(random.normal()).isEqualTo(first);
    }

    @Test
    void badArguments() {
        NumpyRandom random = new NumpyRandom(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NumpyRandom(-1))
                .withMessage("NumpyRandom: seed -1 is outside 0..4294967295, the seeds of numpy.random.seed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.seed(4294967296L))
                .withMessage("NumpyRandom: seed 4294967296 is outside 0..4294967295, the seeds of numpy.random.seed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.randint(3, 3))
                .withMessage("NumpyRandom.randint: lower bound 3 must be less than upper bound 3, which is exclusive");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.choice(3, 4))
                .withMessage("NumpyRandom.choice: cannot choose 4 different numbers of 3;"
                        + " choiceWithReplacement may repeat them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.choiceWithReplacement(0, 1))
                .withMessage("NumpyRandom.choiceWithReplacement: nothing to choose from 0 numbers; needs 1 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.permutation(-1))
                .withMessage("NumpyRandom.permutation: cannot draw -1 values");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.normal(0, -1))
                .withMessage("NumpyRandom.normal: standard deviation -1.0 must be 0 or more");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> random.uniform(2, 1))
                .withMessage("NumpyRandom.uniform: bounds 2.0 and 1.0 must be finite, in this order"
                        + " and a finite distance apart");
        assertThat(random.state()).isEqualTo(new NumpyRandom(0).state());
    }
}
