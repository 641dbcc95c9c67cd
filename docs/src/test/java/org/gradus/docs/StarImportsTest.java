package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.gradus.autograd.Tensor;
import org.gradus.inspect.GradCheck;
import org.gradus.linalg.Pca;
import org.gradus.mnist.Mnist;
import org.gradus.pages.Html;
import org.gradus.plots.Figures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program may import all packages with a star: no two public types have the same simple name. */
@Tag("once")
class StarImportsTest {

    private static final List<Class<?>> MODULES =
            List.of(Tensor.class, GradCheck.class, Pca.class, Mnist.class, Figures.class, Html.class);

    @TempDir
    private Path classes;

    @Test
    void everySimpleNameMeansOneType() throws IOException, ReflectiveOperationException {
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> module : MODULES) {
            types.addAll(publicTypes(module));
        }
        assertThat(types).hasSizeGreaterThan(80).contains(Tensor.class, org.gradus.nn.Sigmoid.class);

        assertThat(compile(program(types))).isEmpty();
        assertThat(compile("import java.util.*; import java.awt.*; class Stars { List ambiguous; }"))
                .contains("ambiguous");
    }

    /** All but the pages, which commands write. */
    @Test
    void shellImportsTheLibraries() throws IOException, ReflectiveOperationException {
        String startUp = Files.readString(Shell.START_UP);
        for (Class<?> module : MODULES) {
            if (module != Html.class) {
                for (Class<?> type : publicTypes(module)) {
                    assertThat(startUp).contains("import " + type.getPackageName() + ".*;");
                }
            }
        }
    }

    private static String program(List<Class<?>> types) {
        String imports = types.stream()
                .map(type -> "import " + type.getPackageName() + ".*;\n")
                .distinct()
                .collect(Collectors.joining());
        String uses = IntStream.range(0, types.size())
                .mapToObj(i -> "    " + types.get(i).getSimpleName() + " name" + i + ";\n")
                .collect(Collectors.joining());
        return imports + "class Stars {\n" + uses + "}\n";
    }

    /** What the compiler complains about. */
    private String compile(String program) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        SimpleJavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Stars.java"), SimpleJavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return program;
                    }
                };
        List<String> options =
                List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        compiler.getTask(complaints, null, null, options, null, List.of(source)).call();
        return complaints.toString();
    }

    private static List<Class<?>> publicTypes(Class<?> module) throws IOException, ReflectiveOperationException {
        Path place = Path.of(URI.create(
                module.getProtectionDomain().getCodeSource().getLocation().toString()));
        if (Files.isDirectory(place)) {
            return publicTypes(place);
        }
        try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
            return publicTypes(jar.getPath("/"));
        }
    }

    private static List<Class<?>> publicTypes(Path root) throws IOException, ReflectiveOperationException {
        List<String> names;
        try (Stream<Path> files = Files.walk(root.resolve("org"))) {
            names = files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(file -> file.endsWith(".class") && !file.contains("$") && !file.contains("-info"))
                    .map(file -> file.replace('/', '.').replace(".class", ""))
                    .filter(exported(root)) // what others import; only this can always be loaded
                    .sorted()
                    .toList();
        }
        List<Class<?>> types = new ArrayList<>();
        for (String name : names) {
            Class<?> type = Class.forName(name, false, StarImportsTest.class.getClassLoader());
            if (Modifier.isPublic(type.getModifiers())) {
                types.add(type);
            }
        }
        return types;
    }

    /** Whether a class is in a package that its module exports to everybody; without a descriptor all are. */
    private static Predicate<String> exported(Path root) throws IOException {
        Path descriptor = root.resolve("module-info.class");
        if (Files.notExists(descriptor)) {
            return name -> true;
        }
        try (InputStream in = Files.newInputStream(descriptor)) {
            Set<String> packages = ModuleDescriptor.read(in).exports().stream()
                    .filter(export -> !export.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
            return name -> packages.contains(name.substring(0, name.lastIndexOf('.')));
        }
    }
}
