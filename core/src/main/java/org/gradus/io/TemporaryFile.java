package org.gradus.io;

import java.io.Closeable;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A file that is being written beside the one whose place it is to take: {@code .NAME.RANDOM.tmp}. It is removed when closed, and
 * when the program is told to end.
 *
 * <p>A process that is killed leaves its file behind, for the next one to remove. Nothing tells so safely that the writer is dead
 * as a lock, which ends with the process that holds it: process ids repeat, and mean nothing in another container or on another
 * machine. So the writer holds a lock on its file from the moment it is made until it is in its place, and a file whose lock can
 * be taken is nobody's. Between machines, locks are not always seen; on a file system that may be shared, the file must be a day
 * old besides.
 */
final class TemporaryFile implements Closeable {

    private static final String SUFFIX = ".tmp";
    private static final String RANDOM = "[0-9a-f]{16}";
    private static final int RANDOM_DIGITS = 16;

    /** Letters of the target's name that are kept, so that the name does not become too long: at most three bytes each. */
    private static final int MOST_LETTERS = 60;

    /** Names that are tried; a second one is as good as never needed. */
    private static final int MOST_ATTEMPTS = 100;

    /** File systems of one machine, whose locks all its processes see. */
    private static final Set<String> LOCAL = Set.of(
            "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "tmpfs", "ramfs", "overlay", "apfs", "hfs", "ufs",
            "NTFS", "ReFS");

    private static final Duration LONG_AGO = Duration.ofDays(1);

    /** Those of this program. They must not be opened once more: that would end the lock that the program holds. */
    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    /** Its read lock is held while one is made, so that the end of the program knows of each. */
    private static final ReadWriteLock CREATING = new ReentrantReadWriteLock();

    private static volatile boolean ending;

