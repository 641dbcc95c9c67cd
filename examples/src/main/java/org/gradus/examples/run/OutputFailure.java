package org.gradus.examples.run;

import java.io.IOException;

/** What is printed does not arrive: the disk is full, or nobody reads any more. Whoever prints need not catch it. */
public final class OutputFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean readerGone;

    OutputFailure(IOException cause, boolean readerGone) {
        super(
                "cannot write to standard output: " + cause.getMessage() + "; what is printed there is incomplete",
                cause);
        this.readerGone = readerGone;
    }

    /**
     * Whether it is a pipe whose reader has had enough, as with {@code | head}. That is no fault.
     *
     * @return false if it is a file, a device or a terminal
     */
    public boolean readerGone() {
        return readerGone;
    }
}
