package org.gradus.mnist;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A data folder or an IDX file that cannot be used. The message is one line that names the file, what is wrong with it
 * and what to do.
 */
public final class IdxException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Control characters, separators of lines, and what turns the direction of writing. */
    private static final Pattern OBEYED =
            Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]");

    IdxException(String message) {
        super(printable(message));
    }

    IdxException(String message, Throwable cause) {
        super(printable(message), cause);
    }

    /** Names of files may hold what a terminal obeys, or what makes two lines of one. */
    private static String printable(String message) {
        String oneLine = message.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        return OBEYED.matcher(oneLine)
                .replaceAll(found -> Matcher.quoteReplacement(String.format(
                        Locale.ROOT, "\\u%04x", (int) found.group().charAt(0))));
    }
}
