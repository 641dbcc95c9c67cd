package org.gradus.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    private Path folder;

    private void assertOnly(Path... expected) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(expected);
        }
    }

    @Test
    void checkingLeavesNothingBehind() throws IOException {
        AtomicFile.at(folder.resolve("a"));

        assertOnly();
    }

    @Test
    void replacesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old and long");

        AtomicFile.at(file).write(out -> out.write('n'));

        assertThat(file).hasContent("n");
        assertOnly(file);
    }

    @Test
    void theOldFileIsThereUntilTheNewOneIsWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");

        AtomicFile.at(file).write(out -> {
            out.write('n');
            out.flush();
            assertThat(file).hasContent("old");
        });

        assertThat(file).hasContent("n");
    }

    @Test
    void failureKeepsTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");
        AtomicFile atomic = AtomicFile.at(file);

        assertThatThrownBy(() -> atomic.write(out -> {
                    out.write('n');
                    throw new IOException("disk full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + file + ": disk full; name another file");
        assertThatThrownBy(() -> atomic.write(out -> {
                    throw new IllegalStateException("defect");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(file).hasContent("old");
        assertOnly(file);
    }

    /** A program that is told to end while it writes, as Ctrl-C does. */
    @Test
    void endOfTheProgramKeepsTheOldFile() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "old");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessWriter.class.getName(),
                        file.toString())
                .start();
        assertThat(process.getInputStream().read()).isEqualTo('w');
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("file and temporary file").hasSize(2);
        }

        process.destroy();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(file).hasContent("old");
        assertOnly(file);
    }

    /** Writes until it is ended. */
    static final class EndlessWriter {

        private EndlessWriter() {}

        /** Prints a letter once part of the file is written. */
        public static void main(String[] args) throws IOException {
            AtomicFile.at(Path.of(args[0])).write(out -> {
                out.write(new byte[1000]);
                System.out.print('w');
                System.out.flush();
                while (true) {
                    try {
                        Thread.sleep(1000);
                    } catch (InterruptedException ended) {
                        throw new IOException(ended);
                    }
                }
            });
        }
    }

    @Test
    void replacesWhatASymbolicLinkLeadsTo() throws IOException {
        Path real = Files.writeString(folder.resolve("real"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);

        AtomicFile.at(link).write(out -> out.write('n'));

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(real).hasContent("n");
    }

    @Test
    void namesThatCannotBeWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        assertThatThrownBy(() -> AtomicFile.at(Path.of("")))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write a file without a name; give one");
        assertThatThrownBy(() -> AtomicFile.at(folder))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + folder + ": it is a folder; name a file in it");
        assertThatThrownBy(() -> AtomicFile.at(folder.resolve("none/a")))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + folder + "/none/a: folder " + folder
                        + "/none does not exist; create it or name another file");
        assertThatThrownBy(() -> AtomicFile.at(file.resolve("a")))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + file + "/a: folder " + file + " is not a folder; name another file");
        assertOnly(file);
    }

    @Test
    void folderThatVanishedMeanwhile() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        AtomicFile file = AtomicFile.at(inner.resolve("a"));
        Files.delete(inner);

        assertThatThrownBy(() -> file.write(out -> out.write(1)))
                .isInstanceOf(IOException.class)
                .message()
                .startsWith("cannot write " + inner.resolve("a"))
                .doesNotContain("\n");
    }
}
