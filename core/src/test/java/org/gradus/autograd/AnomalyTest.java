package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.gradus.autograd.AnomalyException.Finding;
import org.gradus.autograd.AnomalyException.Pass;
import org.gradus.nn.Linear;
import org.gradus.nn.Sequential;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;

/** Planted numbers that are NaN or infinite, and where they are found. */
class AnomalyTest {

    private static final float INF = Float.POSITIVE_INFINITY;

    private final Tape tape = Tape.fresh();

    private static AnomalyException anomaly(ThrowingCallable code) {
        AnomalyException thrown = catchThrowableOfType(AnomalyException.class, code);
        assertThat(thrown).as("an anomaly").isNotNull();
        return thrown;
    }

    private static Sequential linear(float... weight) {
        Sequential net = new Sequential(new Linear(weight.length, 1, new TorchRandom(0)), x -> x.log());
        System.arraycopy(weight, 0, net.parameters().get(0).data(), 0, weight.length);
        net.parameters().get(1).data()[0] = 0;
        return net;
    }

    @Test
    void logarithmOfANegativeNumber() {
        tape.detectAnomalies();
        Sequential net = linear(1, 1);
        Tensor x = tape.input(Tensor.matrix(2, 2, 1, 2, 3, -5)).named("x");

        AnomalyException thrown = anomaly(() -> net.forward(x));

        assertThat(thrown)
                .hasMessage(
                        "log in layer 1, operation 1 of step 1, forward: the result [2,1] has NaN at [1,0]. There went in "
                                + "'affine' -2.0 at [1,0]. All inputs are finite: it began here.");
        assertThat(thrown.finding()).isEqualTo(new Finding("log", "1", 1, 1, Pass.FORWARD, "log", 1, Float.NaN));
    }

    @Test
    void zeroDividedByZero() {
        tape.detectAnomalies();
        tape.begin();
        Tensor x = tape.input(Tensor.matrix(2, 2, 1, 2, 3, 0));

        assertThat(anomaly(() -> x.div(Tensor.vector(1, 0).named("scale"))))
                .hasMessage(
                        "div, operation 0 of step 2, forward: the result [2,2] has Infinity at [0,1]. There went in "
                                + "input 0 2.0 at [0,1], 'scale' 0.0 at [1]. All inputs are finite: it began here.");
        tape.begin();
        assertThat(anomaly(() -> x.div(x)).finding())
                .isEqualTo(new Finding("div", "", 0, 3, Pass.FORWARD, "div", 3, Float.NaN));
    }

    @Test
    void explodingWeight() {
        tape.detectAnomalies();
        Sequential net = linear(1e38f, 3e38f);
        Tensor x = tape.input(Tensor.matrix(2, 2, 1, 0.5f, 1, 9).named("input"));

        assertThat(anomaly(() -> net.forward(x)))
                .hasMessage(
                        "affine in layer 0, operation 0 of step 1, forward: the result [2,1] has Infinity at [1,0]. There went "
                                + "in 'input' up to 9.0 at [1,1], 'weight' up to 3.0E38 at [0,1], 'bias' 0.0 at [0]. All inputs are finite: "
                                + "it began here.");
    }

    @Test
    void infinityInAParameter() {
        tape.detectAnomalies();
        Sequential net = linear(1, INF);
        Tensor x = tape.input(Tensor.matrix(1, 2, 1, 2));

        assertThat(anomaly(() -> net.forward(x)))
                .hasMessageContaining("the result [1,1] has Infinity at [0,0]")
                .hasMessageEndingWith("'weight', a parameter, already had Infinity at [0,1].");
    }

    @Test
    void notANumberInTheData() {
        tape.detectAnomalies();
        Sequential net = linear(1, 2);
        Tensor x = tape.input(Tensor.matrix(2, 2, 1, 2, Float.NaN, 3).named("batch"));

        assertThat(anomaly(() -> net.forward(x)))
                .hasMessageContaining("the result [2,1] has NaN at [1,0]. There went in 'batch' up to NaN at [1,0]")
                .hasMessageEndingWith("'batch', given as data, already had NaN at [1,0].");
    }

    @Test
    void numberFromBeforeTheSearch() {
        Tensor x = tape.variable("x", -1);
        Tensor y = x.log();
        tape.detectAnomalies();

        assertThat(anomaly(() -> y.scale(2)))
                .hasMessageEndingWith("'log', computed before anomalies were looked for, already had NaN at [].");
    }

    @Test
    void aReplayIsSearchedToo() {
        tape.detectAnomalies();
        Tensor x = tape.variable("x", 1);
        x.log().scale(2);
        x.data()[0] = 0;

        assertThat(anomaly(tape::replay))
                .hasMessageStartingWith("log, operation 0 of step 1, forward: the result [] has -Infinity at [].");
    }

    /** The rows and columns of a product, C = A B: element [1,2] comes from row 1 of A and column 2 of B. */
    @Test
    void productNamesTheRowAndTheColumn() {
        tape.detectAnomalies();
        Tensor a = tape.input(Tensor.matrix(2, 2, 1, 2, -3e38f, 4).named("A"));
        Tensor b = Tensor.matrix(2, 3, 1, 1, 7, 9, 1, 2).named("B");

        assertThat(anomaly(() -> a.matMul(b)))
                .hasMessageContaining(
                        "[2,3] has -Infinity at [1,2]. There went in 'A' up to -3.0E38 at [1,0], 'B' up to 7.0 at "
                                + "[0,2]. All");
    }

