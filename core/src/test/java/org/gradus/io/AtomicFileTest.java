package org.gradus.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.gradus.io.AtomicFile.Content;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("once")
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

    // ---- leftovers
    // ---------------------------------------------------------------------------------------------------

    private List<Path> others(Path... known) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !List.of(known).contains(file)).toList();
        }
    }

    @Test
    void whatAKilledProgramLeftIsRemovedByTheNext() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "old");
        Process process = java(EndlessWriter.class, file);
        assertThat(process.getInputStream().read()).isEqualTo('w');
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(others(file)).hasSize(1);

        AtomicFile.at(file);

        assertThat(file).hasContent("old");
        assertOnly(file);
    }

    @Test
    void whatAnotherProgramIsWritingIsLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("a"), "old");
        Process process = java(EndlessWriter.class, file);
        try {
            assertThat(process.getInputStream().read()).isEqualTo('w');
            List<Path> written = others(file);
            assertThat(written).hasSize(1);

            AtomicFile.at(file).write(out -> out.write('n'));

            assertThat(file).hasContent("n");
            assertThat(others(file)).isEqualTo(written);
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    /** On POSIX, a process loses its locks on a file when it closes it for the first time. */
    @Test
    void whatThisProgramIsWritingStaysLocked() throws Exception {
        Path file = folder.resolve("a");

        AtomicFile.at(file).write(out -> {
            out.write("outer".getBytes(US_ASCII));
            AtomicFile.at(file).write(inner -> inner.write("inner".getBytes(US_ASCII)));
            assertThat(file).hasContent("inner");
            assertThat(java(Toucher.class, file).inputReader().lines()).containsExactly("touched");
            assertThat(others(file)).hasSize(1);
        });

        assertThat(file).hasContent("outer");
        assertOnly(file);
    }

    @Test
    void whatAnInterruptedThreadIsWritingIsLockedToo() throws Exception {
        Path file = folder.resolve("a");
        AtomicFile atomic = AtomicFile.at(file);
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch touched = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            Thread.currentThread().interrupt();
            try {
                atomic.write(out -> {
                    Thread.interrupted();
                    writing.countDown();
                    await(touched);
                    out.write('n');
                });
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        writer.start();
        await(writing);
        assertThat(java(Toucher.class, file).inputReader().lines()).containsExactly("touched");
        touched.countDown();
        writer.join();

        assertThat(file).hasContent("n");
        assertOnly(file);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            throw new IOException(ended);
        }
    }

    /** Makes sure that a file can be written. */
    static final class Toucher {

        private Toucher() {}

        /** Prints a word when done. */
        public static void main(String[] args) throws IOException {
            AtomicFile.at(Path.of(args[0]));
            System.out.println("touched");
        }
    }

    @Test
    void filesOfOtherNamesAreNoLeftovers() throws IOException {
        Path file = folder.resolve("a");
        List<Path> others = new ArrayList<>();
        for (String name : List.of(
                "a.0123456789abcdef.tmp",
                "a.0123456789abcdef.kept",
                ".a.0123456789abcdef.kept",
                ".a.1-5.tmp",
                ".a.0123456789abcdef",
                ".b.0123456789abcdef.tmp",
                ".a.b.0123456789abcdef.tmp")) {
            others.add(Files.writeString(folder.resolve(name), "x"));
        }
        Path leadsAway = Files.createSymbolicLink(folder.resolve(".a.00000000000000ff.tmp"), others.get(0));
        Path inner = Files.createDirectory(folder.resolve(".a.00000000000000fe.tmp"));

        AtomicFile.at(file).write(out -> out.write('n'));

        assertThat(others(file)).containsAll(others).contains(leadsAway, inner).hasSize(others.size() + 2);
    }

    @Test
    void aNameThatIsTakenIsLeftAndTheNextOneTried() throws IOException {
        Path file = folder.resolve("a");
        Path taken = Files.writeString(folder.resolve(".a.0.tmp"), "of another");
        Iterator<String> names = List.of("0", "1").iterator();

        try (TemporaryFile temporary = TemporaryFile.beside(file, names::next)) {
            assertThat(temporary.path()).isEqualTo(folder.resolve(".a.1.tmp"));
            assertThatThrownBy(() -> TemporaryFile.beside(file, () -> "0"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("all temporary names that were tried are taken");
            assertThatThrownBy(() -> TemporaryFile.beside(file, () -> "1")).isInstanceOf(IOException.class);
            assertOnly(taken, temporary.path());
        }

        assertThat(taken).hasContent("of another");
        assertOnly(taken);
    }

    @Test
    void aDayIsLongAgo() {
        FileTime now = FileTime.from(Instant.parse("2025-03-01T12:00:00Z"));

        assertThat(TemporaryFile.isOld(FileTime.from(Instant.parse("2025-02-28T11:59:59Z")), now))
                .isTrue();
        assertThat(TemporaryFile.isOld(FileTime.from(Instant.parse("2025-02-28T12:00:01Z")), now))
                .isFalse();
    }

    // ---- refused at the end
    // ------------------------------------------------------------------------------------------

    /** A folder cannot be replaced by a file; that it appears meanwhile stands for all that is seen too late. */
    @Test
    void theFinishedFileIsKeptIfItCannotTakeItsPlace() throws IOException {
        Path file = folder.resolve("a");

        assertThatThrownBy(() -> AtomicFile.at(file).write(out -> {
                    out.write('n');
                    Files.createFile(Files.createDirectory(file).resolve("inner"));
                }))
                .isInstanceOf(IOException.class)
                .satisfies(thrown -> {
                    Path kept = others(file).get(0);
                    assertThat(kept).hasContent("n");
                    assertThat(kept.getFileName().toString()).matches("a\\.[0-9a-f]{16}\\.kept");
                    assertThat(thrown)
                            .message()
                            .startsWith("cannot write " + file + ": ")
                            .endsWith("; it is kept as " + kept + "; copy from there");
                });

        List<Path> kept = others(file);
        AtomicFile.at(folder.resolve("b"));
        Files.delete(file.resolve("inner"));
        Files.delete(file);
        AtomicFile.at(file).write(out -> out.write('m'));
        assertThat(others(file)).as("no leftover").isEqualTo(kept);
    }

    @Test
    void ofTwoThatBelongTogetherNoneIsReplacedBeforeBothAreFinished() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), "old");
        Path second = Files.writeString(folder.resolve("second"), "old");

        assertThatThrownBy(() -> AtomicFile.write(List.of(
                        new AtomicFile.Part(AtomicFile.at(first), out -> out.write('n')),
                        new AtomicFile.Part(AtomicFile.at(second), out -> {
                            throw new IOException("disk full");
                        }))))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + second + ": disk full; name another file");

        assertThat(first).hasContent("old");
        assertThat(second).hasContent("old");
        assertOnly(first, second);
    }

    @Test
    void ofTwoThatBelongTogetherTheMessageSaysWhereEachIs() throws IOException {
        Path good = folder.resolve("good");
        Path bad = folder.resolve("bad");
        Content makesFolder = out -> {
            out.write('n');
            Files.createFile(Files.createDirectories(bad).resolve("inner" + System.nanoTime()));
        };

        AtomicFile goodFile = AtomicFile.at(good);
        AtomicFile badFile = AtomicFile.at(bad);
        assertThatThrownBy(() -> AtomicFile.write(List.of(
                        new AtomicFile.Part(badFile, makesFolder),
                        new AtomicFile.Part(goodFile, out -> out.write('m')))))
                .isInstanceOf(IOException.class)
                .satisfies(thrown -> {
                    Path keptBad = find("bad\\..*kept");
                    Path keptGood = find("good\\..*kept");
                    assertThat(keptBad).hasContent("n");
                    assertThat(keptGood).hasContent("m");
                    assertThat(thrown)
                            .message()
                            .startsWith("cannot write " + bad + ": ")
                            .endsWith("; it is kept as " + keptBad + ", " + good + " is kept as " + keptGood
                                    + "; copy from there");
                });
        assertThat(good).as("an orphan").doesNotExist();

        Files.delete(find("bad\\..*kept"));
        assertThatThrownBy(() -> AtomicFile.write(List.of(
                        new AtomicFile.Part(goodFile, out -> out.write('m')),
                        new AtomicFile.Part(badFile, makesFolder))))
                .isInstanceOf(IOException.class)
                .satisfies(thrown -> assertThat(thrown)
                        .message()
                        .startsWith("cannot write " + bad + ": ")
                        .endsWith("; " + good + " is written, this one is kept as " + find("bad\\..*kept")
                                + "; copy from there"));
        assertThat(good).hasContent("m");
    }

    private Path find(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    // ---- mode
    // --------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-r-----", "rw-rw-rw-", "rwxr-x--x"})
    void aReplacedFileKeepsItsMode(String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        UserPrincipal owner = Files.getOwner(file);

        AtomicFile.at(file).write(out -> {
            out.write('n');
            for (Path temporary : others(file)) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary)))
                        .as("while it is written")
                        .isEqualTo(mode);
            }
        });

        assertThat(file).hasContent("n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo(mode);
        assertThat(Files.getOwner(file)).isEqualTo(owner);
    }

    @Test
    void aNewFileHasTheModeOfAllNewFiles() throws IOException {
        Path usual = Files.createFile(folder.resolve("usual"));
        Path file = folder.resolve("a");

        AtomicFile.at(file).write(out -> out.write('n'));

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
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
    void linksThatLeadNowhereAreNotReplaced() throws IOException {
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("missing"));
        Path looping = Files.createSymbolicLink(folder.resolve("looping"), Path.of("looping"));

        assertThatThrownBy(() -> AtomicFile.at(dangling))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + dangling
                        + ": it is a link to missing, and there is no such file; create that file or name another one");
        assertThatThrownBy(() -> AtomicFile.at(looping))
                .isInstanceOf(IOException.class)
                .message()
                .startsWith("cannot write " + looping + ": it is a link to looping that cannot be followed (")
                .endsWith("); name another file")
                .doesNotContain("null");
        assertThat(Files.isSymbolicLink(dangling)).isTrue();
        assertThat(Files.isSymbolicLink(looping)).isTrue();
        assertOnly(dangling, looping);
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "\u00fc", "\u4e2d"})
    void theLongestNames(String letter) throws IOException {
        Path file = folder.resolve(letter.repeat(255 / letter.getBytes(UTF_8).length));

        AtomicFile.at(file).write(out -> out.write('n'));

        assertThat(file).hasContent("n");
        assertOnly(file);
    }

    @Test
    void messagesHaveOneLineThatTerminalsDoNotObey() {
        Path path = folder.resolve("no\nsuch\u001b[2J").resolve("a");

        assertThatThrownBy(() -> AtomicFile.at(path))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + folder + "/no\\nsuch\\u001b[2J/a: folder " + folder
                        + "/no\\nsuch\\u001b[2J does not exist; create it or name another file");
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
