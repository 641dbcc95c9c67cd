package org.gradus.examples.tutorial;

import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.Fingerprint;

/**
 * What a network learns from and is judged by.
 *
 * @param trainInput [n, pixels]
 * @param trainTarget [n, pixels] what it should make of them
 * @param testInput [m, pixels]
 * @param testTarget [m, pixels]
 */
public record Samples(Tensor trainInput, Tensor trainTarget, Tensor testInput, Tensor testTarget) {

    /**
     * Images that should come out as they went in.
     *
     * @param train [n, pixels]
     * @param test [m, pixels]
     * @return both, as input and as target
     */
    public static Samples reproducing(Tensor train, Tensor test) {
        return new Samples(train, train, test, test);
    }

    /** A checksum of all numbers and of which sets are the same; a set that serves twice is read once. */
    String fingerprint() {
        List<Tensor> different = new ArrayList<>();
        StringBuilder roles = new StringBuilder();
        for (Tensor set : List.of(trainInput, trainTarget, testInput, testTarget)) {
            int index = 0;
            while (index < different.size() && different.get(index) != set) {
                index++;
            }
            if (index == different.size()) {
                different.add(set);
            }
            roles.append(index);
        }
        return roles + " " + new Fingerprint().add(different);
    }
}
