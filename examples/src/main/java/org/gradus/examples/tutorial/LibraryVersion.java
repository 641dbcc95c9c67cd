package org.gradus.examples.tutorial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.Fingerprint;
import org.gradus.linalg.Pca;

/** Which build of the library computes, so that results of another one are not taken for its own. */
final class LibraryVersion {

    private LibraryVersion() {}

    /** The version in its jar's manifest and a checksum of its classes, such as {@code 0.1.0 1f2e3d4c}. */
    static String current() {
        String version = Tensor.class.getPackage().getImplementationVersion();
        return (version == null ? "unpacked" : version) + " " + checksum(Tensor.class);
    }

    /** The same with what a page needs besides: the decompositions and the tutorials. */
    static String withTutorials() {
        return current() + " " + checksum(Pca.class) + " " + checksum(Tutorial.class);
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

    /** Of a jar, or of all classes in a folder. */
    static String checksum(Path place) throws IOException {
        Fingerprint sum = new Fingerprint();
        if (Files.isRegularFile(place)) {
            return sum.add(Files.readAllBytes(place)).toString();
        }
        List<Path> classes;
        try (Stream<Path> files = Files.walk(place)) {
            classes = files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
        for (Path file : classes) {
            sum.add(Files.readAllBytes(file));
        }
        return sum.toString();
    }
}
