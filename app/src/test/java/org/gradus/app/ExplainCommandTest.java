package org.gradus.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gradus.autograd.Tensor;
import org.gradus.io.Safetensors;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Sequential;
import org.gradus.random.TorchRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {

    @TempDir
    private Path folder;

    private String page() throws IOException {
        return Files.readString(folder.resolve("out/index.html"));
    }

    private CommandRun explain(String... more) throws IOException {
        Path data = folder.resolve("data");
        if (!Files.exists(data)) {
            IdxFolder.write(Files.createDirectory(data), 12, 3, 4);
        }
        String[] args = {
            "explain", "--data", data.toString(), "--out", folder.resolve("out").toString()
        };
        String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return CommandRun.of(all);
    }

    @Test
    void printsTheStepAndWritesThePage() throws IOException {
        CommandRun run = explain("--net", "16-2:prelu-16:sigmoid", "--image", "7", "--seed", "3", "--step", "2");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("image 7, a 7")
                .contains("(0): Linear(in_features=16, out_features=2, bias=True)")
                .containsPattern("(?m)^   2 +1 +prelu +x \\[1,2], a \\[1] -> \\[1,2] +y = x where x > 0, else a x +\\S")
                .contains("grad min")
                .contains("loss ")
                .endsWith(folder.resolve("out/index.html") + "\n");
        assertThat(page())
                .contains("16-2:prelu-16:sigmoid, BCELoss(), seed 3, step 2 on image 7")
                .contains("<section id=\"slide-backward-5\"");
    }

    /** Files stay small because a slide shows one row of a matrix, not all. */
    @Test
    void pageOfALargeNetworkIsBelow3Megabytes() throws IOException {
        CommandRun run = CommandRun.of(
                "explain",
                "--net",
                "784-392:prelu-196:prelu-2:prelu-196:prelu-392:prelu-784:sigmoid",
                "--out",
                folder.resolve("out").toString());

        assertThat(run.err()).isEmpty();
        assertThat(Files.size(folder.resolve("out/index.html"))).isBetween(100_000L, 3_000_000L);
    }

    @Test
    void weightsAreLoaded() throws IOException {
        Sequential other = NetSpec.parse("16-2-16").build(new TorchRandom(77));
        Path file = folder.resolve("other.safetensors");
        Safetensors.write(file, other.stateDict(), Map.of());

        CommandRun run = explain("--net", "16-2-16", "--loss", "mse", "--load", file.toString());

        assertThat(run.err()).isEmpty();
        Tensor bias = other.stateDict().get("1.bias");
        assertThat(page()).contains("weights of other.safetensors");
        assertThat(java.util.stream.IntStream.range(0, 16).filter(i -> contains(i, bias.data()[i])))
                .hasSize(1);
    }

    /** The page shows one bias of the last layer. */
    private boolean contains(int index, float value) {
        try {
            return page().contains(org.gradus.pages.Decimals.full(value).toPlainString() + "\" data-at=\"1.bias["
                    + index + "]\"");
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    @Test
    void weightsOfAnotherNetworkAreRefused() throws IOException {
        Path file = folder.resolve("other.safetensors");
        Safetensors.write(
                file, NetSpec.parse("16-3-16").build(new TorchRandom(0)).stateDict(), Map.of());

        CommandRun run = explain("--net", "16-2-16", "--loss", "mse", "--load", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("gradus: --load " + file)
                .hasLineCount(1)
                .contains("0.weight");
    }

    @Test
    void numbersThatCannotBeShownAreRefused() throws IOException {
        Sequential large = NetSpec.parse("16-2-16").build(new TorchRandom(0));
        large.stateDict().get("0.weight").data()[5] = Float.MAX_VALUE;
        Path file = folder.resolve("large.safetensors");
        Safetensors.write(file, large.stateDict(), Map.of());

        CommandRun run = explain("--net", "16-2-16", "--loss", "mse", "--load", file.toString(), "--image", "2");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("gradus: explain: the ")
                .hasLineCount(1)
                .contains("take smaller weights");
    }
}
