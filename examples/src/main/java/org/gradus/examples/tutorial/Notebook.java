package org.gradus.examples.tutorial;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.gradus.autograd.Tensor;
import org.gradus.examples.run.Bar;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.Environment;
import org.gradus.examples.run.ImageSets;
import org.gradus.examples.run.LossTable;
import org.gradus.examples.run.PeakMemory;
import org.gradus.examples.run.RunJson;
import org.gradus.examples.run.TrainedRun;
import org.gradus.io.Checkpoint;
import org.gradus.mnist.Mnist;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.pages.Decimals;
import org.gradus.pages.report.Check;
import org.gradus.pages.report.NetworkText;
import org.gradus.pages.report.Report;
import org.gradus.pages.report.RunSummary;
import org.gradus.pages.report.Section;
import org.gradus.plots.Figures;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.EpochLoss;
import org.gradus.train.FullSetLoss;
import org.gradus.train.History;
import org.gradus.train.Trainer;

/**
 * What the experiments of the tutorials share: the images, the two random streams, the training loop {@link #train},
 * the plot commands {@link #plot}, and a place for results, which become pages of a report.
 */
public final class Notebook {

    private static final int QUICK_EPOCHS = 3;
    private static final double NANOSECOND = 1e-9;
    private static final Pattern BLANK_LINE = Pattern.compile("\n\\s*\n");
    private static final double SMALL = 1e-4;

    private final Console console;
    private final ImageSets images;
    private final byte[] trainLabels;
    private final byte[] testLabels;
    private final Options options;
    private final Report report;
    private final Optional<Figures> figures;
    private final RunStore store;
    private final SectionStore sections;
    private final Map<String, String> sectionSettings;
    private final TorchRandom torch;
    private final NumpyRandom numpy;
    private final int[] ten;
    private final int[] fiveHundred;
    private final Map<String, Reference> deck = Reference.deck();
    private final Map<String, Reference> unseededDeck = Reference.unseededDeck();
    private final Map<String, Reference> pytorch = Reference.pytorch();
    private final Map<String, RoundingSpread> pytorchSpreads = Reference.spreads();

    private final Map<String, Page> pages = new LinkedHashMap<>();
    private final Map<String, TrainedRun> runs = new LinkedHashMap<>();
    private final Map<String, Tensor> codes = new LinkedHashMap<>();
    private final Map<String, Map<String, Tensor>> weights = new LinkedHashMap<>();
    private final Map<String, Double> measured = new LinkedHashMap<>();
    private final List<Check> checks = new ArrayList<>();

    /** What the pages written now hold, by experiment. */
    private final Map<String, SectionStore.Kept> shown = new LinkedHashMap<>();

    private final Set<Integer> written = new HashSet<>();
    private final Progress progress = new Progress();
    private final long start = System.nanoTime();
    private String current = "";

    /**
     * An empty notebook.
     *
     * @param console where results are printed
     * @param mnist what networks learn from
     * @param options how
     * @param folder of the report; trainings are kept in it, too, and taken up again by the next notebook
     * @throws IOException if the folder cannot be made
     */
    public Notebook(Console console, Mnist mnist, Options options, Path folder) throws IOException {
        this.console = console;
        this.options = options;
        images = ImageSets.of(mnist);
        trainLabels = mnist.train().labels();
        testLabels = mnist.test().labels();
        report = new Report(folder);
        figures = options.figures() ? Optional.of(new Figures(report.figures())) : Optional.empty();
        store = new RunStore(folder.resolve("runs"));
        sections = new SectionStore(folder.resolve("sections"));
        sectionSettings = options.settings();
        torch = new TorchRandom(options.seed());
        numpy = new NumpyRandom(options.seed());
        // As the notebooks begin: ten test images, ten training images that are never used, and 500 test images.
        ten = numpy.choice(testLabels.length, 10);
        numpy.choice(trainLabels.length, 10);
        fiveHundred = numpy.choice(testLabels.length, 500);
    }

    // ---- what experiments are written with
    // -----------------------------------------------------------------------------

    /** Starts both streams again: {@code torch.manual_seed(seed); numpy.random.seed(seed)}. */
    void seed() {
        seed(options.seed());
    }

