package org.gradus.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The start script, with a Java that prints what it is called with, and a checkout that holds what the script looks at. */
@Tag("once")
class LauncherTest {

    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final Path SCRIPT = Path.of("..", "gradus");

    private static final String MAKING = "gradus: preparing a faster start (once for each build and JDK, some seconds)";

    /** Also makes the archive when it is asked for one, and notes that it has; breaks down at it where there is a file "broken". */
    private static final String JAVA = """
            #!/usr/bin/env bash
            here=$(dirname "$0")
            for word in "$@"; do
                case $word in
                    -XX:ArchiveClassesAtExit=* | -XX:AOTCacheOutput=*)
                        echo made >>"$here/made"
                        [ ! -e "$here/broken" ] || exit 1
                        echo archive >"${word#*=}"
                        printf '%s\\n' "$@" >"$here/training"
                        ;;
                esac
            done
            echo "locale ${LC_ALL:-}"
            printf '%s\\n' "$@"
            """;

    @TempDir
    private Path folder;

    private Path checkout;
    private Path jdk;

    @BeforeEach
    void layOut() throws IOException {
        jdk = jdk("17.0.1", "Hotspot");
        checkout = Files.createDirectories(folder.resolve("check out pr\u00fcfung"));
        Files.copy(SCRIPT, checkout.resolve("gradus"));
        write(checkout.resolve("pom.xml"), "<project/>");
        for (String module : List.of("core", "inspect", "linalg", "mnist", "plots", "pages", "examples", "app")) {
            write(checkout.resolve(module).resolve("pom.xml"), "<project/>");
        }
        write(checkout.resolve("docs/lessons/1.jsh"), "");
        write(checkout.resolve("target/launcher/current"), "build\n");
        write(build().resolve("gradus-app.jar"), "jar");
        Files.writeString(build().resolve("started"), "");
    }

    private Path build() {
        return checkout.resolve("target/launcher/build");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }

    private Path jdk(String version, String variant) throws IOException {
        Path home = folder.resolve("jdk-" + version + variant);
        Path java = home.resolve("bin/java");
        write(java, JAVA);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        write(home.resolve("lib/modules"), "modules");
        write(
                home.resolve("release"),
                "JAVA_VERSION=\"" + version + "\"\nMODULES=\"java.base jdk.incubator.vector\"\n"
                        + (variant.isEmpty() ? "" : "JVM_VARIANT=\"" + variant + "\"\n"));
        return home;
    }

    private record Run(int exitCode, List<String> out, List<String> err) {}

    private Run run(Path home, String redirection, Map<String, String> locale)
            throws IOException, InterruptedException {
        return run(home, "info", redirection, locale);
    }

