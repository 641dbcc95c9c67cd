package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.gradus.testing.Fixtures;
import org.gradus.testing.Fixtures.Array;
import org.gradus.testing.Fixtures.OpCase;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PyTorch's values and gradients: the oracle of what an operation computes, of its derivative and of its textbook formula. Most come out
 * to the bit. Where PyTorch adds up in another order, or has another exp or log, it is pinned how far apart the two are, in roundings of
 * the number itself ({@code 2^-24 |x|}). At kinks and clamps, where no difference quotient helps, PyTorch is the authority.
 */
class OpFixturesTest {

    private static final double U = 0x1p-24;

    /** Measured; a unit more than what is shown by no more than a tenth. By case: the value, then the gradient of each input. */
    private static final Map<String, double[]> APART = Map.ofEntries(
            Map.entry("linear", new double[] {0, 0, 0, 5.9}),
            Map.entry("tanh", new double[] {1.3, 5.3}),
            Map.entry("log", new double[] {1.3, 0}),
            Map.entry("prelu", new double[] {0, 0, 1.2}),
            Map.entry("normalize", new double[] {0, 5}),
            Map.entry("bce", new double[] {2.3, 1.4, 1.9}),
            Map.entry("bce_with_logits", new double[] {1.4, 1.8, 1.4}),
            Map.entry("cross_entropy", new double[] {1.3, 1.7}),
            Map.entry("add row", new double[] {0, 0, 3.2}),
            Map.entry("mean", new double[] {2.3, 0}),
            Map.entry("sum", new double[] {3.5, 0}),
            Map.entry("reused input", new double[] {1.1, 0}));

    /** PyTorch's floats against the formula in double: roundings of the largest number, since sums of products cancel. */
    private static final double TEXTBOOK_APART = 4;

    static Stream<OpCase> cases() {
        return Fixtures.get().ops().stream();
    }

    @Test
    void thereAreFixtures() {
        assertThat(cases()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valueAndGradientsAreThoseOfPyTorch(OpCase fixture) {
        Tensor[] leaves = leaves(fixture);
        Tape tape = Tape.fresh();
        Tensor[] in = Arrays.stream(leaves).map(tape::input).toArray(Tensor[]::new);
        Tensor y = fixture.op().equals("reused input")
                ? in[0].mul(in[0]).add(in[0].sigmoid().mul(in[0])).sum()
                : Tensor.apply(op(fixture.op()), in);
        compare("value", y.shape(), Samples.widened(y.data()), fixture.output(), fixture, 0);

        Tensor loss = y.mul(tensor(fixture.upstream())).sum();
        loss.backward();
        for (int i = 0; i < fixture.grads().size(); i++) {
            if (fixture.grads().get(i).isPresent()) {
                Array expected = fixture.grads().get(i).orElseThrow();
                double[] gradient = Samples.widened(leaves[i].grad());
                compare("gradient " + i, leaves[i].shape(), gradient, expected, fixture, i + 1);
            }
        }
    }

    /** {@code GradCheck} takes differences of the textbook formula: it must be PyTorch's function, not the operation's own. */
    @ParameterizedTest
    @MethodSource("cases")
    void textbookIsPyTorchsFunction(OpCase fixture) {
        if (!fixture.op().equals("reused input")) {
            Tensor[] in = leaves(fixture);
            double[][] wide =
                    Arrays.stream(in).map(t -> Samples.widened(t.data())).toArray(double[][]::new);
            Op op = op(fixture.op());
            double[] values = op.textbook(Tensor.shapesOf(in), wide);
            compare(
                    fixture + ": formula",
                    op.shapeOf(Tensor.shapesOf(in)),
                    values,
                    fixture.output(),
                    0,
                    TEXTBOOK_APART);
        }
    }

    /** Of a file that was named nothing is pinned: there 16 roundings of the largest number are allowed. */
    private static void compare(String what, Shape shape, double[] actual, Array expected, OpCase fixture, int result) {
        double[] pinned = APART.getOrDefault(fixture.op(), new double[result + 1]);
        boolean own = Fixtures.areOwn();
        compare(fixture + ": " + what, shape, actual, expected, own ? pinned[result] : 0, own ? 0 : 16);
    }

    private static void compare(
            String what, Shape shape, double[] actual, Array expected, double ofNumber, double ofLargest) {
        assertThat(shape).as(what).isEqualTo(Shape.of(expected.shape()));
        double largest = Arrays.stream(expected.data()).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < actual.length; i++) {
            double torch = expected.data()[i];
            assertThat(Math.abs(actual[i] - torch))
                    .as("%s, element %d: %s, PyTorch %s", what, i, actual[i], torch)
                    .isLessThanOrEqualTo(U * (ofNumber * Math.abs(torch) + ofLargest * largest));
        }
    }

    private static Tensor[] leaves(OpCase fixture) {
        Stream<Tensor> inputs =
                fixture.inputs().stream().map(input -> tensor(input).trainable());
        if (fixture.op().equals("cross_entropy")) {
            return Stream.concat(inputs, Stream.of(classes(fixture.note()))).toArray(Tensor[]::new);
        }
        return inputs.toArray(Tensor[]::new);
    }

    private static Tensor tensor(Array array) {
        return Tensor.of(Shape.of(array.shape()), array.floats());
    }

    /** The note reads "classes 0 2 1 2". */
    private static Tensor classes(String note) {
        assertThat(note).startsWith("classes ");
        String[] words = note.substring("classes ".length()).trim().split(" ", -1);
        float[] classes = new float[words.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = Integer.parseInt(words[i]);
        }
        return Tensor.vector(classes);
    }

    private static Op op(String torch) {
        return switch (torch) {
            case "linear" -> new AffineOp();
            case "matmul" -> new MatMulOp();
            case "relu" -> new ReluOp();
            case "prelu" -> new PReluOp();
            case "sigmoid" -> new SigmoidOp();
            case "tanh" -> new TanhOp();
            case "normalize" -> new NormalizeRowsOp();
            case "mse" -> new MseOp();
            case "bce" -> new BceOp();
            case "bce_with_logits" -> new BceWithLogitsOp();
            case "cross_entropy" -> new SoftmaxCrossEntropyOp();
            case "add", "add row" -> new AddOp();
            case "sub" -> new SubOp();
            case "mul" -> new MulOp();
            case "div" -> new DivOp();
            case "mean" -> new MeanOp();
            case "sum" -> new SumOp();
            case "exp" -> new ExpOp();
            case "log" -> new LogOp();
            default -> throw new AssertionError("fixtures: operation '" + torch + "' is unknown to this test");
        };
    }
}
