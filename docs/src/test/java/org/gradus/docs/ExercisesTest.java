package org.gradus.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The exercises fail as long as they are not solved, the solutions pass, and typical mistakes are called by their names. */
@Tag("once")
class ExercisesTest {

    private static final Path HOME = Path.of("../exercises");
    private static final Path TESTS = HOME.resolve("src/test/java");
    private static final Path UNSOLVED = HOME.resolve("src/main/java");
    private static final Path SOLVED = HOME.resolve("solution");

    private static final Map<String, String> NAMES = Map.of(
            "Relu", "Exercise1ReluTest",
            "Linear", "Exercise2LinearTest",
            "Adam", "Exercise3AdamTest",
            "Kaiming", "Exercise4KaimingTest",
            "Nmf", "Exercise5NmfTest");

    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** One for all compilations: what it has read of the JDK it keeps. */
    private static final StandardJavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    /** The tests and the solutions, compiled once. */
    @TempDir
    static Path solved;

    @TempDir
    Path folder;

    @BeforeAll
    static void compileSolutions() throws IOException {
        List<Path> sources = new ArrayList<>(javaFiles(TESTS));
        sources.addAll(javaFiles(SOLVED));
        compile(sources, CLASS_PATH, solved);
    }

    @AfterAll
    static void close() throws IOException {
        FILES.close();
    }

