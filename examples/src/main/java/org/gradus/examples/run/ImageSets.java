package org.gradus.examples.run;

import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.mnist.LabelledImages;
import org.gradus.mnist.Mnist;

/**
 * Images as a network reads them, one row each, pixels between 0 and 1.
 *
 * @param train [n, pixels], in MNIST [60000,784]
 * @param test [m, pixels], in MNIST [10000,784]
 */
public record ImageSets(Tensor train, Tensor test) {

    /**
     * Converts both sets.
     *
     * @param mnist sets of at least one image each
     * @return the pixels divided by 255
     */
    public static ImageSets of(Mnist mnist) {
        return new ImageSets(
                rows(mnist.train()).named("train"), rows(mnist.test()).named("test"));
    }

    private static Tensor rows(LabelledImages images) {
        return Tensor.matrix(images.count(), images.pixelsPerImage(), images.toFloats());
    }

    /**
     * The width of a network's input.
     *
     * @return pixels per image
     */
    public int pixels() {
        return train.shape().columns();
    }

    /**
     * Tells one pair of sets from another.
     *
     * @return sizes, and a checksum of all pixels
     */
    public String fingerprint() {
        return train.shape().length(0) + "+" + test.shape().length(0) + " images of " + pixels() + " pixels, CRC-32C "
                + new Fingerprint().add(List.of(train, test));
    }
}
