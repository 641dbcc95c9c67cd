package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.autograd.OpCatalog.Row;
import org.gradus.testing.GradChecker;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation against its textbook formula: value, gradient, and that gradients are added. */
class OpCatalogTest {

    static Stream<Row> rows() {
        return OpCatalog.rows().stream();
    }

    @Test
    void everyOperationHasARow() {
        Set<Class<?>> rows = rows().map(row -> row.op().getClass()).collect(Collectors.toSet());
        Set<Class<?>> operations = Arrays.stream(Op.class.getPermittedSubclasses())
                .filter(type -> type != CustomOp.class)
                .collect(Collectors.toSet());
        assertThat(rows).isEqualTo(operations);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void valuesAndGradientsAreThoseOfTheTextbook(Row row) {
        for (long seed = 1; seed <= 5; seed++) {
            int size = row.op().shapeOf(row.shapes()).size();
            float[] upstream = Samples.uniform(100 + seed, size, -1, 1);
            GradChecker.check(row.op(), row.formula(), row.forward(), row.backward(), upstream, row.sample(seed));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void onlyWantedGradientsAreComputed(Row row) {
        for (int wanted = 0; wanted < row.shapes().length; wanted++) {
            if (row.backward()[wanted] != null) {
                float[] together = gradients(row, true)[wanted];
                Tensor[] in = row.sample(1);
                in[wanted].trainable();
                walk(Tape.fresh(), row.op(), in, 1);
                assertThat(in[wanted].grad()).isEqualTo(together);
            }
        }
    }

    /** The second walk is over a replayed tape, so it finds what the first one left in the gradients of the leaves. */
    @ParameterizedTest
    @MethodSource("rows")
    void secondWalkDoublesTheGradientsOfTheLeaves(Row row) {
        float[][] once = gradients(row, false);
        Tensor[] in = wanting(row, row.sample(1));
        walk(Tape.reusing(), row.op(), in, 2);
        for (int i = 0; i < in.length; i++) {
            if (row.backward()[i] != null) {
                float[] twice = in[i].grad();
                float scale = largest(once[i]);
                for (int e = 0; e < twice.length; e++) {
                    // the second sum starts from another number, so its roundings differ: at most one per term and walk
                    double roundings = 2 * (row.backward()[i].roundings() + 1);
                    assertThat(Math.abs(twice[e] - 2.0 * once[i][e]))
                            .as("%s, input %d, element %d", row, i, e)
                            .isLessThanOrEqualTo(roundings * GradChecker.U * 4 * scale);
                }
                assertThat(scale).as("%s, input %d: gradient to double", row, i).isPositive();
            }
        }
    }

    private static float largest(float[] x) {
        float largest = 0;
        for (float v : x) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }

    private static float[][] gradients(Row row, boolean fresh) {
        Tensor[] in = wanting(row, row.sample(1));
        walk(fresh ? Tape.fresh() : Tape.reusing(), row.op(), in, 1);
        float[][] gradients = new float[in.length][];
        for (int i = 0; i < in.length; i++) {
            gradients[i] = in[i].requiresGrad() ? in[i].grad() : new float[0];
        }
        return gradients;
    }

    private static Tensor[] wanting(Row row, Tensor[] in) {
        for (int i = 0; i < in.length; i++) {
            if (row.backward()[i] != null) {
                in[i].trainable();
            }
        }
        return in;
    }

    /** Loss: the sum of the outputs, each times its own weight. */
    private static void walk(Tape tape, Op op, Tensor[] in, int times) {
        Tensor[] bound = Arrays.stream(in).map(tape::input).toArray(Tensor[]::new);
        Tensor y = Tensor.apply(op, bound);
        Shape shape = y.shape();
        Tensor loss = y.mul(Tensor.of(shape, Samples.uniform(55, shape.size(), 0.5, 1.5)))
                .sum();
        loss.backward();
        for (int t = 1; t < times; t++) {
            tape.replay();
            loss.backward();
        }
    }
}
