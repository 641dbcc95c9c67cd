package org.gradus.examples.tutorial;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.gradus.autograd.Tensor;
import org.gradus.data.Samples;
import org.gradus.examples.run.Bar;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.ImageSets;
import org.gradus.examples.run.TrainedRun;
import org.gradus.mnist.Mnist;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Sequential;
import org.gradus.pages.Decimals;
import org.gradus.pages.report.NetworkText;
import org.gradus.plots.Figures;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.FullSetLoss;

/**
 * What experiments are written with: the images, the two random streams, the training loop {@link #train}, the plot commands
 * {@link #plot}, and words and numbers for the report.
 */
public final class Notebook {

    /** Samples that go through layers together. */
    private static final int TOGETHER = 500;

    private static final int QUICK_EPOCHS = 3;
    private static final double NANOSECOND = 1e-9;
    private static final Pattern BLANK_LINE = Pattern.compile("\n\\s*\n");

    private final Console console;
    private final Options options;
    private final ImageSets images;
    private final byte[] trainLabels;
    private final byte[] testLabels;
    private final Streams streams;
    private final int[] ten;
    private final int[] fiveHundred;
    private final Optional<Figures> figures;
    private final Trainings trainings;
    private final Published published;
    private final Results results = new Results();
    private final Conclusions conclusions = new Conclusions();
    private Optional<Page> page = Optional.empty();

    /** An empty notebook, which leaves figures in a folder. */
    Notebook(Console console, Mnist mnist, Options options, Path figureFolder, RunStore store, Progress progress) {
        this.console = console;
        this.options = options;
        images = ImageSets.of(mnist);
        trainLabels = mnist.train().labels();
        testLabels = mnist.test().labels();
        figures = options.figures() ? Optional.of(new Figures(figureFolder)) : Optional.empty();
        streams = Streams.of(options.seed());
        trainings = new Trainings(console, streams, store, options.fresh(), progress);
        published = new Published(options.seed());
        // As the notebooks begin: ten test images, ten training images that are never used, and 500 test images.
        ten = numpy().choice(testLabels.length, 10);
        numpy().choice(trainLabels.length, 10);
        fiveHundred = numpy().choice(testLabels.length, 500);
    }

    /** Begins an experiment; what it leaves for the report is collected on the page. */
    Page begin(String id, String title) {
        Page begun = new Page(id, title);
        page = Optional.of(begun);
        return begun;
    }

    private Page page() {
        return page.orElseThrow(() -> new AssertionError("no experiment has begun"));
    }

    /**
     * The experiment that is being run.
     *
     * @return its id
     */
    public String experiment() {
        return page().id();
    }

    /** Starts both streams again: {@code torch.manual_seed(seed); numpy.random.seed(seed)}. */
    public void seed() {
        seed(options.seed());
    }

    /**
     * Starts both streams again, torch's from a seed of its own.
     *
     * @param torchSeed 0 to 2^32 - 1
     */
    public void seed(long torchSeed) {
        streams.seed(torchSeed, options.seed());
    }

    /**
     * The seed of this notebook.
     *
     * @return 0 to 2^32 - 1
     */
    public long seedNumber() {
        return options.seed();
    }

    /**
     * The stream that weights are drawn from.
     *
     * @return always the same
     */
    public TorchRandom torch() {
        return streams.torch();
    }

    /**
     * The stream that everything else is drawn from: orders of samples, noise, choices.
     *
     * @return always the same
     */
    public NumpyRandom numpy() {
        return streams.numpy();
    }

    /**
     * Training and test images.
     *
     * @return samples [784] each
     */
    public ImageSets images() {
        return images;
    }

    /**
     * The digits of the training images.
     *
     * @return [60000], not to be changed
     */
    public byte[] trainLabels() {
        return trainLabels;
    }

    /**
     * The digits of the test images.
     *
     * @return [10000], not to be changed
     */
    public byte[] testLabels() {
        return testLabels;
    }

    /**
     * The ten test images that are shown throughout.
     *
     * @return their indices
     */
    public int[] ten() {
        return ten.clone();
    }

    /**
     * The 500 test images whose codes are shown.
     *
     * @return their indices
     */
    public int[] fiveHundred() {
        return fiveHundred.clone();
    }

