package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.gradus.autograd.OpCatalog.Row;
import org.gradus.testing.FloatErrors;
import org.gradus.testing.GradChecker;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What operations say of themselves, against the catalogue and the textbook of the tests, which were written without looking at
 * it.
 */
@Tag("once")
class FormulaTest {

    /** A numerical Jacobian of more elements takes too long. */
    private static final int LARGEST_JACOBIAN = 1_500;

    static Stream<Row> rows() {
        return OpCatalog.rows().stream();
    }

    static Stream<Row> smallRows() {
        return rows().filter(
                        row -> Arrays.stream(row.shapes()).mapToInt(Shape::size).sum()
                                        * output(row).size()
                                <= LARGEST_JACOBIAN);
    }

    private static Shape output(Row row) {
        return row.op().shapeOf(row.shapes());
    }

    private static double[][] sample(Row row, long seed) {
        return Arrays.stream(row.sample(seed))
                .map(Tensor::data)
                .map(Samples::widened)
                .toArray(double[][]::new);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void formulaInDoubleIsThatOfTheTextbook(Row row) {
        for (long seed = 1; seed <= 5; seed++) {
            double[][] in = sample(row, seed);
            double[] expected = row.formula().of(in);
            double[] size = row.forward().magnitude().of(in, new double[0]);
            double[] actual = row.op().textbook(row.shapes(), in);
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < actual.length; i++) {
                // as many roundings on either side as float has on one, and those of a function or two
                double bound = (4 * row.forward().roundings() + 16) * 0x1p-53 * size[i];
                assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], Offset.offset(bound));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void roundingIsThatOfTheCatalogue(Row row) {
        double[][] in = sample(row, 1);
        double[] g = Textbook.each(
                Math::abs, Samples.widened(Samples.uniform(2, output(row).size(), -1, 1)));
        Rounding[] rounding = row.op().rounding(row.shapes(), in, row.formula().of(in), g, new double[g.length]);
        assertThat(rounding).hasSameSizeAs(in);
        for (int i = 0; i < in.length; i++) {
            if (row.backward()[i] != null) {
                double[] terms = row.backward()[i].magnitude().of(in, g);
                assertThat(rounding[i].roundings()).isEqualTo(row.backward()[i].roundings(), Offset.offset(1e-9));
                assertThat(rounding[i].carried()).containsOnly(0).hasSameSizeAs(in[i]);
                assertThat(rounding[i].terms()).hasSameSizeAs(terms);
                for (int k = 0; k < terms.length; k++) {
                    boolean rounds = row.backward()[i].roundings() > 0;
                    assertThat(rounding[i].terms()[k])
                            .isBetween(rounds ? terms[k] * (1 - 1e-9) : 0, terms[k] * (1 + 1e-9));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("smallRows")
    void errorsAreCarriedByTheSquaredJacobian(Row row) {
        double[][] in = sample(row, 1);
        double[] e = Samples.widened(Samples.uniform(3, output(row).size(), 0.5, 1));
        double[][] carried = new double[in.length][];
        for (int i = 0; i < in.length; i++) {
            carried[i] = new double[in[i].length];
        }
        for (int j = 0; j < e.length; j++) {
            double[] only = new double[e.length];
            only[j] = e[j];
            for (int i = 0; i < in.length; i++) {
                if (row.backward()[i] != null) {
                    double[] slopes = GradChecker.gradient(row.formula(), in, i, only);
                    for (int k = 0; k < slopes.length; k++) {
                        carried[i][k] = Math.sqrt(carried[i][k] * carried[i][k] + slopes[k] * slopes[k]);
                    }
                }
            }
        }
        Rounding[] rounding = row.op().rounding(row.shapes(), in, row.formula().of(in), new double[e.length], e);
        for (int i = 0; i < in.length; i++) {
            if (row.backward()[i] != null) {
                for (int k = 0; k < carried[i].length; k++) {
                    assertThat(rounding[i].carried()[k])
                            .as("input %d, element %d", i, k)
                            .isBetween(carried[i][k] * (1 - 1e-6) - 1e-8, carried[i][k] * (1 + 1e-6) + 1e-8);
                }
            }
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

    @Test
    void accuracyOfFunctionsIsThatWhichWasMeasured() {
        assertThat(Doubles.EXP).isEqualTo(2 * FloatErrors.EXP_ULPS);
        assertThat(Doubles.LOG).isEqualTo(2 * FloatErrors.LOG_ULPS);
        assertThat(Doubles.TANH).isEqualTo(2 * FloatErrors.TANH_ULPS);
        assertThat(Doubles.SIGMOID).isEqualTo(2 * FloatErrors.SIGMOID_ULPS);
    }

    /** By hand: clamps hold beyond 0 and 1 too, where differences may lead, and nothing overflows. */
    @Test
    void edgesOfTheFormulas() {
        Shape two = Shape.of(2);
        assertThat(new BceOp().textbook(new Shape[] {two, two}, new double[][] {{0, 1}, {1, 1}}))
                .containsExactly(50);
        assertThat(new BceOp().textbook(new Shape[] {two, two}, new double[][] {{-1e-9, 1 + 1e-9}, {1, 0}}))
                .containsExactly(100);
        assertThat(new NormalizeRowsOp().textbook(new Shape[] {two}, new double[][] {{0, 0}}))
                .containsExactly(0, 0);
        Shape wide = Shape.of(1, 2);
        assertThat(new SoftmaxCrossEntropyOp().textbook(new Shape[] {wide, Shape.of(1)}, new double[][] {{1000, 0}, {1}
                }))
                .containsExactly(1000);
        assertThat(new BceWithLogitsOp().textbook(new Shape[] {two, two}, new double[][] {{-1000, 1000}, {1, 0}}))
                .containsExactly(1000);
    }
}
