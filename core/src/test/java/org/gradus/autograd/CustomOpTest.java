package org.gradus.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.gradus.testing.GradChecker;
import org.gradus.testing.GradChecker.Bound;
import org.gradus.testing.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in the documentation of {@link CustomOp}, taken from there, compiled and checked. */
class CustomOpTest {

    private static final Path SOURCE =
            Path.of(System.getProperty("basedir", "")).resolve("src/main/java/org/gradus/autograd/CustomOp.java");

    @Test
    void exampleOfTheDocumentationWorks(@TempDir Path folder) throws Exception {
        CustomOp square = compiled(example(), folder);
        Tensor x = Tensor.vector(3).requireGrad();
        Tape tape = Tape.fresh();
        Tensor y = Tensor.apply(square, tape.input(x)).sum();
        y.backward();
        assertThat(y.item()).isEqualTo(9);
        assertThat(x.grad()).containsExactly(6);

        GradChecker.check(
                square,
                in -> new double[] {in[0][0] * in[0][0], in[0][1] * in[0][1]},
                new Bound(1, "one product", (in, g) -> new double[] {in[0][0] * in[0][0], in[0][1] * in[0][1]}),
                new Bound[] {
                    new Bound(2, "two products", (in, g) ->
                            new double[] {Math.abs(2 * in[0][0] * g[0]), Math.abs(2 * in[0][1] * g[1])})
                },
                Samples.uniform(1, 2, -1, 1),
                Tensor.vector(Samples.uniform(2, 2, -2, 2)));
    }

    private static String example() throws Exception {
        String text = Files.readString(SOURCE);
        String open = "<pre>{@code";
        String body = text.substring(text.indexOf(open) + open.length(), text.indexOf("}</pre>"));
        return body.replaceAll("(?m)^ \\* ?", "");
    }

    private static CustomOp compiled(String example, Path folder) throws Exception {
        Path source = folder.resolve("Square.java");
        Files.writeString(source, "import org.gradus.autograd.*;\n" + example);
        String classPath = new File(CustomOp.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", classPath, "-d", folder.toString(), source.toString());
        assertThat(status).isZero();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, CustomOp.class.getClassLoader())) {
            var constructor = loader.loadClass("Square").getDeclaredConstructor();
            constructor.setAccessible(true);
            return (CustomOp) constructor.newInstance();
        }
    }
}
