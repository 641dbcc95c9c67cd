package org.gradus.kernel.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tiles of {@code VectorTiles} are those that {@link TilesWriter} writes. */
@Tag("once")
class TilesWriterTest {

    private static final Path FILE = Path.of("src/main/java/org/gradus/kernel/simd/VectorTiles.java");

    private static final String RENEW = "gradus.tiles.write";

    /** Where what is written by hand ends. */
    private static final String HEAD_ENDS = "    // ---- written by TilesWriter from here on ----\n\n";

    @Test
    void committedTilesAreThoseWritten() throws IOException {
        String file = Files.readString(FILE);
        int headEnds = file.indexOf(HEAD_ENDS);
        assertThat(headEnds).as("the line that ends the head of %s", FILE).isPositive();
        String renewed = file.substring(0, headEnds + HEAD_ENDS.length()) + TilesWriter.tiles();
        if (Boolean.getBoolean(RENEW)) {
            Files.writeString(FILE, renewed);
        }
        assertThat(Files.readString(FILE))
                .as(
                        "%s is stale; renew it by mvn test -pl core -Dtest=TilesWriterTest -Dgradus.tests.required=false -D%s=true",
                        FILE, RENEW)
                .isEqualTo(renewed);
    }
}
