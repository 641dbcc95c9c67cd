package org.gradus.examples.tutorial;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.Fingerprint;

/**
 * How tutorials are run.
 *
 * @param seed of both random streams, 0 to 2^32 - 1
 * @param epochs of every training, if not as published
 * @param quick whether trainings are cut short: the reference network of tutorial 3 to 10 epochs in batches of 128, all others
 *     to at most 3 epochs
 * @param fresh whether results kept from earlier runs are computed anew
 * @param figures whether figures are drawn
 * @param reference weights of tutorial 3's reference network, which is then not trained
 */
public record Options(
        long seed,
        OptionalInt epochs,
        boolean quick,
        boolean fresh,
        boolean figures,
        Optional<Map<String, Tensor>> reference) {

    /**
     * Everything as published.
     *
     * @param seed of both random streams
     * @return options
     */
    public static Options published(long seed) {
        return new Options(seed, OptionalInt.empty(), false, false, true, Optional.empty());
    }

    /** Whether networks are trained as published, so that conclusions can be expected to hold. */
    boolean isAsPublished() {
        return epochs.isEmpty() && !quick;
    }

    /** What decides the results of experiments, by name; the build of the library and of the tutorials, too. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("build", LibraryVersion.withTutorials());
        settings.put("seed", Long.toString(seed));
        settings.put("epochs", epochs.isPresent() ? Integer.toString(epochs.getAsInt()) : "as published");
        settings.put("quick", Boolean.toString(quick));
        settings.put(
                "reference",
                reference
                        .map(weights -> new Fingerprint()
                                .add(new TreeMap<>(weights).values())
                                .toString())
                        .orElse("T3.0"));
        return settings;
    }
}
