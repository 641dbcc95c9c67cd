package org.gradus.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.gradus.autograd.CustomOp;
import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tape;
import org.gradus.autograd.Tensor;
import org.gradus.inspect.OpCatalog.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation against its textbook formula: value, gradient, and that gradients are added. The oracle of values is the formula in
 * double, that of gradients its central differences, and the bounds are those of {@link Bounds}: what {@link GradCheck} allows is
 * what is allowed here.
 */
class OpCatalogTest {

    /** Errors of the differences: truncation relative to the derivative, rounding relative to the values they are taken of. */
    private static final double TRUNCATION = 0x1p-30;

    private static final double CANCELLATION = 0x1p-38;

    /** Products of two rounding errors. */
    private static final double SECOND_ORDER = 1 + 0x1p-16;

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
    void valuesAreThoseOfTheTextbook(Row row) {
        for (long seed = 1; seed <= 5; seed++) {
            Tensor[] in = row.sample(seed);
            double[][] wide = wide(in);
            double[] expected = row.formula(wide);
            double[] size = row.size().of(wide);
            Tensor value = Tensor.apply(row.op(), in);
            assertThat(value.shape()).isEqualTo(row.output());
            for (int i = 0; i < expected.length; i++) {
                assertThat(Math.abs(value.data()[i] - expected[i]))
                        .as("%s, element %d: %s instead of %s", row, i, value.data()[i], expected[i])
                        .isLessThanOrEqualTo(row.value() * Rounding.U * SECOND_ORDER * size[i]);
            }
        }
    }

    /** Of a walk, and twice that of a second one, which finds the first one's gradients and must add. */
    @ParameterizedTest
    @MethodSource("rows")
    void gradientsAreThoseOfTheTextbook(Row row) {
        for (long seed = 1; seed <= 5; seed++) {
            double[] w = wide(uniform(100 + seed, row.output().size(), -1, 1));
            double[] g = Arrays.stream(w).map(Math::abs).toArray();
            Tensor[] in = wanting(row, row.sample(seed));
            double[][] wide = wide(in);
            double[] out = row.formula(wide);
            Rounding[] bounds = Bounds.of(row.op(), row.shapes(), wide, out, g, new double[g.length]);
            double scale = 0;
            for (int j = 0; j < w.length; j++) {
                scale += Math.abs(w[j] * out[j]);
            }
            for (int walk = 1; walk <= 2; walk++) {
                walk(Tape.fresh(), row.op(), in, narrow(w), 1);
                for (int i = 0; i < row.counts().length; i++) {
                    double roundings = bounds[i].roundings();
                    for (int k = 0; k < wide[i].length; k++) {
                        double[] slopes = row.slopes(wide, i, k);
                        double once = 0;
                        for (int j = 0; j < w.length; j++) {
                            once += slopes[j] * w[j];
                        }
                        double terms = bounds[i].terms()[k];
                        double bound = SECOND_ORDER * Rounding.bound(roundings, terms)
                                + TRUNCATION * terms
                                + CANCELLATION * scale;
                        assertThat(Math.abs(in[i].grad()[k] - walk * once))
                                .as("%s, walk %d, input %d, element %d: %s", row, walk, i, k, in[i].grad()[k])
                                .isLessThanOrEqualTo(walk * bound + (walk - 1) * Rounding.U * Math.abs(2 * once));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void gradCheckPasses(Row row) {
        Tensor[] in = wanting(row, row.sample(1));
        Tensor loss = loss(Tape.fresh(), row.op(), in, uniform(55, row.output().size(), 0.5, 1.5));
        loss.backward();
        GradCheck check = GradCheck.of(loss, 200, 0).requirePassed();
        assertThat(check.rows())
                .hasSize(row.counts().length)
                .allMatch(found -> found.kinks().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void onlyWantedGradientsAreComputed(Row row) {
        for (int wanted = 0; wanted < row.counts().length; wanted++) {
            float[] together = gradients(row, Tape.fresh(), 1)[wanted];
            Tensor[] in = row.sample(1);
            in[wanted].trainable();
            walk(Tape.fresh(), row.op(), in, weights(row), 1);
            assertThat(in[wanted].grad()).isEqualTo(together);
        }
    }

    /** The second walk is over a replayed tape, so it finds what the first one left in the gradients of the leaves. */
    @ParameterizedTest
    @MethodSource("rows")
    void secondWalkDoublesTheGradientsOfTheLeaves(Row row) {
        float[][] once = gradients(row, Tape.reusing(), 1);
        float[][] twice = gradients(row, Tape.reusing(), 2);
        for (int i = 0; i < once.length; i++) {
            float scale = largest(once[i]);
            for (int e = 0; e < once[i].length; e++) {
                // the second sum starts from another number, so its roundings differ: at most one per term and walk
                double roundings = 2 * (row.counts()[i] + 1);
                assertThat(Math.abs(twice[i][e] - 2.0 * once[i][e]))
                        .as("%s, input %d, element %d", row, i, e)
                        .isLessThanOrEqualTo(roundings * Rounding.U * 4 * scale);
            }
            assertThat(scale).as("%s, input %d: gradient to double", row, i).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyInputHasARoleInTheFormula(Row row) {
        assertThat(row.op().roles()).hasSize(row.shapes().length).doesNotHaveDuplicates();
        for (String role : row.op().roles()) {
            Matcher letter = Pattern.compile("(?<![A-Za-z])" + role + "(?![A-Za-z(])")
                    .matcher(row.op().formula().replace("_ik", "_i k"));
            assertThat(letter.find()).as("%s in %s", role, row.op().formula()).isTrue();
        }
    }

    private static float largest(float[] x) {
        float largest = 0;
        for (float v : x) {
            largest = Math.max(largest, Math.abs(v));
        }
        return largest;
    }

    private static float[] weights(Row row) {
        return uniform(55, row.output().size(), 0.5, 1.5);
    }

    private static float[][] gradients(Row row, Tape tape, int times) {
        Tensor[] in = wanting(row, row.sample(1));
        walk(tape, row.op(), in, weights(row), times);
        return Arrays.stream(in).limit(row.counts().length).map(Tensor::grad).toArray(float[][]::new);
    }

    private static Tensor[] wanting(Row row, Tensor[] in) {
        Arrays.stream(in).limit(row.counts().length).forEach(Tensor::trainable);
        return in;
    }

    /** The sum of the outputs, each times its own weight. */
    private static Tensor loss(Tape tape, Op op, Tensor[] in, float[] weights) {
        Tensor y = Tensor.apply(op, Arrays.stream(in).map(tape::input).toArray(Tensor[]::new));
        Shape shape = y.shape();
        return y.mul(Tensor.of(shape, weights)).sum();
    }

    private static void walk(Tape tape, Op op, Tensor[] in, float[] weights, int times) {
        Tensor loss = loss(tape, op, in, weights);
        loss.backward();
        for (int t = 1; t < times; t++) {
            tape.replay();
            loss.backward();
        }
    }

    static float[] uniform(long seed, int n, double from, double to) {
        SplittableRandom random = new SplittableRandom(seed);
        return narrow(random.doubles(n, from, to).toArray());
    }

    static double[][] wide(Tensor[] in) {
        return Arrays.stream(in).map(x -> wide(x.data())).toArray(double[][]::new);
    }

    static double[] wide(float[] x) {
        double[] y = new double[x.length];
        Arrays.setAll(y, i -> x[i]);
        return y;
    }

    private static float[] narrow(double[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }
}