    /** Starts both streams again, torch's from a seed of its own. */
    void seed(long torchSeed) {
        torch.manualSeed(torchSeed);
        numpy.seed(options.seed());
    }

    /** The seed of this notebook. */
    long seedNumber() {
        return options.seed();
    }

    /** The stream that weights are drawn from. */
    TorchRandom torch() {
        return torch;
    }

    /** The stream that everything else is drawn from: orders of samples, noise, choices. */
    NumpyRandom numpy() {
        return numpy;
    }

    ImageSets images() {
        return images;
    }

    /** The digits of the training images. */
    byte[] trainLabels() {
        return trainLabels;
    }

    /** The digits of the test images. */
    byte[] testLabels() {
        return testLabels;
    }

    /** The ten test images that are shown throughout. */
    int[] ten() {
        return ten.clone();
    }

    /** The 500 test images whose codes are shown. */
    int[] fiveHundred() {
        return fiveHundred.clone();
    }

    /** Whether trainings are cut short. */
    boolean isQuick() {
        return options.quick();
    }

    /** Weights to be used in place of T3.0's. */
    Optional<Map<String, Tensor>> givenReference() {
        return options.reference();
    }

    /** The experiment that is being run. */
    String experiment() {
        return current;
    }

    /** Says what is done and why; a blank line separates paragraphs. */
    void text(String paragraphs) {
        BLANK_LINE
                .splitAsStream(paragraphs.strip())
                .forEach(paragraph -> page().paragraphs.add(paragraph.strip().replaceAll("\\s+", " ")));
    }

    /** Shows a network: its layers, and how many parameters each has. */
    void show(String title, Sequential net) {
        console.out().println(title + ": " + net);
        page().networks.add(new NetworkText(title, net.toString(), net.parameterTable()));
    }

    /** Trains a network to reproduce its input. */
    TrainedRun train(Sequential net, Loss loss, int publishedEpochs, int batch) {
        return train(net, loss, publishedEpochs, batch, Samples.reproducing(images.train(), images.test()));
    }

    /** The notebooks' {@code runSGD}: a fresh Adam with default options. Prints network and loss table. */
    TrainedRun train(Sequential net, Loss loss, int publishedEpochs, int batch, Samples samples) {
        return trainFor(
                net, loss, isQuick() ? Math.min(publishedEpochs, QUICK_EPOCHS) : publishedEpochs, batch, samples);
    }

    /** The same without a limit for quick runs. */
    TrainedRun trainReference(Sequential net, Loss loss, int epochs, int batch) {
        return trainFor(net, loss, epochs, batch, Samples.reproducing(images.train(), images.test()));
    }

    private TrainedRun trainFor(Sequential net, Loss loss, int usualEpochs, int batch, Samples samples) {
        int epochs = options.epochs().orElse(usualEpochs);
        PrintStream out = console.out();
        show("The trained network", net);
        out.println(String.format(
                Locale.ROOT,
                "%,d parameters; %s, batches of %d, seed %d",
                net.parameterCount(),
                loss.name(),
                batch,
                options.seed()));
        Adam adam = new Adam(net.parameters());
        Trainer trainer = new Trainer(net, loss, adam, numpy).epochs(epochs).batchSize(batch);

        String id = current;
        Map<String, String> settings = RunStore.settings(net, loss, epochs, batch, samples, torch, numpy);
        Map<String, String> keptSettings = RunStore.withEnvironment(settings);
        Optional<RunStore.Kept> found = options.fresh() ? Optional.empty() : store.find(id, settings);
        Optional<Checkpoint> kept = found.map(RunStore.Kept::checkpoint);
        try (LossTable table = new LossTable(console, epochs, slash())) {
            if (kept.isPresent()) {
                kept.get().restore(net, adam, torch, numpy);
                trainer.continuing(kept.get().history());
                List<EpochLoss> rows = kept.get().history().table();
                for (int e = 0; e < rows.size(); e++) {
                    table.earlier(e + 1, rows.get(e));
                }
            }
            History history = trainer.listener(table)
                    .afterEpoch(done -> store.keep(id, Checkpoint.of(net, adam, torch, numpy, done, keptSettings)))
                    .fit(samples.trainInput(), samples.trainTarget(), samples.testInput(), samples.testTarget());
            Environment here = Environment.current();
            Environment earlier = found.map(RunStore.Kept::computedBy).orElse(here);
            boolean allKept = kept.isPresent() && kept.get().epoch() == epochs;
            TrainedRun run = new TrainedRun(net, loss.name(), epochs, batch, history, allKept ? earlier : here);
            runs.put(id, run);
            if (kept.isPresent()) {
                progress.keptEarlier(kept.get().epoch() / (double) epochs);
                out.println("(" + kept.get().epoch() + " of " + epochs + " epochs kept from an earlier run"
                        + (earlier.equals(here) ? "" : ", computed and timed with " + earlier)
                        + "; --fresh computes anew)");
            }
            return run;
        }
    }

