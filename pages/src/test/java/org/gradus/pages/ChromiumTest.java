package org.gradus.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChromiumTest {

    @TempDir
    private Path folder;

    @Test
    void missingChromiumSaysWhatToInstall() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Chromium.find("", folder.toString()))
                .withMessageContaining(
                        "none of chromium, chromium-browser, google-chrome, google-chrome-stable, chrome")
                .withMessageContaining("apt-get install chromium")
                .withMessageContaining("-Dgradus.chromium=FILE");
    }

    @Test
    void namedChromiumMustBeAProgram() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Chromium.find(folder.resolve("none").toString(), ""))
                .withMessageContaining("gradus.chromium")
                .withMessageContaining("none");
    }

    @Test
    void isFoundOnThePath() throws IOException {
        Path program = program("google-chrome");
        assertThat(Chromium.find("", "/nowhere" + File.pathSeparator + folder)).isEqualTo(program);
        assertThat(Chromium.find(program.toString(), "")).isEqualTo(program);
    }

    private Path program(String name) throws IOException {
        Path program = Files.createFile(folder.resolve(name));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }
}
