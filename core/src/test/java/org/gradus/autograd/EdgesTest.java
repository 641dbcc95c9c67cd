package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Values and gradients where formulas leave the numbers: at NaN, both zeros, both infinities and the ends of float. They are NaN,
 * infinite or zero, and of the sign, where PyTorch's are. Exceptions are listed in {@link Case#isDocumented}; the operation's
 * documentation gives the reason. The file comes from {@code scripts/reference/edges.py}.
 */
class EdgesTest {

    private static final String ERROR = "error";

    /** One call. A tensor's numbers are texts; a gradient for an input that PyTorch gives none is missing at the end. */
    private record Case(Op op, List<Tensor> inputs, Tensor upstream, List<String> output, List<List<String>> grads) {

        @Override
        public String toString() {
            return op.name() + " " + inputs.stream().map(EdgesTest::head).toList() + ", upstream " + head(upstream);
        }

        /** Whether an exception is allowed for, in the numbers of element {@code e}. */
        boolean isDocumented(boolean value, int gradient, int e) {
            float first = inputs.get(0).data()[e];
            return switch (op.name()) {
                // PyTorch refuses NaN too; here it passes, and the training loop names it
                case "bce" -> Float.isNaN(first) || (gradient == 1 && (first == 0 || first == 1));
                case "bceWithLogits" -> value && Float.isInfinite(first);
                default -> false;
            };
        }
    }

    private static String head(Tensor x) {
        return x.size() < 4 ? Arrays.toString(x.data()) : x.data()[0] + " ..";
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream in = EdgesTest.class.getResourceAsStream("/org/gradus/edges.json")) {
            List<Case> cases = new ArrayList<>();
            new ObjectMapper().readTree(in).get("cases").forEach(node -> addCases(node, cases));
            return cases.stream();
        }
    }

    private static void addCases(JsonNode node, List<Case> cases) {
        String name = node.get("op").asText();
        int[] shape =
                list(node.get("shape")).stream().mapToInt(Integer::parseInt).toArray();
        List<List<String>> inputs = lists(node.get("inputs"));
        List<String> output = list(node.get("output"));
        List<List<String>> grads = lists(node.get("grads"));
        Tensor upstream = Tensor.vector(floats(list(node.get("upstream"))));
        int calls = node.get("each").asBoolean() ? output.size() : 1;
        for (int i = 0; i < calls; i++) {
            List<Tensor> tensors = new ArrayList<>();
            for (List<String> input : inputs) {
                Tensor x = Tensor.vector(floats(part(input, i, calls)));
                boolean matrix = tensors.isEmpty() || (!name.equals("prelu") && !name.equals("cross_entropy"));
                tensors.add(matrix ? x.reshape(shape) : x);
            }
            int call = i;
            List<List<String>> expected =
                    grads.stream().map(grad -> part(grad, call, calls)).toList();
            cases.add(new Case(op(name), tensors, upstream, part(output, i, calls), expected));
        }
    }

    private static List<String> part(List<String> all, int i, int parts) {
        int size = all.size() / parts;
        return all.subList(i * size, (i + 1) * size);
    }

    private static List<List<String>> lists(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(EdgesTest::list)
                .toList();
    }

    private static List<String> list(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valueAndGradientsAreOfPyTorchsKind(Case edges) {
        assertThat(differences(edges, true)).isEmpty();
    }

    @Test
    void everyDocumentedDifferenceIsOne() throws IOException {
        assertThat(cases().filter(edges ->
                        edges.op instanceof BceOp && !differences(edges, false).isEmpty()))
                .isNotEmpty();
        assertThat(cases().filter(edges -> edges.op instanceof BceWithLogitsOp
                        && !differences(edges, false).isEmpty()))
                .isNotEmpty();
    }

    private static List<String> differences(Case edges, boolean butDocumented) {
        List<String> differences = new ArrayList<>();
        List<Tensor> leaves =
                edges.inputs.stream().map(x -> Tensor.of(x.shape(), x.data())).toList();
        leaves.subList(0, edges.grads.size()).forEach(Tensor::trainable);
        Tape tape = Tape.fresh();
        Tensor y;
        try {
            y = Tensor.apply(edges.op, leaves.stream().map(tape::input).toArray(Tensor[]::new));
        } catch (DomainException e) {
            return edges.output.contains(ERROR) ? List.of() : List.of(String.valueOf(e.getMessage()));
        }
        y.mul(Tensor.of(y.shape(), edges.upstream.data())).sum().backward();
        for (int e = 0; e < y.size(); e++) {
            if (differs(y.data()[e], edges.output.get(e)) && !(butDocumented && edges.isDocumented(true, -1, e))) {
                differences.add("value " + e + ": " + y.data()[e] + ", PyTorch " + edges.output.get(e));
            }
        }
        for (int i = 0; i < edges.grads.size(); i++) {
            float[] grad = leaves.get(i).grad();
            for (int e = 0; e < grad.length; e++) {
                String expected = edges.grads.get(i).get(e);
                if (differs(grad[e], expected) && !(butDocumented && edges.isDocumented(false, i, e))) {
                    differences.add("gradient " + i + ", element " + e + ": " + grad[e] + ", PyTorch " + expected);
                }
            }
        }
        return differences;
    }

    private static boolean differs(float actual, String expected) {
        return expected.equals(ERROR) || !kind(actual).equals(kind(number(expected)));
    }

    private static String kind(float x) {
        if (Float.isNaN(x)) {
            return "NaN";
        }
        String size = Float.isInfinite(x) ? "infinity" : x == 0 ? "zero" : "number";
        return (Float.floatToRawIntBits(x) < 0 ? "-" : "+") + size;
    }

    private static float number(String text) {
        return switch (text) {
            case "nan" -> Float.NaN;
            case "inf" -> Float.POSITIVE_INFINITY;
            case "-inf" -> Float.NEGATIVE_INFINITY;
            default -> Float.parseFloat(text);
        };
    }

    private static float[] floats(List<String> texts) {
        float[] x = new float[texts.size()];
        IntStream.range(0, x.length).forEach(i -> x[i] = number(texts.get(i)));
        return x;
    }

    private static Op op(String name) {
        return switch (name) {
            case "relu" -> new ReluOp();
            case "prelu" -> new PReluOp();
            case "sigmoid" -> new SigmoidOp();
            case "tanh" -> new TanhOp();
            case "exp" -> new ExpOp();
            case "log" -> new LogOp();
            case "normalize" -> new NormalizeRowsOp();
            case "add" -> new AddOp();
            case "sub" -> new SubOp();
            case "mul" -> new MulOp();
            case "div" -> new DivOp();
            case "mse" -> new MseOp();
            case "bce" -> new BceOp();
            case "bce_with_logits" -> new BceWithLogitsOp();
            case "cross_entropy" -> new SoftmaxCrossEntropyOp();
            default -> throw new AssertionError("edges: operation '" + name + "' is unknown to this test");
        };
    }
}
