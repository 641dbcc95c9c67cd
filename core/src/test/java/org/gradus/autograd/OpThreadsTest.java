package org.gradus.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.OpCatalog.Row;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.gradus.testing.Bits;
import org.gradus.testing.Samples;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values and gradients of operations that are large enough for several threads are those of one thread, bit for bit. */
class OpThreadsTest {

    static Stream<Row> rows() {
        Shape matrix = Shape.of(701, 331);
        Shape row = Shape.of(331);
        return Stream.of(
                OpCatalog.matMul(211, 90, 101),
                OpCatalog.affine(701, 3, 331),
                OpCatalog.add(matrix, matrix),
                OpCatalog.add(matrix, row),
                OpCatalog.sub(matrix, row),
                OpCatalog.mul(matrix, row),
                OpCatalog.div(matrix, row),
                OpCatalog.scale(matrix, -1.7f),
                OpCatalog.relu(matrix),
                OpCatalog.prelu(matrix, 1),
                OpCatalog.prelu(matrix, 331),
                OpCatalog.sigmoid(matrix),
                OpCatalog.tanh(matrix),
                OpCatalog.exp(matrix),
                OpCatalog.log(matrix),
                OpCatalog.sum(matrix),
                OpCatalog.mean(matrix),
                OpCatalog.reshape(matrix, Shape.of(331, 701)),
                OpCatalog.normalizeRows(701, 331),
                OpCatalog.mse(matrix),
                OpCatalog.bce(matrix),
                OpCatalog.bceWithLogits(matrix),
                OpCatalog.softmaxCrossEntropy(701, 331));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void valuesAndGradientsDoNotDependOnTheNumberOfThreads(Row row) {
        List<float[]> expected = computed(row, 1);
        List<float[]> actual = computed(row, 3);
        for (int i = 0; i < expected.size(); i++) {
            Bits.assertSame(row + ", array " + i, actual.get(i), expected.get(i));
        }
    }

    /** The result and the gradients of all inputs that have one. */
    private static List<float[]> computed(Row row, int threads) {
        try (Engine engine = new Engine(KernelProvider.kernels().another(), threads)) {
            Tape tape = Tape.fresh(engine);
            Tensor[] in = row.sample(1);
            for (int i = 0; i < in.length; i++) {
                if (row.backward()[i] != null) {
                    in[i].trainable();
                }
                in[i] = tape.input(in[i]);
            }
            Tensor out = Tensor.apply(row.op(), in);
            float[] weights = Samples.uniform(2, out.size(), -1, 1);
            out.mul(Tensor.of(out.shape(), weights)).sum().backward();
            List<float[]> all = new ArrayList<>(List.of(out.data()));
            for (int i = 0; i < in.length; i++) {
                if (row.backward()[i] != null) {
                    all.add(in[i].grad());
                }
            }
            return all;
        }
    }
}
