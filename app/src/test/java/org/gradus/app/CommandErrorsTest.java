package org.gradus.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every wrong argument and every missing or broken file: exit code 2, one line that says what, where and what to do. */
class CommandErrorsTest {

    private static final String NET = "784-2:prelu-784:sigmoid";

    private static void assertRefused(String message, String... args) {
        CommandRun run = CommandRun.of(args);

        assertThat(run.err()).isEqualTo("gradus: " + message + "\n");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    private static String[] train(String... more) {
        List<String> args = new ArrayList<>(List.of("train", "--net", NET, "--loss", "bce"));
        args.addAll(List.of(more));
        return args.toArray(new String[0]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--epochs -1|--epochs is -1 but must be 0 or more",
                "--epochs x|Invalid value for option '--epochs': 'x' is not an int; see 'gradus train --help'",
                "--epochs|Missing required parameter for option '--epochs' (N); see 'gradus train --help'",
                "--epochs 1 --epochs 2|option '--epochs' (N) should be specified only once; see 'gradus train --help'",
                "--batch 0|--batch is 0 but must be 1 or more",
                "--batch -64|--batch is -64 but must be 1 or more",
                "--seed -1|--seed is -1 but must be 0 to 4294967295",
                "--seed 4294967296|--seed is 4294967296 but must be 0 to 4294967295",
                "--lr 0|--lr is 0.0 but must be above 0 and finite",
                "--lr NaN|--lr is NaN but must be above 0 and finite",
                "--momentum 0.9|--momentum belongs to --optimizer sgd; adam has its own, leave the option out",
                "--optimizer sgd --momentum 1|--momentum is 1.0 but must be at least 0 and below 1",
                "--optimizer rmsprop|Invalid value for option '--optimizer': 'rmsprop' must be one of adam, sgd; see"
                        + " 'gradus train --help'",
                "--init xavier|Invalid value for option '--init': 'xavier' must be one of default, kaiming-uniform,"
                        + " kaiming-normal; see 'gradus train --help'",
                "--init-linears 1|--init-linears needs --init kaiming-uniform or kaiming-normal",
                "--reseed-before-init|--reseed-before-init needs --init kaiming-uniform or kaiming-normal",
                "--init kaiming-normal --init-linears 3|--init-linears is 3 but the network has 2 Linear layers; give"
                        + " 0 to 2",
                "--threads 0|--threads is 0 but must be 1 to 1024",
                "--kernels fast|Invalid value for option '--kernels': 'fast' must be one of auto, scalar, vector; see"
                        + " 'gradus train --help'",
                "--epoch 3|unknown option '--epoch'; did you mean --epochs?; see 'gradus train --help'",
                "surplus|unexpected argument 'surplus'; see 'gradus train --help'",
            })
    void wrongOptionsOfTrain(String options, String message) {
        assertRefused(message, train(options.split(" ")));
    }

    @Test
    void requiredOptions() {
        assertRefused("Missing required option: '--loss=bce|mse'; see 'gradus train --help'", "train", "--net", NET);
        assertRefused(
                "Missing required options: '--net=SPEC', '--loss=bce|mse'; see 'gradus train --help'",
                "train",
                "--epochs",
                "1");
        assertRefused(
                "Invalid value for option '--loss': 'l1' must be one of bce, mse; see 'gradus train --help'",
                "train",
                "--net",
                NET,
                "--loss",
                "l1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "784-0-784:sigmoid|width 0 leaves nothing to compute with; widths start at 1",
                "784-2:gelu-784:sigmoid|unknown layer 'gelu' in '2:gelu'; there are relu, prelu, sigmoid, tanh,"
                        + " normalize",
                "784-2:relu-784|BCE needs outputs in [0,1]; end the network with 784:sigmoid or choose --loss mse",
                "783-2:relu-784:sigmoid|the first width is 783 but images have 784 pixels; make first and last width"
                        + " 784",
                "784-2:relu-10:sigmoid|the last width is 10 but images have 784 pixels; make first and last width 784",
            })
    void wrongNetworks(String net, String problem) {
        assertRefused("--net '" + net + "': " + problem, "train", "--net", net, "--loss", "bce");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tutorial|Missing required parameter: 'TUTORIAL'; see 'gradus tutorial --help'",
                "tutorial 4|tutorial '4' is not available; there are 1, 2, 3 and all",
                "tutorial 1 --only T1.B5|--only: no experiment 'T1.B5' in tutorial 1; there are T1.0, T1.1, T1.2,"
                        + " T1.3, T1.4, T1.5a, T1.5b, T1.6, T1.7, T1.B1, T1.B1c, T1.B2, T1.B2n, T1.B3, T1.B4",
                "tutorial 2 --only T3.1|--only: no experiment 'T3.1' in tutorial 2; there are T2.1, T2.2, T2.3, T2.B1",
                "tutorial 1 --epochs 3 --quick|--epochs and --quick both set the number of epochs; give one of them",
                "tutorial 1 --reference x.safetensors|--reference belongs to tutorial 3; leave it out or run 3 or all",
                "tutorial 1 --epochs -3|--epochs is -3 but must be 0 or more",
                "tutorial 1 --seed -3|--seed is -3 but must be 0 to 4294967295",
                "tutorial 1 --json .|--json: cannot write .: it is a folder; name a file in it",
                "tutorial 1 --speedy|unknown option '--speedy'; see 'gradus tutorial --help'",
                "tutorial 1 2|unexpected argument '2'; see 'gradus tutorial --help'",
                "info --loud|unknown option '--loud'; see 'gradus info --help'",
                "lern|unknown command 'lern'; there are train, tutorial, explain, lesson, shell, bench, info; see 'gradus --help'",
                "lesson 0|no lesson 0; there are 1 to 14, 'gradus lesson' lists them",
                "lesson 15|no lesson 15; there are 1 to 14, 'gradus lesson' lists them",
                "lesson one|Invalid value for positional parameter at index 0 (N): 'one' is not an int; see 'gradus"
                        + " lesson --help'",
                "lesson --pause|--pause and --output need the number of a lesson; 'gradus lesson' lists them",
                "--verbose|unknown option '--verbose'; did you mean --version?; see 'gradus --help'",
            })
    void wrongCommands(String line, String message) {
        assertRefused(message, line.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--step 0|--step is 0 but must be 1 or more",
                "--image -1|--image is -1 but the training set has 60000 images; give 0 to 59999",
                "--image 60000|--image is 60000 but the training set has 60000 images; give 0 to 59999",
                "--seed -1|--seed is -1 but must be 0 to 4294967295",
                "--loss mae|Invalid value for option '--loss': 'mae' must be one of bce, mse; see 'gradus explain --help'",
                "--epochs 3|unknown option '--epochs'; see 'gradus explain --help'",
            })
    void wrongOptionsOfExplain(String options, String message, @TempDir Path folder) {
        Path out = folder.resolve("out");
        List<String> args = new ArrayList<>(List.of("explain", "--net", NET, "--out", out.toString()));
        args.addAll(List.of(options.split(" ")));

        assertRefused(message, args.toArray(new String[0]));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void explainNeedsANetworkThatFits(@TempDir Path folder) {
        String out = folder.toString();
        assertRefused("Missing required option: '--net=SPEC'; see 'gradus explain --help'", "explain");
        assertRefused(
                "--net '784-2-784': BCE needs outputs in [0,1]; end the network with 784:sigmoid or choose --loss mse",
                "explain",
                "--net",
                "784-2-784",
                "--out",
                out);
        assertRefused(
                "--net '784-2-783': the last width is 783 but images have 784 pixels; make first and last width 784",
                "explain",
                "--net",
                "784-2-783",
                "--loss",
                "mse",
                "--out",
                out);
    }

    @Test
    void pageThatCannotBeWritten(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertRefused(
                "--out " + file + ": cannot create this folder; name one that can be written",
                "explain",
                "--net",
                NET,
                "--out",
                file.toString());
    }

    @Test
    void withoutCommandUsageIsShown() {
        CommandRun run = CommandRun.of();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("gradus: no command given; try 'gradus info'\n");
        assertThat(run.out()).startsWith("Usage: gradus").contains("train", "tutorial", "info");
    }

    @ParameterizedTest
    @CsvSource({"--help", "train --help", "tutorial --help", "lesson --help", "shell --help", "info --help"})
    void helpIsNoError(String line) {
        CommandRun run = CommandRun.of(line.split(" "));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("Usage: gradus");
    }

    @Test
    void missingDataFolder(@TempDir Path folder) {
        Path missing = folder.resolve("nowhere");

        CommandRun run = CommandRun.of(train("--data", missing.toString()));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("gradus: data folder " + missing + " does not exist; ")
                .hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }

    /** What a terminal would obey is shown instead. */
    @Test
    void controlCharacters(@TempDir Path folder) throws IOException {
        String name = "x\u001b]0;owned\u0007\u009b2J\u202e";
        String shown = "x\\u001b]0;owned\\u0007\\u009b2J\\u202e";

        assertRefused(
                "--load " + folder + "/" + shown + ": there is no such file; check the name",
                train("--load", folder.resolve(name).toString()));
        assertRefused(
                "--json: cannot write " + folder + "/" + shown + "/a\\nb: folder " + folder + "/" + shown
                        + " does not exist; create it or name another file",
                train("--json", folder.resolve(name).resolve("a\nb").toString()));
        assertRefused("unknown option '--" + shown + "\\n'; see 'gradus train --help'", train("--" + name + "\n"));
        assertRefused(
                "unknown command 'a\\nb" + shown
                        + "'; there are train, tutorial, explain, lesson, shell, bench, info; see 'gradus --help'",
                "a\nb" + name);
        Path file = Files.createFile(folder.resolve(name));
        for (String[] line : new String[][] {
            train("--data", folder.resolve(name + "\n").toString()),
            {"train", "--net", "784-" + name + "\u2028-784", "--loss", "bce"},
            train("--loss", name),
            {"tutorial", name},
            {
                "explain",
                "--net",
                "784-2-784:sigmoid",
                "--out",
                file.resolve("out").toString()
            }
        }) {
            CommandRun run = CommandRun.of(line);
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("\\u001b]0;owned").hasLineCount(1);
            assertThat(run.err().strip().chars())
                    .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e);
        }
    }

