package org.gradus.app;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.gradus.autograd.Printable;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.Console;
import org.gradus.io.AtomicFile;
import org.gradus.mnist.IdxException;
import org.gradus.mnist.LabelledImages;
import org.gradus.mnist.Mnist;
import org.gradus.nn.NetSpec;
import org.gradus.nn.Sequential;
import org.gradus.pages.Decimals;
import org.gradus.pages.explain.ExplainPage;
import org.gradus.pages.explain.Explanation;
import org.gradus.pages.explain.Subject;
import org.gradus.random.TorchRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gradus explain}: one optimiser step on one image, number by number. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Prints one optimiser step on one image of the training set, and writes a page that goes through it"
                        + " number by number: forward, backward, update.",
        footer = {
            "",
            "SPEC as for train, for example 784-2:prelu-784:sigmoid. The network has PyTorch's weights of the seed, or those of",
            "--load; the optimiser is Adam with its default settings."
        })
final class ExplainCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--net", paramLabel = "SPEC", required = true, description = "The network.")
    private String net = "";

    @Option(
            names = "--loss",
            paramLabel = "bce|mse",
            converter = Words.ForLoss.class,
            description = "What is minimised (default: bce).")
    private LossName loss = LossName.BCE;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the weights (default: 0).")
    private long seed;

    @Option(names = "--image", paramLabel = "N", description = "Index in the training set (default: 0).")
    private int image;

    @Option(names = "--step", paramLabel = "N", description = "Which step on this image, from 1 (default: 1).")
    private long step = 1;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the four MNIST files, plain or .gz (default: the bundled set).")
    private @Nullable Path data;

    @Option(names = "--load", paramLabel = "FILE.safetensors", description = "Take the weights in this file.")
    private @Nullable Path load;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of the page (default: explain).")
    private Path out = Path.of("explain");

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IdxException {
        Seeds.require(seed);
        if (step < 1) {
            throw new CommandFailure("--step is " + step + " but must be 1 or more");
        }
        NetSpec spec = NetOption.parse(net);
        if (data == null) {
            NetOption.requireAutoencoder(spec, NetOption.MNIST_PIXELS, loss);
        }
        Optional<Weights> weights = Optional.ofNullable(load).map(Weights::read);
        LabelledImages images = (data == null ? Mnist.load() : Mnist.load(data)).train();
        NetOption.requireAutoencoder(spec, images.pixelsPerImage(), loss);
        if (image < 0 || image >= images.count()) {
            throw new CommandFailure("--image is " + image + " but the training set has " + images.count()
                    + " images; give 0 to " + (images.count() - 1));
        }
        EngineOptions.start();

        Sequential model = spec.build(new TorchRandom(seed));
        weights.ifPresent(kept -> kept.into(model));
        String origin = weights.map(kept -> "weights of "
                        + Printable.text(String.valueOf(kept.file().getFileName())))
                .orElse("seed " + seed);
        // Makes a folder, so after all that may be wrong with the options.
        AtomicFile page = page();
        explain(model, subject(spec, origin, images), images, page);
        return 0;
    }

    private AtomicFile page() {
        try {
            Files.createDirectories(out);
        } catch (IOException refused) {
            throw new CommandFailure(
                    "--out " + out + ": cannot create this folder; name one that can be written", refused);
        }
        try {
            return AtomicFile.at(out.resolve("index.html"));
        } catch (IOException refused) {
            throw new CommandFailure("--out " + out + ": " + refused.getMessage(), refused);
        }
    }

    private Subject subject(NetSpec spec, String origin, LabelledImages images) {
        return new Subject(spec.toString(), origin, image, images.label(image), images.rows(), images.columns(), step);
    }

    private void explain(Sequential model, Subject subject, LabelledImages images, AtomicFile page) {
        Explanation explanation;
        try {
            explanation = Explanation.of(model, loss.loss(), pixels(images), step);
        } catch (IllegalArgumentException notFinite) {
            throw new CommandFailure(String.valueOf(notFinite.getMessage()), notFinite);
        }
        try {
            byte[] html = ExplainPage.of(explanation, subject).getBytes(StandardCharsets.UTF_8);
            page.write(file -> file.write(html));
        } catch (IOException failed) {
            throw new CommandFailure("--out " + out + ": " + failed.getMessage(), failed);
        }
        print(model, subject, explanation);
    }

    private void print(Sequential model, Subject subject, Explanation explanation) {
        PrintStream to = console.out();
        to.println(model);
        to.println(subject.weights() + "; image " + subject.index() + ", a " + subject.label() + "; step "
                + subject.step());
        to.println(explanation.trace().toString().stripTrailing());
        to.println("loss " + Decimals.six(explanation.lossBefore()) + " before the step, "
                + Decimals.six(explanation.lossAfter()) + " after it");
        to.println("page: " + Printable.text(out.resolve("index.html").toString()));
    }

    private Tensor pixels(LabelledImages images) {
        int count = images.pixelsPerImage();
        byte[] pixels = Arrays.copyOfRange(images.pixels(), image * count, (image + 1) * count);
        byte[] labels = {images.labels()[image]};
        float[] row = new LabelledImages(images.rows(), images.columns(), pixels, labels).toFloats();
        return Tensor.matrix(1, count, row).named("image");
    }
}
