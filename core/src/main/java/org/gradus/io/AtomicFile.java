package org.gradus.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.gradus.autograd.Printable;

/**
 * A file that is the old or the new one, never half: written under a temporary name in the same folder, brought to the disk,
 * then moved into place. A link is followed and stays one. A file that is replaced keeps its mode, and its owner and group if
 * that is permitted.
 *
 * <p>The temporary file is removed on failure, and when the program is told to end meanwhile. One that a killed program left
 * behind, as a name of the form {@code .NAME.RANDOM.tmp}, is removed by the next that writes the same file. Should the finished
 * file be refused its place, it is kept, and the message says where. Whether the thread is interrupted makes no difference, so
 * that what an interrupted training has learned can be kept.
 *
 * <pre>{@code
 * AtomicFile file = AtomicFile.at(Path.of("model.safetensors"));   // refuses what cannot be written, before the work
 * file.write(out -> out.write(bytes));
 * }</pre>
 */
public final class AtomicFile {

    private static final int STICKY = 01000;

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

    // ---- before the work
    // ---------------------------------------------------------------------------------------------

    /**
     * Makes sure, before the work whose result it is to hold, that a file can be written. Leaves nothing behind.
     *
     * @param path its name; the folder must exist
     * @return the file, not yet written
     * @throws IOException if the folder is missing or cannot be written, the name is that of something else than a file, a link
     *     leads nowhere, or no other file can take the place of the one that is there; one line
     */
    public static AtomicFile at(Path path) throws IOException {
        if (path.toString().isEmpty()) {
            throw new IOException("cannot write a file without a name; give one");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw refusal(
                    path,
                    "it is "
                            + (Files.isDirectory(path)
                                    ? "a folder; name a file in it"
                                    : "no regular file; name another file"));
        }
        AtomicFile file = new AtomicFile(path, target(path));
        Path folder = file.folder();
        if (!Files.isDirectory(folder)) {
            throw refusal(
                    path,
                    "folder " + folder
                            + (Files.exists(folder) ? " is not a folder; " : " does not exist; create it or ")
                            + "name another file");
        }
        if (Files.exists(file.target)) {
            file.requireReplaceable();
        }
        file.tryFolder();
        return file;
    }

    private static IOException refusal(Path path, String why) {
        return new IOException(Printable.text("cannot write " + path + ": " + why));
    }

    /** The file that a symbolic link leads to is replaced, not the link. */
    private static Path target(Path path) throws IOException {
        if (!Files.isSymbolicLink(path)) {
            return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        }
        try {
            return path.toRealPath();
        } catch (NoSuchFileException dangling) {
            throw refusal(
                    path,
                    "it is a link to " + Files.readSymbolicLink(path)
                            + ", and there is no such file; create that file or name another one");
        } catch (FileSystemException looping) {
            throw refusal(
                    path,
                    "it is a link to " + Files.readSymbolicLink(path) + " that cannot be followed ("
                            + String.valueOf(looping.getReason()) + "); name another file");
        }
    }

    private Path folder() {
        Path folder = target.getParent();
        return folder == null ? target.getRoot() : folder;
    }

    private void requireReplaceable() throws IOException {
        if (!Files.isWritable(target)) {
            throw refusal(named, "the file is write-protected; name another file");
        }
        if (MountPoints.isOne(target)) {
            throw refusal(
                    named,
                    "it is mounted as a single file, and no other can take its place; mount its folder, or name another"
                            + " file");
        }
    }

    /** Permissions alone do not tell; a file made and removed does. */
    private void tryFolder() throws IOException {
        boolean ofAnother;
        try (TemporaryFile probe = TemporaryFile.beside(target)) {
            ofAnother = isOfAnotherInStickyFolder(probe.path());
            TemporaryFile.removeLeftovers(target, Files.getLastModifiedTime(probe.path()));
        } catch (IOException failed) {
            throw failure(failed);
        }
        if (ofAnother) {
            throw refusal(
                    named,
                    "it belongs to somebody else, and folder " + folder()
                            + " lets nobody else replace it; name another file");
        }
    }

    private boolean isOfAnotherInStickyFolder(Path own) throws IOException {
        if (!Files.exists(target)
                || !target.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return false;
        }
        int user = unix(own, "uid");
        return (unix(folder(), "mode") & STICKY) != 0
                && user != 0
                && user != unix(target, "uid")
                && user != unix(folder(), "uid");
    }

    private static int unix(Path file, String attribute) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:" + attribute);
    }

    // ---- writing
    // -----------------------------------------------------------------------------------------------------

    /**
     * Writes the file.
     *
     * @param content what it holds
     * @throws IOException if it cannot be written, in one line; the old file, if there was one, is then still there. Where only the
     *     last step failed, that to its place, the new file is kept under the name that the message gives
     */
    public void write(Content content) throws IOException {
        write(List.of(new Part(this, content)));
    }

    /** A file and what it is to hold. */
    record Part(AtomicFile file, Content content) {}

    /**
     * Writes files that belong together. Each is finished before the first is moved into place, in the order given.
     *
     * @throws IOException as {@link #write(Content)}; the message says of each what became of it
     */
    static void write(List<Part> parts) throws IOException {
        List<TemporaryFile> finished = new ArrayList<>();
        try {
            for (Part part : parts) {
                finished.add(part.file.finished(part.content));
            }
            for (int i = 0; i < parts.size(); i++) {
                try {
                    finished.get(i).moveTo(parts.get(i).file.target);
                } catch (IOException refused) {
                    throw notMoved(parts, finished, i, refused);
                }
            }
        } finally {
            finished.forEach(TemporaryFile::close);
        }
    }

    private TemporaryFile finished(Content content) throws IOException {
        TemporaryFile temporary;
        try {
            temporary = TemporaryFile.beside(target);
        } catch (IOException failed) {
            throw failure(failed);
        }
        boolean done = false;
        try {
            content.writeTo(temporary.out());
            temporary.finish();
            done = true;
            return temporary;
        } catch (IOException failed) {
            throw temporary.isTooLate() ? failure(new TemporaryFile.EndingException()) : failure(failed);
        } finally {
            if (!done) {
                temporary.close();
            }
        }
    }

    private static IOException notMoved(List<Part> parts, List<TemporaryFile> finished, int at, IOException cause) {
        AtomicFile file = parts.get(at).file;
        if (finished.get(at).isTooLate()) {
            return file.failure(new TemporaryFile.EndingException());
        }
        if (!Files.exists(finished.get(at).path())) {
            return file.failure(cause);
        }
        StringBuilder fate = new StringBuilder("cannot write " + file.named + ": " + file.reason(cause) + "; ");
        for (int i = 0; i < at; i++) {
            fate.append(parts.get(i).file.named).append(" is written, ");
        }
        for (int i = at; i < parts.size(); i++) {
            fate.append(i > at ? ", " : "")
                    .append(i > at ? parts.get(i).file.named + " " : at > 0 ? "this one " : "it ")
                    .append("is kept as ")
                    .append(finished.get(i).keep());
        }
        return new IOException(Printable.text(fate + "; copy from there"), cause);
    }

    private IOException failure(IOException cause) {
        if (cause instanceof TemporaryFile.EndingException) {
            return new IOException(Printable.text("cannot write " + named + ": " + cause.getMessage()), cause);
        }
        return new IOException(
                Printable.text("cannot write " + named + ": " + reason(cause) + "; name another file"), cause);
    }

    private String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "no permission to write in " + folder();
        }
        if (cause instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return String.valueOf(cause.getMessage());
    }
}
