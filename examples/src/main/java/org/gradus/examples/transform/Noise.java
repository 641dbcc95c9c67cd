package org.gradus.examples.transform;

import org.gradus.autograd.Shape;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
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
     * @param images samples of any shape
     * @param factor standard deviation of the noise, in units of a pixel
     * @param random one normal value is drawn per pixel, in order
     * @return as many, [n, ...], new memory
     */
    public static Tensor add(Samples images, double factor, NumpyRandom random) {
        int width = images.width();
        float[] one = new float[width];
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < images.count(); i++) {
            images.read(i, one, 0);
            for (float pixel : one) {
                min = Math.min(min, pixel);
                max = Math.max(max, pixel);
            }
        }
        Shape shape = images.sampleShape().batch(images.count());
        float[] noisy = new float[shape.size()];
        for (int i = 0; i < images.count(); i++) {
            images.read(i, one, 0);
            for (int j = 0; j < width; j++) {
                double pixel = one[j] + factor * random.normal();
                noisy[i * width + j] = (float) Math.max(min, Math.min(max, pixel));
            }
        }
        return Tensor.of(shape, noisy);
    }
}
