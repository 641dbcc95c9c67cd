package org.gradus.examples.tutorial;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gradus.examples.run.Console;
import org.gradus.examples.tutorial1.Tutorial1;
import org.gradus.examples.tutorial2.Tutorial2;
import org.gradus.mnist.Mnist;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class TutorialRunTest {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]*)\"");
    private static final Options QUICK = new Options(0, OptionalInt.of(0), false, false, true, Optional.empty());

    private static TutorialRun inFolder(Path folder) throws IOException {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, UTF_8);
        return new TutorialRun(new Console(nowhere, nowhere, false), Mnist.load(), QUICK, folder);
    }

    private static void writePage(TutorialRun run, Tutorial tutorial, String id) throws IOException {
        run.run(tutorial, Set.of(id));
        run.writePage(tutorial);
    }

    /** All that a page leads to is there, anchors included. */
    private static void assertLinksLeadSomewhere(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> pages =
                    files.filter(file -> file.toString().endsWith(".html")).toList();
            assertThat(pages).isNotEmpty();
            for (Path page : pages) {
                Matcher links = LINK.matcher(Files.readString(page));
                while (links.find()) {
                    String[] parts = links.group(1).split("#", 2);
                    Path target = parts[0].isEmpty() ? page : folder.resolve(parts[0]);
                    assertThat(target).as("%s in %s", links.group(1), page).isRegularFile();
                    if (parts.length > 1) {
                        assertThat(target)
                                .content()
                                .as("%s in %s", links.group(1), page)
                                .contains("id=\"" + parts[1] + "\"");
                    }
                }
            }
        }
    }

    /** As a program that is told to end between two tutorials leaves it. */
    @Test
    void pagesOfARunThatWasNotFinishedLeadSomewhere(@TempDir Path folder) throws IOException {
        TutorialRun run = inFolder(folder);

        writePage(run, Tutorial1.tutorial(), "T1.6");
        assertLinksLeadSomewhere(folder);
        assertThat(folder.resolve("index.html"))
                .content()
                .contains("tutorial1.html#T1.6", "1 of 26 so far: T1.6; the run has not finished");

        writePage(run, Tutorial2.tutorial(), "T2.1");
        assertLinksLeadSomewhere(folder);
        assertThat(folder.resolve("index.html"))
                .content()
                .contains(
                        "tutorial1.html#T1.6",
                        "tutorial2.html#T2.1",
                        "2 of 26 so far: T1.6, T2.1; the run has not finished");

        run.finish();
        assertLinksLeadSomewhere(folder);
        assertThat(folder.resolve("index.html")).content().doesNotContain("so far");
    }

    /** The index of before leads to the page of before; both are replaced. */
    @Test
    void anotherRunInTheSameFolder(@TempDir Path folder) throws IOException {
        TutorialRun first = inFolder(folder);
        writePage(first, Tutorial1.tutorial(), "T1.6");
        first.finish();
        Files.delete(folder.resolve("sections/T1.6.json"));

        writePage(inFolder(folder), Tutorial1.tutorial(), "T1.0");

        assertLinksLeadSomewhere(folder);
        assertThat(folder.resolve("tutorial1.html")).content().doesNotContain("id=\"T1.6\"");
    }
}
