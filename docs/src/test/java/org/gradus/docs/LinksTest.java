package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links between the project's pages and files lead somewhere, and every page of the guide is reached from its index. */
class LinksTest {

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    private static Stream<String> links(String text) {
        return LINK.matcher(FENCED.matcher(text).replaceAll(""))
                .results()
                .map(match -> match.group(1))
                .filter(link -> !link.matches("(https?|mailto):.*"));
    }

    /** What is wrong with the links of a page. */
    static List<String> broken(Path page) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String link : links(Files.readString(page)).toList()) {
            String[] parts = link.split("#", 2);
            Path target =
                    parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
            if (!Files.exists(target)) {
                broken.add(page + ": no file " + link);
            } else if (parts.length == 2 && !anchors(Files.readString(target)).contains(parts[1])) {
                broken.add(page + ": no heading " + link);
            }
        }
        return broken;
    }

    /** A heading's address: lower case, without punctuation, blanks as hyphens. */
    private static List<String> anchors(String text) {
        return HEADING.matcher(FENCED.matcher(text).replaceAll(""))
                .results()
                .map(match -> match.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<Path> pages = new ArrayList<>(Pages.all());
        pages.add(Pages.ROOT.resolve("CONTRIBUTING.md"));
        pages.add(Pages.ROOT.resolve("CHANGELOG.md"));
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            broken.addAll(broken(page));
        }

        assertThat(pages).hasSizeGreaterThan(10);
        assertThat(broken).isEmpty();
    }

    @Test
    void brokenLinksAreFound(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("page.md");
        Files.writeString(page, """
                # One, two & `three`
                [a](none.md) ![b](page.md) [c](#one-two--three) [d](#four) [e](https://example.org/x.md)
                ```
                [f](code.md)
                ```
                """);

        assertThat(broken(page)).containsExactly(page + ": no file none.md", page + ": no heading #four");
    }

    @Test
    void indexOfTheGuideListsItsPages() throws IOException {
        Path index = Pages.guide("README.md");
        List<String> listed = links(Files.readString(index)).toList();
        try (Stream<Path> files = Files.list(index.getParent())) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md")))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(listed).contains(name));
        }
        List<MatchResult> fromReadme = Pattern.compile("docs/guide/README\\.md")
                .matcher(Files.readString(Pages.ROOT.resolve("README.md")))
                .results()
                .toList();
        assertThat(fromReadme).isNotEmpty();
    }
}
