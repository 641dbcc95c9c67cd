package org.gradus.examples.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.gradus.io.AtomicFile;

/**
 * A JSON file that is either the old or the new one, never half; see {@link AtomicFile}. What cannot be replaced is written to
 * directly: a pipe, a device, or a file that is open already, as that behind {@code /dev/stdout}.
 */
public final class JsonFile {

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes it.
         *
         * @param json where
         * @throws IOException if that fails
         */
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** Takes the bytes: a file that is replaced, or a pipe that is written to. */
    private interface Target {
        void write(AtomicFile.Content content) throws IOException;
    }

    private final Target target;

    private JsonFile(Target target) {
        this.target = target;
    }

    /**
     * Makes sure, before the work whose result it is to hold, that the file can be written.
     *
     * @param path its name; the folder must exist
     * @return the file, not yet written
     * @throws IOException if the folder is missing or cannot be written, or the name is that of a folder; one line
     */
    public static JsonFile at(Path path) throws IOException {
        if (path.toString().isEmpty()) {
            throw new IOException("cannot write a file without a name; give one such as run.json");
        }
        boolean replaceable =
                !Files.exists(path) || Files.isDirectory(path) || (Files.isRegularFile(path) && !isOpen(path));
        return new JsonFile(replaceable ? AtomicFile.at(path)::write : content -> writeInto(path, content));
    }

    /** Whether a regular file of this name is one that a process has open: another one in its place would not be that. */
    static boolean isOpen(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.startsWith("/proc") || (absolute.startsWith("/dev") && !absolute.startsWith("/dev/shm"));
    }

    private static void writeInto(Path pipe, AtomicFile.Content content) throws IOException {
        // Behind what the file behind standard output holds already.
        try (OutputStream out = Files.newOutputStream(pipe, StandardOpenOption.APPEND)) {
            content.writeTo(out);
        } catch (IOException failed) {
            throw new IOException("cannot write " + pipe + ": " + failed.getMessage() + "; name another file", failed);
        }
    }

    /**
     * Writes the file.
     *
     * @param content what it holds
     * @throws IOException if it cannot be written; a file that would have been replaced is then still there
     */
    public void write(Content content) throws IOException {
        target.write(out -> generate(content, out));
    }

    private static void generate(Content content, OutputStream out) throws IOException {
        DefaultPrettyPrinter layout = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(new DefaultIndenter(" ", "\n"));
        try (JsonGenerator json = new JsonFactory()
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .createGenerator(out)) {
            json.setPrettyPrinter(layout);
            content.writeTo(json);
            json.writeRaw('\n');
        }
    }
}
