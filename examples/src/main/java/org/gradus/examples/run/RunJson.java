package org.gradus.examples.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import org.gradus.pages.Decimals;
import org.gradus.train.EpochLoss;
import org.gradus.train.EpochSeconds;
import org.gradus.train.NonFiniteException;
import org.gradus.train.StepReport;

/**
 * A training run as JSON.
 *
 * <pre>
 *   {"loss": "bce", "epochs": 10, "batch": 64,
 *    "first_batch_losses": [100 numbers], "table": [[train, test], ..],
 *    "epoch_seconds": [[training, evaluation], ..],
 *    "environment": {"kernels": "vector", "vector_bits": 512, "threads": 2, "jdk": "25.0.3",
 *                    "steps": "planned", "stepsWhy": null}}
 * </pre>
 *
 * <p>{@code steps}, where the run tells of them, is {@code planned}, {@code replayed} or {@code recorded}, as the last step of a full
 * batch was; {@code stepsWhy} says why steps were not planned, and is {@code null} where they were.
 *
 * <p>Losses are given in full precision; one that is not finite, which JSON cannot say, is {@code null}.
 */
public final class RunJson {

    private static final int FIRST_BATCHES = 100;
    private static final int MILLIS = 3;

    private RunJson() {}

    /**
     * Writes a run.
     *
     * @param json where
     * @param run what
     * @throws IOException if that fails
     */
    public static void write(JsonGenerator json, TrainedRun run) throws IOException {
        write(json, run, Optional.empty());
    }

    /**
     * Writes a run that may have ended by a number that is not finite; {@code "non_finite": {"epoch": 1, "batch": 2, "what": "loss of
     * the batch", "value": "NaN"}} then says where, with {@code null} for the batch after the last of an epoch.
     *
     * @param json where
     * @param run what
     * @param end how it ended, if not after its last epoch
     * @throws IOException if that fails
     */
    public static void write(JsonGenerator json, TrainedRun run, Optional<NonFiniteException> end) throws IOException {
        json.writeStartObject();
        json.writeStringField("loss", run.loss());
        json.writeNumberField("epochs", run.epochs());
        json.writeNumberField("batch", run.batch());
        json.writeArrayFieldStart("first_batch_losses");
        float[] losses = run.history().batchLosses();
        for (int b = 0; b < Math.min(FIRST_BATCHES, losses.length); b++) {
            number(json, losses[b]);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("table");
        for (EpochLoss row : run.history().table()) {
            json.writeStartArray();
            number(json, row.train());
            number(json, row.test());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("epoch_seconds");
        for (EpochSeconds seconds : run.history().epochSeconds()) {
            json.writeStartArray();
            json.writeNumber(rounded(seconds.training()));
            json.writeNumber(rounded(seconds.evaluation()));
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeFieldName("environment");
        json.writeStartObject();
        fields(json, run.environment());
        if (run.steps().isPresent()) {
            steps(json, run.steps().get());
        }
        json.writeEndObject();
        if (end.isPresent()) {
            json.writeFieldName("non_finite");
            place(json, end.get());
        }
        json.writeEndObject();
    }

    private static void place(JsonGenerator json, NonFiniteException end) throws IOException {
        json.writeStartObject();
        json.writeNumberField("epoch", end.epoch());
        if (end.batch() == 0) {
            json.writeNullField("batch");
        } else {
            json.writeNumberField("batch", end.batch());
        }
        json.writeStringField("what", end.what());
        json.writeStringField("value", Float.toString(end.value()));
        json.writeEndObject();
    }

    /**
     * A run as text.
     *
     * @param run what
     * @return JSON in one line
     */
    public static String text(TrainedRun run) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            write(json, run);
        } catch (IOException impossible) {
            throw new UncheckedIOException("JSON in memory cannot be written", impossible);
        }
        return text.toString();
    }

    /**
     * Writes a run that was made into text, number for number.
     *
     * @param json where
     * @param text of {@link #text}
     * @throws IOException if the text is no JSON, or writing fails
     */
    public static void copy(JsonGenerator json, String text) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            parser.nextToken();
            json.copyCurrentStructureExact(parser);
        }
    }

    /**
     * Writes what computed a run.
     *
     * @param json where
     * @param environment what
     * @throws IOException if that fails
     */
    public static void environment(JsonGenerator json, Environment environment) throws IOException {
        json.writeStartObject();
        fields(json, environment);
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, Environment environment) throws IOException {
        json.writeStringField("kernels", environment.kernels());
        json.writeNumberField("vector_bits", environment.vectorBits());
        json.writeNumberField("threads", environment.threads());
        json.writeStringField("jdk", environment.jdk());
    }

    private static void steps(JsonGenerator json, StepReport steps) throws IOException {
        json.writeStringField("steps", steps.kind().name().toLowerCase(Locale.ROOT));
        if (steps.why().isPresent()) {
            json.writeStringField("stepsWhy", steps.why().get());
        } else {
            json.writeNullField("stepsWhy");
        }
    }

    private static BigDecimal rounded(double seconds) {
        return new BigDecimal(seconds).setScale(MILLIS, RoundingMode.HALF_EVEN);
    }

    /**
     * Writes a number in full precision.
     *
     * @param json where
     * @param value any number
     * @throws IOException if that fails
     */
    public static void number(JsonGenerator json, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(Decimals.full(value));
        } else {
            json.writeNull();
        }
    }
}