    /**
     * Whether trainings are cut short.
     *
     * @return whether they are
     */
    public boolean isQuick() {
        return options.quick();
    }

    /**
     * Whether networks are trained as published, so that conclusions can be expected to hold.
     *
     * @return whether they are
     */
    public boolean isAsPublished() {
        return options.isAsPublished();
    }

    /**
     * Weights to be used in place of T3.0's.
     *
     * @return by name, if they were given
     */
    public Optional<Map<String, Tensor>> givenReference() {
        return options.reference();
    }

    /**
     * What experiments have left so far.
     *
     * @return this notebook's, which grow
     */
    public Results results() {
        return results;
    }

    /**
     * The conclusions so far.
     *
     * @return this notebook's, which grow
     */
    public Conclusions conclusions() {
        return conclusions;
    }

    /**
     * Says what is done and why.
     *
     * @param paragraphs separated by blank lines
     */
    public void text(String paragraphs) {
        BLANK_LINE
                .splitAsStream(paragraphs.strip())
                .forEach(paragraph -> page().paragraphs.add(paragraph.strip().replaceAll("\\s+", " ")));
    }

    /**
     * Shows a network: its layers, and how many parameters each has.
     *
     * @param title above it
     * @param net which
     */
    public void show(String title, Sequential net) {
        console.out().println(title + ": " + net);
        page().networks.add(new NetworkText(title, net.toString(), net.parameterTable()));
    }

    /**
     * Trains a network to reproduce its input.
     *
     * @param net from its present weights
     * @param loss what is minimised
     * @param publishedEpochs unless options say otherwise
     * @param batch samples per step
     * @return the run
     */
    public TrainedRun train(Sequential net, Loss loss, int publishedEpochs, int batch) {
        return train(net, loss, publishedEpochs, batch, Pairs.reproducing(images.train(), images.test()));
    }

    /**
     * The notebooks' {@code runSGD}: a fresh Adam with default options. Prints network and loss table.
     *
     * @param net from its present weights
     * @param loss what is minimised
     * @param publishedEpochs unless options say otherwise
     * @param batch samples per step
     * @param pairs what it learns from
     * @return the run
     */
    public TrainedRun train(Sequential net, Loss loss, int publishedEpochs, int batch, Pairs pairs) {
        return trainFor(net, loss, isQuick() ? Math.min(publishedEpochs, QUICK_EPOCHS) : publishedEpochs, batch, pairs);
    }

    /**
     * Trains a network to reproduce its input, without a limit for quick runs.
     *
     * @param net from its present weights
     * @param loss what is minimised
     * @param epochs unless options say otherwise
     * @param batch samples per step
     * @return the run
     */
    public TrainedRun trainReference(Sequential net, Loss loss, int epochs, int batch) {
        return trainFor(net, loss, epochs, batch, Pairs.reproducing(images.train(), images.test()));
    }

    private TrainedRun trainFor(Sequential net, Loss loss, int usualEpochs, int batch, Pairs pairs) {
        show("The trained network", net);
        console.out()
                .println(String.format(
                        Locale.ROOT,
                        "%,d parameters; %s, batches of %d, seed %d",
                        net.parameterCount(),
                        loss.name(),
                        batch,
                        options.seed()));
        TrainedRun run = trainings.run(experiment(), net, loss, options.epochs().orElse(usualEpochs), batch, pairs);
        results.keepRun(experiment(), run);
        return run;
    }

    private TrainedRun ownRun() {
        return results.run(experiment()).orElseThrow();
    }

    /** What the notebooks' {@code verbose=True} prints: both losses of the trained network. */
    public void printBothLosses() {
        for (Loss loss : List.of(new MSELoss(), new BCELoss())) {
            FullSetLoss fullSet = new FullSetLoss(ownRun().net(), loss);
            console.out()
                    .println(loss.name().toUpperCase(Locale.ROOT) + "\t"
                            + Decimals.four(fullSet.of(images.train(), images.train())) + "\t"
                            + Decimals.four(fullSet.of(images.test(), images.test())));
        }
    }

