package org.gradus.autograd;

/** Every operation as its textbook writes it: loops in double, row-major, nothing clever. Checked by hand in {@link TextbookTest}. */
final class Textbook {

    private Textbook() {}

    /** Two numbers to one. */
    interface Binary {
        double of(double x, double y);
    }

    /** One number to one. */
    interface Unary {
        double of(double x);
    }

    static double[] each(Unary f, double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = f.of(x[i]);
        }
        return y;
    }

    /** Element by element; a shorter y is a row that serves every row of x. */
    static double[] each(Binary f, double[] x, double[] y) {
        double[] z = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            z[i] = f.of(x[i], y[i % y.length]);
        }
        return z;
    }

    static double[] matMul(int n, int k, int m, double[] x, double[] w) {
        double[] y = new double[n * m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                for (int p = 0; p < k; p++) {
                    y[i * m + j] += x[i * k + p] * w[p * m + j];
                }
            }
        }
        return y;
    }

    static double[] transpose(int rows, int columns, double[] x) {
        double[] t = new double[x.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                t[j * rows + i] = x[i * columns + j];
            }
        }
        return t;
    }

    static double[] affine(int n, int in, int out, double[] x, double[] w, double[] b) {
        return each(Double::sum, matMul(n, in, out, x, transpose(out, in, w)), b);
    }

    static double relu(double x) {
        return x < 0 ? 0 : x;
    }

    static double prelu(double x, double a) {
        return x > 0 ? x : a * x;
    }

    static double sigmoid(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    static double sum(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += v;
        }
        return sum;
    }

    static double mean(double[] x) {
        return sum(x) / x.length;
    }

    static double[] normalizeRows(int rows, int columns, double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < rows; i++) {
            double norm = Math.max(norm(columns, x, i), 1e-12);
            for (int j = 0; j < columns; j++) {
                y[i * columns + j] = x[i * columns + j] / norm;
            }
        }
        return y;
    }

    static double norm(int columns, double[] x, int row) {
        double squares = 0;
        for (int j = 0; j < columns; j++) {
            squares += x[row * columns + j] * x[row * columns + j];
        }
        return Math.sqrt(squares);
    }

    static double mse(double[] p, double[] y) {
        return mean(each((a, b) -> (a - b) * (a - b), p, y));
    }

    static double bce(double[] p, double[] y) {
        return mean(each((a, b) -> -(b * clampedLog(a) + (1 - b) * clampedLog(1 - a)), p, y));
    }

    static double clampedLog(double x) {
        return Math.max(StrictMath.log(x), -100);
    }

    /** The cross-entropy of sigmoid(z), straight from the definition: in double that is accurate enough for moderate z. */
    static double bceWithLogits(double[] z, double[] y) {
        return bce(each(Textbook::sigmoid, z), y);
    }

    static double[] softmax(int columns, double[] z, int row) {
        double[] p = new double[columns];
        for (int j = 0; j < columns; j++) {
            p[j] = StrictMath.exp(z[row * columns + j]);
        }
        double sum = sum(p);
        return each(v -> v / sum, p);
    }

    static double softmaxCrossEntropy(int rows, int columns, double[] z, double[] classes) {
        double loss = 0;
        for (int i = 0; i < rows; i++) {
            loss -= StrictMath.log(softmax(columns, z, i)[(int) classes[i]]);
        }
        return loss / rows;
    }
}
