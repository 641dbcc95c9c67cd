package org.gradus.examples.tutorial;

import java.util.List;

/**
 * A tutorial in the contents: what the report's first page leads to, whichever of them is run.
 *
 * @param number 1 to 3
 * @param title a few words
 * @param ids of its experiments, in order
 */
public record Contents(int number, String title, List<String> ids) {

    /** One hidden layer. */
    public static final Contents ONE = new Contents(
            1,
            "Autoencoders with one hidden layer",
            List.of(
                    "T1.0", "T1.1", "T1.2", "T1.3", "T1.4", "T1.5a", "T1.5b", "T1.6", "T1.7", "T1.B1", "T1.B1c",
                    "T1.B2", "T1.B2n", "T1.B3", "T1.B4"));

    /** More layers, and the sphere. */
    public static final Contents TWO =
            new Contents(2, "Deep autoencoders and a spherical code", List.of("T2.1", "T2.2", "T2.3", "T2.B1"));

    /** Damaged, missing and rearranged images. */
    public static final Contents THREE =
            new Contents(3, "Applications", List.of("T3.0", "T3.1", "T3.2", "T3.3", "T3.4", "T3.5", "T3.6"));

    /** Keeps a copy. */
    public Contents {
        ids = List.copyOf(ids);
    }

    /** The tutorials in their order. */
    static List<Contents> all() {
        return List.of(ONE, TWO, THREE);
    }

    /** The ids of all tutorials. */
    static List<String> allIds() {
        return all().stream().flatMap(tutorial -> tutorial.ids().stream()).toList();
    }
}
