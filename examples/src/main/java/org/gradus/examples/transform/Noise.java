package org.gradus.examples.transform;

import org.gradus.autograd.Tensor;
import org.gradus.random.NumpyRandom;

/** Grey noise on every pixel. */
public final class Noise {

    private Noise() {}

    /**
     * Adds normal noise and keeps the result within the range of the images.
     *
     * <pre>  clip(x + factor z, min x, max x),  z ~ N(0, 1)</pre>
     *
     * <p>Equals {@code numpy.clip(x + factor * numpy.random.normal(size=x.shape), x.min(), x.max())}, computed in
     * double and rounded to float at the end.
     *
     * @param images any shape, at least one number
     * @param factor standard deviation of the noise, in units of a pixel
     * @param random one normal value is drawn per pixel, in order
     * @return the shape of {@code images}, new memory
     */
    public static Tensor add(Tensor images, double factor, NumpyRandom random) {
        float[] x = images.data();
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float pixel : x) {
            min = Math.min(min, pixel);
            max = Math.max(max, pixel);
        }
        float[] noisy = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            double pixel = x[i] + factor * random.normal();
            noisy[i] = (float) Math.max(min, Math.min(max, pixel));
        }
        return Tensor.of(images.shape(), noisy).named(images.name() + " with noise");
    }
}
