package org.gradus.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.List;
import org.gradus.kernel.GemmKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured must also be right: every implementation against the sum written out in double. */
class GemmTest {

    private static final double UNIT_ROUNDOFF = 0x1p-24;

    private static boolean withVectors() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void everyImplementationComputesTheProduct(Implementation implementation) {
        if (implementation == Implementation.VECTOR && !withVectors()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> implementation.product(new Shape(GemmKind.NN, 1, 1, 1), 1))
                    .withMessageContaining("--add-modules jdk.incubator.vector");
            return;
        }
        boolean ours = implementation == Implementation.VECTOR || implementation == Implementation.SCALAR;
        for (int threads = 1; threads <= (ours ? 2 : 1); threads++) {
            for (GemmKind kind : GemmKind.values()) {
                for (int[] s : new int[][] {{1, 1, 1}, {7, 33, 19}, {64, 2, 784}, {2, 103, 64}, {103, 97, 300}}) {
                    check(implementation, new Shape(kind, s[0], s[1], s[2]), threads);
                }
            }
            check(implementation, Shape.of("NT:128x392x784"), threads);
        }
    }

    private static void check(Implementation implementation, Shape shape, int threads) {
        int m = shape.m();
        int n = shape.n();
        int k = shape.k();
        float[] a = Implementation.numbers(m * k, 3);
        float[] b = Implementation.numbers(k * n, 4);
        float[] c = Implementation.numbers(m * n, 5);
        try (Implementation.Product product = implementation.product(shape, threads)) {
            product.multiply(a, b, c);
        }
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double magnitude = 0;
                for (int p = 0; p < k; p++) {
                    double x = shape.kind() == GemmKind.TN ? a[p * m + i] : a[i * k + p];
                    double y = shape.kind() == GemmKind.NT ? b[j * k + p] : b[p * n + j];
                    sum += x * y;
                    magnitude += Math.abs(x * y);
                }
                if (!(Math.abs(c[i * n + j] - sum) <= k * UNIT_ROUNDOFF * magnitude)) {
                    assertThat(Math.abs(c[i * n + j] - sum))
                            .as("%s %s, %d threads [%d,%d]", implementation, shape, threads, i, j)
                            .isLessThanOrEqualTo(k * UNIT_ROUNDOFF * magnitude);
                }
            }
        }
    }

    @Test
    void netlibIsMeasuredOnVectorsOrNotAtAll() {
        assertThat(Implementation.netlibClass()).isEqualTo(withVectors() ? "VectorBLAS" : "Java11BLAS");
        Gemm gemm = new Gemm();
        gemm.by = "NETLIB-1";
        if (withVectors()) {
            gemm.setUp();
        } else {
            assertThatIllegalStateException().isThrownBy(gemm::setUp).withMessageContaining("netlib loaded Java11BLAS");
        }
    }

    @Test
    void othersComputeOnOneThread() {
        for (Implementation other : List.of(Implementation.EJML, Implementation.NETLIB)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> other.product(new Shape(GemmKind.NN, 1, 1, 1), 2))
                    .withMessage(other + " computes on one thread, not on 2");
        }
    }

    @Test
    void allShapesAreMeasuredUnlessSomeAreNamed() {
        String[] arguments = Benchmarks.withShapes("Gemm", "-p", "by=VECTOR-1");
        assertThat(arguments).hasSize(5).startsWith("Gemm", "-p", "by=VECTOR-1", "-p");
        assertThat(Arrays.stream(arguments[4].substring("shape=".length()).split(","))
                        .map(Shape::of))
                .containsExactlyElementsOf(Shape.ALL);
        assertThat(Benchmarks.withShapes("-p", "shape=NN:1x2x3")).containsExactly("-p", "shape=NN:1x2x3");
    }

    @Test
    void shapesAreRead() {
        assertThat(Shape.ALL).hasSize(19).doesNotHaveDuplicates();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of("TT:1x2x3"))
                .withMessageContaining("write such as NT:128x784x392");
    }
}
