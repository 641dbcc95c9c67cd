package org.gradus.examples.tutorial;

import java.util.Arrays;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.mnist.LabelledImages;

/**
 * The classifier that asks the k nearest of a set of labelled samples and takes the label most of them have, the
 * smallest if several are tied: scikit-learn's {@code KNeighborsClassifier(k)} up to rounding. It judges how well
 * codes, or images, tell classes apart.
 *
 * <p>The nearest sample w of a query x has the largest {@code x . w - |w|^2 / 2}, since {@code |x - w|^2 = |x|^2 - 2 (x
 * . w - |w|^2 / 2)}; for all samples at once that is a linear layer whose weight is the matrix of samples. Far from 0 the two
 * terms would cancel, and large squares overflow. So numbers are first taken in units of the samples' size, a power of 2, from a
 * whole number of units near their mean; for samples around 0 that changes no score.
 */
public final class NearestNeighbours {

    /** Queries that are compared at a time: with 60,000 samples their scores take 15 MB. */
    private static final int BLOCK = 64;

    private final int k;
    private final Tensor samples;
    private final byte[] labels;
    private final Tensor bias;
    private final double[] centre;
    private final double unit;

    /**
     * A classifier.
     *
     * @param k how many are asked
     * @param samples n samples [width]
     * @param labels [n], 0 to 9
     */
    public NearestNeighbours(int k, Samples samples, byte[] labels) {
        this.k = Math.min(k, labels.length);
        this.labels = labels;
        centre = mean(samples);
        unit = unit(samples, centre);
        for (int j = 0; j < centre.length; j++) {
            centre[j] = Math.rint(centre[j] / unit) * unit;
        }
        this.samples = Tensor.matrix(samples.count(), samples.width(), centred(samples));
        float[] halfSquares = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            double square = 0;
            for (int j = 0; j < centre.length; j++) {
                square += (double) this.samples.get(i, j) * this.samples.get(i, j);
            }
            halfSquares[i] = (float) (-square / 2);
        }
        bias = Tensor.vector(halfSquares);
    }

    private static double[] mean(Samples samples) {
        float[] one = new float[samples.width()];
        double[] mean = new double[one.length];
        for (int i = 0; i < samples.count(); i++) {
            samples.read(i, one, 0);
            for (int j = 0; j < one.length; j++) {
                mean[j] += one[j];
            }
        }
        for (int j = 0; j < mean.length; j++) {
            mean[j] /= samples.count();
        }
        return mean;
    }

    private static double unit(Samples samples, double[] mean) {
        float[] one = new float[samples.width()];
        double largest = 0;
        for (int i = 0; i < samples.count(); i++) {
            samples.read(i, one, 0);
            for (int j = 0; j < one.length; j++) {
                largest = Math.max(largest, Math.abs(one[j] - mean[j]));
            }
        }
        return largest > 0 ? Math.scalb(1.0, Math.getExponent(largest)) : 1;
    }

    private float[] centred(Samples x) {
        int width = x.width();
        float[] centred = new float[x.count() * width];
        for (int i = 0; i < x.count(); i++) {
            x.read(i, centred, i * width);
            for (int j = 0; j < width; j++) {
                centred[i * width + j] = (float) ((centred[i * width + j] - centre[j]) / unit);
            }
        }
        return centred;
    }

    /**
     * The labels of queries.
     *
     * @param queries [m,width]
     * @return [m]
     */
    public byte[] classify(Tensor queries) {
        int count = queries.shape().length(0);
        int width = queries.shape().columns();
        byte[] found = new byte[count];
        for (int from = 0; from < count; from += BLOCK) {
            int rows = Math.min(BLOCK, count - from);
            Tensor block =
                    Tensor.matrix(rows, width, Arrays.copyOfRange(queries.data(), from * width, (from + rows) * width));
            float[] scores = Tensor.matrix(rows, width, centred(Samples.of(block)))
                    .affine(samples, bias)
                    .data();
            for (int r = 0; r < rows; r++) {
                found[from + r] = vote(scores, r * labels.length);
            }
        }
        return found;
    }

    /** The label most frequent among the k largest scores. */
    private byte vote(float[] scores, int start) {
        float[] best = new float[k];
        byte[] label = new byte[k];
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < labels.length; i++) {
            float score = scores[start + i];
            if (score <= best[k - 1]) {
                continue;
            }
            int place = k - 1;
            while (place > 0 && best[place - 1] < score) {
                best[place] = best[place - 1];
                label[place] = label[place - 1];
                place--;
            }
            best[place] = score;
            label[place] = labels[i];
        }
        int[] votes = new int[LabelledImages.CLASSES];
        for (byte neighbour : label) {
            votes[neighbour]++;
        }
        byte winner = 0;
        for (byte digit = 1; digit < votes.length; digit++) {
            winner = votes[digit] > votes[winner] ? digit : winner;
        }
        return winner;
    }

    /**
     * The part of the second half of the samples whose label the first half tells.
     *
     * @param k how many are asked
     * @param codes [n,width]
     * @param labels [n]
     * @return 0 to 1
     */
    public static double accuracy(int k, Tensor codes, byte[] labels) {
        int half = labels.length / 2;
        int width = codes.shape().columns();
        Tensor fitted = Tensor.matrix(half, width, Arrays.copyOf(codes.data(), half * width));
        Tensor scored = Tensor.matrix(
                labels.length - half, width, Arrays.copyOfRange(codes.data(), half * width, codes.size()));
        byte[] found = new NearestNeighbours(k, Samples.of(fitted), Arrays.copyOf(labels, half)).classify(scored);
        int right = 0;
        for (int i = 0; i < found.length; i++) {
            right += found[i] == labels[half + i] ? 1 : 0;
        }
        return right / (double) found.length;
    }
}
