package org.gradus.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.regex.Pattern;
import org.gradus.autograd.CustomOp;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.inspect.Trace.Kind;
import org.gradus.inspect.Trace.Node;
import org.gradus.inspect.Trace.Row;
import org.gradus.inspect.Trace.State;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Linear;
import org.gradus.nn.PReLU;
import org.gradus.nn.Sequential;
import org.gradus.nn.Sigmoid;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class TraceTest {

    /** A name and a formula with everything that might need escaping. */
    private record Awkward() implements CustomOp {
        @Override
        public String name() {
            return "a\"b\\";
        }

        @Override
        public String formula() {
            return "y = x < 1 & x > \"0\" ? `x` : #\\n";
        }

        @Override
        public Shape shapeOf(Shape... in) {
            return in[0];
        }

        @Override
        public void forward(Tensor[] in, Tensor out) {
            System.arraycopy(in[0].data(), 0, out.data(), 0, out.size());
        }

        @Override
        public void backward(Tensor[] in, Tensor out) {
            in[0].grad()[0] += out.grad()[0];
        }
    }

    private final Sequential model;
    private final Tape tape = Tape.reusing();
    private final Trace.Stopwatch stopwatch = Trace.time(tape);

    TraceTest() {
        TorchRandom random = new TorchRandom(0);
        model = new Sequential(new Linear(4, 2, random), new PReLU(), new Linear(2, 4, random), new Sigmoid());
    }

    private Tensor recorded() {
        tape.begin();
        Tensor x = tape.input(Tensor.matrix(2, 4, 0, 1, 1, 0, 1, 0, 0, 1).named("x"));
        return new BCELoss().of(model.forward(x), x);
    }

    @Test
    void rowsSayWhatWasDone() {
        Tensor loss = recorded();
        loss.backward();
        List<Row> rows = Trace.of(tape).rows();
        assertThat(rows).extracting(Row::number).containsExactly(1, 2, 3, 4, 5);
        assertThat(rows).extracting(Row::op).containsExactly("affine", "prelu", "affine", "sigmoid", "bce");
        assertThat(rows).extracting(Row::layer).containsExactly("0", "1", "2", "3", "");
        assertThat(rows)
                .extracting(Row::shapes)
                .containsExactly(
                        "x [2,4], W [2,4], b [2] -> [2,2]",
                        "x [2,2], a [1] -> [2,2]",
                        "x [2,2], W [4,2], b [4] -> [2,4]",
                        "x [2,4] -> [2,4]",
                        "p [2,4], y [2,4] -> []");
        assertThat(rows.get(0).formula()).isEqualTo("y = x W^T + b");
        assertThat(rows.get(0).in()).extracting(Node::name).containsExactly("x", "0.weight", "0.bias");
        assertThat(rows.get(0).in()).extracting(Node::kind).containsExactly(Kind.INPUT, Kind.PARAMETER, Kind.PARAMETER);
        assertThat(rows.get(1).in().get(0))
                .isSameAs(rows.get(0).out())
                .extracting(Node::kind)
                .isEqualTo(Kind.RESULT);
        assertThat(rows).extracting(Row::bytes).containsExactly(32L, 32L, 64L, 64L, 8L);
        assertThat(rows.get(4).in().get(1)).isSameAs(rows.get(0).in().get(0));
    }

    @Test
    void numbersAreThoseOfTheTensors() {
        Tape own = Tape.fresh();
        Tensor x = Tensor.vector(1, -2, 4, 5).trainable().named("x");
        own.input(x).mul(Tensor.vector(3, 1, 1, -1)).sum().backward();
        Row row = Trace.of(own).rows().get(0);
        Trace.Summary value = row.out().value();
        assertThat(value).isEqualTo(new Trace.Summary(-5, 0, 4, List.of(3f, -2f, 4f)));
        assertThat(row.in().get(0).gradient()).contains(new Trace.Summary(-1, 1, 3, List.of(3f, 1f, 1f)));
        assertThat(row.in().get(1).state()).isEqualTo(State.NONE);
        x.data()[0] = 100;
        assertThat(row.in().get(0).value().max()).isEqualTo(5);
    }

    @Test
    void statesOfGradients() {
        Tensor loss = recorded();
        assertThat(states(Trace.of(tape))).containsOnly(State.NOT_YET);
        assertThat(Trace.of(tape).rows().get(0).in().get(0).state()).isEqualTo(State.NONE);
        Tensor aside = loss.exp();
        loss.backward();
        assertThat(states(Trace.of(tape)))
                .containsExactly(
                        State.ARRIVED, State.ARRIVED, State.ARRIVED, State.ARRIVED, State.ARRIVED, State.NOT_REACHED);
        assertThat(states(Trace.of(loss))).hasSize(5).containsOnly(State.ARRIVED);
        assertThat(Trace.of(aside).rows()).hasSize(6);
        tape.replay();
        assertThat(states(Trace.of(tape))).containsOnly(State.NOT_YET);
    }

    private static List<State> states(Trace trace) {
        return trace.rows().stream().map(row -> row.out().state()).toList();
    }

    @Test
    void timesAreThoseOfThePresentStep() {
        recorded().exp().backward();
        assertThat(Trace.of(tape, stopwatch).rows())
                .allMatch(row ->
                        row.forwardMicros().isPresent() && row.backwardMicros().isPresent());
        recorded();
        Trace second = Trace.of(tape, stopwatch);
        assertThat(second.rows()).hasSize(5).allMatch(row -> row.forwardMicros().isPresent());
        assertThat(second.rows()).allMatch(row -> row.backwardMicros().isEmpty());
        assertThat(second.toString()).contains("forward us");
        assertThat(Trace.of(tape).toString()).doesNotContain("forward us");
    }

    /** A watched tape is one whose training steps are not planned. */
    @Test
    void stoppedWatchKeepsItsTimesAndLeavesTheTapeAlone() {
        recorded().backward();
        assertThat(tape.isWatched()).isTrue();

        stopwatch.stop();

        assertThat(tape.isWatched()).isFalse();
        assertThat(Trace.of(tape, stopwatch).rows())
                .hasSize(5)
                .allMatch(row ->
                        row.forwardMicros().isPresent() && row.backwardMicros().isPresent());
        recorded();
        assertThat(Trace.of(tape, stopwatch).rows())
                .hasSize(5)
                .allMatch(row -> row.forwardMicros().isEmpty());
        stopwatch.stop();
        Trace.Stopwatch another = Trace.time(tape);
        stopwatch.stop();
        assertThat(tape.isWatched()).isTrue();
        another.stop();
    }

    @Test
    void tableIsAligned() {
        Tape own = Tape.fresh();
        Tensor x = own.input(Tensor.matrix(1, 2, 1, -2).trainable());
        x.relu().matMul(Tensor.matrix(2, 1, 0.5f, 3)).sum();
        assertThat(Trace.of(own).toString()).isEqualTo("""
                        step  layer  op      shapes                     formula           min    mean     max         grad min  mean  max  bytes
                           1         relu    x [1,2] -> [1,2]           y = max(x, 0)  0.0000  0.5000  1.0000  no backward yet                 8
                           2         matMul  x [1,2], W [2,1] -> [1,1]  y = x W        0.5000  0.5000  0.5000  no backward yet                 4
                           3         sum     x [1,1] -> []              y = sum_i x_i  0.5000  0.5000  0.5000  no backward yet                 4
                        """);
    }

    @Test
    void dotIsAGraphOfAllTensorsAndOperations() {
        Tensor loss = recorded();
        Tensor aside = loss.exp();
        loss.backward();
        DotGrammar graph = new DotGrammar(Trace.of(aside).toDot());
        assertThat(graph.nodes).hasSize(12 + 6); // x, five parameters, six results; six operations
        assertThat(graph.edges).hasSize(3 + 2 + 3 + 1 + 2 + 1 + 6);
        assertThat(graph.edges).allSatisfy(edge -> assertThat(graph.nodes).containsKeys(edge.get(0), edge.get(1)));
        assertThat(graph.edges).contains(List.of("t1", "op1"), List.of("op1", "t3"));
        assertThat(graph.nodes.get("op1")).containsEntry("label", "1 affine\ny = x W^T + b\nlayer 0");
        assertThat(graph.nodes.get("t2"))
                .containsEntry("label", "0.bias [2]\nvalue -0.0444, 0.1323\ngradient 0.0074, 0.0338");
        assertThat(graph.nodes.values().stream().filter(node -> "filled,dashed".equals(node.get("style"))))
                .singleElement()
                .satisfies(node ->
                        assertThat(node.get("label")).startsWith("exp []").endsWith("not reached"));
    }

    @Test
    void namesAreEscaped() {
        Tape own = Tape.fresh();
        Tensor x = own.input(Tensor.vector(1).trainable().named("\"x\"; <b>\\\nend"));
        Tensor.apply(new Awkward(), x).sum();
        Trace trace = Trace.of(own);
        DotGrammar graph = new DotGrammar(trace.toDot());
        assertThat(graph.nodes.get("op1").get("label")).isEqualTo("1 a\"b\\\ny = x < 1 & x > \"0\" ? `x` : #\\n");
        assertThat(graph.nodes.get("t0").get("label")).startsWith("\"x\"; <b>\\ end [1]");
        for (String line : trace.toMermaid().lines().toList()) {
            for (String quoted : Pattern.compile("\"([^\"]*)\"")
                    .matcher(line)
                    .results()
                    .map(r -> r.group(1))
                    .toList()) {
                assertThat(quoted.replace("<br/>", "").replaceAll("#\\d+;", "")).doesNotContainPattern("[\"#<>&`\\\\]");
            }
            assertThat(line.replaceAll("\"[^\"]*\"", "TEXT"))
                    .matches("flowchart LR"
                            + "|  t\\d+(\\[TEXT]|\\[\\[TEXT]]|\\(\\[TEXT]\\))(:::waiting)?"
                            + "|  op\\d+\\(TEXT\\)"
                            + "|  t\\d+ -- TEXT --> op\\d+"
                            + "|  op\\d+ --> t\\d+"
                            + "|  classDef waiting stroke-dasharray: 4 4");
        }
        assertThat(trace.toMermaid()).contains("#34;x#34;; #60;b#62;#92;#10;end [1]");
    }

    @Test
    void grammarRefusesWhatIsNoDot() {
        for (String wrong : List.of(
                "digraph g { a [label=\"b\"c\"]; }",
                "digraph g { a [label=\"b]; }",
                "digraph g { a -> ; }",
                "digraph g { a [label=<b>]; }",
                "digraph g { a; a; }",
                "digraph g { a }")) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> new DotGrammar(wrong));
        }
    }

    @Test
    void wrongUseIsExplained() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Trace.of(Tape.fresh()))
                .withMessage(
                        "Trace: nothing is recorded in step 1 of this tape; compute something from tape.input(...), and "
                                + "trace it before begin()");
        assertThatIllegalStateException()
                .isThrownBy(() -> Trace.of(Tensor.scalar(1).named("loss")))
                .withMessageStartingWith("Trace: 'loss' was not recorded; begin with tape.input(...)");
        Tensor loss = recorded();
        tape.begin();
        assertThatIllegalStateException()
                .isThrownBy(() -> Trace.of(loss))
                .withMessage("Trace: 'bce' is no result of the present step of its tape; trace it before begin()");
    }

    /** A name may come from a file: a row of the table is one line, and a terminal obeys none of the texts. */
    @Test
    void terminalsObeyNoName() {
        Tape tape = Tape.fresh();
        Tensor w = Tensor.vector(2).named("w\u001b[2J\nx\u202e").trainable();
        Tensor loss = tape.input(w).mul(tape.input(Tensor.vector(3))).sum();
        loss.backward();
        Trace trace = Trace.of(loss);

        for (String text : List.of(trace.toString(), trace.toDot(), trace.toMermaid())) {
            assertThat(text.chars()).noneMatch(c -> c == 0x1b || c == 0x202e);
        }
        assertThat(trace.toString().lines()).hasSize(3);
        assertThat(trace.toDot()).contains("w\\\\u001b[2J x\\\\u202e");
        assertThat(trace.toMermaid()).contains("w#27;[2J#10;x#8238;");
    }
}
