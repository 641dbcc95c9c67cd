package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The README is for a person with two minutes; what is longer has a page of its own below docs. */
@Tag("once")
class ReadmeTest {

    private static final int MOST_LINES = 150;

    @Test
    void isReadInTwoMinutes() throws IOException {
        assertThat(Files.readAllLines(Pages.ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(MOST_LINES);
    }
}
