package org.gradus.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.testing.Fixtures;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten steps of every optimiser of the fixtures, from the same gradients. */
class OptimizerFixturesTest {

    /**
     * PyTorch rounds between the operations that are fused here: a few roundings of value or step, in each of ten
     * steps.
     */
    private static final double BOUND = 2e-6;

    private static final Pattern NAME = Pattern.compile("(\\w+)\\((.*)\\)");
    private static final Pattern OPTION = Pattern.compile("(\\w+)(?:=(\\([^)]*\\)|[^,(]+))?");

    @TestFactory
    Stream<DynamicTest> everyStepEqualsPyTorch() {
        return Fixtures.get().optimisers().stream()
                .map(fixture -> DynamicTest.dynamicTest(fixture.optimiser(), () -> compare(fixture)));
    }

    @Test
    void theFileHoldsEveryOptimiser() {
        List<String> names = Fixtures.get().optimisers().stream()
                .map(Fixtures.OptimiserCase::optimiser)
                .toList();
        assertThat(names)
                .anyMatch(name -> name.startsWith("Adam("))
                .anyMatch(name -> name.startsWith("AdamW("))
                .anyMatch(name -> name.startsWith("SGD("));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"RMSprop(lr=0.1)", "Adam(amsgrad)", "SGD(lr=0.1,dampening=0.5)", "AdamW(lr=(0.1,0.2))", "Adam"})
    void anUnknownOptimiserFails(String name) {
        assertThatThrownBy(() -> make(name, List.of(Tensor.scalar(0).trainable())))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("no test knows ");
    }

    private static void compare(Fixtures.OptimiserCase fixture) {
        Tensor p = Tensor.of(Shape.of(fixture.start().shape()), fixture.start().floats())
                .trainable();
        Optimizer optimizer = make(fixture.optimiser(), List.of(p));
        assertThat(fixture.grads()).isNotEmpty();
        for (int step = 0; step < fixture.grads().size(); step++) {
            optimizer.zeroGrad();
            float[] g = fixture.grads().get(step).floats();
            System.arraycopy(g, 0, p.grad(), 0, g.length);
            optimizer.step();
            double[] expected = fixture.after().get(step).data();
            for (int i = 0; i < expected.length; i++) {
                double scale = Math.max(Math.abs(expected[i]), optimizer.learningRate());
                assertThat(Math.abs(p.data()[i] - expected[i]) / scale)
                        .as("%s, step %d, element %d: %s, expected %s", fixture, step, i, p.data()[i], expected[i])
                        .isLessThanOrEqualTo(BOUND);
            }
        }
    }

    private static Optimizer make(String name, List<Tensor> parameters) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new AssertionError("no test knows the optimiser '" + name + "'");
        }
        Map<String, String> options = options(name, parts.group(2));
        return switch (parts.group(1)) {
            case "Adam" -> new Adam(parameters, adam(name, Adam.defaults(), options));
            case "AdamW" -> new AdamW(parameters, adam(name, AdamW.defaults(), options));
            case "SGD" -> new SGD(parameters, sgd(name, options));
            default -> throw new AssertionError("no test knows the optimiser '" + name + "'");
        };
    }

    private static Map<String, String> options(String name, String text) {
        Map<String, String> options = new LinkedHashMap<>();
        Matcher option = OPTION.matcher(text);
        int end = 0;
        while (option.find()) {
            if (option.start() != end) {
                break;
            }
            options.put(option.group(1), option.group(2) == null ? "true" : option.group(2));
            end = Math.min(option.end() + 1, text.length());
        }
        if (end < text.length()) {
            throw new AssertionError("no test knows the options of '" + name + "'");
        }
        return options;
    }

    private static AdamOptions adam(String name, AdamOptions defaults, Map<String, String> options) {
        AdamOptions result = defaults;
        for (Map.Entry<String, String> option : options.entrySet()) {
            result = switch (option.getKey()) {
                case "lr" -> result.withLearningRate(number(name, option));
                case "eps" -> result.withEpsilon(number(name, option));
                case "weight_decay" -> result.withWeightDecay(number(name, option));
                case "betas" -> {
                    String[] betas = option.getValue().replaceAll("[() ]", "").split(",", -1);
                    yield result.withBetas(Double.parseDouble(betas[0]), Double.parseDouble(betas[1]));
                }
                default -> throw unknown(name, option);
            };
        }
        return result;
    }

    private static SgdOptions sgd(String name, Map<String, String> options) {
        SgdOptions result = SGD.defaults();
        for (Map.Entry<String, String> option : options.entrySet()) {
            result = switch (option.getKey()) {
                case "lr" -> result.withLearningRate(number(name, option));
                case "momentum" -> result.withMomentum(number(name, option));
                case "weight_decay" -> result.withWeightDecay(number(name, option));
                case "nesterov" -> result.withNesterov(option.getValue().equalsIgnoreCase("true"));
                default -> throw unknown(name, option);
            };
        }
        return result;
    }

    private static double number(String name, Map.Entry<String, String> option) {
        try {
            return Double.parseDouble(option.getValue());
        } catch (NumberFormatException e) {
            throw new AssertionError("no test knows the value of '" + option.getKey() + "' in '" + name + "'", e);
        }
    }

    private static AssertionError unknown(String name, Map.Entry<String, String> option) {
        return new AssertionError("no test knows the option '" + option.getKey() + "' of '" + name + "'");
    }
}