    /** The notebook of the first tutorial prints {@code 1 / 10}, the others {@code 1/10}. */
    private String slash() {
        return current.startsWith("T1.") ? LossTable.WIDE_SLASH : LossTable.SLASH;
    }

    /** What the notebooks' {@code verbose=True} prints: both losses of the trained network. */
    void printBothLosses() {
        TrainedRun run = run(current).orElseThrow();
        for (Loss loss : List.of(new MSELoss(), new BCELoss())) {
            FullSetLoss fullSet = new FullSetLoss(run.net(), loss);
            console.out()
                    .println(loss.name().toUpperCase(Locale.ROOT) + "\t"
                            + Decimals.four(fullSet.of(images.train(), images.train())) + "\t"
                            + Decimals.four(fullSet.of(images.test(), images.test())));
        }
    }

    /** A progress bar for other long work than training. */
    Bar progressBar(String work, String unit) {
        return new Bar(console, work, unit);
    }

    /** Prints a result that is not a loss, and keeps it for the conclusions. */
    void measure(String name, double value) {
        console.out().println(name + ": " + readable(value));
        measured.put(current + " " + name, value);
    }

    /** Does something that is not a training, and prints how long it took. */
    <T> T timed(String work, Supplier<T> done) {
        long began = System.nanoTime();
        T result = done.get();
        console.out().println(work + ": " + Decimals.four((System.nanoTime() - began) * NANOSECOND) + " s");
        return result;
    }

    /** What an encoder makes of all test images, kept for the conclusions. */
    Tensor encode(Layer encoder) {
        return keepCodes(encoder.forward(images.test()));
    }

