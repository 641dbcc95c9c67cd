package org.gradus.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
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

    @Test
    void interruptedThreadsWriteToo() throws IOException {
        Path file = folder.resolve("a");
        Thread.currentThread().interrupt();
        boolean interrupted;
        try {
            AtomicFile.at(file).write(out -> out.write(new byte[] {'n', 'e', 'w'}));
        } finally {
            interrupted = Thread.interrupted();
        }

        assertThat(interrupted).isTrue();
        assertThat(file).hasContent("new");
        assertOnly(file);
    }

    @Test
    void otherFileSystems() throws IOException {
        Path zip = folder.resolve("a.zip");
        try (FileSystem inside = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Path file = Files.writeString(inside.getPath("/a"), "old");

            AtomicFile.at(file).write(out -> out.write('n'));

            assertThat(Files.readString(file)).isEqualTo("n");
            try (Stream<Path> files = Files.list(inside.getPath("/"))) {
                assertThat(files).containsExactly(file);
            }
        }
    }

    // ---- the end of the program
    // --------------------------------------------------------------------------------------

    private static Process java(Class<?> program, Path file, String... options) throws IOException {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        line.addAll(List.of(options));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName(), file.toString()));
        return new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** A program that is told to end while it writes, as Ctrl-C does. */
    @Test
    void endOfTheProgramKeepsTheOldFile() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "old");
        Process process = java(EndlessWriter.class, file);
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
                    sleep(1000);
                }
            });
        }
    }

    /** A program that is told to end may take its time, and save more. */
    @Test
    void hooksCanWaitForAFileAndWriteOne() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "old");
        Process process = java(LastWriter.class, file);
        assertThat(process.getInputStream().read()).isEqualTo('w');

        process.destroy();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(file).hasContent("finished");
        assertThat(folder.resolve("last")).hasContent("finished");
        assertOnly(file, folder.resolve("last"));
    }

    /** Finishes what it has begun, then writes another file. */
    static final class LastWriter {

        private LastWriter() {}

        /** Prints a letter once part of the first file is written. */
        public static void main(String[] args) throws IOException {
            Path file = Path.of(args[0]);
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    main.join();
                    AtomicFile.at(file.resolveSibling("last")).write(out -> out.write("finished".getBytes(US_ASCII)));
                } catch (IOException | InterruptedException failed) {
                    System.err.println(failed.getMessage());
                }
            }));
            AtomicFile.at(file).write(out -> {
                out.write("fin".getBytes(US_ASCII));
                System.out.print('w');
                System.out.flush();
                sleep(500);
                out.write("ished".getBytes(US_ASCII));
            });
        }
    }

    /** The last the JVM does is to remove files; what is written meanwhile would be left behind, half. */
    @Test
    void nothingIsWrittenWhileTheJvmRemovesFiles() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "old");
        Process process = java(LateWriter.class, file);
        String ending = "cannot write " + file + ": the program is ending";

        assertThat(process.inputReader().lines()).containsExactly(ending, ending, ending);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(file).hasContent("old");
        assertOnly(file);
    }

    /** Is still writing when the JVM removes its temporary file, then tries again. */
    static final class LateWriter {

        private LateWriter() {}

        /** Prints why each of three attempts failed. */
        public static void main(String[] args) throws IOException {
            Path file = Path.of(args[0]);
            // The newest name is removed first. The others keep the JVM busy for long enough to watch it.
            for (int i = 0; i < 300_000; i++) {
                file.resolve("missing" + i).toFile().deleteOnExit();
            }
            AtomicFile atomic = AtomicFile.at(file);
            CountDownLatch begun = new CountDownLatch(1);
            Thread writer = new Thread(() -> {
                attempt(() -> atomic.write(out -> {
                    begun.countDown();
                    while (hasTemporary(file.getParent())) {
                        sleep(1);
                    }
                    out.write('n');
                }));
                // An interrupted thread tries at once, while the JVM is still busy.
                Thread.currentThread().interrupt();
                attempt(() -> atomic.write(out -> out.write('n')));
                attempt(() -> AtomicFile.at(file));
            });
            writer.start();
            try {
                begun.await();
            } catch (InterruptedException ended) {
                throw new IOException(ended);
            }
            System.exit(0);
        }

        private static boolean hasTemporary(Path folder) throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.anyMatch(file -> file.toString().endsWith(".tmp"));
            }
        }

        private static void attempt(Attempted attempted) {
            try {
                attempted.run();
                System.out.println("done");
            } catch (IOException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    /** May be refused. */
    private interface Attempted {

        void run() throws IOException;
    }

    private static void sleep(int millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException ended) {
            throw new IOException(ended);
        }
    }

    /** Read from the JDK's own lists of what is to be done at the end, which a program must open. */
    @Test
    void nothingIsRememberedOfFilesThatAreWritten() throws Exception {
        Process process = java(
                ManyFiles.class,
                folder.resolve("a"),
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED");

        assertThat(new String(process.getInputStream().readAllBytes(), US_ASCII))
                .isEqualTo("0 names to be deleted, 0 hooks more than before");
        assertThat(process.waitFor()).isZero();
    }

    /** Counts what the JVM is to do at the end. */
    static final class ManyFiles {

        private ManyFiles() {}

        /** Writes ten times, the last time without success. */
        public static void main(String[] args) throws IOException, ReflectiveOperationException {
            AtomicFile file = AtomicFile.at(Path.of(args[0]));
            int hooks = size("java.lang.ApplicationShutdownHooks", "hooks");
            for (int i = 1; i < 10; i++) {
                file.write(out -> out.write('n'));
            }
            try {
                file.write(out -> {
                    throw new IOException("disk full");
                });
            } catch (IOException expected) {
                System.out.print(size("java.io.DeleteOnExitHook", "files") + " names to be deleted, "
                        + (size("java.lang.ApplicationShutdownHooks", "hooks") - hooks) + " hooks more than before");
            }
        }

        private static int size(String type, String field) throws ReflectiveOperationException {
            Field list = Class.forName(type).getDeclaredField(field);
            list.setAccessible(true);
            Object value = list.get(null);
            return value instanceof Map<?, ?> map ? map.size() : ((Collection<?>) value).size();
        }
    }

    // ---- names
    // -------------------------------------------------------------------------------------------------------

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
