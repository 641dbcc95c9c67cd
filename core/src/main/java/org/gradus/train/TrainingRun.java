package org.gradus.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.gradus.autograd.AnomalyException;
import org.gradus.autograd.DomainException;
import org.gradus.data.Samples;
import org.gradus.kernel.Engine;
import org.gradus.nn.Layer;
import org.gradus.nn.Loss;
import org.gradus.optim.Optimizer;
import org.gradus.plan.KnownTargets;
import org.gradus.plan.Recording;
import org.gradus.plan.TrainingSteps;
import org.gradus.random.NumpyRandom;

/** One call of {@link Trainer#fit}. */
final class TrainingRun {

    /** What the trainer was told, in its words; {@code mayPlan} unless something forbids it. */
    record Settings(
            Layer net,
            Loss loss,
            Optimizer optimizer,
            NumpyRandom random,
            Engine engine,
            int epochs,
            int batchSize,
            TrainingListener listener,
            Optional<Consumer<History>> keeper,
            History earlier,
            boolean mayPlan,
            boolean detectsAnomalies,
            boolean keepsGoing) {}

    private final Settings settings;
    private final DataSets sets;
    private final KnownTargets known;
    private final int full;
    private final int batches;
    private final int[] order;
    private final TrainingSteps fullBatch;
    private final TrainingSteps lastBatch;
    private final FullSetLoss fullSet;
    private final Finiteness finiteness;

    private float[] batchLosses;
    private int steps;
    private final List<EpochLoss> table = new ArrayList<>();
    private final List<EpochSeconds> seconds = new ArrayList<>();

    TrainingRun(Settings settings, DataSets sets, KnownTargets known) {
        this.settings = settings;
        this.sets = sets;
        this.known = known;
        int samples = sets.samples();
        full = Math.min(settings.batchSize, samples);
        batches = (samples - 1) / full + 1;
        order = new int[samples];
        fullBatch = stepsOf(full);
        lastBatch = rest() == full ? fullBatch : stepsOf(rest());
        fullSet = new FullSetLoss(settings.net, settings.loss).on(settings.engine);
        fullSet.relyOn(known);
        if (settings.detectsAnomalies) {
            fullSet.detectAnomalies();
        }
        if (!settings.mayPlan) {
            fullSet.withoutPlan();
        }
        finiteness = new Finiteness(settings.net, settings.optimizer);
        History earlier = settings.earlier;
        requireContinuable(earlier);
        batchLosses = Arrays.copyOf(earlier.batchLosses(), Math.multiplyExact(batches, earlier.epochs() + 1));
        steps = batches * earlier.epochs();
        table.addAll(earlier.table());
        seconds.addAll(earlier.epochSeconds());
    }

    private void requireContinuable(History earlier) {
        int done = earlier.epochs();
        int kept = earlier.batchLosses().length;
        if (kept != (long) done * batches) {
            throw new IllegalStateException("Trainer: the run to be continued has " + kept + " batch losses of " + done
                    + " epochs, but here " + sets.samples() + " samples in batches of " + full + " make " + batches
                    + " in each; continue with the same samples and batch size, from the end of an epoch");
        }
        if (done > settings.epochs) {
            throw new IllegalStateException("Trainer: the run to be continued has " + done + " epochs, more than the "
                    + settings.epochs + " in all; ask for more epochs");
        }
    }

    private int rest() {
        return sets.samples() - (batches - 1) * full;
    }

    private TrainingSteps stepsOf(int rows) {
        Recording recording = new Recording(
                settings.engine,
                settings.net,
                settings.loss,
                sets.inputTrain().sampleShape().batch(rows),
                sets.targetTrain().sampleShape().batch(rows),
                sets.inputTrain().equals(sets.targetTrain()));
        if (settings.detectsAnomalies) {
            recording.detectAnomalies();
        }
        return new TrainingSteps(
                settings.engine, recording, settings.optimizer, settings.mayPlan, settings.keepsGoing, known);
    }

    /** How steps on full batches are taken. */
    StepReport steps() {
        return StepReport.of(fullBatch);
    }

    History toEnd() {
        for (int epoch = settings.earlier.epochs() + 1; epoch <= settings.epochs; epoch++) {
            if (!epoch(epoch)) {
                return history(true);
            }
        }
        return history(false);
    }

    /** False if interrupted; before the first batch that leaves the stream, too, where the last epoch ended. */
    private boolean epoch(int epoch) {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        long start = System.nanoTime();
        settings.random.permutation(order);
        for (int b = 0; b < batches; b++) {
            if (b > 0 && Thread.currentThread().isInterrupted()) {
                return false;
            }
            float value = step(epoch, b);
            keep(value);
            if (!settings.keepsGoing) {
                require(finiteness.ofBatch(value, epoch, b + 1, batches, sets.inputTrain(), sets.targetTrain()));
            }
            settings.listener.onBatch(epoch, b + 1, batches, value);
        }
        long trained = System.nanoTime();
        OptionalDouble train = evaluation(epoch, DataSets.TRAINING_SET, sets.inputTrain(), sets.targetTrain());
        OptionalDouble test = evaluation(epoch, DataSets.TEST_SET, sets.inputTest(), sets.targetTest());
        if (train.isEmpty() || test.isEmpty()) {
            return false;
        }
        EpochLoss row = new EpochLoss((float) train.getAsDouble(), (float) test.getAsDouble());
        if (!settings.keepsGoing) {
            require(finiteness.ofEvaluation(
                    row.train(), epoch, DataSets.TRAINING_SET, sets.inputTrain(), sets.targetTrain()));
            require(finiteness.ofEvaluation(row.test(), epoch, DataSets.TEST_SET, sets.inputTest(), sets.targetTest()));
            require(finiteness.ofParameters(epoch));
        }
        EpochSeconds time = new EpochSeconds((trained - start) * 1e-9, (System.nanoTime() - trained) * 1e-9);
        table.add(row);
        seconds.add(time);
        settings.listener.onEpoch(epoch, settings.epochs, row, time);
        if (settings.keeper.isPresent()) {
            settings.keeper.get().accept(history(false));
        }
        return true;
    }

    private OptionalDouble evaluation(int epoch, String set, Samples input, Samples target) {
        try {
            return fullSet.unlessInterrupted(input, target);
        } catch (AnomalyException anomaly) {
            throw anomaly.during("epoch " + epoch + ", evaluation of the " + set);
        } catch (DomainException wrong) {
            throw wrong.during("epoch " + epoch + ", evaluation of the " + set);
        }
    }

    private float step(int epoch, int batch) {
        try {
            return (batch == batches - 1 ? lastBatch : fullBatch)
                    .take(sets.inputTrain(), sets.targetTrain(), order, batch * full);
        } catch (AnomalyException anomaly) {
            throw anomaly.during("epoch " + epoch + ", batch " + (batch + 1));
        } catch (DomainException wrong) {
            throw wrong.during("epoch " + epoch + ", batch " + (batch + 1));
        }
    }

    private void require(Optional<Finiteness.Finding> finding) {
        if (finding.isPresent()) {
            throw finding.get().exception(history(false));
        }
    }

    private void keep(float value) {
        if (steps == batchLosses.length) {
            batchLosses = Arrays.copyOf(batchLosses, 2 * steps);
        }
        batchLosses[steps++] = value;
    }

    private History history(boolean interrupted) {
        return new History(Arrays.copyOf(batchLosses, steps), table, seconds, interrupted);
    }
}
