package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files outside the parent's inheritance repeat its version; they must not fall behind. */
@Tag("once")
class BomTest {

    private static final Path ROOT = Path.of("..");

    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(gradus-[a-z]+)</artifactId>");

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    private static String version() throws IOException {
        Matcher version = Pattern.compile("<artifactId>gradus</artifactId>\\s*<version>(.*?)</version>")
                .matcher(read("pom.xml"));
        assertThat(version.find()).as("a version in pom.xml").isTrue();
        return version.group(1);
    }

    @Test
    void listsWhatOthersMayDependOn() throws IOException {
        String bom = read("bom/pom.xml");
        String managed = bom.substring(bom.indexOf("<dependencyManagement>"), bom.indexOf("</dependencyManagement>"));

        List<String> artifacts =
                ARTIFACT.matcher(managed).results().map(found -> found.group(1)).toList();

        assertThat(artifacts)
                .containsExactly(
                        "gradus-core",
                        "gradus-inspect",
                        "gradus-linalg",
                        "gradus-mnist",
                        "gradus-plots",
                        "gradus-pages",
                        "gradus-examples",
                        "gradus-app");
        for (String artifact : artifacts) {
            String pom = read(artifact.substring("gradus-".length()) + "/pom.xml");
            assertThat(pom).contains("<artifactId>" + artifact + "</artifactId>");
            assertThat(pom).doesNotContain("<maven.install.skip>true");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bom/pom.xml",
                "exercises/pom.xml",
                "docs/samples/modular/pom.xml",
                "docs/samples/jbang/Gradient.java",
                "docs/guide/getting-in.md",
                "README.md"
            })
    void versionsAreThatOfTheProject(String file) throws IOException {
        List<String> versions = Pattern.compile(
                        "gradus-[a-z]+(?::|-|</artifactId>\\s*<version>)(\\d[\\w.]*(?:-SNAPSHOT)?)(?=[\"`<\\s]|\\.jar|$)",
                        Pattern.MULTILINE)
                .matcher(read(file))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(versions).as("versions in %s", file).isNotEmpty().containsOnly(version());
    }
}