    /** Of these the message names one number of each input, of the others the largest. No list in the library says which they are. */
    @Test
    void elementwiseOperationsAreToldByTheirFormula() {
        Stream<Op> unary =
                Stream.of(new ScaleOp(2), new ExpOp(), new LogOp(), new ReluOp(), new SigmoidOp(), new TanhOp());
        Stream<Op> binary = Stream.of(new AddOp(), new SubOp(), new MulOp(), new DivOp(), new PReluOp());
        assertThat(unary).allMatch(op -> AnomalyDetector.isElementwise(op, 1));
        assertThat(binary).allMatch(op -> AnomalyDetector.isElementwise(op, 2));

        Stream<Op> others = Stream.of(new NormalizeRowsOp(), new SumOp(), new MeanOp(), new ReshapeOp(Shape.of(4)));
        Stream<Op> ofTwo =
                Stream.of(new MatMulOp(), new MseOp(), new BceOp(), new BceWithLogitsOp(), new SoftmaxCrossEntropyOp());
        assertThat(others).noneMatch(op -> AnomalyDetector.isElementwise(op, 1));
        assertThat(ofTwo).noneMatch(op -> AnomalyDetector.isElementwise(op, 2));
        assertThat(AnomalyDetector.isElementwise(new AffineOp(), 3)).isFalse();
    }

    // ---- backward -------------------------------------------------------------------------------------------------

    /** d ln(x) / dx = 1/x overflows below 2.9e-39, where ln itself is still finite. */
    @Test
    void gradientNamesItsInput() {
        tape.detectAnomalies();
        Tensor x = tape.input(Tensor.vector(1, 1e-39f).trainable().named("x"));
        Tensor loss = x.scale(1).log().sum();

        AnomalyException thrown = anomaly(loss::backward);

        assertThat(thrown)
                .hasMessage(
                        "log, operation 1 of step 1, backward: the gradient for 'scale' [2] has Infinity at [1]. There went in "
                                + "the result's gradient 1.0 at [1], 'scale' 1.0E-39 at [1]. All of these are finite: it began here.");
        assertThat(thrown.finding()).isEqualTo(new Finding("log", "", 1, 1, Pass.BACKWARD, "scale", 1, INF));
    }

    @Test
    void gradientThatAHookSpoilt() {
        tape.detectAnomalies();
        Sequential net = new Sequential(new Linear(2, 1, new TorchRandom(0)));
        Tensor y = net.forward(tape.input(Tensor.matrix(1, 2, 1, 2).named("x")));
        y.onGrad(g -> g[0] = Float.NaN);

        assertThat(anomaly(y.sum()::backward))
                .hasMessageStartingWith(
                        "affine in layer 0, operation 0 of step 1, backward: the gradient for 'weight' [1,2] has NaN "
                                + "at [0,0]. There went in the result's gradient up to NaN at [0,0], 'x' up to 2.0 at [0,1], ")
                .hasMessageEndingWith("The result's gradient already had NaN at [0,0], from a gradient hook.");
    }

    @Test
    void gradientThatWasSpoiltBefore() {
        tape.detectAnomalies();
        Tensor w = Tensor.vector(1, 2).trainable().named("w");
        Tensor loss = tape.input(Tensor.vector(3, 4)).mul(w).sum();
        w.grad()[1] = Float.NaN;

        assertThat(anomaly(loss::backward))
                .hasMessage(
                        "mul, operation 0 of step 1, backward: the gradient for 'w' [2] has NaN at [1]. It was there before this "
                                + "walk; call zeroGrad() before backward(), or look at the walk before.");
    }

    // ---- all is well ----------------------------------------------------------------------------------------------

    /** Infinity that an operation makes finite again is no anomaly, and a branch that the loss ignores has no gradient. */
    @Test
    void finiteResultsPass() {
        tape.detectAnomalies();
        Tensor x = tape.input(Tensor.vector(-INF, 1).trainable());
        Tensor y = x.relu();
        y.sum().backward();
        assertThat(y.data()).containsExactly(0, 1);
        assertThat(x.grad()).containsExactly(0, 1);
    }

    @Test
    void searchCanBeEnded() {
        tape.detectAnomalies().remove();
        assertThat(tape.variable("x", -1).log().item()).isNaN();
        assertThat(tape.isWatched()).isFalse();
    }

    @Test
    void placeInTrainingStandsBeforeTheMessage() {
        tape.detectAnomalies();
        AnomalyException thrown = anomaly(tape.variable("x", 0)::log);
        AnomalyException placed = thrown.during("epoch 2, batch 17");
        assertThat(placed).hasMessage("epoch 2, batch 17: " + thrown.getMessage());
        assertThat(placed.finding()).isEqualTo(thrown.finding());
        assertThat(placed.getStackTrace()).isEqualTo(thrown.getStackTrace());
    }
}