    @Test
    void brokenIdxFile(@TempDir Path folder) throws IOException {
        IdxFolder.write(folder, 20, 10, 28);
        Path images = folder.resolve("train-images-idx3-ubyte");
        byte[] whole = Files.readAllBytes(images);
        Files.write(images, Arrays.copyOf(whole, whole.length - 5));
        Path json = folder.resolve("run.json");

        CommandRun run = CommandRun.of(train("--data", folder.toString(), "--json", json.toString()));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("gradus: " + images).hasLineCount(1);
        assertThat(run.out()).isEmpty();
        assertThat(json).doesNotExist();
    }

    @Test
    void imagesOfAnotherSize(@TempDir Path folder) throws IOException {
        IdxFolder.write(folder, 20, 10, 5);

        assertRefused(
                "--net '" + NET + "': the first width is 784 but images have 25 pixels; make first and last width 25",
                train("--data", folder.toString()));
    }

    @Test
    void unwritableJson(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");

        assertRefused(
                "--json: cannot write " + folder + "/none/run.json: folder " + folder
                        + "/none does not exist; create it or name another file",
                train("--json", folder + "/none/run.json"));
        assertRefused(
                "--json: cannot write " + file + "/run.json: folder " + file + " is not a folder; name another file",
                train("--json", file + "/run.json"));
        assertRefused(
                "--json: cannot write " + folder + ": it is a folder; name a file in it",
                train("--json", folder.toString()));
        assertRefused("--json: cannot write a file without a name; give one such as run.json", train("--json", ""));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
        assertThat(file).hasContent("old");
    }

    /** In a JVM of its own, whose memory is less than the 55 MB of MNIST's bytes. */
    @Test
    void notEnoughMemory() throws IOException, InterruptedException {
        int megabytes = 50;
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + megabytes + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GradusCommand.class.getName(),
                        "train",
                        "--net",
                        NET,
                        "--loss",
                        "bce")
                .start();
        process.getOutputStream().close();

        String error = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(error).hasLineCount(1);
        Matcher message = Pattern.compile("gradus: out of memory, (\\d+) MB are not enough; .*\\R")
                .matcher(error);
        assertThat(message.matches()).as("%s", error).isTrue();
        // The serial collector, which Java takes on one processor, leaves one of its two survivor spaces out: a tenth
        // of the young third.
        assertThat(Integer.parseInt(message.group(1))).isBetween(megabytes - megabytes / 30 - 1, megabytes);
        assertThat(process.waitFor()).isEqualTo(2);
    }
}
