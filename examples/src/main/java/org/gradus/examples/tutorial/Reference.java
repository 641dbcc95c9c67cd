package org.gradus.examples.tutorial;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Losses that somebody else measured for the same run.
 *
 * @param seeded whether that run had a seed, so that its numbers can be met again
 * @param firstBatchLosses of up to 100 batches; may be empty
 * @param table a row per epoch: loss over the training set, over the test set
 */
record Reference(boolean seeded, List<Double> firstBatchLosses, List<Row> table) {

    /** The tables printed on the slides of the course, seed 0; 4 decimals. */
    private static final String DECK = "deck_tables_seed0.json";

    /** Those of the runs without a seed: one random draw each; 4 decimals. */
    private static final String UNSEEDED_DECK = "deck_tables_unseeded.json";

    /** The same runs in PyTorch, seed 0; full precision. */
    private static final String PYTORCH = "tutorial_runs_seed0.json";

    /** Some of them with other rounding, by scripts/reference/rounding_spread.py; of a few variants the first batches only. */
    private static final String VARIANTS = "rounding_spread_seed0.json";

    /**
     * A row of a loss table.
     *
     * @param train loss over the training set
     * @param test loss over the test set
     */
    record Row(double train, double test) {}

    Reference {
        firstBatchLosses = List.copyOf(firstBatchLosses);
        table = List.copyOf(table);
    }

    /** The deck's tables of the seeded runs, by experiment. */
    static Map<String, Reference> deck() {
        return read(DECK, true);
    }

    /** The deck's tables of the runs that nobody can repeat, by experiment. */
    static Map<String, Reference> unseededDeck() {
        return read(UNSEEDED_DECK, false);
    }

    /** PyTorch's runs, by experiment. */
    static Map<String, Reference> pytorch() {
        return read(PYTORCH, true);
    }

    /** What PyTorch's runs span when only rounding changes, by experiment; of those alone that amplify rounding most. */
    static Map<String, RoundingSpread> spreads() {
        Map<String, Reference> recorded = pytorch();
        Map<String, RoundingSpread> spreads = new LinkedHashMap<>();
        parse(
                        VARIANTS,
                        json -> entries(
                                json,
                                run -> List.copyOf(entries(run, variant -> run(variant, true))
                                        .values())))
                .forEach((id, variants) -> {
                    Reference one = Objects.requireNonNull(recorded.get(id), id);
                    spreads.put(id, new RoundingSpread(one, variants));
                });
        return spreads;
    }

    /** The first epochs of a longer run: shuffling does not depend on how many follow. */
    Reference first(int epochs) {
        return new Reference(seeded, firstBatchLosses, table.subList(0, Math.min(epochs, table.size())));
    }

    private static Map<String, Reference> read(String resource, boolean seeded) {
        return parse(resource, json -> entries(json, run -> run(run, seeded)));
    }

    /** Reads a value that a parser stands at. */
    private interface Reader<T> {
        T read(JsonParser json) throws IOException;
    }

    /** Reads {@code {"runs": value, ..}}. */
    private static <T> T parse(String resource, Reader<T> reader) {
        try (InputStream in = Reference.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new FileNotFoundException(resource);
            }
            try (JsonParser json = new JsonFactory().createParser(in)) {
                json.nextToken();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    json.nextToken();
                    if (field.equals("runs")) {
                        return reader.read(json);
                    }
                    json.skipChildren();
                }
                throw new IOException("there are no runs in it");
            }
        } catch (IOException damaged) {
            throw new UncheckedIOException("the bundled reference values are damaged: " + resource, damaged);
        }
    }

    /** Reads {@code {name: value, ..}}. */
    private static <T> Map<String, T> entries(JsonParser json, Reader<T> reader) throws IOException {
        Map<String, T> entries = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            entries.put(name, reader.read(json));
        }
        return entries;
    }

    private static Reference run(JsonParser json, boolean seeded) throws IOException {
        List<Double> losses = List.of();
        List<Row> table = new ArrayList<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "first_batch_losses" -> losses = numbers(json);
                case "table" -> {
                    while (json.nextToken() == JsonToken.START_ARRAY) {
                        List<Double> row = numbers(json);
                        table.add(new Row(row.get(0), row.get(1)));
                    }
                }
                default -> json.skipChildren();
            }
        }
        return new Reference(seeded, losses, table);
    }

    private static List<Double> numbers(JsonParser json) throws IOException {
        List<Double> numbers = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            numbers.add(json.getDoubleValue());
        }
        return numbers;
    }
}
