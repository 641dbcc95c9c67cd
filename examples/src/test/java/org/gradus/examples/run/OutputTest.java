package org.gradus.examples.run;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class OutputTest {

    /** Takes so many writes and fails from then on, each time with another message. */
    private static final class Full extends OutputStream {
        private int left;
        private int failures;

        Full(int left) {
            this.left = left;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            if (--left < 0) {
                throw new IOException("no space, time " + ++failures);
            }
        }
    }

    @Test
    void writesEachLineAtOnceInTheEncodingAskedFor() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output out = new Output(bytes, ISO_8859_1, () -> false);
        out.print("gr");
        out.println("\u00fcn");
        assertThat(bytes.toString(ISO_8859_1)).isEqualTo("gr\u00fcn" + System.lineSeparator());
        assertThat(out.failure()).isEmpty();
        out.flushOrThrow();
    }

    @Test
    void throwsTheFirstFailureFromThenOn() {
        Output out = new Output(new Full(1), UTF_8, () -> false);
        out.println("one");
        String message = "cannot write to standard output: no space, time 1; what is printed there is incomplete";
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> out.println("two"))
                    .isInstanceOf(OutputFailure.class)
                    .hasMessage(message);
            assertThatThrownBy(out::flush).isInstanceOf(OutputFailure.class).hasMessage(message);
            assertThatThrownBy(out::flushOrThrow)
                    .isInstanceOf(OutputFailure.class)
                    .hasMessage(message);
        }
        assertThat(out.failure().orElseThrow().readerGone()).isFalse();
    }

    @Test
    void failureOfAPipeIsThatNobodyReads() {
        Output out = new Output(new Full(0), UTF_8, () -> true);
        assertThatThrownBy(() -> out.println("one")).isInstanceOf(OutputFailure.class);
        assertThat(out.failure().orElseThrow().readerGone()).isTrue();
    }

    @Test
    void whatIsHeldBackIsWrittenWhenAskedFor() {
        Output out = new Output(new Full(0), UTF_8, () -> false);
        out.write('x');
        assertThat(out.failure()).isEmpty();
        assertThatThrownBy(out::flushOrThrow).isInstanceOf(OutputFailure.class);
    }

    @Test
    void consoleKnowsOfItsStream() {
        Output out = new Output(new Full(0), UTF_8, () -> false);
        Console console = new Console(out, out, false);
        assertThat(console.failure()).isEmpty();
        assertThatThrownBy(() -> out.println("one")).isInstanceOf(OutputFailure.class);
        assertThat(console.failure()).isEqualTo(out.failure()).isPresent();
        assertThat(new Console(new PrintStream(new Full(0), true, UTF_8), out, false).failure())
                .isEmpty();
    }
}
