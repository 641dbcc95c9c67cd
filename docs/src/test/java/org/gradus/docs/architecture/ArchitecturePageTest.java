package org.gradus.docs.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code docs/architecture.md} is how modules and packages really stand above each other. */
@Tag("once")
class ArchitecturePageTest {

    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = Path.of("architecture.md");
    private static final String PREFIX = "org.gradus.";

    /** {@code | `name` | what it is | `other`, `others` |}, of a module's folder or of a package. */
    private static final Pattern MODULE = Pattern.compile("(?m)^\\| `([a-z]+)` \\| [^|]+ \\| ([^|]*)\\|$");

    private static final Pattern PACKAGE =
            Pattern.compile("(?m)^\\| `(org\\.gradus\\.[\\w.]+)` \\| [^|]+ \\| ([^|]*)\\|$");

    private static Map<String, Set<String>> table(String page, Pattern rows, String prefix) {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        Matcher row = rows.matcher(page);
        while (row.find()) {
            Set<String> imported = Arrays.stream(row.group(2).split(",", -1))
                    .map(name -> name.replace("`", "").strip())
                    .filter(name -> !name.isEmpty())
                    .map(name -> prefix + name)
                    .collect(Collectors.toCollection(TreeSet::new));
            table.put(row.group(1), imported);
        }
        return table;
    }

    private static Map<String, Set<String>> packages(String page) {
        return table(page, PACKAGE, PREFIX);
    }

    private static Map<String, Set<String>> modules(String page) {
        return table(page, MODULE, "");
    }

    private static Map<String, Set<String>> imports(JavaClasses classes) {
        Map<String, Set<String>> imports = new TreeMap<>();
        for (JavaClass type : classes) {
            Set<String> of = imports.computeIfAbsent(type.getPackageName(), name -> new TreeSet<>());
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String other =
                        dependency.getTargetClass().getBaseComponentType().getPackageName();
                if (other.startsWith(PREFIX) && !other.equals(type.getPackageName())) {
                    of.add(other);
                }
            }
        }
        return imports;
    }

    /** The folder that a package's sources lie in. */
    private static String module(String packageName) {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder ->
                            Files.exists(folder.resolve("src/main/java").resolve(packageName.replace('.', '/'))))
                    .map(folder -> folder.getFileName().toString())
                    .filter(folder -> !folder.equals("exercises"))
                    .collect(Collectors.joining(" and "));
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static Map<String, Set<String>> importsOfModules(Map<String, Set<String>> packages) {
        Map<String, Set<String>> imports = new TreeMap<>();
        packages.forEach((name, imported) -> {
            Set<String> of = imports.computeIfAbsent(module(name), module -> new TreeSet<>());
            imported.stream().map(ArchitecturePageTest::module).forEach(of::add);
            of.remove(module(name));
        });
        return imports;
    }

    /** What the page says too much or too little; none if it tells the truth. */
    private static List<String> lies(Map<String, Set<String>> told, Map<String, Set<String>> real) {
        List<String> lies = new ArrayList<>();
        real.forEach((name, imported) -> {
            Set<String> allowed = told.get(name);
            if (allowed == null) {
                lies.add(name + " has no row; it imports " + imported);
                return;
            }
            imported.stream()
                    .filter(other -> !allowed.contains(other))
                    .forEach(other -> lies.add(name + " imports " + other + " but its row does not allow it"));
            allowed.stream()
                    .filter(other -> !imported.contains(other))
                    .forEach(other -> lies.add(name + " may import " + other + " but does not"));
        });
        told.keySet().stream()
                .filter(name -> !real.containsKey(name))
                .forEach(name -> lies.add(name + " has a row but no class"));
        return lies;
    }

    /** Rows that name what does not stand above them. */
    private static List<String> upsideDown(Map<String, Set<String>> table) {
        List<String> lies = new ArrayList<>();
        Set<String> above = new TreeSet<>();
        table.forEach((name, imported) -> {
            imported.stream()
                    .filter(other -> !above.contains(other))
                    .forEach(other -> lies.add(name + " may import " + other + ", which does not stand above it"));
            above.add(name);
        });
        return lies;
    }

    @Test
    void pageNamesEveryPackageAndWhatItImports() throws IOException {
        assertThat(lies(packages(Files.readString(PAGE)), imports(PackagesTest.ALL)))
                .isEmpty();
    }

    @Test
    void pageNamesEveryModuleAndWhatItImports() throws IOException {
        Map<String, Set<String>> real = importsOfModules(imports(PackagesTest.ALL));

        assertThat(real).containsKeys("core", "inspect", "linalg", "mnist", "plots", "pages", "examples", "app");
        assertThat(lies(modules(Files.readString(PAGE)), real)).isEmpty();
    }

    /** A row may only name what stands above it; so there are no circles. */
    @Test
    void rowsNameWhatStandsAboveThem() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(upsideDown(packages(page))).isEmpty();
        assertThat(upsideDown(modules(page))).isEmpty();
    }

    @Test
    void pageThatLiesIsCaught() {
        Map<String, Set<String>> told = packages("""
                | `org.gradus.a` | one | |
                | `org.gradus.b` | two | `a`, `c` |
                | `org.gradus.c` | three | `a` |
                """);
        Map<String, Set<String>> real = new TreeMap<>(Map.of(
                "org.gradus.a", Set.of("org.gradus.b"),
                "org.gradus.b", Set.of("org.gradus.a"),
                "org.gradus.d", Set.of("org.gradus.a")));

        assertThat(lies(told, real))
                .containsExactly(
                        "org.gradus.a imports org.gradus.b but its row does not allow it",
                        "org.gradus.b may import org.gradus.c but does not",
                        "org.gradus.d has no row; it imports [org.gradus.a]",
                        "org.gradus.c has a row but no class");
        assertThat(upsideDown(told))
                .containsExactly("org.gradus.b may import org.gradus.c, which does not stand above it");
    }
}
