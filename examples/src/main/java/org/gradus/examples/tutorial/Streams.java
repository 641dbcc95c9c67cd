package org.gradus.examples.tutorial;

import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;

/**
 * The two random streams of a notebook.
 *
 * @param torch weights are drawn from it
 * @param numpy everything else is: orders of samples, noise, choices
 */
record Streams(TorchRandom torch, NumpyRandom numpy) {

    /** Both from the same seed. */
    static Streams of(long seed) {
        return new Streams(new TorchRandom(seed), new NumpyRandom(seed));
    }

    /** Starts both again: {@code torch.manual_seed(seed); numpy.random.seed(seed)}. */
    void seed(long torchSeed, long numpySeed) {
        torch.manualSeed(torchSeed);
        numpy.seed(numpySeed);
    }
}