    private static List<Path> javaFiles(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    private static void compile(List<Path> sources, String classPath, Path to) {
        StringWriter messages = new StringWriter();
        List<String> options = List.of(
                "--release",
                "17",
                "-Xlint:all,-options",
                "-Werror",
                "-proc:none",
                "-cp",
                classPath,
                "-d",
                to.toString());
        boolean compiled = COMPILER.getTask(
                        messages, FILES, null, options, null, FILES.getJavaFileObjectsFromPaths(sources))
                .call();
        assertThat(compiled).as(messages.toString()).isTrue();
    }

    /** Messages of the failed tests, by class; classes of the first folder hide those of the second. */
    private static Map<String, String> failures(Path first, Path second) throws IOException {
        URL[] folders = {first.toUri().toURL(), second.toUri().toURL()};
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(folders, before)) {
            thread.setContextClassLoader(loader);
            LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
            for (String test : NAMES.values()) {
                request.selectors(selectClass(loader, "org.gradus.exercises." + test));
            }
            LauncherDiscoveryRequest built = request.build();
            LauncherFactory.create().execute(built, listener);
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(listener.getSummary().getTestsFoundCount()).isEqualTo(NAMES.size());
        Map<String, String> messages = new TreeMap<>();
        listener.getSummary().getFailures().forEach(failure -> {
            Throwable thrown = failure.getException();
            assertThat(thrown.getClass().getSimpleName()).as("%s", thrown).isEqualTo("NotYet");
            String test = failure.getTestIdentifier()
                    .getParentIdObject()
                    .orElseThrow()
                    .toString();
            messages.put(test.replaceAll(".*\\.(Exercise\\w+).*", "$1"), thrown.getMessage());
        });
        return messages;
    }

    @Test
    void solutionsPass() throws IOException {
        assertThat(failures(folder, solved)).isEmpty();
    }

    @Test
    void unsolvedExercisesSayThatNothingIsThere() throws IOException {
        compile(javaFiles(UNSOLVED), CLASS_PATH, folder);

        Map<String, String> failures = failures(folder, solved);

        assertThat(failures.keySet()).containsExactlyInAnyOrderElementsOf(NAMES.values());
        assertThat(failures.get("Exercise1ReluTest")).contains("Nothing was added to gradX");
        assertThat(failures.get("Exercise2LinearTest")).contains("Nothing was added to gradX");
        assertThat(failures.get("Exercise3AdamTest")).contains("The parameters have not moved");
        assertThat(failures.get("Exercise4KaimingTest")).contains("L is 0: write the formula");
        assertThat(failures.get("Exercise5NmfTest")).contains("W has not changed");
    }

    /** Nothing but the body of the method differs, so the two trees cannot drift apart. */
    @Test
    void solutionsHaveTheTextOfTheExercises() throws IOException {
        for (String name : NAMES.keySet()) {
            String file = "org/gradus/exercises/" + name + ".java";
            List<String> unsolved = Files.readAllLines(UNSOLVED.resolve(file));
            List<String> solution = Files.readAllLines(SOLVED.resolve(file));
            int same = 0;
            while (unsolved.get(same).equals(solution.get(same))) {
                same++;
            }
            assertThat(unsolved.get(same)).as(name).containsPattern("// Your \\w+ goe?s? here\\.");
            int rest = unsolved.size() - same - 1;
            assertThat(solution.subList(solution.size() - rest, solution.size()))
                    .as(name)
                    .isEqualTo(unsolved.subList(same + 1, unsolved.size()));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Relu    | if (x[i] > 0)           | if (true)                   | passing every gradient on
            Relu    | x[i] > 0                | x[i] >= 0                   | This looks like x >= 0
            Relu    | x[i] > 0                | x[i] <= 0                   | the mask the wrong way round
            Relu    | x[i] > 0                | gradY[i] > 0                | asking whether dL/dy is positive
            Relu    | += gradY[i]             | = gradY[i]                  | = instead of +=
            Relu    | += gradY[i]             | -= gradY[i]                 | This looks like subtracting
            Relu    | += gradY[i]             | += 1                        | dy/dx alone
            Relu    | += gradY[i]             | += x[i]                     | forward once more
            Relu    | += gradY[i]             | += gradY[i] * x[i]          | dL/dy times y
            Relu    | += gradY[i];            | += gradY[i]; gradY[i] = 0;  | dL/dy after the call
            Linear  | gradX[i * inputs + p] +=| gradX[i * inputs + p] =     | assigning instead of adding: x_ip
            Linear  | g * w[j * inputs + p]   | g * w[p * outputs + j]      | reading W as if it were [in,out]
            Linear  | g * w[j * inputs + p]   | w[j * inputs + p]           | W without dL/dy
            Linear  | gradW[j * inputs + p] +=| gradW[p * outputs + j] +=   | the transpose of dL/dW
            Linear  | gradW[j * inputs + p] +=| gradW[j * inputs + p] =     | only the last sample is left. Every
            Linear  | gradW[j * inputs + p] +=| gradW[j * inputs + p] -=    | This looks like subtracting
            Linear  | g * x[i * inputs + p]   | g * x[i * inputs + p] / n   | Backward sums; dividing by n
            Linear  | gradB[j] += g           | gradB[j] = g                | only the last sample is left. The bias
            Linear  | gradB[j] += g           | gradB[j] += g / n           | the mean over samples
            Linear  | gradB[j] += g           | gradB[j] += 1               | counting samples
            Linear  | gradB[j] += g;          |                             | Nothing was added to gradB
            Linear  | gradB[j] += g;          | gradB[j] += g * inputs;     | once per input
            Adam    | p[i] -= lr              | p[i] += lr                  | moving with the gradient
            Adam    | / correction1           |                             | m without correction
            Adam    | / correction2           |                             | v without correction
            Adam    | v[i] / correction2) + eps | v[i] / correction2 + eps) | eps inside the root
            Adam    | correction2) + eps      | correction2)                | a divisor without eps
            Adam    | Math.sqrt(              | (                           | dividing by vHat
            Adam    | * grad[i] * grad[i]     | * grad[i]                   | v as a mean of the gradient
            Adam    | t++;                    | t = 1;                      | t staying at 1
            Adam    | m[i] = beta1 * m[i] + (1 - beta1) * grad[i] | m[i] = (1 - beta1) * grad[i] | No typical mistake
            Adam    | lr * (m[i] / correction1) / (Math.sqrt(v[i] / correction2) + eps) | lr * grad[i] | plain gradient descent
            Kaiming | Math.sqrt(6.0 / inputs) | Math.sqrt(6 / inputs)       | an int was divided by an int
            Kaiming | 6.0 / inputs            | 6.0 / outputs               | counting outputs
            Kaiming | 6.0 / inputs            | 3.0 / inputs                | without the ReLU's factor
            Kaiming | 6.0 / inputs            | 2.0 / inputs                | the standard deviation
            Kaiming | Math.sqrt(6.0 / inputs) | 6.0 / inputs                | the root is missing
            Kaiming | Math.sqrt(6.0 / inputs) | 2.0 / inputs                | the variance
            Kaiming | 6.0 / inputs            | 1.0 / inputs                | PyTorch's default for Linear
            Kaiming | 6.0 / inputs            | 6.0 / (inputs + outputs)    | Xavier's bound
            Nmf     | *= numerator            | = numerator                 | the quotient alone
            Nmf     | *= numerator            | += numerator                | W plus the quotient
            Nmf     | numerator / Math.max(denominator, EPSILON) | denominator / numerator | upside down
            Nmf     | / Math.max(denominator, EPSILON) | / denominator      | 0 / 0
            Nmf     | / Math.max(denominator, EPSILON) |                    | without the division
            Nmf     | w[i * k + a] *= numerator / Math.max(denominator, EPSILON) | w[i * k + a] = numerator | V H^T alone
            Nmf     | w[i * k + a] *= numerator / Math.max(denominator, EPSILON) | w[i * k + a] += numerator - denominator | a step along the gradient
            Nmf     | w[i * k + a] * h[a * d + p] | w[i * k + a] * h[p * k + a] | No typical mistake
            """)
    void mistakesAreCalledByTheirNames(String exercise, String right, String wrong, String message) throws IOException {
        String file = "org/gradus/exercises/" + exercise + ".java";
        String solution = Files.readString(SOLVED.resolve(file));
        assertThat(solution).contains(right);
        Path source = Files.createDirectories(folder.resolve("source")).resolve(exercise + ".java");
        Files.writeString(source, solution.replace(right, wrong == null ? "" : wrong));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        compile(List.of(source), solved.toString(), classes);

        Map<String, String> failures = failures(classes, solved);

        assertThat(failures.keySet()).containsExactly(NAMES.get(exercise));
        assertThat(failures.get(NAMES.get(exercise))).contains(message);
    }
}
