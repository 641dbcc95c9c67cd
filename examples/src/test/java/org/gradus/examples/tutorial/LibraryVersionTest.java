package org.gradus.examples.tutorial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryVersionTest {

    @Test
    void namesTheBuild() {
        assertThat(LibraryVersion.current()).matches("[0-9a-f]{8}").isEqualTo(LibraryVersion.current());
    }

    @Test
    void anotherClassIsAnotherBuild(@TempDir Path folder) throws IOException {
        Path inner = Files.createDirectories(folder.resolve("a/b"));
        Files.write(inner.resolve("One.class"), new byte[] {1, 2});
        String before = LibraryVersion.checksum(folder);

        Files.writeString(inner.resolve("notes.txt"), "not a class");
        assertThat(LibraryVersion.checksum(folder)).isEqualTo(before);

        Files.write(inner.resolve("One.class"), new byte[] {1, 3});
        assertThat(LibraryVersion.checksum(folder)).isNotEqualTo(before);
    }

    /** Neither when nor by which JDK it was made can change a number. */
    @Test
    void aJarCountsAsTheClassesInIt(@TempDir Path folder) throws IOException {
        Path inner = Files.createDirectories(folder.resolve("classes/a"));
        Files.write(inner.resolve("One.class"), new byte[] {1, 2});
        Files.write(inner.resolve("Two.class"), new byte[] {3});
        String unpacked = LibraryVersion.checksum(folder.resolve("classes"));

        Path one = jar(folder.resolve("one.jar"), "Build-Jdk-Spec: 17", 1_000_000_000_000L, 1, 2);
        Path two = jar(folder.resolve("two.jar"), "Build-Jdk-Spec: 25", 1_700_000_000_000L, 1, 2);
        Path other = jar(folder.resolve("other.jar"), "Build-Jdk-Spec: 17", 1_000_000_000_000L, 1, 4);

        assertThat(LibraryVersion.checksum(one)).isEqualTo(unpacked);
        assertThat(LibraryVersion.checksum(two)).isEqualTo(unpacked);
        assertThat(LibraryVersion.checksum(other)).isNotEqualTo(unpacked);
    }

    private static Path jar(Path file, String manifest, long time, int first, int second) throws IOException {
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(file))) {
            add(jar, "META-INF/MANIFEST.MF", time, manifest.getBytes(UTF_8));
            add(jar, "a/Two.class", time, (byte) 3);
            add(jar, "a/One.class", time, (byte) first, (byte) second);
        }
        return file;
    }

    private static void add(ZipOutputStream jar, String name, long time, byte... content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(time);
        jar.putNextEntry(entry);
        jar.write(content);
        jar.closeEntry();
    }
}
