package org.gradus.inspect;

import org.gradus.autograd.CustomOp;
import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;

/**
 * The rounding of an operation of which only {@code backward} is known. Upstream gradients of random signs make its sums come
 * out differently; where they change nothing but the sign, an element has a single term.
 */
final class ProbedRounding {

    private static final int PROBES = 8;

    /** What a formula of a few operations rounds; sums come on top. */
    private static final double ROUNDINGS = 16;

    /** Results that agree better than this differ by rounding alone. */
    private static final float SAME = 0x1p-16f;

    private ProbedRounding() {}

    static Rounding[] of(CustomOp op, Shape[] shapes, double[][] in, double[] out, double[] g, double[] e) {
        Rounding[] all = new Rounding[in.length];
        float[][][] forG = probes(op, shapes, in, out, g);
        float[][][] forE = probes(op, shapes, in, out, e);
        for (int i = 0; i < all.length; i++) {
            boolean single = isSingle(forG, i);
            // the sum of n absolute values is at most sqrt(n) times the root of their squares, which signs at random
            // show
            double terms = single ? 1 : Math.sqrt(out.length);
            double roundings = single ? ROUNDINGS : ROUNDINGS + out.length;
            all[i] = new Rounding(roundings, largest(forG, i, terms), largest(forE, i, 1));
        }
        return all;
    }

    /** Gradients by probe and input, less what is added where nothing comes from upstream. */
    private static float[][][] probes(CustomOp op, Shape[] shapes, double[][] in, double[] out, double[] g) {
        float[][] idle = gradients(op, shapes, in, out, new float[g.length]);
        float[][][] gradients = new float[PROBES][][];
        for (int probe = 0; probe < PROBES; probe++) {
            float[] upstream = new float[g.length];
            for (int j = 0; j < upstream.length; j++) {
                upstream[j] = (float) g[j] * sign(probe, j);
            }
            gradients[probe] = gradients(op, shapes, in, out, upstream);
            for (int i = 0; i < idle.length; i++) {
                for (int k = 0; k < idle[i].length; k++) {
                    gradients[probe][i][k] -= idle[i][k];
                }
            }
        }
        return gradients;
    }

    private static float[][] gradients(CustomOp op, Shape[] shapes, double[][] in, double[] out, float[] upstream) {
        Tensor[] x = new Tensor[in.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = Tensor.of(shapes[i], rounded(in[i])).trainable();
        }
        Tensor y = Tensor.of(op.shapeOf(shapes), rounded(out)).trainable();
        System.arraycopy(upstream, 0, y.grad(), 0, upstream.length);
        op.backward(x, y);
        float[][] gradients = new float[x.length][];
        for (int i = 0; i < x.length; i++) {
            gradients[i] = x[i].grad();
        }
        return gradients;
    }

    /** All plus in probe 0, then bits of a multiplicative hash. */
    private static float sign(int probe, int j) {
        long hash = (j + 1) * 0x9E37_79B9_7F4A_7C15L;
        return probe > 0 && (hash >>> (24 + 5 * probe) & 1) == 1 ? -1f : 1f;
    }

    private static boolean isSingle(float[][][] gradients, int input) {
        float[] first = gradients[0][input];
        for (float[][] probe : gradients) {
            for (int k = 0; k < first.length; k++) {
                float size = Math.abs(first[k]);
                if (!(Math.abs(Math.abs(probe[input][k]) - size) <= SAME * size)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static double[] largest(float[][][] gradients, int input, double factor) {
        double[] largest = new double[gradients[0][input].length];
        for (float[][] probe : gradients) {
            for (int k = 0; k < largest.length; k++) {
                largest[k] = Math.max(largest[k], factor * Math.abs(probe[input][k]));
            }
        }
        return largest;
    }

    private static float[] rounded(double[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }
}
