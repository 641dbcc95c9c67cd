package org.gradus.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.gradus.examples.run.JsonFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where to write the numbers of a run. */
final class JsonOption {

    @Option(names = "--json", paramLabel = "FILE", description = "Write losses, times and circumstances to this file.")
    private @Nullable Path path;

    /**
     * The file, after checking that it can be written.
     *
     * @throws CommandFailure if it cannot
     */
    Optional<JsonFile> file() {
        if (path == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonFile.at(path));
        } catch (IOException refused) {
            throw failure(refused);
        }
    }

    /**
     * Writes to the file if there is one.
     *
     * @throws CommandFailure if that fails
     */
    static void write(Optional<JsonFile> file, JsonFile.Content content) {
        if (file.isPresent()) {
            try {
                file.get().write(content);
            } catch (IOException failed) {
                throw failure(failed);
            }
        }
    }

    private static CommandFailure failure(IOException cause) {
        return new CommandFailure("--json: " + cause.getMessage(), cause);
    }
}
