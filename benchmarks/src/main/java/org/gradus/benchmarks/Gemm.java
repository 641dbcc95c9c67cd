package org.gradus.benchmarks;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;
import org.gradus.kernel.ScalarKernels;

/** Who computes a matrix product: our two kernels and two other libraries for the JVM, all on one thread. */
public enum Gemm {
    /** The kernels on the Vector API; needs {@code --add-modules jdk.incubator.vector}. */
    VECTOR {
        @Override
        Product product(GemmKind kind, int m, int n, int k) {
            return ours(vectorKernels(), kind, m, n, k);
        }
    },
    /** The kernels as plain loops, what runs without any flag. */
    SCALAR {
        @Override
        Product product(GemmKind kind, int m, int n, int k) {
            return ours(new ScalarKernels(), kind, m, n, k);
        }
    },
    /** EJML's row-major float product. */
    EJML {
        @Override
        Product product(GemmKind kind, int m, int n, int k) {
            return (a, b, c) -> {
                FMatrixRMaj left = kind == GemmKind.TN ? FMatrixRMaj.wrap(k, m, a) : FMatrixRMaj.wrap(m, k, a);
                FMatrixRMaj right = kind == GemmKind.NT ? FMatrixRMaj.wrap(n, k, b) : FMatrixRMaj.wrap(k, n, b);
                FMatrixRMaj out = FMatrixRMaj.wrap(m, n, c);
                switch (kind) {
                    case NN -> CommonOps_FDRM.mult(left, right, out);
                    case NT -> CommonOps_FDRM.multTransB(left, right, out);
                    case TN -> CommonOps_FDRM.multTransA(left, right, out);
                }
            };
        }
    },
    /** netlib's BLAS in Java, on the Vector API where the module is there. It is column-major, so it computes C^T = B^T A^T. */
    NETLIB {
        @Override
        Product product(GemmKind kind, int m, int n, int k) {
            BLAS blas = JavaBLAS.getInstance();
            String first = kind == GemmKind.NT ? "T" : "N";
            String second = kind == GemmKind.TN ? "T" : "N";
            int firstStep = kind == GemmKind.NT ? k : n;
            int secondStep = kind == GemmKind.TN ? m : k;
            return (a, b, c) -> blas.sgemm(first, second, n, m, k, 1f, b, firstStep, a, secondStep, 0f, c, n);
        }
    };

    /** A product of fixed shape: {@code c = a b}. */
    interface Product {
        void multiply(float[] a, float[] b, float[] c);
    }

    /**
     * This implementation for one shape.
     *
     * @param kind which operand is transposed
     * @param m rows of the product
     * @param n its columns
     * @param k length of the sums
     */
    abstract Product product(GemmKind kind, int m, int n, int k);

    private static Product ours(Kernels kernels, GemmKind kind, int m, int n, int k) {
        return (a, b, c) -> kernels.gemm(kind, m, n, k, a, b, Kernels.NO_BIAS, c, false, 0, m, 0, n);
    }

    /** By name, because it cannot be loaded where the module is missing. */
    private static Kernels vectorKernels() {
        try {
            return Class.forName("org.gradus.kernel.VectorKernels")
                    .asSubclass(Kernels.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError missing) {
            throw new IllegalStateException(
                    "SIMD kernels: start java with --add-modules jdk.incubator.vector", missing);
        }
    }
}