    private Run run(Path home, String command, String redirection, Map<String, String> variables)
            throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "bash ./gradus " + command + " " + redirection)
                .directory(checkout.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        environment.keySet().removeIf(name -> name.startsWith("GRADUS_"));
        environment.putAll(variables);
        environment.put("JAVA_HOME", home.toString());
        int exitCode = builder.start().waitFor();
        return new Run(exitCode, Files.readAllLines(out, UTF_8), Files.readAllLines(err, UTF_8));
    }

    private Run run() throws IOException, InterruptedException {
        return run(jdk, "", Map.of());
    }

    private int made() throws IOException {
        Path note = jdk.resolve("bin/made");
        return Files.exists(note) ? Files.readAllLines(note).size() : 0;
    }

    // ---- the archive of classes
    // ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"17.0.1,-XX:SharedArchiveFile=", "21.0.2,-XX:SharedArchiveFile=", "25.0.3,-XX:AOTCache="})
    void archiveIsMadeOnce(String version, String option) throws Exception {
        jdk = jdk(version, "Hotspot");
        for (int call = 0; call < 3; call++) {
            Run run = run();
            assertThat(run.err()).isEqualTo(call == 0 ? List.of(MAKING) : List.of());
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains(option + build().toRealPath() + "/classes-" + version + ".cache");
            assertThat(made()).isEqualTo(1);
        }
        assertThat(Files.readAllLines(jdk.resolve("bin/training"))).contains("train", "--net", "--json");
        assertThat(filesOfTheBuild())
                .containsExactlyInAnyOrder(
                        "gradus-app.jar",
                        "started",
                        "classes-" + version + ".cache",
                        "classes-" + version + ".cache.of",
                        "classes-" + version + ".cache.lock");
    }

    private List<String> filesOfTheBuild() throws IOException {
        try (Stream<Path> files = Files.list(build())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Every command would take seconds longer otherwise. */
    @Test
    void archiveThatCannotBeMadeIsNotTriedAgain() throws Exception {
        write(jdk.resolve("bin/broken"), "");
        for (int call = 0; call < 3; call++) {
            Run run = run();
            assertThat(run.err()).isEqualTo(call == 0 ? List.of(MAKING) : List.of());
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).contains("info").noneMatch(word -> word.contains("classes-"));
            assertThat(made()).isEqualTo(1);
        }
        Files.delete(jdk.resolve("bin/broken"));
        write(jdk.resolve("lib/modules"), "other modules");
        assertThat(run().out()).contains("-XX:SharedArchiveFile=" + build().toRealPath() + "/classes-17.0.1.cache");
        assertThat(made()).isEqualTo(2);
    }

    @Test
    void archiveThatAnotherCallMakesIsNotWaitedFor() throws Exception {
        Path lock = Files.createFile(build().resolve("classes-17.0.1.cache.lock"));
        Process other = new ProcessBuilder(
                        "bash", "-c", "exec 3>\"$0\"; flock 3 && echo held && exec sleep 600", lock.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said = other.inputReader()) {
            assumeThat(said.readLine()).isEqualTo("held");
            Run run = run();
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).contains("info").noneMatch(word -> word.contains("classes-"));
            assertThat(made()).isZero();
        } finally {
            other.destroy();
            other.waitFor();
        }
        assertThat(run().err()).containsExactly(MAKING);
    }

    /** It holds the full names of the jars, which are others then. */
    @Test
    void archiveOfARenamedCheckoutIsMadeAnew() throws Exception {
        run();
        checkout = Files.move(checkout, folder.resolve("renamed"));
        assertThat(run().out()).contains("-XX:SharedArchiveFile=" + build().toRealPath() + "/classes-17.0.1.cache");
        assertThat(made()).isEqualTo(2);
        run();
        assertThat(made()).isEqualTo(2);
    }

    /** It holds the times of the jars, which are others then. */
    @Test
    void archiveOfACopiedCheckoutIsMadeAnew() throws Exception {
        run();
        Path original = Files.move(checkout, folder.resolve("original"));
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, checkout.resolve(original.relativize(file).toString()));
            }
        }
        Files.setLastModifiedTime(
                build().resolve("started"), FileTime.from(Instant.now().plusSeconds(60)));
        run();
        assertThat(made()).isEqualTo(2);
    }

    /** Of the same version, but of another vendor or build. */
    @Test
    void archiveOfAnotherJdkIsMadeAnew() throws Exception {
        run();
        write(jdk.resolve("lib/modules"), "other modules");
        run();
        assertThat(made()).isEqualTo(2);
    }

    @Test
    void withoutAnArchiveAllWorks() throws Exception {
        jdk = jdk("23.0.1", "Hotspot");
        assertThat(run().out()).contains("info").noneMatch(word -> word.contains("classes-"));
        assertThat(made()).isZero();
    }

    /** What the JVM itself has to say is no result; another JVM would not start with HotSpot's options. */
    @Test
    void messagesOfTheJvmGoToStandardError() throws Exception {
        List<String> options = List.of("-XX:+DisplayVMOutputToStderr", "-Xlog:disable", "-Xlog:all=warning:stderr");
        for (String version : List.of("17.0.1", "21.0.2", "23.0.1", "25.0.3")) {
            assertThat(run(jdk(version, "Hotspot"), "", Map.of()).out()).containsSubsequence(options);
            assertThat(run(jdk(version, ""), "", Map.of()).out()).containsSubsequence(options);
        }
        assertThat(run(jdk("17.0.6", "Openj9"), "", Map.of()).out())
                .containsSequence(
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        build().toRealPath() + "/*",
                        "org.gradus.app.GradusCommand",
                        "info")
                .noneMatch(word -> word.startsWith("-X"));
    }

    // ---- compiler and collector
    // ---------------------------------------------------------------------------------------------

    /** Elsewhere the option is not known, or was not tried. */
    @ParameterizedTest
    @CsvSource({
        "17.0.1,Hotspot,false",
        "17.0.14,Hotspot,false",
        "17.0.15,Hotspot,true",
        "17.0.20,,true",
        "21.0.2,Hotspot,false",
        "25,Hotspot,true",
        "25.0.3,Hotspot,true",
        "25.0.3,Openj9,false"
    })
    void slowPathsOfTheVectorApiAreNotForC2(String version, String variant, boolean kept) throws Exception {
        Run run = run(jdk(version, variant == null ? "" : variant), "", Map.of());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().contains("-XX:CompileCommand=MaxNodeLimit,jdk.incubator.vector.*::*OpTemplate,100"))
                .isEqualTo(kept);
        assertThat(run.out().contains("-XX:CompileCommand=quiet")).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource({
        "info,'',''",
        "train,'',-XX:+UseSerialGC",
        "tutorial,'',-XX:+UseSerialGC -Xmx400m -Xmn48m",
        "train,-Xmx2g,-Xmx2g",
        "tutorial,-Xmx2g,-Xmx2g",
        "train,-XX:+UseG1GC,-XX:+UseG1GC"
    })
    void trainingGetsTheSerialCollectorUnlessSomebodyChooses(String command, String options, String expected)
            throws Exception {
        Run run = run(jdk, command, "", Map.of("GRADUS_JAVA_OPTS", options));
        assertThat(run.out().stream()
                        .filter(word -> word.startsWith("-Xm") || word.endsWith("GC"))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    // ---- the locale
    // --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"", "LC_ALL=C", "LC_ALL=POSIX", "LANG=C", "LC_CTYPE=C", "LANG=xx_XX.UTF-8"})
    void jvmGetsALocaleWithUtf8WhereThereIsNone(String setting) throws Exception {
        assertThat(run(jdk, "", locale(setting)).out()).contains("locale C.UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C.UTF-8", "LANG=C.UTF-8", "LC_CTYPE=C.utf8"})
    void localeThatHasItStays(String setting) throws Exception {
        String expected = setting.startsWith("LC_ALL=") ? setting.substring(7) : "";
        assertThat(run(jdk, "", locale(setting)).out()).contains("locale " + expected);
    }

    private static Map<String, String> locale(String setting) {
        if (setting.isEmpty()) {
            return Map.of();
        }
        String[] nameAndValue = setting.split("=", -1);
        return Map.of(nameAndValue[0], nameAndValue[1]);
    }

    // ---- descriptors
    // -------------------------------------------------------------------------------------------------

    @Test
    void closedOutputIsRefused() throws Exception {
        Run run = run(jdk, ">&-", Map.of());
        assertThat(run.err()).containsExactly("gradus: standard output is closed; send it to a file, or to /dev/null");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();

        assertThat(run(jdk, ">&- 2>&-", Map.of()).exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2>&-", "<&-", "<&- 2>&-"})
    void otherClosedDescriptorsAreNoHindrance(String redirection) throws Exception {
        Run run = run(jdk, redirection, Map.of());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).endsWith("org.gradus.app.GradusCommand", "info");
        assertThat(run.err()).isEqualTo(redirection.contains("2>") ? List.of() : List.of(MAKING));
    }
}
