package org.gradus.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.Kernels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured must also be right: every operation against its formula in double. */
class ElementwiseTest {

    private static final double UNIT_ROUNDOFF = 0x1p-24;

    /**
     * An elementwise formula has at most eight roundings, counting the one of exp, log or tanh as two, and none of them here
     * cancels after the first: the relative error is at most eight units, or that many of the largest term.
     */
    private static final int ROUNDINGS = 8;

    @ParameterizedTest
    @EnumSource
    void everyOperationFollowsItsFormula(Operation operation) {
        Operands fresh = new Operands();
        Operands o = new Operands();
        operation.run(KernelProvider.kernels(), o);

        switch (operation) {
            case PRELU_SLOPE_GRAD, SQUARED_ERROR, BCE -> assertSum(operation, fresh, o);
            case COLUMN_SUMS -> assertColumns(fresh, o);
            case NORMALIZE -> assertRows(fresh, o);
            default -> {
                for (int i = 0; i < fresh.n; i++) {
                    double[] terms = terms(operation, fresh, i);
                    double expected = terms[0] + terms[1];
                    double bound = ROUNDINGS * UNIT_ROUNDOFF * (Math.abs(terms[0]) + Math.abs(terms[1]));
                    if (!(Math.abs(o.out[i] - expected) <= bound)) {
                        assertThat((double) o.out[i])
                                .as("%s [%d]", operation, i)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    /** The result as a sum of two terms, whose magnitudes bound the roundings. */
    private static double[] terms(Operation operation, Operands o, int i) {
        double x = o.x[i];
        double g = o.g[i];
        double p = o.p[i];
        double a = o.slope[0];
        return switch (operation) {
            case EXP -> new double[] {StrictMath.exp(x), 0};
            case LOG -> new double[] {StrictMath.log(p), 0};
            case SIGMOID -> new double[] {1 / (1 + StrictMath.exp(-x)), 0};
            // 1 - p has an error of one unit of 1, not of 1 - p
            case SIGMOID_GRAD -> new double[] {g * p, -g * p * p};
            case TANH -> new double[] {StrictMath.tanh(x), 0};
            case RELU -> new double[] {x > 0 ? x : 0, 0};
            case RELU_GRAD -> new double[] {x > 0 ? g : 0, 0};
            case PRELU -> new double[] {x > 0 ? x : a * x, 0};
            case PRELU_GRAD -> new double[] {x > 0 ? g : a * g, 0};
            case BCE_GRAD -> {
                double factor = Operands.SCALE / (p * (1 - p));
                yield new double[] {factor * p, -factor * o.y[i]};
            }
            case SGD -> new double[] {-Operands.RATE * g, 0};
            case ADAM -> new double[] {-Operands.RATE * g / (Math.abs(g) + Operation.EPSILON), 0};
            default -> throw new AssertionError(operation);
        };
    }

    private static void assertSum(Operation operation, Operands fresh, Operands o) {
        double[] terms = IntStream.range(0, fresh.n)
                .mapToDouble(i -> {
                    double p = fresh.p[i];
                    double y = fresh.y[i];
                    return switch (operation) {
                        case PRELU_SLOPE_GRAD -> fresh.x[i] > 0 ? 0 : (double) fresh.g[i] * fresh.x[i];
                        case SQUARED_ERROR -> (p - y) * (p - y);
                        case BCE -> (y - 1) * StrictMath.log(1 - p) - y * StrictMath.log(p);
                        default -> throw new AssertionError(operation);
                    };
                })
                .toArray();
        double sum = IntStream.range(0, fresh.n).mapToDouble(i -> terms[i]).sum();
        double magnitude =
                IntStream.range(0, fresh.n).mapToDouble(i -> Math.abs(terms[i])).sum();
        // A lane adds 64 terms and the tree joins 16 lanes; p - y of numbers near each other is exact, of others one
        // rounding.
        double bound = (Kernels.CHUNK / Kernels.LANES + 4 + ROUNDINGS) * UNIT_ROUNDOFF * magnitude;
        assertThat(Math.abs(Kernels.total(o.chunks(), o.partial) - sum))
                .as("%s", operation)
                .isLessThanOrEqualTo(bound);
    }

    private static void assertColumns(Operands fresh, Operands o) {
        for (int j = 0; j < Elementwise.COLUMNS; j++) {
            double sum = 0;
            double magnitude = 0;
            for (int i = 0; i < Elementwise.ROWS; i++) {
                sum += fresh.x[i * Elementwise.COLUMNS + j];
                magnitude += Math.abs(fresh.x[i * Elementwise.COLUMNS + j]);
            }
            assertThat(Math.abs(o.out[j] - sum))
                    .as("column %d", j)
                    .isLessThanOrEqualTo(Elementwise.ROWS * UNIT_ROUNDOFF * magnitude);
        }
    }

    private static void assertRows(Operands fresh, Operands o) {
        for (int i = 0; i < Elementwise.ROWS; i++) {
            int from = i * Elementwise.COLUMNS;
            double squares = 0;
            for (int j = 0; j < Elementwise.COLUMNS; j++) {
                squares += (double) fresh.x[from + j] * fresh.x[from + j];
            }
            double length = Math.sqrt(squares);
            for (int j = 0; j < Elementwise.COLUMNS; j++) {
                double expected = fresh.x[from + j] / length;
                double bound = (Elementwise.COLUMNS / 2 + ROUNDINGS) * UNIT_ROUNDOFF * Math.abs(expected);
                if (!(Math.abs(o.out[from + j] - expected) <= bound)) {
                    assertThat((double) o.out[from + j]).as("[%d,%d]", i, j).isEqualTo(expected);
                }
            }
        }
    }
}
