package org.gradus.examples.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A JSON file that is either the old or the new one, never half: written under a temporary name in the same folder,
 * then moved into place. A pipe or device, which cannot be replaced, is written to directly.
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

    private final Path named;
    private final Path target;

    private JsonFile(Path named, Path target) {
        this.named = named;
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
        if (Files.isDirectory(path)) {
            throw new IOException("cannot write " + path + ": it is a folder; name a file in it");
        }
        // The file a symbolic link leads to is replaced, not the link.
        Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        JsonFile file = new JsonFile(path, target);
        if (!file.isReplaceable()) {
            return file;
        }
        Path folder = file.folder();
        if (!Files.isDirectory(folder)) {
            throw new IOException("cannot write " + path + ": folder " + folder
                    + (Files.exists(folder) ? " is not a folder; " : " does not exist; create it or ")
                    + "name another file");
        }
        if (Files.exists(target) && !Files.isWritable(target)) {
            throw new IOException("cannot write " + path + ": the file is write-protected; name another file");
        }
        file.tryFolder();
        return file;
    }

    private boolean isReplaceable() {
        return !Files.exists(target) || Files.isRegularFile(target);
    }

    private Path folder() {
        Path folder = target.getParent();
        return folder == null ? target.getRoot() : folder;
    }

    private Path temporary() {
        return target.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    }

    /** Permissions alone do not tell; a file made and removed does. */
    private void tryFolder() throws IOException {
        Path probe = temporary();
        try {
            Files.newOutputStream(probe).close();
            Files.delete(probe);
        } catch (IOException refused) {
            throw failure(refused);
        }
    }

    /**
     * Writes the file.
     *
     * @param content what it holds
     * @throws IOException if it cannot be written; the old file, if there was one, is then still there
     */
    public void write(Content content) throws IOException {
        try {
            if (!isReplaceable()) {
                generate(content, Files.newOutputStream(target, StandardOpenOption.WRITE));
                return;
            }
            Path temporary = temporary();
            // An interrupted process leaves nothing behind either.
            temporary.toFile().deleteOnExit();
            try {
                generate(content, Files.newOutputStream(temporary));
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException failed) {
            throw failure(failed);
        }
    }

    private static void generate(Content content, OutputStream stream) throws IOException {
        DefaultPrettyPrinter layout = new DefaultPrettyPrinter(
                        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                .withObjectIndenter(new DefaultIndenter(" ", "\n"));
        try (JsonGenerator json = new JsonFactory().createGenerator(stream)) {
            json.setPrettyPrinter(layout);
            content.writeTo(json);
            json.writeRaw('\n');
        }
    }

    private IOException failure(IOException cause) {
        String why = String.valueOf(cause.getMessage());
        if (cause instanceof AccessDeniedException) {
            why = "no permission to write in " + folder();
        } else if (cause instanceof FileSystemException system && system.getReason() != null) {
            why = system.getReason();
        }
        return new IOException("cannot write " + named + ": " + why + "; name another file", cause);
    }
}