    /** Keeps the weights of a network as they are now, for experiments that start from them. */
    void keepWeights(Sequential net) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        net.stateDict().forEach((name, tensor) -> copies.put(name, tensor.copy()));
        weights.put(current, copies);
    }

    /** The weights that an experiment kept. */
    Map<String, Tensor> weightsOf(String id) {
        Map<String, Tensor> kept = weights.get(id);
        if (kept == null) {
            throw new AssertionError("experiment " + id + " was not run");
        }
        return kept;
    }

    /** Keeps codes of all test images for the conclusions. */
    Tensor keepCodes(Tensor codesOfTest) {
        codes.put(current, codesOfTest);
        return codesOfTest;
    }

    /** The plot commands. */
    Plots plot() {
        return new Plots(
                figures,
                page(),
                run(current).map(run -> run.history().batchLosses()).orElse(new float[0]));
    }

    /**
     * Compares the experiment's run with what PyTorch gave for the same one, and with the deck.
     *
     * @param samePyTorchRun the experiment under which PyTorch's run is filed
     */
    void compare(String samePyTorchRun) {
        TrainedRun run = run(current).orElseThrow();
        Optional<Reference> slides = Optional.ofNullable(
                options.seed() == 0
                        ? deck.getOrDefault(current, unseededDeck.get(current))
                        : unseededDeck.get(current));
        Optional<Reference> torchRun = options.seed() == 0
                ? Optional.ofNullable(pytorch.get(samePyTorchRun)).map(all -> all.first(run.epochs()))
                : Optional.empty();
        page().table = Optional.of(new LossColumns(run, slides, torchRun).toTable());
        deckComparison(current).ifPresent(comparison -> {
            comparison.printTables(console.out());
            console.out().println(comparison.summary("deck"));
        });
        torchRun.map(reference -> new Comparison(run, reference)).ifPresent(comparison -> {
            Agreement bounds = Agreement.of(current, options.reference().isEmpty());
            console.out()
                    .println(comparison.summary(
                            bounds.sameStart()
                                    ? "PyTorch"
                                    : "PyTorch, which starts from a reference network of its own"));
            if (options.isAsPublished()) {
                checks.addAll(
                        bounds.checks(current, comparison, Optional.ofNullable(pytorchSpreads.get(samePyTorchRun))));
            }
        });
    }

    // ---- what checks are written with
    // ----------------------------------------------------------------------------------

    /** A run, if it was among those selected. */
    Optional<TrainedRun> run(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    /** Codes of all test images, if the experiment was among those selected. */
    Optional<Tensor> codes(String id) {
        return Optional.ofNullable(codes.get(id));
    }

    /** A measured quantity, if its experiment was among those selected. */
    OptionalDouble measured(String id, String name) {
        Double value = measured.get(id + " " + name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** A run beside the deck's table, if both had the same seed. */
    Optional<Comparison> deckComparison(String id) {
        Reference reference = deck.get(id);
        return reference == null || options.seed() != 0
                ? Optional.empty()
                : run(id).map(run -> new Comparison(run, reference));
    }

    /** Whether networks were trained as published, so that conclusions can be expected to hold. */
    boolean isAsPublished() {
        return options.isAsPublished();
    }

    /** Records a conclusion. */
    void check(String id, String text, double value, boolean holds) {
        checks.add(new Check(id, text, value, holds));
    }

    // ---- running
    // -------------------------------------------------------------------------------------------------------

    /** Announces what is going to be run, for the time left. */
    void plan(Collection<Experiment> experiments) {
        progress.plan(experiments);
    }

    /** Runs an experiment. */
    void run(Experiment experiment) {
        current = experiment.id();
        pages.put(current, new Page(current, experiment.title()));
        console.out().println();
        console.out().println(current + "  " + experiment.title() + progress.begin(experiment));
        experiment.body().accept(this);
        progress.end(experiment);
    }

    private Page page() {
        Page page = pages.get(current);
        if (page == null) {
            throw new AssertionError("no experiment has begun");
        }
        return page;
    }

    /** Prints the conclusions about the experiments of a tutorial. */
    void printChecks(Tutorial tutorial) {
        List<Check> own = checks.stream()
                .filter(check -> tutorial.ids().contains(check.id()))
                .sorted(Comparator.comparingInt(check -> tutorial.ids().indexOf(check.id())))
                .toList();
        if (own.isEmpty()) {
            return;
        }
        console.out().println();
        for (Check check : own) {
            console.out()
                    .println((check.holds() ? "holds  " : "FAILS  ") + check.id() + "\t" + check.text() + ": "
                            + readable(check.value()));
        }
    }

    /** Up to 6 decimals, or an exponent where they would all be 0. */
    private static String readable(double value) {
        return Math.abs(value) < SMALL ? Decimals.brief(value) : Decimals.six(value);
    }

    // ---- results
    // -------------------------------------------------------------------------------------------------------

    /**
     * Writes the page of a tutorial: the experiments that were run, and those of earlier runs with the same settings that lie in
     * the report's folder. Conclusions of an earlier run that need other experiments than were run now are kept, too: the same
     * settings give the same numbers.
     *
     * @param tutorial which
     * @throws IOException if a file cannot be written, in one line
     */
    public void writePage(Tutorial tutorial) throws IOException {
        List<Section> page = new ArrayList<>();
        int keptNow = 0;
        for (String id : tutorial.ids()) {
            Optional<SectionStore.Kept> earlier = earlier(id);
            Page ran = pages.get(id);
            Optional<SectionStore.Kept> now = ran == null ? earlier : Optional.of(leave(ran, earlier));
            if (now.isPresent()) {
                page.add(now.get().section());
                shown.put(id, now.get());
                keptNow += ran == null ? 1 : 0;
            }
        }
        if (!report.hasIndex()) {
            // A page leads to it, and the program may be told to end before the last one.
            writeIndex(soFar());
        }
        report.page(tutorial.number(), tutorial.title(), tutorial.introduction(), page);
        written.add(tutorial.number());
        writeIndex(soFar());
        if (keptNow > 0) {
            console.out().println();
            console.out()
                    .println("(tutorial" + tutorial.number() + ".html also shows " + keptNow
                            + (keptNow == 1 ? " experiment" : " experiments")
                            + " of earlier runs with the same settings)");
        }
    }

    /** What an experiment left earlier, if it can be shown again. */
    private Optional<SectionStore.Kept> earlier(String id) {
        return sections.find(id, sectionSettings).filter(kept -> report.isWhole(kept.section()));
    }

    /** Keeps what an experiment leaves now, and what it left earlier beyond that. */
    private SectionStore.Kept leave(Page page, Optional<SectionStore.Kept> earlier) throws IOException {
        Map<String, Check> together = new LinkedHashMap<>();
        earlier.ifPresent(kept -> kept.section().checks().forEach(check -> together.put(check.text(), check)));
        checks.stream()
                .filter(check -> check.id().equals(page.id()))
                .forEach(check -> together.put(check.text(), check));
        List<Check> all = List.copyOf(together.values());
        // Without figures the earlier section, with them, says the same and more.
        Section section = options.figures() || earlier.isEmpty()
                ? report.section(page.with(all))
                : earlier.get().section().with(all);
        Optional<String> run = run(page.id()).map(RunJson::text);
        SectionStore.Kept kept =
                new SectionStore.Kept(section, run.isPresent() ? run : earlier.flatMap(SectionStore.Kept::run));
        sections.keep(kept, sectionSettings);
        return kept;
    }

    /**
     * Writes the report's first page and prints how long everything took and how much memory.
     *
     * @throws IOException if a file cannot be written, in one line
     */
    public void finish() throws IOException {
        writeIndex(experiments());
        OptionalDouble megabytes = PeakMemory.megabytes();
        long held = checks.stream().filter(Check::holds).count();
        console.out().println();
        if (!checks.isEmpty()) {
            console.out().println(held + " of " + checks.size() + " conclusions hold");
        }
        console.out()
                .println("total time " + Progress.time(seconds())
                        + (megabytes.isPresent()
                                ? ", peak memory " + Math.round(megabytes.getAsDouble()) + " MB"
                                : ""));
    }

    private double seconds() {
        return (System.nanoTime() - start) * NANOSECOND;
    }

    /** The report's first page, which leads to the pages written up to now and to those of earlier runs. */
    private void writeIndex(String experiments) throws IOException {
        for (Tutorial tutorial : Tutorial.all()) {
            List<Section> earlier = tutorial.ids().stream()
                    .flatMap(id -> earlier(id).stream())
                    .map(SectionStore.Kept::section)
                    .toList();
            if (!written.contains(tutorial.number()) && !earlier.isEmpty()) {
                report.earlierPage(tutorial.number(), tutorial.title(), earlier);
            }
        }
        report.index(new RunSummary(
                experiments,
                seconds(),
                PeakMemory.megabytes(),
                options.seed(),
                Environment.current().toString()));
    }

    private static List<String> allIds() {
        return Tutorial.all().stream()
                .flatMap(tutorial -> tutorial.ids().stream())
                .toList();
    }

    private String soFar() {
        return pages.size() + " of " + allIds().size() + " so far: " + String.join(", ", pages.keySet())
                + "; the run has not finished";
    }

    private String experiments() {
        if (pages.keySet().containsAll(allIds())) {
            return "all " + allIds().size();
        }
        return pages.size() + " of " + allIds().size() + ": " + String.join(", ", pages.keySet())
                + "; others are of earlier runs with the same settings";
    }

    /**
     * Writes {@code {"seed": .., "runs": {id: run, ..}, "checks": [{"id", "text", "value", "holds"}, ..]}}: what the pages hold
     * that were written.
     *
     * @param json where
     * @throws IOException if that fails
     */
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("seed", options.seed());
        json.writeObjectFieldStart("runs");
        for (Map.Entry<String, SectionStore.Kept> experiment : shown.entrySet()) {
            if (experiment.getValue().run().isPresent()) {
                json.writeFieldName(experiment.getKey());
                RunJson.copy(json, experiment.getValue().run().get());
            }
        }
        json.writeEndObject();
        json.writeFieldName("checks");
        SectionStore.writeChecks(
                json,
                shown.values().stream()
                        .flatMap(kept -> kept.section().checks().stream())
                        .toList());
        json.writeEndObject();
    }
}
