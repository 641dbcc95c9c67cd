package org.gradus.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.random.TorchRandom;
import org.gradus.testing.Fixtures;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every initialiser and every freshly built network of the fixtures, drawn again from the same seed. */
class InitFixturesTest {

    /**
     * Normal values differ by at most this after scaling: logarithm, sine and cosine are not PyTorch's; see
     * TorchRandom.
     */
    private static final double NORMAL_ULPS = 5;

    private static final Pattern INITIALISER =
            Pattern.compile("(\\w+)_(?: (fan_out)| leaky ([0-9.]+))?\\(([0-9]+),([0-9]+)\\)");
    private static final Pattern NETWORK = Pattern.compile("Sequential\\((.*?)\\)(?:: heads and sums)?");
    private static final Pattern LINEAR = Pattern.compile("Linear\\(([0-9]+),([0-9]+)\\)");

    @TestFactory
    Stream<DynamicTest> initialisersEqualPyTorch() {
        Fixtures fixtures = Fixtures.get();
        return fixtures.init().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Tensor drawn = draw(entry.getKey(), fixtures.seed());
                    float[] expected = entry.getValue().floats();
                    if (entry.getKey().contains("uniform")) {
                        assertBitsEqual(entry.getKey(), drawn.data(), expected);
                    } else {
                        assertWithinUlps(entry.getKey(), drawn.data(), expected);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> stateDictsEqualPyTorch() {
        Fixtures fixtures = Fixtures.get();
        return fixtures.initStates().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Map<String, Tensor> state =
                            build(entry.getKey(), fixtures.seed()).stateDict();
                    assertThat(state.keySet())
                            .containsExactlyElementsOf(entry.getValue().keySet());
                    entry.getValue().forEach((name, expected) -> {
                        Tensor actual = state.get(name);
                        assertThat(actual.shape().toString())
                                .as("shape of %s", name)
                                .isEqualTo(Arrays.toString(expected.shape()).replace(" ", ""));
                        assertBitsEqual(name, actual.data(), expected.floats());
                    });
                }));
    }

    @TestFactory
    Stream<DynamicTest> largeStateDictsEqualPyTorchInHeadTailAndSum() {
        Fixtures fixtures = Fixtures.get();
        return fixtures.initSummaries().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Map<String, Tensor> state =
                            build(entry.getKey(), fixtures.seed()).stateDict();
                    assertThat(state.keySet())
                            .containsExactlyElementsOf(entry.getValue().keySet());
                    entry.getValue()
                            .forEach((name, expected) ->
                                    assertSummary(name, state.get(name).data(), expected));
                }));
    }

    @Test
    void theFileHoldsFixturesOfEveryKind() {
        Fixtures fixtures = Fixtures.get();
        assertThat(fixtures.init().keySet())
                .anyMatch(key -> key.contains("uniform"))
                .anyMatch(key -> key.contains("normal"));
        assertThat(fixtures.initStates()).isNotEmpty();
        assertThat(fixtures.initSummaries()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orthogonal_(3,5)",
                "kaiming_uniform_ fan_avg(3,5)",
                "xavier_uniform_ fan_out(3,5)",
                "kaiming_uniform_(3)"
            })
    void anUnknownInitialiserFails(String key) {
        assertThatThrownBy(() -> draw(key, 0))
                .isInstanceOf(AssertionError.class)
                .hasMessage("no test knows the initialiser '" + key + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sequential(Conv2d(3,5))", "Sequential(Linear(3,5),GELU)", "ModuleList(Linear(3,5))"})
    void anUnknownNetworkFails(String key) {
        assertThatThrownBy(() -> build(key, 0))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("no test knows the ");
    }

    private static Tensor draw(String key, long seed) {
        Matcher parts = INITIALISER.matcher(key);
        if (!parts.matches()) {
            throw new AssertionError("no test knows the initialiser '" + key + "'");
        }
        FanMode mode = parts.group(2) == null ? FanMode.FAN_IN : FanMode.FAN_OUT;
        boolean plain = parts.group(2) == null && parts.group(3) == null;
        double gain = parts.group(3) == null ? Init.RELU_GAIN : Init.leakyReluGain(Double.parseDouble(parts.group(3)));
        Tensor w = Tensor.zeros(Integer.parseInt(parts.group(4)), Integer.parseInt(parts.group(5)));
        TorchRandom random = new TorchRandom(seed);
        String name = parts.group(1);
        if (name.equals("kaiming_uniform") && plain) {
            Init.kaimingUniform(w, random);
        } else if (name.equals("kaiming_uniform")) {
            Init.kaimingUniform(w, random, mode, gain);
        } else if (name.equals("kaiming_normal") && plain) {
            Init.kaimingNormal(w, random);
        } else if (name.equals("kaiming_normal")) {
            Init.kaimingNormal(w, random, mode, gain);
        } else if (name.equals("xavier_uniform") && plain) {
            Init.xavierUniform(w, random);
        } else if (name.equals("xavier_normal") && plain) {
            Init.xavierNormal(w, random);
        } else {
            throw new AssertionError("no test knows the initialiser '" + key + "'");
        }
        return w;
    }

    /** A network from its key; three dots stand for the second half of an autoencoder, ReLU, Linear back, Sigmoid. */
    private static Sequential build(String key, long seed) {
        Matcher network = NETWORK.matcher(key);
        if (!network.matches()) {
            throw new AssertionError("no test knows the network '" + key + "'");
        }
        TorchRandom random = new TorchRandom(seed);
        List<Layer> layers = new ArrayList<>();
        int[] widths = {0, 0};
        for (String part : network.group(1).split(",(?![0-9])", -1)) {
            Matcher linear = LINEAR.matcher(part);
            if (linear.matches()) {
                widths[0] = Integer.parseInt(linear.group(1));
                widths[1] = Integer.parseInt(linear.group(2));
                layers.add(new Linear(widths[0], widths[1], random));
            } else if (part.equals("...")) {
                layers.add(new ReLU());
                layers.add(new Linear(widths[1], widths[0], random));
                layers.add(new Sigmoid());
            } else {
                layers.add(withoutWidths(part));
            }
        }
        return new Sequential(layers);
    }

    private static Layer withoutWidths(String name) {
        return switch (name) {
            case "ReLU" -> new ReLU();
            case "PReLU" -> new PReLU();
            case "Sigmoid" -> new Sigmoid();
            case "Tanh" -> new Tanh();
            default -> throw new AssertionError("no test knows the layer '" + name + "'");
        };
    }

    private static void assertBitsEqual(String name, float[] actual, float[] expected) {
        assertThat(actual).as(name).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Float.floatToRawIntBits(actual[i]))
                    .as("%s, element %d: %s, expected %s", name, i, actual[i], expected[i])
                    .isEqualTo(Float.floatToRawIntBits(expected[i]));
        }
    }

    private static void assertWithinUlps(String name, float[] actual, float[] expected) {
        assertThat(actual).as(name).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs((double) actual[i] - expected[i]) / Math.ulp(expected[i]))
                    .as("%s, element %d: %s, expected %s, in ulps", name, i, actual[i], expected[i])
                    .isLessThanOrEqualTo(NORMAL_ULPS);
        }
    }

    private static void assertSummary(String name, float[] actual, Fixtures.Summary expected) {
        float[] head = expected.head().floats();
        float[] tail = expected.tail().floats();
        assertBitsEqual(name + " head", Arrays.copyOf(actual, head.length), head);
        assertBitsEqual(name + " tail", Arrays.copyOfRange(actual, actual.length - tail.length, actual.length), tail);
        double sum = 0;
        double magnitude = 0;
        for (float value : actual) {
            sum += value;
            magnitude += Math.abs(value);
        }
        // Two sums of the same n doubles in different orders: each is off by at most n u sum|w|.
        assertThat(Math.abs(sum - expected.sum()))
                .as("%s sum", name)
                .isLessThanOrEqualTo(2 * actual.length * 0x1p-53 * magnitude);
    }
}
