package org.gradus.app;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.gradus.kernel.KernelProvider;

/**
 * What the library logs, such as the kernels that it falls back to and why, in the form of the command line's other messages: one line
 * on standard error, without the two lines of time, class and level that Java's log puts in front.
 */
final class LibraryLog extends Handler {

    /** Kept here: the log holds its loggers weakly, and with the logger the handler would go. */
    private static final Logger LOGGER = Logger.getLogger(KernelProvider.class.getName());

    private static final Formatter FORMATTER = new Formatter() {
        @Override
        public String format(LogRecord logged) {
            return "gradus: " + formatMessage(logged);
        }
    };

    private LibraryLog() {}

    /** From now on, in this JVM. */
    static void inOneLineEach() {
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(new LibraryLog());
    }

    @Override
    public void publish(LogRecord logged) {
        if (isLoggable(logged)) {
            System.err.println(FORMATTER.format(logged));
        }
    }

    @Override
    public void flush() {
        System.err.flush();
    }

    @Override
    public void close() {
        // standard error stays open
    }
}
