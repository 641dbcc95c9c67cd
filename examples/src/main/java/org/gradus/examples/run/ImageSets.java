package org.gradus.examples.run;

import java.util.List;
import org.gradus.data.Samples;
import org.gradus.mnist.Mnist;

/**
 * Images as a network reads them, pixels between 0 and 1.
 *
 * @param train samples [pixels] to learn from, 60,000 in MNIST
 * @param test samples [pixels] to judge by, 10,000 in MNIST
 */
public record ImageSets(Samples train, Samples test) {

    /**
     * Both sets, read from their bytes whenever an image is needed.
     *
     * @param mnist sets of at least one image each
     * @return the pixels divided by 255
     */
    public static ImageSets of(Mnist mnist) {
        return new ImageSets(mnist.train().samples(), mnist.test().samples());
    }

    /**
     * The width of a network's input.
     *
     * @return pixels per image
     */
    public int pixels() {
        return train.width();
    }

    /**
     * Tells one pair of sets from another.
     *
     * @return sizes, and a checksum of all pixels
     */
    public String fingerprint() {
        return train.count() + "+" + test.count() + " images of " + pixels() + " pixels, CRC-32C "
                + new Fingerprint().addSamples(List.of(train, test));
    }
}
