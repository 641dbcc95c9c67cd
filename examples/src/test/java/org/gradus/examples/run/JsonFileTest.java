package org.gradus.examples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** Standard output may lead to a file, which has a beginning already. */
    @Test
    void standardOutputIsNotReplaced() throws IOException, InterruptedException {
        Path log = Files.createFile(folder.resolve("log.txt"));
        Object key = Files.readAttributes(log, BasicFileAttributes.class).fileKey();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Printer.class.getName())
                .redirectOutput(log.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(log).hasContent("before\n1\n");
        assertThat(Files.readAttributes(log, BasicFileAttributes.class).fileKey())
                .isEqualTo(key);
        assertThat(files()).isEqualTo(1);
    }

    /** Prints a line and then a JSON file. */
    static final class Printer {

        private Printer() {}

        /** As a command with {@code --json /dev/stdout}. */
        public static void main(String[] args) throws IOException {
            JsonFile json = JsonFile.at(Path.of("/dev/stdout"));
            System.out.println("before");
            System.out.flush();
            json.write(out -> out.writeNumber(1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/stdout, true",
        "/dev/fd/63, true",
        "/proc/self/fd/1, true",
        "/here/../dev/stderr, true",
        "/dev/shm/run.json, false",
        "/devices/run.json, false",
        "/home/dev/run.json, false",
        "dev/stdout, false",
    })
    void namesOfOpenFiles(Path name, boolean open) {
        assertThat(JsonFile.isOpen(name)).isEqualTo(open);
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
