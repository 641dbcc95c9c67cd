package org.gradus.benchmarks;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import java.util.SplittableRandom;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.gradus.kernel.Engine;
import org.gradus.kernel.GemmKind;
import org.gradus.kernel.Kernels;

/** Who computes a matrix product: our two kernels and two other libraries for the JVM. */
public enum Implementation {
    /** The kernels on the Vector API; needs {@code --add-modules jdk.incubator.vector}. */
    VECTOR {
        @Override
        Product product(Shape shape, int threads) {
            return ours(vectorKernels(), shape, threads);
        }
    },
    /** The kernels as plain loops, what runs without any flag. */
    SCALAR {
        @Override
        Product product(Shape shape, int threads) {
            return ours(Kernels.plain(), shape, threads);
        }
    },
    /** EJML's row-major float product, on one thread. */
    EJML {
        @Override
        Product product(Shape shape, int threads) {
            requireOneThread(this, threads);
            int m = shape.m();
            int n = shape.n();
            int k = shape.k();
            return (a, b, c) -> {
                FMatrixRMaj left = shape.kind() == GemmKind.TN ? FMatrixRMaj.wrap(k, m, a) : FMatrixRMaj.wrap(m, k, a);
                FMatrixRMaj right = shape.kind() == GemmKind.NT ? FMatrixRMaj.wrap(n, k, b) : FMatrixRMaj.wrap(k, n, b);
                FMatrixRMaj out = FMatrixRMaj.wrap(m, n, c);
                switch (shape.kind()) {
                    case NN -> CommonOps_FDRM.mult(left, right, out);
                    case NT -> CommonOps_FDRM.multTransB(left, right, out);
                    case TN -> CommonOps_FDRM.multTransA(left, right, out);
                }
            };
        }
    },
    /**
     * netlib's BLAS in Java, on one thread; on the Vector API where the module is there, see {@link #netlibClass}. It is
     * column-major, so it computes {@code C^T = B^T A^T}.
     */
    NETLIB {
        @Override
        Product product(Shape shape, int threads) {
            requireOneThread(this, threads);
            BLAS blas = JavaBLAS.getInstance();
            int m = shape.m();
            int n = shape.n();
            int k = shape.k();
            String first = shape.kind() == GemmKind.NT ? "T" : "N";
            String second = shape.kind() == GemmKind.TN ? "T" : "N";
            int firstStep = shape.kind() == GemmKind.NT ? k : n;
            int secondStep = shape.kind() == GemmKind.TN ? m : k;
            return (a, b, c) -> blas.sgemm(first, second, n, m, k, 1f, b, firstStep, a, secondStep, 0f, c, n);
        }
    };

    /** A product of fixed shape: {@code c = a b}. */
    interface Product extends AutoCloseable {
        void multiply(float[] a, float[] b, float[] c);

        /** Ends what computes it. */
        @Override
        default void close() {}
    }

    /**
     * This implementation for one shape.
     *
     * @param shape which product
     * @param threads how many compute it
     * @throws IllegalArgumentException if it cannot use so many
     * @throws IllegalStateException if it needs a module that is missing
     */
    abstract Product product(Shape shape, int threads);

    /**
     * Which of its implementations netlib loaded.
     *
     * @return {@code VectorBLAS} with the Vector API, {@code Java11BLAS} without
     */
    static String netlibClass() {
        return JavaBLAS.getInstance().getClass().getSimpleName();
    }

    private static Product ours(Kernels kernels, Shape shape, int threads) {
        Engine engine = new Engine(kernels, threads);
        return new Product() {
            @Override
            public void multiply(float[] a, float[] b, float[] c) {
                engine.gemm(shape.kind(), shape.m(), shape.n(), shape.k(), a, b, c, false);
            }

            @Override
            public void close() {
                engine.close();
            }
        };
    }

    private static void requireOneThread(Implementation implementation, int threads) {
        if (threads != 1) {
            throw new IllegalArgumentException(implementation + " computes on one thread, not on " + threads);
        }
    }

    /**
     * The SIMD kernels, by name, because they cannot be loaded where the module is missing.
     *
     * @throws IllegalStateException if it is missing
     */
    static Kernels vectorKernels() {
        try {
            return Class.forName("org.gradus.kernel.simd.VectorKernels")
                    .asSubclass(Kernels.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError missing) {
            throw new IllegalStateException(
                    "SIMD kernels: start java with --add-modules jdk.incubator.vector", missing);
        }
    }

    /** Seeded numbers from -1 to 1. */
    static float[] numbers(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = (float) (2 * random.nextDouble() - 1);
        }
        return x;
    }
}
