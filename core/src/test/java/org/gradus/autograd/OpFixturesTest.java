package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.gradus.autograd.OpCatalog.Row;
import org.gradus.testing.Fixtures;
import org.gradus.testing.Fixtures.Array;
import org.gradus.testing.Fixtures.OpCase;
import org.gradus.testing.FloatErrors;
import org.gradus.testing.GradChecker.Bound;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PyTorch's values and gradients. Both sides round, each at most as far from the exact value as {@link OpCatalog} allows, so they
 * may be twice that apart. At kinks and clamps, where no difference quotient helps, PyTorch is the authority.
 */
class OpFixturesTest {

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
        Row row = fixture.op().equals("reused input") ? null : row(fixture, leaves);
        Tensor y =
                row == null ? in[0].mul(in[0]).add(in[0].sigmoid().mul(in[0])).sum() : Tensor.apply(row.op(), in);
        Bound forward = row == null ? reusedValue(y, leaves[0].size()) : row.forward();
        Bound[] backward = row == null ? new Bound[] {REUSED_SLOPE} : row.backward();

        double[][] wide =
                Arrays.stream(leaves).map(t -> Samples.widened(t.data())).toArray(double[][]::new);
        double[] upstream = fixture.upstream().data();
        compare(fixture + ": value", y, fixture.output(), forward.of(wide, upstream));

        Tensor loss = y.mul(tensor(fixture.upstream())).sum();
        loss.backward();
        for (int i = 0; i < fixture.grads().size(); i++) {
            if (fixture.grads().get(i).isPresent()) {
                Array expected = fixture.grads().get(i).orElseThrow();
                Tensor gradient = Tensor.of(leaves[i].shape(), leaves[i].grad());
                compare(fixture + ": gradient " + i, gradient, expected, backward[i].of(wide, upstream));
            }
        }
    }

    private static void compare(String what, Tensor actual, Array expected, double[] bound) {
        assertThat(actual.shape()).as(what).isEqualTo(Shape.of(expected.shape()));
        assertThat(bound).as(what).hasSameSizeAs(expected.data());
        for (int i = 0; i < bound.length; i++) {
            double difference = Math.abs(actual.data()[i] - expected.data()[i]);
            assertThat(difference)
                    .as("%s, element %d: %s, PyTorch %s", what, i, actual.data()[i], expected.data()[i])
                    .isLessThanOrEqualTo(2 * bound[i]);
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

    private static Row row(OpCase fixture, Tensor... in) {
        Shape x = in[0].shape();
        return switch (fixture.op()) {
            case "linear" ->
                OpCatalog.affine(x.length(0), x.length(1), in[1].shape().length(0));
            case "matmul" ->
                OpCatalog.matMul(x.length(0), x.length(1), in[1].shape().length(1));
            case "relu" -> OpCatalog.relu(x);
            case "prelu" -> OpCatalog.prelu(x, in[1].size());
            case "sigmoid" -> OpCatalog.sigmoid(x);
            case "tanh" -> OpCatalog.tanh(x);
            case "normalize" -> OpCatalog.normalizeRows(x.length(0), x.length(1));
            case "mse" -> OpCatalog.mse(x);
            case "bce" -> OpCatalog.bce(x);
            case "bce_with_logits" -> OpCatalog.bceWithLogits(x);
            case "cross_entropy" -> OpCatalog.softmaxCrossEntropy(x.length(0), x.length(1));
            case "add", "add row" -> OpCatalog.add(x, in[1].shape());
            case "sub" -> OpCatalog.sub(x, in[1].shape());
            case "mul" -> OpCatalog.mul(x, in[1].shape());
            case "div" -> OpCatalog.div(x, in[1].shape());
            case "mean" -> OpCatalog.mean(x);
            case "sum" -> OpCatalog.sum(x);
            case "exp" -> OpCatalog.exp(x);
            case "log" -> OpCatalog.log(x);
            default -> throw new AssertionError("fixtures: operation '" + fixture.op() + "' is unknown to this test");
        };
    }

    // ---- "reused input": (v * v + sigmoid(v) * v).sum() -----------------------------------------------------------

    private static final double SIGMOID = 2 * FloatErrors.SIGMOID_ULPS;

    private static Bound reusedValue(Tensor y, int n) {
        assertThat(y.size()).isEqualTo(1);
        return new Bound(n + SIGMOID + 3, "two products and a sum each, a sum of N", (in, g) ->
                new double[] {Textbook.sum(Textbook.each(v -> v * v + Textbook.sigmoid(v) * Math.abs(v), in[0]))});
    }

    private static final Bound REUSED_SLOPE = new Bound(
            3 * SIGMOID + 8,
            "2 v + s + v s (1 - s): s three times, four terms",
            (in, g) -> Textbook.each(v -> 2 * Math.abs(v) + (1 + Math.abs(v)) * Textbook.sigmoid(v), in[0]));
}
