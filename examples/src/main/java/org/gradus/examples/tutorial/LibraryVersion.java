package org.gradus.examples.tutorial;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.Fingerprint;
import org.gradus.linalg.Pca;
import org.gradus.pages.Html;
import org.gradus.plots.Figures;

/**
 * Which build of the library computes, so that results of another one are not taken for its own. Its classes alone decide: not the
 * version in its name, nor the rest of a jar, which tells when and by which JDK it was made.
 */
final class LibraryVersion {

    private LibraryVersion() {}

    /** A checksum of the library's classes, such as {@code 1f2e3d4c}. */
    static String current() {
        return checksum(Tensor.class);
    }

    /** The same with what a page needs besides: the decompositions, figures, pages, and the tutorials. */
    static String withTutorials() {
        return current() + " " + checksum(Pca.class) + " " + checksum(Figures.class) + " " + checksum(Html.class) + " "
                + checksum(Tutorial.class);
    }

    private static String checksum(Class<?> oneOfThem) {
        try {
            return checksum(Path.of(oneOfThem
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI()));
        } catch (URISyntaxException | IOException unreadable) {
            throw new AssertionError(
                    "the library's own classes cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /** Of all classes in a jar or a folder, in the order of their names. */
    static String checksum(Path place) throws IOException {
        Fingerprint sum = new Fingerprint();
        if (Files.isRegularFile(place)) {
            try (ZipFile jar = new ZipFile(place.toFile())) {
                List<? extends ZipEntry> classes = jar.stream()
                        .filter(entry -> isClass(entry.getName()))
                        .sorted(Comparator.comparing(ZipEntry::getName))
                        .toList();
                for (ZipEntry entry : classes) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        sum.add(in.readAllBytes());
                    }
                }
            }
            return sum.toString();
        }
        List<Path> classes;
        try (Stream<Path> files = Files.walk(place)) {
            classes = files.filter(file -> isClass(file.toString()))
                    .sorted(Comparator.comparing(file -> name(place, file)))
                    .toList();
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
        for (Path file : classes) {
            sum.add(Files.readAllBytes(file));
        }
        return sum.toString();
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class");
    }

    /** As a jar has it. */
    private static String name(Path place, Path file) {
        return place.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }
}
