package org.gradus.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.gradus.autograd.Tensor;
import org.gradus.kernel.Engine;
import org.gradus.kernel.KernelProvider;
import org.gradus.kernel.Kernels;

/** Test data, comparisons, and a little algebra in double. */
final class Matrices {

    /** Unit roundoff of a float. */
    static final double U = 0x1p-24;

    private Matrices() {}

    /**
     * The plain kernels on one thread come first; whatever kernels this JVM has, on several threads, must equal them.
     */
    static List<Engine> engines() {
        return Engines.ALL;
    }

    /** One set for all tests of this JVM, so that their threads are few. */
    private static final class Engines {
        static final List<Engine> ALL = List.of(
                new Engine(Kernels.plain(), 1),
                new Engine(Kernels.plain(), 3),
                new Engine(KernelProvider.kernels(), 1),
                new Engine(KernelProvider.kernels(), 2),
                new Engine(KernelProvider.kernels(), 5));
    }

    static Tensor normal(long seed, int rows, int columns) {
        Random random = new Random(seed);
        float[] data = new float[rows * columns];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return Tensor.matrix(rows, columns, data);
    }

    /** Uniform in [0,1). */
    static Tensor uniform(long seed, int rows, int columns) {
        Random random = new Random(seed);
        float[] data = new float[rows * columns];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat();
        }
        return Tensor.matrix(rows, columns, data);
    }

    static Tensor times(Tensor x, float factor) {
        return x.scale(factor);
    }

    /** {@code 2^exponent x}, exact but for overflow and subnormal numbers. */
    static Tensor power(Tensor x, int exponent) {
        Tensor scaled = x.copy();
        for (int i = 0; i < scaled.size(); i++) {
            scaled.data()[i] = Math.scalb(x.data()[i], exponent);
        }
        return scaled;
    }

    /** Entry (i,j) of x y. */
    static double product(Tensor x, Tensor y, int i, int j) {
        double sum = 0;
        for (int p = 0; p < x.shape().columns(); p++) {
            sum += (double) x.get(i, p) * y.get(p, j);
        }
        return sum;
    }

    /** {@code ||x - y||}. */
    static double distance(Tensor x, Tensor y) {
        double sum = 0;
        for (int i = 0; i < x.size(); i++) {
            double difference = (double) x.data()[i] - y.data()[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    /** {@code ||x||}. */
    static double norm(Tensor x) {
        double sum = 0;
        for (float value : x.data()) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /** {@code ||v - w h||}. */
    static double error(Tensor v, Tensor w, Tensor h) {
        double sum = 0;
        for (int i = 0; i < v.shape().rows(); i++) {
            for (int j = 0; j < v.shape().columns(); j++) {
                double difference = v.get(i, j) - product(w, h, i, j);
                sum += difference * difference;
            }
        }
        return Math.sqrt(sum);
    }

    static double largest(double[] x) {
        double largest = 0;
        for (double value : x) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    static void assertClose(String what, float[] actual, double[] expected, double bound) {
        assertThat(actual).as(what).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("%s[%d]: %s instead of %s, bound %s", what, i, actual[i], expected[i], bound)
                    .isLessThanOrEqualTo(bound);
        }
    }

    static void assertSameBits(String what, Tensor actual, Tensor expected) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Float.floatToRawIntBits(actual.data()[i]))
                    .as("%s[%d]: %s instead of %s", what, i, actual.data()[i], expected.data()[i])
                    .isEqualTo(Float.floatToRawIntBits(expected.data()[i]));
        }
    }
}
