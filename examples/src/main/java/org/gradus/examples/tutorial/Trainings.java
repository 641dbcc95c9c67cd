package org.gradus.examples.tutorial;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gradus.examples.run.Console;
import org.gradus.examples.run.Environment;
import org.gradus.examples.run.LossTable;
import org.gradus.examples.run.TrainedRun;
import org.gradus.io.Checkpoint;
import org.gradus.nn.Loss;
import org.gradus.nn.Sequential;
import org.gradus.optim.Adam;
import org.gradus.train.EpochLoss;
import org.gradus.train.History;
import org.gradus.train.Trainer;

/**
 * Carries trainings out, epoch by epoch with a line of the loss table for each. Every epoch is kept in a folder, and what an
 * earlier run with the same settings kept there is taken up instead of being computed again.
 */
final class Trainings {

    private final Console console;
    private final Streams streams;
    private final RunStore store;
    private final boolean fresh;
    private final Progress progress;

    Trainings(Console console, Streams streams, RunStore store, boolean fresh, Progress progress) {
        this.console = console;
        this.streams = streams;
        this.store = store;
        this.fresh = fresh;
        this.progress = progress;
    }

    /** The notebooks' {@code runSGD}: a fresh Adam with default options. */
    TrainedRun run(String id, Sequential net, Loss loss, int epochs, int batch, Pairs pairs) {
        Adam adam = new Adam(net.parameters());
        Trainer trainer =
                new Trainer(net, loss, adam, streams.numpy()).epochs(epochs).batchSize(batch);
        Map<String, String> settings =
                RunStore.settings(net, loss, epochs, batch, pairs, streams.torch(), streams.numpy());
        Map<String, String> keptSettings = RunStore.withEnvironment(settings);
        Optional<RunStore.Kept> found = fresh ? Optional.empty() : store.find(id, settings);
        Optional<Checkpoint> kept = found.map(RunStore.Kept::checkpoint);
        try (LossTable table = new LossTable(console, epochs, slash(id))) {
            if (kept.isPresent()) {
                kept.get().restore(net, adam, streams.torch(), streams.numpy());
                trainer.continuing(kept.get().history());
                List<EpochLoss> rows = kept.get().history().table();
                for (int e = 0; e < rows.size(); e++) {
                    table.earlier(e + 1, rows.get(e));
                }
            }
            History history = trainer.listener(table)
                    .afterEpoch(done -> store.keep(
                            id, Checkpoint.of(net, adam, streams.torch(), streams.numpy(), done, keptSettings)))
                    .fit(pairs.trainInput(), pairs.trainTarget(), pairs.testInput(), pairs.testTarget());
            Environment here = Environment.current();
            Environment earlier = found.map(RunStore.Kept::computedBy).orElse(here);
            boolean allKept = kept.isPresent() && kept.get().epoch() == epochs;
            if (kept.isPresent()) {
                progress.keptEarlier(kept.get().epoch() / (double) epochs);
                console.out()
                        .println("(" + kept.get().epoch() + " of " + epochs + " epochs kept from an earlier run"
                                + (earlier.equals(here) ? "" : ", computed and timed with " + earlier)
                                + "; --fresh computes anew)");
            }
            return new TrainedRun(net, loss.name(), epochs, batch, history, allKept ? earlier : here);
        }
    }

    /** The notebook of the first tutorial prints {@code 1 / 10}, the others {@code 1/10}. */
    private static String slash(String id) {
        return id.startsWith("T1.") ? LossTable.WIDE_SLASH : LossTable.SLASH;
    }
}
