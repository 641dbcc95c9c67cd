package org.gradus.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values and gradients of operations that are large enough for several threads are those of one thread, bit for bit. */
class OpThreadsTest {

    /** An operation and the shapes of its inputs, all of which have a gradient. */
    @SuppressWarnings("ArrayRecordComponent") // test data, never compared
    private record Case(Op op, Shape... in) {

        @Override
        public String toString() {
            return op.name() + " of " + List.of(in);
        }
    }

    static Stream<Case> cases() {
        Shape matrix = Shape.of(701, 331);
        Shape row = Shape.of(331);
        return Stream.of(
                new Case(new MatMulOp(), Shape.of(211, 90), Shape.of(90, 101)),
                new Case(new AffineOp(), Shape.of(701, 3), Shape.of(331, 3), row),
                new Case(new AddOp(), matrix, matrix),
                new Case(new AddOp(), matrix, row),
                new Case(new SubOp(), matrix, row),
                new Case(new MulOp(), matrix, row),
                new Case(new DivOp(), matrix, row),
                new Case(new ScaleOp(-1.7f), matrix),
                new Case(new ReluOp(), matrix),
                new Case(new PReluOp(), matrix, Shape.of(1)),
                new Case(new PReluOp(), matrix, row),
                new Case(new SigmoidOp(), matrix),
                new Case(new TanhOp(), matrix),
                new Case(new ExpOp(), matrix),
                new Case(new LogOp(), matrix),
                new Case(new SumOp(), matrix),
                new Case(new MeanOp(), matrix),
                new Case(new ReshapeOp(Shape.of(331, 701)), matrix),
                new Case(new NormalizeRowsOp(), matrix),
                new Case(new MseOp(), matrix, matrix),
                new Case(new BceOp(), matrix, matrix),
                new Case(new BceWithLogitsOp(), matrix, matrix));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void valuesAndGradientsDoNotDependOnTheNumberOfThreads(Case some) {
        Tensor[] in = new Tensor[some.in.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = Tensor.of(some.in[i], Samples.uniform(i, some.in[i].size(), 0.01, 0.99))
                    .trainable();
        }
        requireSame(some.op, in);
    }

    @Test
    void neitherDoThoseOfTheCrossEntropyOfClasses() {
        float[] classes = new float[701];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = i % 331;
        }
        float[] scores = Samples.uniform(3, 701 * 331, -3, 3);
        requireSame(new SoftmaxCrossEntropyOp(), Tensor.matrix(701, 331, scores).trainable(), Tensor.vector(classes));
    }

    private static void requireSame(Op op, Tensor... in) {
        List<float[]> expected = computed(op, in, 1);
        List<float[]> actual = computed(op, in, 3);
        for (int i = 0; i < expected.size(); i++) {
            Bits.assertSame(op.name() + ", array " + i, actual.get(i), expected.get(i));
        }
    }

    /** The result and the gradients of all inputs that have one. */
    private static List<float[]> computed(Op op, Tensor[] inputs, int threads) {
        try (Engine engine = new Engine(KernelProvider.kernels(), threads)) {
            Tape tape = Tape.fresh(engine);
            Tensor[] in = new Tensor[inputs.length];
            for (int i = 0; i < in.length; i++) {
                Tensor copy = inputs[i].copy();
                in[i] = tape.input(inputs[i].requiresGrad() ? copy.trainable() : copy);
            }
            Tensor out = Tensor.apply(op, in);
            float[] weights = Samples.uniform(2, out.size(), -1, 1);
            out.mul(Tensor.of(out.shape(), weights)).sum().backward();
            List<float[]> all = new ArrayList<>(List.of(out.data()));
            for (Tensor input : in) {
                if (input.requiresGrad()) {
                    all.add(input.grad());
                }
            }
            return all;
        }
    }
}