    /**
     * A progress bar for other long work than training.
     *
     * @param work what is done
     * @param unit of what is counted, in the plural
     * @return to be closed
     */
    public Bar progressBar(String work, String unit) {
        return new Bar(console, work, unit);
    }

    /**
     * Prints a result that is not a loss, and keeps it for the conclusions.
     *
     * @param name of the quantity
     * @param value of it
     */
    public void measure(String name, double value) {
        console.out().println(name + ": " + Conclusions.readable(value));
        results.keepMeasured(experiment(), name, value);
    }

    /**
     * Does something that is not a training, and prints how long it took.
     *
     * @param <T> of the result
     * @param work what is done, in words
     * @param done does it
     * @return its result
     */
    public <T> T timed(String work, Supplier<T> done) {
        long began = System.nanoTime();
        T result = done.get();
        console.out().println(work + ": " + Decimals.four((System.nanoTime() - began) * NANOSECOND) + " s");
        return result;
    }

    /**
     * What an encoder makes of all test images, kept for the conclusions.
     *
     * @param encoder from [n,784] to codes
     * @return [10000,width]
     */
    public Tensor encode(Layer encoder) {
        return keepCodes(outputs(encoder, images.test()));
    }

    /**
     * What layers make of many samples, some at a time: what lies between the layers then takes little memory.
     *
     * @param layers from [n, width of a sample] to [n,k]
     * @param samples n of them
     * @return [n,k]
     */
    public static Tensor outputs(Layer layers, Samples samples) {
        int count = samples.count();
        float[] all = {};
        for (int from = 0; from < count; from += TOGETHER) {
            int some = Math.min(TOGETHER, count - from);
            float[] input = new float[some * samples.width()];
            for (int i = 0; i < some; i++) {
                samples.read(from + i, input, i * samples.width());
            }
            float[] output =
                    layers.forward(Tensor.matrix(some, samples.width(), input)).data();
            all = from == 0 ? new float[output.length / some * count] : all;
            System.arraycopy(output, 0, all, output.length / some * from, output.length);
        }
        return Tensor.matrix(count, all.length / count, all);
    }

    /**
     * Keeps codes of all test images for the conclusions.
     *
     * @param codesOfTest [10000,width]
     * @return the same
     */
    public Tensor keepCodes(Tensor codesOfTest) {
        results.keepCodes(experiment(), codesOfTest);
        return codesOfTest;
    }

    /**
     * Keeps the weights of a network as they are now, for experiments that start from them.
     *
     * @param net which
     */
    public void keepWeights(Sequential net) {
        results.keepWeights(experiment(), net);
    }

    /**
     * The plot commands.
     *
     * @return for the present experiment
     */
    public Plots plot() {
        return new Plots(
                figures,
                page(),
                results.run(experiment())
                        .map(run -> run.history().batchLosses())
                        .orElse(new float[0]));
    }

    /**
     * A run beside the deck's table.
     *
     * @param id of its experiment
     * @return the comparison, if the experiment was among those selected and the deck's run had the same seed
     */
    public Optional<Comparison> besideDeck(String id) {
        return results.run(id).flatMap(run -> published.besideDeck(id, run));
    }

    /**
     * Compares the experiment's run with what PyTorch gave for the same one, and with the deck.
     *
     * @param samePyTorchRun the experiment under which PyTorch's run is filed
     */
    public void compare(String samePyTorchRun) {
        PrintStream out = console.out();
        String id = experiment();
        TrainedRun run = ownRun();
        Optional<Reference> pytorch = published.pytorch(samePyTorchRun, run.epochs());
        page().table = Optional.of(new LossColumns(run, published.slides(id), pytorch).toTable());
        published.besideDeck(id, run).ifPresent(comparison -> {
            comparison.printTables(out);
            out.println(comparison.summary("deck"));
        });
        pytorch.map(reference -> new Comparison(run, reference)).ifPresent(comparison -> {
            Agreement bounds = Agreement.of(id, options.reference().isEmpty());
            out.println(comparison.summary(
                    bounds.sameStart() ? "PyTorch" : "PyTorch, which starts from a reference network of its own"));
            if (options.isAsPublished()) {
                conclusions.addAll(bounds.checks(id, comparison, published.spread(samePyTorchRun)));
            }
        });
    }
}
