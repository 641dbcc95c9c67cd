package org.gradus.app.lesson;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The lessons and the start-up script that lie beside this class. */
public final class Lessons {

    private static final String FOLDER = "org/gradus/app/lesson";
    private static final String START_UP = "gradus.jsh";

    private Lessons() {}

    /**
     * All lessons.
     *
     * @return in the order of their numbers
     */
    public static List<Lesson> all() {
        return inFolder(folder -> {
            List<Path> files;
            try (Stream<Path> entries = Files.list(folder)) {
                files = entries.filter(file -> file.getFileName().toString().matches("\\d+-.*\\.jsh"))
                        .sorted()
                        .toList();
            }
            List<Lesson> lessons = new ArrayList<>();
            for (Path file : files) {
                lessons.add(Lesson.parse(file.getFileName().toString(), Files.readString(file)));
            }
            return lessons;
        });
    }

    /**
     * What lessons and shell start with: imports, and {@code printf}.
     *
     * @return the text of a JShell script
     */
    public static String startUp() {
        return inFolder(folder -> Files.readString(folder.resolve(START_UP)));
    }

    private interface Reading<T> {
        T of(Path folder) throws IOException;
    }

    /** The folder is in a jar, or in target/classes when tests run. */
    private static <T> T inFolder(Reading<T> reading) {
        try {
            Path place = Path.of(Lessons.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(place)) {
                return reading.of(place.resolve(FOLDER));
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return reading.of(jar.getPath(FOLDER));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
