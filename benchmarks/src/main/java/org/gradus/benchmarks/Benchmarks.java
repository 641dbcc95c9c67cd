package org.gradus.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Starts JMH: with all products of {@link Shape#ALL} unless the command line names some. */
public final class Benchmarks {

    private Benchmarks() {}

    /**
     * The command line of JMH.
     *
     * @param args JMH's
     * @throws IOException if JMH cannot write its results
     */
    public static void main(String[] args) throws IOException {
        org.openjdk.jmh.Main.main(withShapes(args));
    }

    /** These arguments, and the shapes if they name none. */
    static String[] withShapes(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        if (all.stream().noneMatch(argument -> argument.matches("(-p)?shape=.*"))) {
            all.add("-p");
            all.add("shape=" + Shape.ALL.stream().map(Shape::toString).collect(Collectors.joining(",")));
        }
        return all.toArray(String[]::new);
    }
}
