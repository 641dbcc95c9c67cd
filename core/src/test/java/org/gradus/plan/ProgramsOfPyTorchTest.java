package org.gradus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.KernelProvider;
import org.gradus.nn.BCEWithLogitsLoss;
import org.gradus.nn.CrossEntropyLoss;
import org.gradus.nn.Linear;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.ReLU;
import org.gradus.nn.Residual;
import org.gradus.nn.Sequential;
import org.gradus.nn.Tanh;
import org.gradus.optim.SGD;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.FullSetLoss;
import org.gradus.train.History;
import org.gradus.train.StepKind;
import org.gradus.train.Trainer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A residual autoencoder, a classifier, and a network with one layer in two places, trained by PyTorch in double: {@code
 * scripts/reference/residual_and_classes.py} wrote the numbers.
 */
class ProgramsOfPyTorchTest {

    private static final double U = 0x1p-24;

    /** Measured and pinned: a few roundings of numbers near 1; the largest error of all is 1.19 u. Bits are the same everywhere. */
    private static final double BOUND = 1.2 * U;

    private record Case(String name, JsonNode node) {
        @Override
        public String toString() {
            return name;
        }

        Tensor tensor(String role) {
            return ProgramsOfPyTorchTest.tensor(node.get(role));
        }

        Sequential net() {
            TorchRandom random = new TorchRandom(3); // values are loaded over these
            Linear square = new Linear(4, 4, random);
            Sequential net = switch (name) {
                case "residual autoencoder" ->
                    Sequential.named(
                                    "encoder",
                                    new Sequential(
                                            new Linear(5, 3, random),
                                            new Residual(
                                                    new Linear(3, 3, random), new ReLU(), new Linear(3, 3, random))))
                            .and(
                                    "decoder",
                                    new Sequential(
                                            new Residual(new Linear(3, 3, random), new Tanh()),
                                            new Linear(3, 5, random)));
                case "classifier" -> new Sequential(new Linear(4, 6, random), new ReLU(), new Linear(6, 3, random));
                default -> new Sequential(square, new Tanh(), square);
            };
            net.loadStateDict(state("start"));
            return net;
        }

        Loss loss() {
            return switch (name) {
                case "residual autoencoder" -> new MSELoss();
                case "classifier" -> new CrossEntropyLoss();
                default -> new BCEWithLogitsLoss();
            };
        }

        Map<String, Tensor> state(String when) {
            Map<String, Tensor> state = new LinkedHashMap<>();
            node.get(when)
                    .properties()
                    .forEach(entry -> state.put(entry.getKey(), ProgramsOfPyTorchTest.tensor(entry.getValue())));
            return state;
        }
    }

    private static double[] doubles(JsonNode numbers) {
        return StreamSupport.stream(numbers.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    private static Tensor tensor(JsonNode node) {
        int[] shape = StreamSupport.stream(node.get("shape").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
        double[] numbers = doubles(node.get("data"));
        float[] data = new float[numbers.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) numbers[i];
        }
        return Tensor.of(Shape.of(shape), data);
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream in = ProgramsOfPyTorchTest.class.getResourceAsStream("/org/gradus/programs.json")) {
            return StreamSupport.stream(
                            new ObjectMapper().readTree(in).get("cases").spliterator(), false)
                    .map(node -> new Case(node.get("name").asText(), node));
        }
    }

    private static void assertClose(String what, float[] actual, double[] expected) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("%s, element %d: %s, expected %s", what, i, actual[i], expected[i])
                    .isLessThanOrEqualTo(BOUND);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void namesTextAndGradients(Case c) {
        Sequential net = c.net();
        assertThat(net).hasToString(c.node.get("text").asText());
        assertThat(net.stateDict().keySet())
                .containsExactlyElementsOf(c.state("start").keySet());
        Tape tape = Tape.fresh();
        Tensor x = tape.input(c.tensor("x"));
        Tensor y = c.loss() instanceof MSELoss ? x : tape.input(c.tensor("y"));
        c.loss().of(net.forward(x), y).backward();
        c.node.get("grads")
                .properties()
                .forEach(entry -> assertClose(
                        entry.getKey(), net.stateDict().get(entry.getKey()).grad(), doubles(entry.getValue())));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainsAsInPyTorch(Case c) {
        Sequential net = c.net();
        Tensor x = c.tensor("x");
        Tensor y = c.loss() instanceof MSELoss ? x : c.tensor("y");
        double[] losses = doubles(c.node.get("losses"));
        Trainer trainer = new Trainer(net, c.loss(), new SGD(net.parameters(), 0.1), new NumpyRandom(1))
                .epochs(losses.length)
                .batchSize(x.shape().length(0));
        History history = trainer.fit(x, y, x, y);

        boolean plans = KernelProvider.kernels().name().equals("vector");
        assertThat(trainer.steps().kind()).isEqualTo(plans ? StepKind.PLANNED : StepKind.REPLAYED);
        assertClose("losses", history.batchLosses(), losses);
        c.state("after")
                .keySet()
                .forEach(name -> assertClose(
                        name,
                        net.stateDict().get(name).data(),
                        doubles(c.node.get("after").get(name).get("data"))));
        FullSetLoss fullSet = new FullSetLoss(c.net(), c.loss());
        for (StepKind kind : new StepKind[] {StepKind.RECORDED, plans ? StepKind.PLANNED : StepKind.REPLAYED}) {
            assertClose("loss over the set", new float[] {fullSet.of(x, y)}, new double[] {losses[0]});
            assertThat(fullSet.steps().kind()).isEqualTo(kind);
        }
    }
}
