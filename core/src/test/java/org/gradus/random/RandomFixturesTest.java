package org.gradus.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.testing.Fixtures;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every random fixture drawn by PyTorch and NumPy, drawn again. */
class RandomFixturesTest {

    @TestFactory
    Stream<DynamicTest> equalsPyTorchAndNumPy() {
        Fixtures fixtures = Fixtures.get();
        return fixtures.rng().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> compare(fixtures.seed(), entry)));
    }

    @Test
    void theFileHoldsFixturesOfBothLibraries() {
        assertThat(Fixtures.get().rng().keySet())
                .anyMatch(key -> key.startsWith("torch."))
                .anyMatch(key -> key.startsWith("np."));
    }

    private static void compare(long seed, Map.Entry<String, Fixtures.Array> entry) {
        String key = entry.getKey();
        double[] expected = entry.getValue().data();
        List<RandomDraws.Value> drawn = RandomDraws.draw(key, seed);
        assertThat(drawn).as(key).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            double actual = drawn.get(i).number();
            double ulp = key.startsWith("torch.") ? Math.ulp((float) expected[i]) : Math.ulp(expected[i]);
            // The difference of two neighbours is exact, so zero ulps means equal.
            assertThat(Math.abs(actual - expected[i]) / ulp)
                    .as("%s of seed %d, element %d: %s, expected %s, in ulps", key, seed, i, actual, expected[i])
                    .isLessThanOrEqualTo(drawn.get(i).ulps());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "np.beta(3)",
                "torch.normal(3)",
                "torch.rand(3),rand(x)",
                "np.choice(5,2,replace=True)",
                "np.permutation(4) thrice",
                "np.normal(3)beta(2)",
                "jax.normal(3)"
            })
    void anUnknownFixtureFails(String key) {
        assertThatThrownBy(() -> RandomDraws.draw(key, 0))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("random fixture '" + key + "': no test knows how to draw '");
    }
}
