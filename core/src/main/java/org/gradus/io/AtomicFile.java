package org.gradus.io;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A file that is the old or the new one, never half: written under a temporary name in the same folder, brought to the disk,
 * then moved into place. The temporary file is removed on failure, and when the program is told to end meanwhile. Whether the
 * thread is interrupted makes no difference, so that what an interrupted training has learned can be kept.
 *
 * <pre>{@code
 * AtomicFile file = AtomicFile.at(Path.of("model.safetensors"));   // refuses what cannot be written, before the work
 * file.write(out -> out.write(bytes));
 * }</pre>
 */
public final class AtomicFile {

    private static final AtomicLong TEMPORARIES = new AtomicLong();

    /** Temporary files that are being written. */
    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    /** Its read lock is held while one is made, so that the end of the program knows of each. */
    private static final ReadWriteLock CREATING = new ReentrantReadWriteLock();

    private static volatile boolean ending;

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(AtomicFile::end, "gradus-temporary-files"));
        } catch (IllegalStateException endingAlready) {
            ending = true;
        }
    }

    /** Writes what a file holds. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes it.
         *
         * @param out where; buffered by the caller, closed afterwards
         * @throws IOException if that fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private final Path named;
    private final Path target;

    private AtomicFile(Path named, Path target) {
        this.named = named;
        this.target = target;
    }

    /**
     * Makes sure, before the work whose result it is to hold, that a file can be written. Leaves nothing behind.
     *
     * @param path its name; the folder must exist
     * @return the file, not yet written
     * @throws IOException if the folder is missing or cannot be written, or the name is that of something else than a file;
     *     one line
     */
    public static AtomicFile at(Path path) throws IOException {
        if (path.toString().isEmpty()) {
            throw new IOException("cannot write a file without a name; give one");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("cannot write " + path + ": it is "
                    + (Files.isDirectory(path) ? "a folder; name a file in it" : "no regular file; name another file"));
        }
        // The file a symbolic link leads to is replaced, not the link.
        Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        AtomicFile file = new AtomicFile(path, target);
        Path folder = file.folder();
        if (!Files.isDirectory(folder)) {
            throw new IOException("cannot write " + path + ": folder " + folder
                    + (Files.exists(folder) ? " is not a folder; " : " does not exist; create it or ")
                    + "name another file");
        }
        if (Files.exists(target) && !Files.isWritable(target)) {
            throw new IOException("cannot write " + path + ": the file is write-protected; name another file");
        }
        file.tryFolder();
        return file;
    }

    private Path folder() {
        Path folder = target.getParent();
        return folder == null ? target.getRoot() : folder;
    }

    private Path temporary() {
        return target.resolveSibling("." + target.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + TEMPORARIES.incrementAndGet() + ".tmp");
    }

    /** Permissions alone do not tell; a file made and removed does. */
    private void tryFolder() throws IOException {
        underTemporaryName(probe -> create(probe).close());
    }

    /**
     * Writes the file.
     *
     * @param content what it holds
     * @throws IOException if it cannot be written, in one line; the old file, if there was one, is then still there
     */
    public void write(Content content) throws IOException {
        underTemporaryName(temporary -> {
            writeNew(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    /** What is done with a temporary file. */
    private interface Use {

        void of(Path temporary) throws IOException;
    }

    private void underTemporaryName(Use use) throws IOException {
        Path temporary = temporary();
        UNFINISHED.add(temporary);
        try {
            try {
                use.of(temporary);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException failed) {
            throw failure(failed, temporary);
        } finally {
            UNFINISHED.remove(temporary);
        }
    }

    private static void writeNew(Path temporary, Content content) throws IOException {
        try (OutputStream out = create(temporary)) {
            content.writeTo(out);
            if (out instanceof FileOutputStream file) {
                // Some file systems bring the new name to the disk before the content, and a power cut in between
                // leaves neither.
                file.getFD().sync();
            }
        }
    }

    private static OutputStream create(Path temporary) throws IOException {
        CREATING.readLock().lock();
        try {
            if (!ending) {
                return open(temporary);
            }
        } finally {
            CREATING.readLock().unlock();
        }
        awaitEnd();
        if (isTooLateFor(temporary)) {
            throw new IOException("the program is ending");
        }
        return open(temporary);
    }

    /** A stream, not a channel, which closes itself when an interrupted thread uses it, and nothing would be written. */
    private static OutputStream open(Path temporary) throws IOException {
        Files.createFile(temporary);
        return isOfDefaultFileSystem(temporary)
                ? new FileOutputStream(temporary.toFile())
                : Files.newOutputStream(temporary);
    }

    private static boolean isOfDefaultFileSystem(Path path) {
        return path.getFileSystem().equals(FileSystems.getDefault());
    }

    private IOException failure(IOException cause, Path temporary) {
        if (isTooLateFor(temporary)) {
            return new IOException("cannot write " + named + ": the program is ending", cause);
        }
        String why = String.valueOf(cause.getMessage());
        if (cause instanceof AccessDeniedException) {
            why = "no permission to write in " + folder();
        } else if (cause instanceof FileSystemException system && system.getReason() != null) {
            why = system.getReason();
        }
        return new IOException("cannot write " + named + ": " + why + "; name another file", cause);
    }

    // ---- the end of the program
    // --------------------------------------------------------------------------------------

    private static void end() {
        // Files that are being made are waited for; not for ever, as it can take on a dead network drive.
        boolean waited = false;
        try {
            waited = CREATING.writeLock().tryLock(1, TimeUnit.SECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        ending = true;
        if (waited) {
            CREATING.writeLock().unlock();
        }
        UNFINISHED.forEach(AtomicFile::removeAtExit);
    }

    /**
     * Waits for the end of the JVM, which is near unless a hook waits for a file of this thread. A file that is made in its last
     * moments would be left behind: nothing of ours runs after the JVM has removed the files it was told to. An interrupted thread
     * is waited for as a rule, and goes on at once.
     */
    private static void awaitEnd() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException goOn) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the end of the program has gone so far that it would leave the file behind. */
    private static boolean isTooLateFor(Path temporary) {
        return ending && !removeAtExit(temporary);
    }

    /**
     * Has a file removed after all hooks, one of which may wait for it to be written. Only when the program is told to end, because
     * {@code deleteOnExit} remembers every name for good.
     *
     * @return whether it will be, or is already; not so once the JVM removes files, the last it does
     */
    private static boolean removeAtExit(Path temporary) {
        try {
            if (isOfDefaultFileSystem(temporary)) {
                temporary.toFile().deleteOnExit();
            } else {
                Files.deleteIfExists(temporary);
            }
            return true;
        } catch (IOException | IllegalStateException tooLate) {
            return false;
        }
    }
}
