package org.gradus.examples.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryVersionTest {

    @Test
    void namesVersionAndBuild() {
        assertThat(LibraryVersion.current()).matches("\\S+ [0-9a-f]{8}").isEqualTo(LibraryVersion.current());
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

    @Test
    void aJarCountsAsAWhole(@TempDir Path folder) throws IOException {
        Path jar = Files.write(folder.resolve("core.jar"), new byte[] {1, 2});
        String before = LibraryVersion.checksum(jar);
        Files.write(jar, new byte[] {1, 2, 3});

        assertThat(LibraryVersion.checksum(jar)).isNotEqualTo(before);
    }
}
