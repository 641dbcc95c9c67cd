package org.gradus.examples.tutorial;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.Decimals;
import org.gradus.examples.run.ImageSets;
import org.gradus.examples.run.LossTable;
import org.gradus.examples.run.RunJson;
import org.gradus.examples.run.TrainedRun;
import org.gradus.nn.BCELoss;
import org.gradus.nn.Loss;
import org.gradus.nn.MSELoss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.random.NumpyRandom;
import org.gradus.random.TorchRandom;
import org.gradus.train.FullSetLoss;
import org.gradus.train.History;
import org.gradus.train.Trainer;

/** What the experiments of a tutorial share: the images, the two random streams, the training loop, and the results. */
public final class Notebook {

    private final Console console;
    private final ImageSets images;
    private final long seed;
    private final TorchRandom torch;
    private final NumpyRandom numpy;
    private final Map<String, Reference> deck = Reference.deck();
    private final Map<String, Reference> pytorch = Reference.pytorch();
    private final Map<String, TrainedRun> runs = new LinkedHashMap<>();
    private final List<Check> checks = new ArrayList<>();
    private Optional<Integer> epochsOfAll = Optional.empty();
    private String current = "";

    /**
     * An empty notebook.
     *
     * @param console where results are printed
     * @param images what networks learn from
     * @param seed of both random streams, 0 to 2^32 - 1
     */
    public Notebook(Console console, ImageSets images, long seed) {
        this.console = console;
        this.images = images;
        this.seed = seed;
        torch = new TorchRandom(seed);
        numpy = new NumpyRandom(seed);
    }

    /**
     * Trains every network for another number of epochs than published. The conclusions are then not checked.
     *
     * @param epochs 0 or more
     */
    public void shorten(int epochs) {
        epochsOfAll = Optional.of(epochs);
    }

    // ---- what experiments are written with
    // -----------------------------------------------------------------------------

    /** Starts both streams again: {@code torch.manual_seed(seed); numpy.random.seed(seed)}. */
    void seed() {
        seed(seed);
    }

    /** Starts both streams again, torch's from a seed of its own. */
    void seed(long torchSeed) {
        torch.manualSeed(torchSeed);
        numpy.seed(seed);
    }

    /** The seed of this notebook. */
    long seedNumber() {
        return seed;
    }

    /** The stream that weights are drawn from. */
    TorchRandom torch() {
        return torch;
    }

    ImageSets images() {
        return images;
    }

    /** Opens an experiment. */
    void begin(String id, String title) {
        current = id;
        console.out().println();
        console.out().println(id + "  " + title);
    }

    /** The notebooks' {@code runSGD}: Adam, default options. Prints network and loss table. */
    void train(Sequential net, Loss loss, int publishedEpochs, int batch) {
        int epochs = epochsOfAll.orElse(publishedEpochs);
        PrintStream out = console.out();
        out.println(net);
        out.println(String.format(
                Locale.ROOT,
                "%,d parameters; %s, batches of %d, seed %d",
                net.parameterCount(),
                loss.name(),
                batch,
                seed));
        try (LossTable table = new LossTable(console, epochs)) {
            History history = new Trainer(net, loss, new Adam(net.parameters()), numpy)
                    .epochs(epochs)
                    .batchSize(batch)
                    .listener(table)
                    .fit(images.train(), images.test());
            runs.put(current, new TrainedRun(net, loss.name(), epochs, batch, history));
        }
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

    /**
     * Compares the experiment's run with what PyTorch gave for the same one, and with the deck if its run was seeded.
     *
     * @param samePyTorchRun the experiment under which PyTorch's run is filed
     */
    void compare(String samePyTorchRun) {
        if (seed != 0) {
            return;
        }
        TrainedRun run = run(current).orElseThrow();
        deckComparison(current).ifPresent(comparison -> {
            comparison.printTables(console.out());
            console.out().println(comparison.summary("deck"));
        });
        Reference reference = pytorch.get(samePyTorchRun);
        if (reference != null) {
            console.out().println(new Comparison(run, reference.first(run.epochs())).summary("PyTorch"));
        }
    }

    // ---- what checks are written with
    // ----------------------------------------------------------------------------------

    /** A run, if it was among those selected. */
    Optional<TrainedRun> run(String id) {
        return Optional.ofNullable(runs.get(id));
    }

    /** A run beside the deck's table, if there are both. */
    Optional<Comparison> deckComparison(String id) {
        Reference reference = deck.get(id);
        return reference == null ? Optional.empty() : run(id).map(run -> new Comparison(run, reference));
    }

    /** Whether networks were trained as published, so that conclusions can be expected to hold. */
    boolean isAsPublished() {
        return epochsOfAll.isEmpty();
    }

    /** Records a conclusion. */
    void check(String id, String text, double value, boolean holds) {
        checks.add(new Check(id, text, value, holds));
    }

    /** Prints all recorded conclusions. */
    void printChecks() {
        if (checks.isEmpty()) {
            return;
        }
        console.out().println();
        for (Check check : checks) {
            console.out()
                    .println((check.holds() ? "holds  " : "FAILS  ") + check.id() + "\t" + check.text() + ": "
                            + Decimals.six(check.value()));
        }
    }

    // ---- results
    // -------------------------------------------------------------------------------------------------------

    /**
     * Writes {@code {"seed": .., "runs": {id: run, ..}, "checks": [{"id", "text", "value", "holds"}, ..]}}.
     *
     * @param json where
     * @throws IOException if that fails
     */
    public void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("seed", seed);
        json.writeObjectFieldStart("runs");
        for (Map.Entry<String, TrainedRun> run : runs.entrySet()) {
            json.writeFieldName(run.getKey());
            RunJson.write(json, run.getValue());
        }
        json.writeEndObject();
        json.writeArrayFieldStart("checks");
        for (Check check : checks) {
            json.writeStartObject();
            json.writeStringField("id", check.id());
            json.writeStringField("text", check.text());
            json.writeFieldName("value");
            RunJson.number(json, check.value());
            json.writeBooleanField("holds", check.holds());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
