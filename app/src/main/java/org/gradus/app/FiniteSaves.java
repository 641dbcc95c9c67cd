package org.gradus.app;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.gradus.autograd.Tensor;
import org.gradus.nn.Sequential;
import org.gradus.optim.Optimizer;
import org.gradus.train.EpochLoss;
import org.gradus.train.History;
import org.gradus.train.NonFiniteException;

/** {@code --save} of a run that may lose its numbers: the file keeps the last state whose weights and losses are finite. */
final class FiniteSaves {

    private final Path file;
    private final Sequential model;
    private final Optimizer optimizer;
    private final Consumer<History> save;
    private int kept = -1;
    private boolean passedOver;

    /**
     * @param file named in messages
     * @param save writes the present state
     */
    FiniteSaves(Path file, Sequential model, Optimizer optimizer, Consumer<History> save) {
        this.file = file;
        this.model = model;
        this.optimizer = optimizer;
        this.save = save;
    }

    /** Writes the present state if its numbers are finite. */
    void keep(History history) {
        if (isFinite(history)
                && isFinite(model.stateDict())
                && isFinite(optimizer.state().values())) {
            save.accept(history);
            kept = history.epochs();
            passedOver = false;
        } else {
            passedOver = true;
        }
    }

    private static boolean isFinite(History history) {
        List<EpochLoss> table = history.table();
        EpochLoss last = table.isEmpty() ? new EpochLoss(0, 0) : table.get(table.size() - 1);
        return Float.isFinite(last.train()) && Float.isFinite(last.test());
    }

    private static boolean isFinite(Map<String, Tensor> tensors) {
        for (Tensor tensor : tensors.values()) {
            for (float value : tensor.data()) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What there is to load, in words. */
    private String state() {
        return kept < 0 ? "nothing was written" : file + " holds the state after epoch " + kept;
    }

    /** Says so if a run that went on has come to weights that were not written. */
    void report(PrintStream err) {
        if (passedOver) {
            err.println("gradus: --save: weights or losses are not finite any more; " + state());
        }
    }

    /** The end of a run by a loss that is not finite, said on the command line. */
    static CommandFailure failure(NonFiniteException end, double rate, String saved) {
        boolean beforeFirstStep = end.epoch() == 1 && end.batch() == 1;
        String cause = beforeFirstStep
                ? "No step was taken yet, so likely the weights are too large from the start; take others"
                : "Likely --lr " + rate + " is too large; take a smaller one";
        return new CommandFailure(end.place() + ". " + cause + ", or train on with --keep-going" + saved, end);
    }

    /** What a failure says of the file. */
    String afterFailure() {
        return ". --save: " + state();
    }
}
