package org.gradus.autograd;

import org.gradus.kernel.GemmKind;

/**
 * What formulas in double are written with, and the accuracy of the float functions beside them. Nothing of this enters a value
 * or a gradient of a network.
 */
final class Doubles {

    /** Largest error of the float functions in roundings: an ulp of y is up to {@code 2 u |y|}. Pinned by {@code FloatMathTest}. */
    static final double EXP = 2 * 1.0;

    static final double LOG = 2 * 0.8;
    static final double TANH = 2 * 1.2;
    static final double SIGMOID = 2 * 2.1;

    private Doubles() {}

    static double exp(double x) {
        return StrictMath.exp(x);
    }

    static double log(double x) {
        return StrictMath.log(x);
    }

    static double log1p(double x) {
        return StrictMath.log1p(x);
    }

    static double tanh(double x) {
        return StrictMath.tanh(x);
    }

    static double sigmoid(double x) {
        return 1 / (1 + exp(-x));
    }

    /** The logarithm of binary cross-entropy. A p that differences push beyond 0 or 1 stays at the clamp. */
    static double clampedLog(double x) {
        return x <= 0 ? -100 : Math.max(log(x), -100);
    }

    static double logSumExp(int columns, double[] z, int row) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            largest = Math.max(largest, z[i]);
        }
        double sum = 0;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            sum += exp(z[i] - largest);
        }
        return largest + log(sum);
    }

    static double spread(int columns, double[] z, int row) {
        double largest = z[row * columns];
        double smallest = largest;
        for (int i = row * columns; i < (row + 1) * columns; i++) {
            largest = Math.max(largest, z[i]);
            smallest = Math.min(smallest, z[i]);
        }
        return largest - smallest;
    }

    /** The roots of {@code A^2 B^2}, squared element by element: how independent errors add up. */
    static double[] rootOfSquaredProduct(GemmKind kind, int m, int n, int k, double[] a, double[] b) {
        double[] c = absoluteProduct(kind, m, n, k, squares(a), squares(b));
        for (int i = 0; i < c.length; i++) {
            c[i] = Math.sqrt(c[i]);
        }
        return c;
    }

    private static double[] squares(double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] * x[i];
        }
        return y;
    }

    /** {@code |A| |B|}, the m x n product of absolute values, with a sum of length k. */
    static double[] absoluteProduct(GemmKind kind, int m, int n, int k, double[] a, double[] b) {
        double[] c = new double[m * n];
        for (int i = 0; i < m; i++) {
            for (int p = 0; p < k; p++) {
                double ap = Math.abs(kind == GemmKind.TN ? a[p * m + i] : a[i * k + p]);
                for (int j = 0; j < n; j++) {
                    c[i * n + j] += ap * Math.abs(kind == GemmKind.NT ? b[j * k + p] : b[p * n + j]);
                }
            }
        }
        return c;
    }
}
