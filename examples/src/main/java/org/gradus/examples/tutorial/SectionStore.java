package org.gradus.examples.tutorial;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.examples.run.JsonFile;
import org.gradus.examples.run.RunJson;
import org.gradus.pages.report.Check;
import org.gradus.pages.report.Section;

/**
 * What the pages of a report hold, a file for each experiment, so that running some experiments again leaves the others on
 * their page. Like a checkpoint, a section is taken up only if it was made with the same settings; one that cannot be read is
 * as good as none.
 */
final class SectionStore {

    private final Path folder;

    /** Made when the first section is kept. */
    SectionStore(Path folder) {
        this.folder = folder;
    }

    /**
     * What an experiment left.
     *
     * @param section its part of the page
     * @param run its training as JSON, see {@link RunJson}
     */
    record Kept(Section section, Optional<String> run) {}

    private Path file(String id) {
        return folder.resolve(id + ".json");
    }

    /**
     * Keeps what an experiment left in place of what it left before.
     *
     * @throws IOException if it cannot be written, in one line
     */
    void keep(Kept kept, Map<String, String> settings) throws IOException {
        Files.createDirectories(folder);
        JsonFile.at(file(kept.section().id())).write(json -> write(json, kept, settings));
    }

    private static void write(JsonGenerator json, Kept kept, Map<String, String> settings) throws IOException {
        Section section = kept.section();
        json.writeStartObject();
        json.writeObjectFieldStart("settings");
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            json.writeStringField(setting.getKey(), setting.getValue());
        }
        json.writeEndObject();
        json.writeStringField("id", section.id());
        json.writeStringField("title", section.title());
        json.writeBooleanField("cloud", section.cloud());
        json.writeBooleanField("explorer", section.explorer());
        json.writeArrayFieldStart("files");
        for (String name : section.files()) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeFieldName("checks");
        writeChecks(json, section.checks());
        if (kept.run().isPresent()) {
            json.writeStringField("run", kept.run().get());
        }
        json.writeStringField("content", section.content());
        json.writeEndObject();
    }

    /** Writes {@code [{"id", "text", "value", "holds"}, ..]}. */
    static void writeChecks(JsonGenerator json, List<Check> checks) throws IOException {
        json.writeStartArray();
        for (Check check : checks) {
            json.writeStartObject();
            json.writeStringField("id", check.id());
            json.writeStringField("text", check.text());
            json.writeFieldName("value");
            RunJson.number(json, check.value());
            json.writeBooleanField("holds", check.holds());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** What an experiment left, unless there is nothing of these settings. */
    Optional<Kept> find(String id, Map<String, String> settings) {
        if (!Files.isRegularFile(file(id))) {
            return Optional.empty();
        }
        try (JsonParser json = new JsonFactory().createParser(file(id).toFile())) {
            Reader reader = new Reader(json);
            return reader.settings.equals(settings) && reader.text("id").equals(id)
                    ? Optional.of(reader.kept())
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    /** The fields of a file. */
    private static final class Reader {

        private final Map<String, String> texts = new LinkedHashMap<>();
        private final List<String> files = new ArrayList<>();
        private final List<Check> checks = new ArrayList<>();
        final Map<String, String> settings = new LinkedHashMap<>();

        Reader(JsonParser json) throws IOException {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "settings" -> settings.putAll(texts(json));
                    case "files" -> {
                        while (json.nextToken() == JsonToken.VALUE_STRING) {
                            files.add(json.getText());
                        }
                    }
                    case "checks" -> {
                        while (json.nextToken() == JsonToken.START_OBJECT) {
                            checks.add(check(texts(json)));
                        }
                    }
                    default -> texts.put(field, json.getText());
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT) {
                throw new IOException("not an object to the end");
            }
        }

        private static Map<String, String> texts(JsonParser json) throws IOException {
            Map<String, String> texts = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                texts.put(field, json.getText());
            }
            return texts;
        }

        private static Check check(Map<String, String> fields) {
            String value = text(fields, "value");
            return new Check(
                    text(fields, "id"),
                    text(fields, "text"),
                    value.equals("null") ? Double.NaN : Double.parseDouble(value),
                    Boolean.parseBoolean(text(fields, "holds")));
        }

        private static String text(Map<String, String> fields, String name) {
            String text = fields.get(name);
            if (text == null) {
                throw new IllegalArgumentException("no field " + name);
            }
            return text;
        }

        String text(String name) {
            return text(texts, name);
        }

        Kept kept() {
            Section section = new Section(
                    text("id"),
                    text("title"),
                    text("content"),
                    Boolean.parseBoolean(text("cloud")),
                    Boolean.parseBoolean(text("explorer")),
                    files,
                    checks);
            return new Kept(section, Optional.ofNullable(texts.get("run")));
        }
    }
}
