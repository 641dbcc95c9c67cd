package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.gradus.autograd.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The jar that every program carries is small, and as large as the README says. */
@Tag("once")
class CoreJarTest {

    private static final int LIMIT = 600_000;

    private static final Pattern SAID = Pattern.compile("core jar (\\d+) kB without dependencies");

    @Test
    void isAsSmallAsTheReadmeSays() throws IOException {
        String text = Files.readString(Pages.ROOT.resolve("README.md"));
        MatchResult said = SAID.matcher(text).results().findFirst().orElseThrow();

        int size = size();

        assertThat(size).isLessThan(LIMIT);
        assertThat(Integer.parseInt(said.group(1)))
                .as("kilobytes of core's jar; correct the first line of README.md")
                .isCloseTo(size / 1000, within(5));
    }

    /** That of the classes packed once more: they may lie in a folder, and a jar has some text of Maven beside them. */
    private static int size() throws IOException {
        URI place = URI.create(
                Tensor.class.getProtectionDomain().getCodeSource().getLocation().toString());
        Path classes = Path.of(place);
        if (Files.isDirectory(classes)) {
            return packed(classes);
        }
        try (FileSystem jar = FileSystems.newFileSystem(classes, Map.of())) {
            return packed(jar.getPath("/"));
        }
    }

    private static int packed(Path root) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes);
                Stream<Path> all = Files.walk(root)) {
            List<Path> files =
                    all.filter(file -> file.toString().endsWith(".class")).toList();
            assertThat(files).hasSizeGreaterThan(100);
            for (Path file : files) {
                zip.putNextEntry(new ZipEntry(root.relativize(file).toString()));
                zip.write(Files.readAllBytes(file));
            }
        }
        return bytes.size();
    }
}
