package org.gradus.examples.run;

import java.util.Optional;
import org.gradus.nn.Sequential;
import org.gradus.train.EpochLoss;
import org.gradus.train.History;
import org.gradus.train.StepReport;

/**
 * A finished training run.
 *
 * @param net the trained network
 * @param loss name of what was minimised, {@code bce} or {@code mse}
 * @param epochs how many were asked for
 * @param batch samples per step
 * @param history losses and times
 * @param environment what computed it
 * @param steps how its steps were taken; nothing where that is not told
 */
public record TrainedRun(
        Sequential net,
        String loss,
        int epochs,
        int batch,
        History history,
        Environment environment,
        Optional<StepReport> steps) {

    /**
     * A run whose steps nobody tells of.
     *
     * @param net the trained network
     * @param loss name of what was minimised, {@code bce} or {@code mse}
     * @param epochs how many were asked for
     * @param batch samples per step
     * @param history losses and times
     * @param environment what computed it
     */
    public TrainedRun(Sequential net, String loss, int epochs, int batch, History history, Environment environment) {
        this(net, loss, epochs, batch, history, environment, Optional.empty());
    }

    /**
     * A run that just ended in this process.
     *
     * @param net the trained network
     * @param loss name of what was minimised, {@code bce} or {@code mse}
     * @param epochs how many were asked for
     * @param batch samples per step
     * @param history losses and times
     */
    public TrainedRun(Sequential net, String loss, int epochs, int batch, History history) {
        this(net, loss, epochs, batch, history, Environment.current());
    }

    /**
     * The same run.
     *
     * @param report how its steps were taken
     * @return a run that tells
     */
    public TrainedRun taken(StepReport report) {
        return new TrainedRun(net, loss, epochs, batch, history, environment, Optional.of(report));
    }

    /**
     * The last row of the loss table.
     *
     * @return the losses the run ended with
     * @throws IllegalStateException if it had no epochs
     */
    public EpochLoss last() {
        if (history.table().isEmpty()) {
            throw new IllegalStateException("a run of 0 epochs has no losses");
        }
        return history.table().get(history.table().size() - 1);
    }
}
