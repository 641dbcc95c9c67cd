package org.gradus.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.gradus.kernel.GemmKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured must also be right: every implementation against the sum written out in double. */
class GemmTest {

    private static final double UNIT_ROUNDOFF = 0x1p-24;

    @ParameterizedTest
    @EnumSource
    void everyImplementationComputesTheProduct(Gemm implementation) {
        if (implementation == Gemm.VECTOR
                && ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> implementation.product(GemmKind.NN, 1, 1, 1))
                    .withMessageContaining("--add-modules jdk.incubator.vector");
            return;
        }
        for (GemmKind kind : GemmKind.values()) {
            for (int[] shape : new int[][] {{1, 1, 1}, {7, 33, 19}, {64, 2, 784}, {2, 103, 64}, {103, 97, 300}}) {
                check(implementation, kind, shape[0], shape[1], shape[2]);
            }
        }
    }

    private static void check(Gemm implementation, GemmKind kind, int m, int n, int k) {
        float[] a = GemmBenchmark.numbers(m * k, 3);
        float[] b = GemmBenchmark.numbers(k * n, 4);
        float[] c = GemmBenchmark.numbers(m * n, 5);
        implementation.product(kind, m, n, k).multiply(a, b, c);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double magnitude = 0;
                for (int p = 0; p < k; p++) {
                    double x = kind == GemmKind.TN ? a[p * m + i] : a[i * k + p];
                    double y = kind == GemmKind.NT ? b[j * k + p] : b[p * n + j];
                    sum += x * y;
                    magnitude += Math.abs(x * y);
                }
                assertThat(Math.abs(c[i * n + j] - sum))
                        .as("%s %s %dx%dx%d [%d,%d]", implementation, kind, m, n, k, i, j)
                        .isLessThanOrEqualTo(k * UNIT_ROUNDOFF * magnitude);
            }
        }
    }
}
