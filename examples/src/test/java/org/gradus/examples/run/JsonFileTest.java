package org.gradus.examples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {

    @TempDir
    private Path folder;

    private long files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.count();
        }
    }

    @Test
    void checkingLeavesNothingBehind() throws IOException {
        JsonFile.at(folder.resolve("a.json"));

        assertThat(files()).isZero();
    }

    @Test
    void replacesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "old");

        JsonFile.at(file).write(json -> {
            json.writeStartObject();
            json.writeNumberField("seed", 1);
            json.writeEndObject();
        });

        assertThat(file).hasContent("{\n \"seed\": 1\n}\n");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void failureHalfwayKeepsTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "old");
        JsonFile json = JsonFile.at(file);

        assertThatThrownBy(() -> json.write(out -> {
                    out.writeStartObject();
                    out.flush();
                    throw new IOException("disk full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write " + file + ": disk full; name another file");

        assertThat(file).hasContent("old");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void replacesWhatASymbolicLinkLeadsTo() throws IOException {
        Path real = Files.writeString(folder.resolve("real.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), real);

        JsonFile.at(link).write(json -> json.writeNumber(1));

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(real).hasContent("1\n");
    }

    @Test
    void folderThatVanishedMeanwhile() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        JsonFile json = JsonFile.at(inner.resolve("a.json"));
        Files.delete(inner);

        assertThatThrownBy(() -> json.write(out -> out.writeNumber(1)))
                .isInstanceOf(IOException.class)
                .message()
                .startsWith("cannot write " + inner.resolve("a.json"))
                .doesNotContain("\n");
    }
}
