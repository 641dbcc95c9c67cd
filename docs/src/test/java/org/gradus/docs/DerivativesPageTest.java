package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gradus.autograd.CustomOp;
import org.gradus.autograd.Op;
import org.gradus.autograd.Shape;
import org.junit.jupiter.api.Test;

/** {@code docs/derivatives.md} is what the operations say of themselves. */
class DerivativesPageTest {

    private static final Path PAGE = Path.of("derivatives.md");

    private static final String RENEW = "gradus.derivatives.write";

    private static final Pattern DOCUMENTATION = Pattern.compile(
            "/\\*\\*\\n \\* (.*?)\\n \\*\\n \\* <pre>\\n(.*?) \\* </pre>\\n(.*?) \\*/\\npublic record", Pattern.DOTALL);

    /** Values for the components of operations that have some. */
    private static final Map<Class<?>, Object> COMPONENTS = Map.of(float.class, 2f, Shape.class, Shape.SCALAR);

    private record Entry(String name, String formula, String about, String block, String edges) {}

    @Test
    void pageIsThatOfTheOperations() throws IOException, ReflectiveOperationException {
        String page = page();
        if (Boolean.getBoolean(RENEW)) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as(
                        "docs/derivatives.md is stale; renew it by mvn test -pl docs -am -Dtest=DerivativesPageTest -D%s=true"
                                + " -Dgradus.tests.required=false -Dsurefire.failIfNoSpecifiedTests=false",
                        RENEW)
                .isEqualTo(page);
    }

    @Test
    void everyOperationGivesShapesFormulaDerivativeCostAndSource() throws IOException, ReflectiveOperationException {
        assertThat(entries()).hasSizeGreaterThan(20).allSatisfy(entry -> {
            assertThat(entry.block
                            .lines()
                            .filter(line -> !line.startsWith(" "))
                            .map(line -> line.replaceFirst(" .*", ""))
                            .toList())
                    .as(entry.name)
                    .containsExactly("shapes", "forward", "backward", "cost", "source");
            assertThat(entry.block).contains("forward   " + entry.formula);
        });
    }

    /** A network is made of layers and losses; what they compute with is none of its parts. */
    @Test
    void adviceNamesLayersAndLosses() throws IOException, ReflectiveOperationException {
        assertThat(page())
                .contains("End the network with `Sigmoid`")
                .doesNotContainPattern("(?i)\\b(with|use)\\s+`\\w+Op`");
    }

    private static String page() throws IOException, ReflectiveOperationException {
        StringBuilder page = new StringBuilder("""
                # Derivatives

                Every operation with its shapes, its formula, the gradients that its `backward` adds, and the source. `L` is the loss,
                `G` its gradient for the operation's result; `N` is the number of elements. This page is generated from the Javadoc of
                the operations; a test keeps it from growing stale. How the gradients are checked: [checking gradients](guide/checking-gradients.md).

                At NaN, -0 and the infinities values and gradients are NaN, zero or infinite, and of the sign, where PyTorch's are; an
                operation where one is not says so. A gradient of -0 is added to 0 and becomes 0, as PyTorch's does after
                `zero_grad(set_to_none=False)`.

                | operation | formula |
                |---|---|
                """);
        List<Entry> entries = entries();
        for (Entry entry : entries) {
            page.append("| [").append(entry.name).append("](#").append(entry.name.toLowerCase(Locale.ROOT));
            page.append(") | `").append(entry.formula.replace("|", "\\|")).append("` |\n");
        }
        for (Entry entry : entries) {
            page.append("\n## ")
                    .append(entry.name)
                    .append("\n\n")
                    .append(entry.about)
                    .append("\n\n```\n");
            page.append(entry.block).append("```\n");
            page.append(entry.edges.isEmpty() ? "" : "\n" + entry.edges + "\n");
        }
        return page.toString();
    }

    private static List<Entry> entries() throws IOException, ReflectiveOperationException {
        List<Class<?>> types = Arrays.stream(Op.class.getPermittedSubclasses())
                .filter(type -> type != CustomOp.class)
                .toList();
        List<Entry> entries = new ArrayList<>();
        for (Class<?> type : types) {
            Path source = Path.of("../core/src/main/java", type.getName().replace('.', '/') + ".java");
            Matcher documentation = DOCUMENTATION.matcher(Files.readString(source));
            assertThat(documentation.find()).as("documentation of %s", source).isTrue();
            Op op = make(type);
            entries.add(new Entry(
                    op.name(),
                    op.formula(),
                    prose(documentation.group(1)),
                    documentation
                            .group(2)
                            .replaceAll("(?m)^ \\*   ", "")
                            .replace("&gt;", ">")
                            .replace("&lt;", "<"),
                    prose(documentation.group(3).replaceAll("(?s) \\* @param.*", ""))));
        }
        return entries;
    }

    private static Op make(Class<?> type) throws ReflectiveOperationException {
        var constructor = type.getDeclaredConstructors()[0];
        Object[] components = Arrays.stream(constructor.getParameterTypes())
                .map(COMPONENTS::get)
                .toArray();
        return (Op) constructor.newInstance(components);
    }

    /** Javadoc's sentences as Markdown. */
    private static String prose(String javadoc) {
        return javadoc.replaceAll("(?m)^ \\* ?", "")
                .replace("<p>", "")
                .replaceAll("\\{@link ([A-Za-z]*\\.)*([A-Za-z]+)}", "`$2`")
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .strip();
    }
}