    static {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(TemporaryFile::end, "gradus-temporary-files"));
        } catch (IllegalStateException endingAlready) {
            ending = true;
        }
    }

    private final Path path;
    private final OutputStream out;
    private boolean gone;

    private TemporaryFile(Path path, OutputStream out) {
        this.path = path;
        this.out = out;
    }

    // ---- making
    // ------------------------------------------------------------------------------------------------------

    /**
     * An empty file. Where the target is there already, it has its mode, and its owner and group if that is permitted.
     *
     * @throws IOException if it cannot be made
     */
    static TemporaryFile beside(Path target) throws IOException {
        return beside(target, TemporaryFile::random);
    }

    static TemporaryFile beside(Path target, Supplier<String> random) throws IOException {
        Optional<PosixFileAttributes> replaced = attributes(target);
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Path path = target.resolveSibling("." + stem(target) + "." + random.get() + SUFFIX);
            // First, so that the end of the program knows of it, and no other thread opens it.
            if (UNFINISHED.add(path)) {
                Optional<TemporaryFile> made = make(path, replaced);
                if (made.isPresent()) {
                    return made.get();
                }
            }
        }
        throw new IOException("all temporary names that were tried are taken");
    }

    private static String random() {
        return UUID.randomUUID().toString().replace("-", "").substring(0, RANDOM_DIGITS);
    }

    private static String stem(Path target) {
        String name = String.valueOf(target.getFileName());
        if (name.length() <= MOST_LETTERS) {
            return name;
        }
        boolean cutsPair = Character.isHighSurrogate(name.charAt(MOST_LETTERS - 1));
        return name.substring(0, cutsPair ? MOST_LETTERS - 1 : MOST_LETTERS);
    }

    private static Optional<PosixFileAttributes> attributes(Path target) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
        try {
            return view == null ? Optional.empty() : Optional.of(view.readAttributes());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Nothing if there is such a file, or if another process took this one for a leftover before it was locked. */
    private static Optional<TemporaryFile> make(Path path, Optional<PosixFileAttributes> replaced) throws IOException {
        TemporaryFile made;
        try {
            made = new TemporaryFile(path, create(path, replaced.isPresent()));
        } catch (FileAlreadyExistsException taken) {
            UNFINISHED.remove(path);
            return Optional.empty();
        } catch (IOException failed) {
            UNFINISHED.remove(path);
            throw failed;
        }
        boolean ready = false;
        try {
            if (replaced.isPresent()) {
                made.takeOn(replaced.get());
            }
            ready = made.lock();
            return ready ? Optional.of(made) : Optional.empty();
        } finally {
            if (!ready) {
                made.close();
            }
        }
    }

    private static OutputStream create(Path path, boolean secret) throws IOException {
        CREATING.readLock().lock();
        try {
            if (!ending) {
                return open(path, secret);
            }
        } finally {
            CREATING.readLock().unlock();
        }
        awaitEnd();
        if (isTooLateFor(path)) {
            throw new EndingException();
        }
        return open(path, secret);
    }

    /** A stream, not a channel, which closes itself when an interrupted thread uses it, and nothing would be written. */
    private static OutputStream open(Path path, boolean secret) throws IOException {
        if (secret) {
            // What takes the place of a file that others may not read is never readable for them.
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
        try {
            return isOfDefaultFileSystem(path) ? new FileOutputStream(path.toFile()) : Files.newOutputStream(path);
        } catch (IOException failed) {
            Files.deleteIfExists(path);
            throw failed;
        }
    }

    private void takeOn(PosixFileAttributes replaced) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        PosixFileAttributes own = view.readAttributes();
        Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
        mode.addAll(replaced.permissions());
        if (!own.group().equals(replaced.group()) && !isGranted(() -> view.setGroup(replaced.group()))) {
            // What was meant for one group is not given to another.
            PosixFilePermission[][] groupAndOthers = {
                {PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ},
                {PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE},
                {PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE}
            };
            for (PosixFilePermission[] pair : groupAndOthers) {
                if (!mode.contains(pair[1])) {
                    mode.remove(pair[0]);
                }
            }
        }
        if (!own.owner().equals(replaced.owner())) {
            isGranted(() -> view.setOwner(replaced.owner()));
        }
        if (!own.permissions().equals(mode)) {
            view.setPermissions(mode);
        }
    }

    /** May be refused. */
    private interface Wish {

        void carryOut() throws IOException;
    }

    private static boolean isGranted(Wish wish) {
        try {
            wish.carryOut();
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Whether the file is this program's own; not if another process was faster and is removing it. */
    private boolean lock() {
        if (!(out instanceof FileOutputStream file)) {
            return true;
        }
        try {
            return file.getChannel().tryLock() != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException noLocks) {
            // Then nobody can take it, and the file is safe.
            return true;
        }
    }

    private static boolean isOfDefaultFileSystem(Path path) {
        return path.getFileSystem().equals(FileSystems.getDefault());
    }

    // ---- using
    // -------------------------------------------------------------------------------------------------------

    Path path() {
        return path;
    }

    /** Where its content goes. */
    OutputStream out() {
        return out;
    }

    /** Brings the content to the disk. The lock is held on. */
    void finish() throws IOException {
        if (out instanceof FileOutputStream file) {
            // Some file systems bring the new name to the disk before the content, and a power cut in between
            // leaves neither.
            file.getFD().sync();
        } else {
            out.close();
        }
    }

    /** Lets the finished file take the place of the target, or fails and leaves both. */
    void moveTo(Path target) throws IOException {
        try {
            move(path, target);
        } catch (IOException refused) {
            if (File.separatorChar == '/') {
                throw refused;
            }
            // Windows moves no file that is open.
            out.close();
            move(path, target);
        }
        gone = true;
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Leaves the finished file to its owner, under a name that is not taken for that of a leftover.
     *
     * @return the name, {@code NAME.RANDOM.kept}; that of the temporary file if it cannot be moved at all
     */
    Path keep() {
        gone = true;
        String name = path.getFileName().toString();
        Path kept = path.resolveSibling(name.substring(1, name.length() - SUFFIX.length()) + ".kept");
        try {
            move(path, kept);
            return kept;
        } catch (IOException refused) {
            return path;
        }
    }

    /** Removes the file, unless it was moved or kept. */
    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException failed) {
            // It is not needed any more.
        }
        if (!gone) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException failed) {
                // The next to write the target removes it.
            }
        }
        UNFINISHED.remove(path);
    }

    // ---- leftovers
    // ---------------------------------------------------------------------------------------------------

    /**
     * Removes temporary files of a target whose writers are dead.
     *
     * @param now what the file system's clock says
     */
    static void removeLeftovers(Path target, FileTime now) {
        Path folder = target.getParent();
        if (folder == null || !isOfDefaultFileSystem(target)) {
            return;
        }
        String start = "." + stem(target) + ".";
        try (DirectoryStream<Path> found = Files.newDirectoryStream(
                folder, file -> isTemporary(file.getFileName().toString(), start))) {
            for (Path file : found) {
                removeIfDead(file, now);
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            // A leftover is in nobody's way.
        }
    }

    private static boolean isTemporary(String name, String start) {
        return name.startsWith(start) && name.substring(start.length()).matches(RANDOM + "\\" + SUFFIX);
    }

    private static void removeIfDead(Path file, FileTime now) {
        // By name, whatever the folder is called; no two have the same.
        boolean own = UNFINISHED.stream()
                .anyMatch(unfinished -> unfinished
                        .getFileName()
                        .toString()
                        .equals(file.getFileName().toString()));
        if (own || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            // The lock is held until the file is gone, for its writer to notice.
            if (channel.tryLock() != null && isProof(file, now)) {
                Files.delete(file);
            }
        } catch (IOException | OverlappingFileLockException alive) {
            // Or a file of somebody else's, or on a file system that cannot tell.
        }
    }

    /** Whether that a lock can be taken proves that nobody holds it. */
    private static boolean isProof(Path file, FileTime now) throws IOException {
        return LOCAL.contains(Files.getFileStore(file).type()) || isOld(Files.getLastModifiedTime(file), now);
    }

    /** Whether a file that was last written at a time is so old that nobody still writes it. */
    static boolean isOld(FileTime written, FileTime now) {
        return written.toInstant().plus(LONG_AGO).isBefore(now.toInstant());
    }

    // ---- the end of the program
    // --------------------------------------------------------------------------------------

    /** Nothing is written any more. */
    static final class EndingException extends IOException {

        private static final long serialVersionUID = 1L;

        EndingException() {
            super("the program is ending");
        }
    }

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
        UNFINISHED.forEach(TemporaryFile::removeAtExit);
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

    /** Whether the end of the program has gone so far that it has removed the file, or would leave it behind. */
    boolean isTooLate() {
        return isTooLateFor(path);
    }

    private static boolean isTooLateFor(Path path) {
        return ending && !removeAtExit(path);
    }

    /**
     * Has a file removed after all hooks, one of which may wait for it to be written. Only when the program is told to end, because
     * {@code deleteOnExit} remembers every name for good.
     *
     * @return whether it will be, or is already; not so once the JVM removes files, the last it does
     */
    private static boolean removeAtExit(Path path) {
        try {
            if (isOfDefaultFileSystem(path)) {
                path.toFile().deleteOnExit();
            } else {
                Files.deleteIfExists(path);
            }
            return true;
        } catch (IOException | IllegalStateException tooLate) {
            return false;
        }
    }
}
