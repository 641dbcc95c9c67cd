package org.gradus.examples.tutorial;

import org.gradus.autograd.Tensor;
import org.gradus.mnist.LabelledImages;

/** Quantities of codes, rows of a matrix [n,width]. */
public final class Codes {

    private Codes() {}

    /**
     * The mean code of each class.
     *
     * @param codes [n,width]
     * @param labels [n]
     * @return [10][width]; NaN for a class without samples
     */
    public static double[][] classMeans(Tensor codes, byte[] labels) {
        int width = codes.shape().columns();
        double[][] means = new double[LabelledImages.CLASSES][width];
        int[] counts = new int[LabelledImages.CLASSES];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]]++;
            for (int j = 0; j < width; j++) {
                means[labels[i]][j] += codes.get(i, j);
            }
        }
        for (int digit = 0; digit < means.length; digit++) {
            for (int j = 0; j < width; j++) {
                means[digit][j] /= counts[digit];
            }
        }
        return means;
    }

    /**
     * Euclidean distance.
     *
     * @param a [width]
     * @param b [width]
     * @return 0 or more
     */
    public static double distance(double[] a, double[] b) {
        double square = 0;
        for (int j = 0; j < a.length; j++) {
            square += (a[j] - b[j]) * (a[j] - b[j]);
        }
        return Math.sqrt(square);
    }

    /**
     * The standard deviation of one column, divided by n.
     *
     * @param codes [n,width]
     * @param axis the column
     * @return 0 or more
     */
    public static double deviation(Tensor codes, int axis) {
        int n = codes.shape().length(0);
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += codes.get(i, axis) / (double) n;
        }
        double variance = 0;
        for (int i = 0; i < n; i++) {
            variance += (codes.get(i, axis) - mean) * (codes.get(i, axis) - mean) / n;
        }
        return Math.sqrt(variance);
    }

    /**
     * How far the length of a row is from 1, at most.
     *
     * @param codes [n,width]
     * @return 0 or more
     */
    public static double largestDistanceFromUnitSphere(Tensor codes) {
        double largest = 0;
        for (int i = 0; i < codes.shape().length(0); i++) {
            double square = 0;
            for (int j = 0; j < codes.shape().columns(); j++) {
                square += (double) codes.get(i, j) * codes.get(i, j);
            }
            largest = Math.max(largest, Math.abs(Math.sqrt(square) - 1));
        }
        return largest;
    }

    /**
     * The mean over rows of the angle between two points of the unit sphere, {@code arccos(a . b)}: how far apart they
     * are along the surface, from 0 to pi.
     *
     * @param a [n,3]
     * @param b [n,3]
     * @return radians
     */
    public static double meanGreatCircleDistance(Tensor a, Tensor b) {
        int n = a.shape().length(0);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double dot = 0;
            for (int j = 0; j < a.shape().columns(); j++) {
                dot += (double) a.get(i, j) * b.get(i, j);
            }
            sum += StrictMath.acos(Math.max(-1, Math.min(1, dot)));
        }
        return sum / n;
    }
}
