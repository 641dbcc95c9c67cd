package org.gradus.io;

import java.io.IOException;
import java.nio.file.Path;
import org.gradus.autograd.Printable;
import org.jspecify.annotations.Nullable;

/**
 * A file that cannot be read, or that is not what it should be. The message is one line: the file, what is wrong with it and
 * what to do.
 */
public final class SafetensorsException extends IOException {

    private static final long serialVersionUID = 1L;

    SafetensorsException(Path file, String problem) {
        super(Printable.text(file + ": " + problem));
    }

    SafetensorsException(Path file, String problem, @Nullable Throwable cause) {
        super(Printable.text(file + ": " + problem), cause);
    }
}
