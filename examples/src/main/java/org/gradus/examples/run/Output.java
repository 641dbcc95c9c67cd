package org.gradus.examples.run;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A stream that does not lose what it cannot write. An ordinary {@link PrintStream} swallows the error, and a program prints for hours
 * on a full disk, or to a reader that has gone. This one throws {@link OutputFailure} from the first failure on, so that whoever
 * prints ends, and keeps it for whoever asks later.
 */
public final class Output extends PrintStream {

    private static final Path STANDARD = Path.of("/dev/fd/1");
    private static final int FILE_TYPE = 0170000;
    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;

    private final Noting noting;

    /**
     * A stream onto another.
     *
     * @param to where the bytes go
     * @param charset how text becomes bytes
     * @param pipe whether {@code to} is a pipe; then a failure means that its reader has gone
     */
    public Output(OutputStream to, Charset charset, BooleanSupplier pipe) {
        this(new Noting(to, pipe), charset);
    }

    private Output(Noting noting, Charset charset) {
        super(new BufferedOutputStream(noting), true, charset);
        this.noting = noting;
    }

    /**
     * Standard output, in the encoding that {@link System#out} has.
     *
     * @return a new stream onto it
     */
    public static Output standard() {
        String name = System.getProperty(
                "stdout.encoding",
                System.getProperty(
                        "sun.stdout.encoding", Charset.defaultCharset().name()));
        Charset charset = Charset.isSupported(name) ? Charset.forName(name) : Charset.defaultCharset();
        return new Output(new FileOutputStream(FileDescriptor.out), charset, Output::standardIsPipe);
    }

    /** In one piece: the inherited method writes text and end of line one by one where the class is not its own. */
    @Override
    public void println(@Nullable String text) {
        print(text + System.lineSeparator());
    }

    @Override
    public void println(@Nullable Object value) {
        println(String.valueOf(value));
    }

    /**
     * The first failure.
     *
     * @return empty as long as all could be written
     */
    public Optional<OutputFailure> failure() {
        return Optional.ofNullable(noting.failure);
    }

    /**
     * Writes what is still held back.
     *
     * @throws OutputFailure if that, or anything before it, could not be written
     */
    public void flushOrThrow() {
        OutputFailure failed = noting.failure;
        if (failed != null) {
            throw failed;
        }
        flush();
    }

    /** By what it is and not by the message of the failure, which is in the language of the country. */
    private static boolean standardIsPipe() {
        try {
            int type = (int) Files.getAttribute(STANDARD, "unix:mode") & FILE_TYPE;
            return type == PIPE || type == SOCKET;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return false;
        }
    }

    /** Stands before the buffer's target; an unchecked exception is what a {@link PrintStream} lets through. */
    private static final class Noting extends OutputStream {

        private final OutputStream to;
        private final BooleanSupplier pipe;
        private volatile @Nullable OutputFailure failure;

        Noting(OutputStream to, BooleanSupplier pipe) {
            this.to = to;
            this.pipe = pipe;
        }

        private interface Writing {
            void run() throws IOException;
        }

        private void noting(Writing writing) {
            OutputFailure before = failure;
            if (before != null) {
                throw before;
            }
            try {
                writing.run();
            } catch (IOException failed) {
                OutputFailure first = new OutputFailure(failed, pipe.getAsBoolean());
                failure = first;
                throw first;
            }
        }

        @Override
        public void write(int b) {
            noting(() -> to.write(b));
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            noting(() -> to.write(bytes, from, count));
        }

        @Override
        public void flush() {
            noting(to::flush);
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }
}
