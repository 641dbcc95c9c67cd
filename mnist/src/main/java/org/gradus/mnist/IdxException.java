package org.gradus.mnist;

import java.io.IOException;

/**
 * A data folder or an IDX file that cannot be used. The message is one line that names the file, what is wrong with it
 * and what to do.
 */
public final class IdxException extends IOException {

    private static final long serialVersionUID = 1L;

    IdxException(String message) {
        super(message);
    }

    IdxException(String message, Throwable cause) {
        super(message, cause);
    }
}
