package org.gradus.examples.tutorial;

import java.util.ArrayList;
import java.util.List;
import org.gradus.data.Samples;
import org.gradus.examples.run.Fingerprint;

/**
 * Pairs of input and target: those that a network learns from, and those that it is judged by.
 *
 * @param trainInput n samples [pixels]
 * @param trainTarget as many: what it should make of them
 * @param testInput m samples [pixels]
 * @param testTarget as many
 */
public record Pairs(Samples trainInput, Samples trainTarget, Samples testInput, Samples testTarget) {

    /**
     * Images that should come out as they went in.
     *
     * @param train n samples [pixels]
     * @param test m samples [pixels]
     * @return both, as input and as target
     */
    public static Pairs reproducing(Samples train, Samples test) {
        return new Pairs(train, train, test, test);
    }

    /** A checksum of all numbers and of which sets are the same; a set that serves twice is read once. */
    String fingerprint() {
        List<Samples> different = new ArrayList<>();
        StringBuilder roles = new StringBuilder();
        for (Samples set : List.of(trainInput, trainTarget, testInput, testTarget)) {
            int index = different.indexOf(set);
            if (index < 0) {
                index = different.size();
                different.add(set);
            }
            roles.append(index);
        }
        return roles + " " + new Fingerprint().addSamples(different);
    }
}
